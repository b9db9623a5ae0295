//! RSASSA-PSS, RSASSA-PKCS1-v1_5 and RSAES-OAEP (RFC 8017). Every private operation is blinded.

use alloc::vec::Vec;

use rsa::{
    PrivateKey, PublicKey,
    pkcs8::{AssociatedOid, DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey},
    traits::PublicKeyParts,
};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512, digest::FixedOutputReset};
use zeroize::Zeroizing;

use super::{EncryptionAlgorithm, SignError, SigningAlgorithm, algorithm::Hash, seed::Generator};
use crate::catalog::KeySpec;

/// A private key. The crate wipes it when it is dropped.
#[derive(Clone)]
pub(super) struct Private(PrivateKey);

/// A public key.
#[derive(Clone)]
pub(super) struct Public(PublicKey);

/// How long the modulus of a key is, in bits.
pub(super) const fn bits(spec: KeySpec) -> Option<usize> {
    match spec {
        KeySpec::Rsa2048 => Some(2048),
        KeySpec::Rsa3072 => Some(3072),
        KeySpec::Rsa4096 => Some(4096),
        _ => None,
    }
}

/// Calls a function that is generic over the hash function.
macro_rules! with_hash {
    ($hash:expr, $function:ident ( $($argument:expr),* )) => {
        match $hash {
            Hash::Sha256 => $function::<Sha256>($($argument),*),
            Hash::Sha384 => $function::<Sha384>($($argument),*),
            Hash::Sha512 => $function::<Sha512>($($argument),*),
        }
    };
}

const fn is_pss(algorithm: SigningAlgorithm) -> bool {
    use SigningAlgorithm::{RsassaPssSha256, RsassaPssSha384, RsassaPssSha512};
    matches!(algorithm, RsassaPssSha256 | RsassaPssSha384 | RsassaPssSha512)
}

impl Private {
    /// Two primes of half the length, and the public exponent 65,537.
    pub(super) fn generate(bits: usize, generator: &mut Generator) -> Option<Self> {
        PrivateKey::new(generator, bits).ok().map(Self)
    }

    /// UNDOCUMENTED: which public exponents KMS imports. The crate takes odd ones from 3 to 2^33 - 1.
    pub(super) fn from_pkcs8(bits: usize, der: &[u8]) -> Option<Self> {
        PrivateKey::from_pkcs8_der(der).ok().filter(|key| is_of(key, bits)).map(Self)
    }

    pub(super) fn to_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        Some(self.0.to_pkcs8_der().ok()?.to_bytes())
    }

    pub(super) fn public(&self) -> Public {
        Public(self.0.to_public_key())
    }

    pub(super) fn sign(
        &self,
        algorithm: SigningAlgorithm,
        digest: &[u8],
        generator: &mut Generator,
    ) -> Result<Vec<u8>, SignError> {
        with_hash!(algorithm.hash(), sign(&self.0, is_pss(algorithm), digest, generator))
            .map_err(|_| SignError::Internal)
    }

    pub(super) fn decrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        ciphertext: &[u8],
        generator: &mut Generator,
    ) -> Result<Zeroizing<Vec<u8>>, SignError> {
        match algorithm {
            EncryptionAlgorithm::RsaesOaepSha1 => self.0.oaep_decrypt_with_rng::<Sha1, _>(generator, ciphertext),
            EncryptionAlgorithm::RsaesOaepSha256 => self.0.oaep_decrypt_with_rng::<Sha256, _>(generator, ciphertext),
        }
        .map(Zeroizing::new)
        .map_err(|_| SignError::InvalidCiphertext)
    }
}

impl Public {
    pub(super) fn from_der(bits: usize, der: &[u8]) -> Option<Self> {
        PublicKey::from_public_key_der(der).ok().filter(|key| is_of(key, bits)).map(Self)
    }

    pub(super) fn to_der(&self) -> Option<Vec<u8>> {
        Some(self.0.to_public_key_der().ok()?.into_vec())
    }

    pub(super) fn verify(&self, algorithm: SigningAlgorithm, digest: &[u8], signature: &[u8]) -> Result<(), SignError> {
        with_hash!(algorithm.hash(), verify(&self.0, is_pss(algorithm), digest, signature))
            .map_err(|_| SignError::InvalidSignature)
    }

    pub(super) fn encrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        plaintext: &[u8],
        generator: &mut Generator,
    ) -> Result<Vec<u8>, SignError> {
        match algorithm {
            EncryptionAlgorithm::RsaesOaepSha1 => self.0.oaep_encrypt_with_rng::<Sha1, _>(generator, plaintext),
            EncryptionAlgorithm::RsaesOaepSha256 => self.0.oaep_encrypt_with_rng::<Sha256, _>(generator, plaintext),
        }
        .map_err(|_| SignError::Internal)
    }
}

fn is_of(key: &impl PublicKeyParts, bits: usize) -> bool {
    usize::try_from(key.n().bit_width_vartime()).is_ok_and(|length| length == bits)
}

/// The salt of PSS is as long as the digest, as KMS has it.
fn sign<D: Digest + FixedOutputReset + AssociatedOid>(
    key: &PrivateKey,
    pss: bool,
    digest: &[u8],
    generator: &mut Generator,
) -> rsa::Result<Vec<u8>> {
    if pss {
        key.pss_sign_prehash_with_rng::<D, _>(generator, digest)
    } else {
        key.pkcs1v15_sign_prehash_with_rng::<D, _>(generator, digest)
    }
}

/// A signature of PSS with a salt of another length is none here.
fn verify<D: Digest + FixedOutputReset + AssociatedOid>(
    key: &PublicKey,
    pss: bool,
    digest: &[u8],
    signature: &[u8],
) -> rsa::Result<()> {
    if pss {
        key.pss_verify_prehash::<D>(digest, signature)
    } else {
        key.pkcs1v15_verify_prehash::<D>(digest, signature)
    }
}
