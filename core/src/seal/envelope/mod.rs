//! Data of any size under a data key: what people do with KMS, whose `Encrypt` takes 4 KiB.
//!
//! `GenerateDataKey` gives a data key twice, in clear and encrypted. The data are sealed under the one, the other
//! travels with them, and `Decrypt` gives the data key back:
//! <https://docs.aws.amazon.com/kms/latest/developerguide/kms-cryptography.html#enveloping>.
//!
//! ```
//! use keytrace::{arn::KeyArn, seal::{self, Blob, EncryptionContext, KeyMaterial, envelope::{self, DataKey, EncryptedDataKey}}};
//!
//! # use keytrace::random::{Random, RandomError};
//! # struct Source(u8);
//! # impl Random for Source {
//! #     fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
//! #         bytes.iter_mut().for_each(|byte| { self.0 = self.0.wrapping_add(1); *byte = self.0 });
//! #         Ok(())
//! #     }
//! # }
//! # let mut random = Source(0);
//! # let key = KeyArn::parse("arn:aws:kms:us-east-1:111122223333:key/1234abcd").unwrap();
//! # let material = KeyMaterial::generate(&key, &mut random).unwrap();
//! let context = EncryptionContext::from_pairs([("file", "report.pdf")]).unwrap();
//! let data_key = DataKey::generate(&mut random).unwrap();
//! let encrypted = seal::seal(&material, &context, data_key.reveal(), &mut random).unwrap();
//! let encrypted = EncryptedDataKey::by_kms(&key, encrypted);
//! let message = envelope::seal(&data_key, &[encrypted], &context, &[7; 100_000], &mut random).unwrap();
//!
//! let opened = envelope::open(&message, |header| {
//!     let blob = Blob::parse(&header.encrypted_data_keys()[0].ciphertext).ok()?;
//!     DataKey::new(&seal::open(&blob, &material, header.encryption_context()).ok()?)
//! });
//! assert_eq!(*opened.unwrap(), [7; 100_000]);
//! ```
//!
//! The format is that of the AWS Encryption SDK, version 2 of its messages with the algorithm suite `0x0478`:
//! AES-256-GCM, HKDF with SHA-512, key commitment, no signature. The SDK opens what is sealed here and the other way
//! round, wherever both can get at the data key; [`raw_aes`] has one way.
//! <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html>,
//! <https://github.com/awslabs/aws-encryption-sdk-specification/tree/master/data-format>.
//!
//! # Streams
//!
//! [`Sealer`] and [`Opener`] take pieces of any size and keep no more than one frame, 4 KiB unless told
//! otherwise. What [`Opener`] gives out was authentic, every byte of it, and in its place. That nothing is
//! missing is known only when [`Opener::finish`] says so: until then treat what came as the beginning of
//! something.

mod data_key;
mod error;
mod frame;
mod header;
mod opener;
pub mod raw_aes;
mod sealer;

pub use data_key::{DataKey, EncryptedDataKey};
pub use error::{OpenError, SealError};
pub use header::{Header, HeaderReader, MAX_ENCRYPTED_DATA_KEYS, MAX_HEADER_BYTES};
pub use opener::Opener;
pub use sealer::Sealer;

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::EncryptionContext;
use crate::random::Random;

/// The plaintext in a frame, in bytes, unless told otherwise: the AWS Encryption SDK's default.
pub const DEFAULT_FRAME_BYTES: u32 = 4096;

/// The longest plaintext in a frame, in bytes. The format could name more; whoever opens it has to hold all of it.
pub const MAX_FRAME_BYTES: u32 = 16 << 20;

/// Seals data of any size in one go, in frames of 4 KiB.
///
/// # Errors
///
/// Those of [`Sealer`].
pub fn seal(
    data_key: &DataKey,
    encrypted_data_keys: &[EncryptedDataKey],
    context: &EncryptionContext,
    plaintext: &[u8],
    random: &mut dyn Random,
) -> Result<Vec<u8>, SealError> {
    let (mut sealer, mut message) = Sealer::new(data_key, encrypted_data_keys, context, DEFAULT_FRAME_BYTES, random)?;
    sealer.update(plaintext, &mut message)?;
    sealer.finish(&mut message)?;
    Ok(message)
}

/// Opens a whole message. `find` gets at the data key, by any of the encrypted ones and the encryption context
/// that the header has.
///
/// # Errors
///
/// Those of [`Header::read`] and [`Opener`]; [`OpenError::Invalid`] if there is no data key.
pub fn open(message: &[u8], find: impl FnOnce(&Header) -> Option<DataKey>) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (header, bytes) = Header::read(message)?.ok_or(OpenError::Truncated)?;
    let frames = message.get(bytes..).unwrap_or_default();
    let data_key = find(&header).ok_or(OpenError::Invalid)?;
    let mut opener = Opener::new(&header, &data_key)?;
    // The plaintext is shorter than what it came in: so it never moves, and leaves no copy.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(frames.len()));
    opener.update(frames, &mut plaintext)?;
    opener.finish()?;
    Ok(plaintext)
}

#[cfg(test)]
mod tests;
