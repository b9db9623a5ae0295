//! AES-256-GCM, HMAC and two ways to derive keys, as everything else here uses them.
//!
//! They are public only so that they can be held against the published vectors of NIST and of Wycheproof. There
//! is no encryption context here, no fresh key and no commitment: [`seal`](super::seal) has them.

use core::fmt;

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{AeadInOut as _, Nonce, Tag},
};
use alloc::vec::Vec;

use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::MacAlgorithm;

/// Bytes of an AES-256 key.
pub const KEY_BYTES: usize = 32;
/// Bytes of an initialization vector.
pub const IV_BYTES: usize = 12;
/// Bytes of an authentication tag: all 128 bits.
pub const TAG_BYTES: usize = 16;

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D) under one key, which is wiped when this is dropped.
pub struct Gcm(Aes256Gcm);

impl Gcm {
    /// With a key.
    #[must_use]
    pub fn new(key: &[u8; KEY_BYTES]) -> Self {
        Self(Aes256Gcm::new(key.into()))
    }

    /// Encrypts in place and gives the tag. No two calls under one key may have the same `iv`.
    ///
    /// # Errors
    ///
    /// Beyond 64 GiB of plaintext.
    pub fn encrypt(&self, iv: &[u8; IV_BYTES], aad: &[u8], text: &mut [u8]) -> Result<[u8; TAG_BYTES], GcmError> {
        let tag = self.0.encrypt_inout_detached(&Nonce::<Aes256Gcm>::from(*iv), aad, text.into());
        tag.map(Into::into).map_err(|_| GcmError)
    }

    /// Decrypts in place, once the tag is found to be right, in constant time.
    ///
    /// # Errors
    ///
    /// When the tag is not that of this ciphertext, key, `iv` and `aad`. `text` is then what it was.
    pub fn decrypt(
        &self,
        iv: &[u8; IV_BYTES],
        aad: &[u8],
        text: &mut [u8],
        tag: &[u8; TAG_BYTES],
    ) -> Result<(), GcmError> {
        let tag = Tag::<Aes256Gcm>::from(*tag);
        self.0.decrypt_inout_detached(&Nonce::<Aes256Gcm>::from(*iv), aad, text.into(), &tag).map_err(|_| GcmError)
    }
}

impl fmt::Debug for Gcm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gcm(…)")
    }
}

/// It could not be encrypted or decrypted; why is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GcmError;

impl fmt::Display for GcmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AES-GCM refused")
    }
}

impl core::error::Error for GcmError {}

/// The key derivation function of NIST SP 800-108r1 in counter mode over HMAC-SHA-256, with a counter of 32 bits
/// in front: fills `output`, at most 2^32 - 1 blocks of 32 bytes, from a key and fixed input data, which is
/// given in parts.
///
/// <https://csrc.nist.gov/pubs/sp/800/108/r1/upd1/final>. KMS derives its keys with the same function:
/// <https://doi.org/10.3390/cryptography3030023>.
pub fn kdf_in_counter_mode(key: &[u8], fixed_input: &[&[u8]], output: &mut [u8]) {
    for (counter, block) in (1u32..).zip(output.chunks_mut(32)) {
        let mut mac = hmac_sha256(key);
        mac.update(&counter.to_be_bytes());
        fixed_input.iter().for_each(|part| mac.update(part));
        let derived = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
        block.iter_mut().zip(derived.iter()).for_each(|(byte, derived)| *byte = *derived);
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length, RFC 2104")]
fn hmac_sha256(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("a key of any length")
}

/// HKDF of RFC 5869 with SHA-512: fills `output` from a key, a salt, and an `info` that is given in parts.
///
/// # Errors
///
/// Beyond 255 blocks of 64 bytes.
pub fn hkdf_sha512(salt: &[u8], key: &[u8], info: &[&[u8]], output: &mut [u8]) -> Result<(), HkdfError> {
    let hkdf = Hkdf::<Sha512>::new(Some(salt), key);
    hkdf.expand_multi_info(info, output).map_err(|_| HkdfError { bytes: output.len() })
}

/// HKDF cannot derive so much from one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HkdfError {
    /// How many bytes were asked for.
    pub bytes: usize,
}

impl fmt::Display for HkdfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HKDF derives at most {} bytes, not {}", 255 * 64, self.bytes)
    }
}

impl core::error::Error for HkdfError {}

/// HMAC (FIPS 198-1) of any message under a key of any length.
#[must_use]
pub fn hmac(algorithm: MacAlgorithm, key: &[u8], message: &[u8]) -> Vec<u8> {
    match algorithm {
        MacAlgorithm::HmacSha224 => hmac_with::<Hmac<Sha224>>(key, message),
        MacAlgorithm::HmacSha256 => hmac_with::<Hmac<Sha256>>(key, message),
        MacAlgorithm::HmacSha384 => hmac_with::<Hmac<Sha384>>(key, message),
        MacAlgorithm::HmacSha512 => hmac_with::<Hmac<Sha512>>(key, message),
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length, RFC 2104")]
fn hmac_with<M: hmac::Mac + hmac::KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mac = <M as hmac::KeyInit>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(message).finalize().into_bytes().to_vec()
}
