//! Encryption that really happens: what `Encrypt` and `Decrypt` do once they are authorized.
//!
//! ```
//! use keytrace::{arn::KeyArn, seal::{self, Blob, EncryptionContext, KeyMaterial, OpenError}};
//! # use keytrace::random::{Random, RandomError};
//!
//! # struct Source(u8);
//! # impl Random for Source {
//! #     fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
//! #         bytes.iter_mut().for_each(|byte| { self.0 = self.0.wrapping_add(1); *byte = self.0 });
//! #         Ok(())
//! #     }
//! # }
//! # let mut random = Source(0);
//! let key = KeyArn::parse("arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab").unwrap();
//! let material = KeyMaterial::generate(&key, &mut random).unwrap();
//! let context = EncryptionContext::from_pairs([("tenant", "a")]).unwrap();
//! let ciphertext = seal::seal(&material, &context, b"attack at dawn", &mut random).unwrap();
//!
//! let blob = Blob::parse(&ciphertext).unwrap();
//! assert_eq!((blob.key(), blob.key_material_id()), (&key, material.id()));
//! assert_eq!(*seal::open(&blob, &material, &context).unwrap(), *b"attack at dawn");
//!
//! let other = EncryptionContext::from_pairs([("Tenant", "a")]).unwrap();
//! assert_eq!(seal::open(&blob, &material, &other), Err(OpenError::InvalidCiphertext));
//! ```
//!
//! It follows what AWS publishes of KMS: every call derives a key of its own from the key material by a random
//! nonce, with the function of NIST SP 800-108 in counter mode over HMAC-SHA-256; under it AES-256-GCM encrypts,
//! with the encryption context as associated data.
//! <https://docs.aws.amazon.com/kms/latest/cryptographic-details/encrypt-operation.html>,
//! <https://doi.org/10.3390/cryptography3030023>.
//!
//! | what | how |
//! |---|---|
//! | [`EncryptionContext`] | the pairs; their bytes are those of the AWS Encryption SDK |
//! | [`KeyMaterial`] | 256 secret bits and the key that they belong to |
//! | [`Blob`] | the ciphertext: names its key and the material, so that `Decrypt` needs no key id and rotation breaks nothing |
//! | [`seal()`], [`open`] | one and the other |
//! | [`diagnose`] | why a blob does not open, for the person who debugs |
//! | [`envelope`] | data of any size, under a data key |
//! | [`MacKeyMaterial`] | the key material of HMAC keys: `GenerateMac`, `VerifyMac` |
//!
//! # How a blob is sealed
//!
//! Two random values, a nonce of 16 bytes and an initialization vector of 12. The blob's header names the key,
//! the material and both. Then
//!
//! - 64 bytes are derived from the material, for the label `keytrace/v1/encrypt` and the context header ‖
//!   SHA-256([`EncryptionContext::aad`]): the first 32 are the key *K*, the last 32 the commitment *C*;
//! - AES-256-GCM encrypts the plaintext under *K*, with exactly [`EncryptionContext::aad`] as associated data.
//!
//! To open it, *C* is derived anew and compared before anything is decrypted. Plain AES-GCM does not commit to
//! its key: one ciphertext can be made that opens under two keys to two plaintexts. *C* rests on the collision
//! resistance of HMAC-SHA-256 and binds material, header and encryption context alike (the construction UtC with
//! HtE of Bellare and Hoang, Eurocrypt 2022, <https://eprint.iacr.org/2022/268>).
//!
//! With a fresh key for each call the 2^32 calls that SP 800-38D grants one key with random initialization
//! vectors are no limit any more: after 2^48 calls with one material the chance that nonce and initialization
//! vector were both used before is 2^-129.
//!
//! # How it fails
//!
//! To the caller in one way, whatever the cause: [`OpenError::InvalidCiphertext`]. Only the key that is named in
//! clear may be told apart, as KMS does: [`OpenError::IncorrectKey`].
//!
//! # What is promised, and what is not
//!
//! - It hides neither the length of the plaintext nor the encryption context, which KMS logs in clear.
//! - It is neither validated under FIPS 140 nor in a hardware security module. Whoever has the memory of the
//!   process has the keys.
//! - Key material, derived keys, the state of AES, GHASH and HMAC and opened plaintexts are wiped when dropped.
//!   What an optimizer or an operating system copies elsewhere is not, nor is what JavaScript got.
//! - No branch and no index in here depends on a secret, and tags, commitments and MACs are compared with
//!   `ctutils`. What lies below is `aes-gcm` with a bitsliced AES and a GHASH by multiplication (or the
//!   instructions of the processor), both written for constant time. That was read, not measured. WebAssembly
//!   promises nothing of the kind: an engine may turn any of it into a branch. An attacker who measures times can
//!   tell a wrong key or encryption context, where the commitment differs, from damage behind it; he could have
//!   told them apart by what he changed.

mod blob;
mod bytes;
mod derivation;
mod diagnosis;
mod encryption_context;
pub mod envelope;
mod foreign;
mod key_material;
mod mac;
pub mod primitives;

pub use blob::{Blob, BlobError, MAX_BLOB_BYTES, MAX_KEY_ARN_BYTES};
pub use diagnosis::{Attempt, Cause, Difference, Evidence, Part, Unlike, diagnose};
pub use encryption_context::{EncryptionContext, EncryptionContextError, MAX_ENCRYPTION_CONTEXT_BYTES};
pub use foreign::Foreign;
pub use key_material::{KeyMaterial, KeyMaterialError, KeyMaterialId};
pub use mac::{MAX_MESSAGE_BYTES, MacAlgorithm, MacError, MacKeyMaterial};

use alloc::vec::Vec;
use core::fmt;

use ctutils::CtEq as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::random::{Random, RandomError, draw};

use self::{
    blob::{COMMITMENT_BYTES, Nonces},
    derivation::{Purpose, derive},
    primitives::{Gcm, KEY_BYTES, TAG_BYTES},
};

/// The longest plaintext that `Encrypt` takes, in bytes. The shortest is 1.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html#KMS-Encrypt-request-Plaintext>
pub const MAX_PLAINTEXT_BYTES: usize = 4096;

/// Seals 1 to 4,096 bytes under key material and an encryption context: the blob is longer by 116 bytes and
/// the key ARN.
///
/// # Errors
///
/// When the plaintext is empty or too long, or there are no random bytes.
pub fn seal(
    material: &KeyMaterial,
    context: &EncryptionContext,
    plaintext: &[u8],
    random: &mut dyn Random,
) -> Result<Vec<u8>, SealError> {
    match plaintext.len() {
        0 => return Err(SealError::EmptyPlaintext),
        bytes if bytes > MAX_PLAINTEXT_BYTES => return Err(SealError::PlaintextTooLong { bytes }),
        _ => {}
    }
    let mut nonces = Nonces::default();
    draw(&mut nonces.0, random)?;
    let header = blob::header(material.key(), material.id(), &nonces);
    let header = header.ok_or_else(|| SealError::KeyArnTooLong { bytes: material.key().as_str().len() })?;

    let aad = context.aad();
    let keys = MessageKeys::derive(material, &header, &aad);
    let mut blob = Vec::with_capacity(header.len() + COMMITMENT_BYTES + plaintext.len() + TAG_BYTES);
    blob.extend(&header);
    blob.extend(keys.commitment());
    let start = blob.len();
    blob.extend(plaintext);
    let text = blob.get_mut(start..).unwrap_or_default();
    let tag = Gcm::new(keys.key()).encrypt(nonces.iv(), &aad, text);
    // INVARIANT: 4 KiB are far below what AES-GCM refuses.
    let tag = tag.map_err(|_| SealError::PlaintextTooLong { bytes: plaintext.len() })?;
    blob.extend(tag);
    Ok(blob)
}

/// Opens a blob. `material` is the one that the blob names; the plaintext is wiped when it is dropped.
///
/// # Errors
///
/// [`OpenError::InvalidCiphertext`], whatever the cause. [`diagnose`] finds it out for the person who debugs.
pub fn open(
    blob: &Blob<'_>,
    material: &KeyMaterial,
    context: &EncryptionContext,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let aad = context.aad();
    let keys = MessageKeys::derive(material, blob.header(), &aad);
    if material.id() != blob.key_material_id() || !keys.are_committed_to(blob) {
        return Err(OpenError::InvalidCiphertext);
    }
    keys.decrypt(blob, &aad)
}

/// The key of one blob and the commitment to it.
struct MessageKeys(Zeroizing<[[u8; KEY_BYTES]; 2]>);

impl MessageKeys {
    fn derive(material: &KeyMaterial, header: &[u8], aad: &[u8]) -> Self {
        let context = <[u8; 32]>::from(Sha256::digest(aad));
        let mut keys = Zeroizing::new([[0; KEY_BYTES]; 2]);
        derive(material.reveal(), Purpose::Encrypt, [header, &context], keys.as_flattened_mut());
        Self(keys)
    }

    fn key(&self) -> &[u8; KEY_BYTES] {
        let [key, _] = &*self.0;
        key
    }

    fn commitment(&self) -> &[u8; COMMITMENT_BYTES] {
        let [_, commitment] = &*self.0;
        commitment
    }

    /// In constant time.
    fn are_committed_to(&self, blob: &Blob<'_>) -> bool {
        self.commitment().ct_eq(blob.commitment()).to_bool()
    }

    fn decrypt(&self, blob: &Blob<'_>, aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let mut text = Zeroizing::new(blob.ciphertext().to_vec());
        let opened = Gcm::new(self.key()).decrypt(blob.iv(), aad, &mut text, blob.tag());
        opened.map(|()| text).map_err(|_| OpenError::InvalidCiphertext)
    }
}

/// Why nothing was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// KMS takes at least one byte.
    EmptyPlaintext,
    /// KMS takes at most [`MAX_PLAINTEXT_BYTES`].
    PlaintextTooLong {
        /// How many there are.
        bytes: usize,
    },
    /// A blob holds at most [`MAX_KEY_ARN_BYTES`] of it. No ARN of KMS is that long.
    KeyArnTooLong {
        /// How many there are.
        bytes: usize,
    },
    /// There are no random bytes.
    Random(RandomError),
}

impl From<RandomError> for SealError {
    fn from(error: RandomError) -> Self {
        Self::Random(error)
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyPlaintext => f.write_str("the plaintext is empty; `Encrypt` takes 1 to 4096 bytes"),
            Self::PlaintextTooLong { bytes } => write!(
                f,
                "the plaintext has {bytes} bytes; `Encrypt` takes at most {MAX_PLAINTEXT_BYTES}: larger data are sealed \
                 under a data key"
            ),
            Self::KeyArnTooLong { bytes } => {
                write!(f, "the key ARN has {bytes} bytes; a ciphertext blob holds at most {MAX_KEY_ARN_BYTES}")
            }
            Self::Random(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SealError {}

/// Why a ciphertext was not opened, as much of it as the caller may know. It prints AWS's name of the error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Malformed, damaged, of another encryption context or key material: which of these is not told.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors>
    InvalidCiphertext,
    /// The caller named a key, and another one sealed it. The blob names its key in clear.
    IncorrectKey,
}

impl OpenError {
    /// By AWS's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidCiphertext => "InvalidCiphertextException",
            Self::IncorrectKey => "IncorrectKeyException",
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl core::error::Error for OpenError {}

#[cfg(test)]
mod tests;
