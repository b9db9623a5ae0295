use crate::seal::primitives::IV_BYTES;

/// A frame of a message: a part of the plaintext that is sealed by itself.
///
/// | bytes | of | what |
/// |---|---|---|
/// | 4 | the last frame | `ff ff ff ff` |
/// | 4 | each | its number, from 1, big-endian like all numbers |
/// | 12 | each | initialization vector |
/// | 4 | the last frame | the length of its ciphertext, at most that of the others |
/// | *n* | each | ciphertext |
/// | 16 | each | tag |
///
/// <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html#body-framing>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) number: u32,
    pub(super) is_last: bool,
}

/// Stands where the number of a frame would, and so is no number of a frame but the last.
pub(super) const LAST: u32 = u32::MAX;

impl Frame {
    /// The initialization vector that a message of this suite gives a frame: its number. The header has 0.
    pub(super) fn iv(self) -> [u8; IV_BYTES] {
        let mut iv = [0; IV_BYTES];
        iv.iter_mut().rev().zip(self.number.to_be_bytes().iter().rev()).for_each(|(place, byte)| *place = *byte);
        iv
    }

    /// What a frame is bound to: its message, its number, whether more follows, its length.
    pub(super) fn aad(self, message_id: &[u8; 32], plaintext_bytes: usize) -> alloc::vec::Vec<u8> {
        let what: &[u8] =
            if self.is_last { b"AWSKMSEncryptionClient Final Frame" } else { b"AWSKMSEncryptionClient Frame" };
        let bytes = u64::try_from(plaintext_bytes).unwrap_or(u64::MAX).to_be_bytes();
        [message_id, what, &self.number.to_be_bytes(), &bytes].concat()
    }
}
