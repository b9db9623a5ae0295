use core::fmt;

use base64ct::{Base64, Encoding as _};

/// What people give where a ciphertext blob of Keytrace belongs, told by its first bytes. Nothing of it is read
/// any further.
///
/// ```
/// use keytrace::seal::Foreign;
///
/// assert_eq!(Foreign::recognise(b"\x01\x02\x02\x00\x78and so on"), Some(Foreign::AwsKmsCiphertext));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Foreign {
    /// A ciphertext blob of the real KMS.
    AwsKmsCiphertext,
    /// A message in the format of the AWS Encryption SDK.
    EncryptionSdkMessage,
    /// A ciphertext of moto or LocalStack, which begins with the id of the key as text.
    EmulatorCiphertext,
    /// A blob of Keytrace as base64, as the `aws` command prints it.
    Base64OfBlob,
    /// A ciphertext of the real KMS as base64.
    Base64OfAwsKmsCiphertext,
    /// A message of the AWS Encryption SDK as base64.
    Base64OfEncryptionSdkMessage,
    /// Something else as base64.
    Base64,
    /// JSON, such as the whole output of the `aws` command.
    Json,
    /// The name of a file, as the `aws` command takes it.
    FileName,
}

/// How much of a text is decoded to see what is in it: 48 bytes.
const SAMPLE_DIGITS: usize = 64;

impl Foreign {
    /// What these bytes seem to be, if it is something that is known here. The ciphertext blob itself is not.
    #[must_use]
    pub fn recognise(bytes: &[u8]) -> Option<Self> {
        if let Some(binary) = Self::binary(bytes) {
            return Some(binary);
        }
        let text = core::str::from_utf8(bytes).ok()?.trim();
        if is_uuid(text.as_bytes()) {
            return Some(Self::EmulatorCiphertext);
        }
        match text {
            _ if text.starts_with(['{', '[', '"']) => Some(Self::Json),
            _ if text.starts_with("fileb://") || text.starts_with("file://") => Some(Self::FileName),
            _ => Self::base64(text),
        }
    }

    fn binary(bytes: &[u8]) -> Option<Self> {
        match bytes {
            // Version, format, and what its samples have in common: nothing of this is documented.
            [1, 1 | 2, 2, 0, 0x78, ..] => Some(Self::AwsKmsCiphertext),
            // https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html
            [2, 4 | 5, 0x78, ..] | [1, 0x80, 0..=3, 0x14 | 0x46 | 0x78, ..] => Some(Self::EncryptionSdkMessage),
            // The id of a key as text, and bytes that are none.
            _ if is_uuid(bytes) && core::str::from_utf8(bytes).is_err() => Some(Self::EmulatorCiphertext),
            _ => None,
        }
    }

    fn base64(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=\r\n".contains(&byte);
        if text.len() < 8 || !text.bytes().all(is_digit) {
            return None;
        }
        let mut sample = [0; SAMPLE_DIGITS];
        let digits = text.bytes().filter(|byte| !b"\r\n=".contains(byte));
        let mut count = 0;
        for (place, digit) in sample.iter_mut().zip(digits) {
            // The alphabet for URLs is the other one but for two digits.
            *place = match digit {
                b'-' => b'+',
                b'_' => b'/',
                _ => digit,
            };
            count += 1;
        }
        let whole = sample.get(..count - count % 4)?;
        let mut decoded = [0; SAMPLE_DIGITS];
        let decoded = Base64::decode(whole, &mut decoded).ok()?;
        Some(match Self::binary(decoded) {
            Some(Self::AwsKmsCiphertext) => Self::Base64OfAwsKmsCiphertext,
            Some(Self::EncryptionSdkMessage) => Self::Base64OfEncryptionSdkMessage,
            _ if decoded.starts_with(b"KTC\x01") => Self::Base64OfBlob,
            _ => Self::Base64,
        })
    }
}

/// Whether they begin with 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn is_uuid(bytes: &[u8]) -> bool {
    let digit = |(index, byte): (usize, &u8)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    bytes.first_chunk::<36>().is_some_and(|id| id.iter().enumerate().all(digit))
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AwsKmsCiphertext => "a ciphertext of the real AWS KMS, which nothing but AWS KMS can open",
            Self::EncryptionSdkMessage => {
                "a message of the AWS Encryption SDK, which is opened with the data key that it holds encrypted"
            }
            Self::EmulatorCiphertext => "a ciphertext of another emulator of AWS KMS, which only that can open",
            Self::Base64OfBlob => "one in base64: decode it first",
            Self::Base64OfAwsKmsCiphertext => {
                "a ciphertext of the real AWS KMS in base64, which nothing but AWS KMS can open"
            }
            Self::Base64OfEncryptionSdkMessage => "a message of the AWS Encryption SDK in base64",
            Self::Base64 => "text, which may be base64 of something",
            Self::Json => "JSON: give the value of its `CiphertextBlob`, decoded from base64",
            Self::FileName => "the name of a file: give what is in it",
        })
    }
}
