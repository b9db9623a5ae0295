use alloc::{boxed::Box, collections::BTreeMap, string::String, vec::Vec};
use core::fmt;

use super::bytes::Reader;

/// The pairs that a ciphertext is bound to: what `EncryptionContext` of `Encrypt` and `Decrypt` holds.
///
/// It is compared exactly. Case counts, white space counts, two ways to write `é` are two texts; only the order
/// of the pairs does not count. An empty encryption context and none are the same.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html>
///
/// (What a policy or a grant may ask of the context of a request, which can be unknown in part, is
/// [`RequestedEncryptionContext`](crate::request::RequestedEncryptionContext).)
///
/// ```
/// use keytrace::seal::EncryptionContext;
///
/// let context = EncryptionContext::from_pairs([("b", "2"), ("a", "1")]).unwrap();
/// assert_eq!(context.aad(), b"\0\x02\0\x01a\0\x011\0\x01b\0\x012");
/// assert!(EncryptionContext::default().aad().is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EncryptionContext {
    // `str` compares by its bytes, so these come in the order of the encoding.
    pairs: BTreeMap<Box<str>, Box<str>>,
}

/// The longest encoding of an encryption context, in bytes.
///
/// AWS's API sets no limit; the format of the AWS Encryption SDK, which this follows, holds no more.
pub const MAX_ENCRYPTION_CONTEXT_BYTES: usize = 65_535;

impl EncryptionContext {
    /// An encryption context of these pairs, in any order. Keys and values may be empty.
    ///
    /// # Errors
    ///
    /// When a key comes twice, or all of it is encoded in more than 65,535 bytes.
    pub fn from_pairs<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Self, EncryptionContextError>
    where
        K: Into<Box<str>>,
        V: Into<Box<str>>,
    {
        let mut context = Self::default();
        for (key, value) in pairs {
            let key = key.into();
            if context.pairs.contains_key(&key) {
                return Err(EncryptionContextError::DuplicateKey(key.into()));
            }
            context.pairs.insert(key, value.into());
        }
        match context.encoded_bytes() {
            bytes if bytes > MAX_ENCRYPTION_CONTEXT_BYTES => Err(EncryptionContextError::TooLong { bytes }),
            _ => Ok(context),
        }
    }

    /// The pairs, sorted by the bytes of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(key, value)| (&**key, &**value))
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.get(key).map(|value| &**value)
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is no pair.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The associated data that it stands for, at most 65,535 bytes.
    ///
    /// | bytes | what |
    /// |---|---|
    /// | none | no pairs |
    /// | 2 | the number of pairs |
    /// | 2, *k* | of each pair, sorted by the bytes of the keys: the length of the key, the key in UTF-8 |
    /// | 2, *v* | the length of the value, the value in UTF-8 |
    ///
    /// Numbers are big-endian and count bytes. Every length stands before what it measures, so that two
    /// contexts never have the same bytes. This is how the AWS Encryption SDK writes an encryption context:
    /// <https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/structures.md#serialization>.
    /// How KMS itself does is not published.
    #[must_use]
    pub fn aad(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.encoded_bytes());
        if !self.pairs.is_empty() {
            bytes.extend(length(self.pairs.len()));
        }
        for (key, value) in &self.pairs {
            for text in [key, value] {
                bytes.extend(length(text.len()));
                bytes.extend(text.as_bytes());
            }
        }
        bytes
    }

    /// Reads what [`aad`](Self::aad) writes, and nothing else: `None` for bytes that are unsorted, repeat a key,
    /// are no UTF-8, or go on behind the last pair.
    #[must_use]
    pub fn from_aad(bytes: &[u8]) -> Option<Self> {
        let mut pairs = BTreeMap::<Box<str>, Box<str>>::new();
        if !bytes.is_empty() {
            let mut reader = Reader::new(bytes);
            let count = reader.u16()?;
            for _ in 0..count {
                let key = reader.text()?;
                let value = reader.text()?;
                if pairs.last_key_value().is_some_and(|(last, _)| **last >= *key) {
                    return None;
                }
                pairs.insert(key.into(), value.into());
            }
            // No pairs are no bytes, so `00 00` is not a second way to write them.
            if count == 0 || !reader.is_empty() {
                return None;
            }
        }
        (bytes.len() <= MAX_ENCRYPTION_CONTEXT_BYTES).then_some(Self { pairs })
    }

    fn encoded_bytes(&self) -> usize {
        match self.pairs.len() {
            0 => 0,
            _ => self.iter().fold(2, |sum: usize, (key, value)| sum.saturating_add(4 + key.len() + value.len())),
        }
    }
}

/// INVARIANT: nothing in a context is longer than its encoding, and that fits.
fn length(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes()
}

/// Why pairs are no encryption context.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncryptionContextError {
    /// A key comes twice.
    DuplicateKey(String),
    /// Its encoding would be longer than [`MAX_ENCRYPTION_CONTEXT_BYTES`].
    TooLong {
        /// How long it would be.
        bytes: usize,
    },
}

impl fmt::Display for EncryptionContextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateKey(key) => write!(f, "the encryption context has the key `{key}` twice"),
            Self::TooLong { bytes } => {
                write!(
                    f,
                    "the encryption context takes {bytes} bytes; at most {MAX_ENCRYPTION_CONTEXT_BYTES} are possible"
                )
            }
        }
    }
}

impl core::error::Error for EncryptionContextError {}

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString};

    use super::*;

    fn aad(pairs: &[(&str, &str)]) -> Vec<u8> {
        EncryptionContext::from_pairs(pairs.iter().copied()).unwrap().aad()
    }

    /// Each of them is what the AWS Encryption SDK for Python writes.
    #[test]
    fn the_bytes_are_those_of_the_encryption_sdk() {
        let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hex(aad(&[])), "");
        assert_eq!(hex(aad(&[("a", "bc")])), "00010001610002".to_string() + "6263");
        assert_eq!(hex(aad(&[("", "x")])), "00010000000178");
        assert_eq!(hex(aad(&[("\u{e9}", "1"), ("e\u{301}", "2")])), "0002000365cc810001320002c3a9000131");
        assert_eq!(
            hex(aad(&[("tenant", "a"), ("Purpose", "test"), ("😀", "～")])),
            "00030007507572706f736500047465737400067465\
             6e616e740001610004f09f98800003efbd9e"
        );
    }

    /// The order of UTF-16 would swap the last two, that of a dictionary nearly all.
    #[test]
    fn keys_are_sorted_by_their_bytes() {
        let context = EncryptionContext::from_pairs(["😀", "～", "é", "b", "a", "Z"].map(|key| (key, ""))).unwrap();
        let keys: Vec<_> = context.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["Z", "a", "b", "é", "～", "😀"]);
    }

    #[test]
    fn the_longest_has_65535_bytes() {
        let longest = "v".repeat(65_535 - 2 - 4 - 1);
        let context = EncryptionContext::from_pairs([("k", longest.as_str())]).unwrap();
        assert_eq!(context.aad().len(), 65_535);
        assert_eq!(EncryptionContext::from_aad(&context.aad()), Some(context));
        let error = EncryptionContext::from_pairs([("k", longest + "v")]).unwrap_err();
        assert_eq!(error, EncryptionContextError::TooLong { bytes: 65_536 });
        let many = (0..20_000).map(|number| (format!("{number}"), ""));
        assert!(matches!(EncryptionContext::from_pairs(many), Err(EncryptionContextError::TooLong { .. })));
    }

    #[test]
    fn a_key_comes_once() {
        let error = EncryptionContext::from_pairs([("a", "1"), ("a", "1")]).unwrap_err();
        assert_eq!(error.to_string(), "the encryption context has the key `a` twice");
    }

    #[test]
    fn only_the_canonical_bytes_are_read() {
        for bytes in [
            &b"\0\0"[..],                    // no pairs, written in another way
            b"\0\x02\0\x01b\0\0\0\x01a\0\0", // unsorted
            b"\0\x02\0\x01a\0\0\0\x01a\0\0", // twice
            b"\0\x01\0\x01a\0\0\0",          // goes on
            b"\0\x02\0\x01a\0\0",            // one pair too few
            b"\0\x01\0\x01\xff\0\0",         // no UTF-8
            b"\0\x01\0\x05a\0\0",            // a length beyond the end
            b"\0",
        ] {
            assert_eq!(EncryptionContext::from_aad(bytes), None, "{bytes:?}");
        }
        assert_eq!(EncryptionContext::from_aad(b""), Some(EncryptionContext::default()));
    }
}
