//! A data key that is encrypted under a key of one's own, without KMS: the raw AES keyring of the AWS Encryption
//! SDK.
//!
//! It is what its users and Keytrace have in common, so that each can open what the other sealed. The wrapping key
//! is used as it is: no more than 2^32 data keys may be encrypted under one.
//! <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/use-raw-aes-keyring.html>,
//! <https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/raw-aes-keyring.md>

use alloc::borrow::ToOwned;

use zeroize::Zeroizing;

use super::{DataKey, EncryptedDataKey, SealError};
use crate::{
    random::{Random, draw},
    seal::{
        EncryptionContext,
        bytes::Reader,
        primitives::{Gcm, KEY_BYTES, TAG_BYTES},
    },
};

/// A key of one's own, with the names that the keyring knows it by.
#[derive(Clone, Debug)]
pub struct WrappingKey<'a> {
    /// Says whose key it is. Not `aws-kms`, which the SDK keeps for KMS.
    pub namespace: &'a str,
    /// Says which key it is.
    pub name: &'a str,
    /// The key itself.
    pub key: DataKey,
}

const TAG_BITS: u32 = 128;
const IV_LENGTH: u32 = 12;

impl WrappingKey<'_> {
    /// Encrypts a data key, bound to the encryption context of its message.
    ///
    /// # Errors
    ///
    /// When there are no random bytes.
    pub fn encrypt(
        &self,
        data_key: &DataKey,
        context: &EncryptionContext,
        random: &mut dyn Random,
    ) -> Result<EncryptedDataKey, SealError> {
        // Fewer bytes could not be told from those of a source that is stuck.
        let mut drawn = [0; 16];
        draw(&mut drawn, random)?;
        let [_, _, _, _, iv @ ..] = drawn;
        let mut text = Zeroizing::new(*data_key.reveal());
        // INVARIANT: AES-GCM refuses nothing that is this short.
        let tag = Gcm::new(self.key.reveal()).encrypt(&iv, &context.aad(), text.as_mut_slice());
        let tag = tag.map_err(|_| SealError::EncryptedDataKeys)?;
        let info = [self.name.as_bytes(), &TAG_BITS.to_be_bytes(), &IV_LENGTH.to_be_bytes(), &iv].concat();
        Ok(EncryptedDataKey {
            key_provider_id: self.namespace.to_owned(),
            key_provider_info: info,
            ciphertext: [text.as_slice(), &tag].concat(),
        })
    }

    /// Decrypts a data key; `None` if it was encrypted by another key or under another encryption context, or is
    /// damaged.
    #[must_use]
    pub fn decrypt(&self, encrypted: &EncryptedDataKey, context: &EncryptionContext) -> Option<DataKey> {
        if encrypted.key_provider_id != self.namespace {
            return None;
        }
        // The name has no length of its own: what follows it is always as long.
        let info = encrypted.key_provider_info.strip_prefix(self.name.as_bytes())?;
        let mut reader = Reader::new(info);
        let sizes = (reader.u32()?, reader.u32()?);
        let iv = reader.array()?;
        if sizes != (TAG_BITS, IV_LENGTH) || !reader.is_empty() {
            return None;
        }
        let (text, tag) = encrypted.ciphertext.split_last_chunk::<TAG_BYTES>()?;
        let mut text = Zeroizing::new(<[u8; KEY_BYTES]>::try_from(text).ok()?);
        Gcm::new(self.key.reveal()).decrypt(&iv, &context.aad(), text.as_mut_slice(), tag).ok()?;
        DataKey::new(text.as_slice())
    }
}
