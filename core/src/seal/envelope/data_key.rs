use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};
use core::fmt;

use ctutils::CtEq as _;
use zeroize::Zeroizing;

use crate::{
    arn::KeyArn,
    random::{Random, RandomError, draw},
    seal::primitives::{Gcm, KEY_BYTES, hkdf_sha512},
};

/// A data key of 32 bytes: the `Plaintext` that `GenerateDataKey` gives for `AES_256`. It is wiped when it is
/// dropped, and does not print.
#[derive(Clone)]
pub struct DataKey(Box<Zeroizing<[u8; KEY_BYTES]>>);

impl DataKey {
    /// A data key that is known already; `None` if it has not 32 bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let mut own = Box::new(Zeroizing::new([0; KEY_BYTES]));
        if bytes.len() != KEY_BYTES {
            return None;
        }
        own.copy_from_slice(bytes);
        Some(Self(own))
    }

    /// A new one.
    ///
    /// # Errors
    ///
    /// When there are no random bytes.
    pub fn generate(random: &mut dyn Random) -> Result<Self, RandomError> {
        let mut own = Box::new(Zeroizing::new([0; KEY_BYTES]));
        draw(own.as_mut_slice(), random)?;
        Ok(Self(own))
    }

    /// The key itself.
    #[must_use]
    pub fn reveal(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// A data key that somebody encrypted, as a message carries it.
///
/// <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html#header-data-keys>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptedDataKey {
    /// Who: `aws-kms`, or the namespace of a raw key. At most 65,535 bytes, like the other two.
    pub key_provider_id: String,
    /// With which key: its ARN, or what a raw key needs to be used again.
    pub key_provider_info: Vec<u8>,
    /// The data key, encrypted.
    pub ciphertext: Vec<u8>,
}

impl EncryptedDataKey {
    /// One that KMS gave as a `CiphertextBlob`, written as the AWS Encryption SDK does.
    #[must_use]
    pub fn by_kms(key: &KeyArn, ciphertext_blob: Vec<u8>) -> Self {
        Self {
            key_provider_id: "aws-kms".to_owned(),
            key_provider_info: key.as_str().as_bytes().to_vec(),
            ciphertext: ciphertext_blob,
        }
    }
}

/// What a data key comes to in one message: the key that its header and frames are sealed under, and the
/// commitment to it.
pub(super) struct MessageKey {
    pub(super) gcm: Gcm,
    commitment: [u8; 32],
}

impl MessageKey {
    #[expect(
        clippy::expect_used,
        reason = "a key that was not derived must never be used, and HKDF derives 16,320 bytes"
    )]
    pub(super) fn derive(data_key: &DataKey, message_id: &[u8; 32]) -> Self {
        let derive = |info: &[&[u8]]| {
            let mut output = Zeroizing::new([0; KEY_BYTES]);
            hkdf_sha512(message_id, data_key.reveal(), info, output.as_mut_slice()).expect("32 bytes");
            output
        };
        let key = derive(&[&super::header::SUITE, b"DERIVEKEY"]);
        Self { gcm: Gcm::new(&key), commitment: *derive(&[b"COMMITKEY"]) }
    }

    pub(super) const fn commitment(&self) -> &[u8; 32] {
        &self.commitment
    }

    /// In constant time.
    pub(super) fn is_committed_to(&self, commitment: &[u8; 32]) -> bool {
        self.commitment.ct_eq(commitment).to_bool()
    }
}
