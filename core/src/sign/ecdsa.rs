//! ECDSA on the curves of KMS. What differs from curve to curve is only the type.

use alloc::vec::Vec;

use ecdsa::{
    Signature,
    elliptic_curve::Generate,
    signature::hazmat::{PrehashVerifier, RandomizedPrehashSigner},
};
use k256::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use rsa::rand_core::Rng;
use zeroize::Zeroizing;

use super::{SignError, seed::Generator};
use crate::catalog::KeySpec;

/// A private key. The crates wipe it when it is dropped.
#[derive(Clone)]
pub(super) enum Private {
    P256(ecdsa::SigningKey<p256::NistP256>),
    P384(ecdsa::SigningKey<p384::NistP384>),
    P521(ecdsa::SigningKey<p521::NistP521>),
    K256(ecdsa::SigningKey<k256::Secp256k1>),
}

/// A public key.
#[derive(Clone)]
pub(super) enum Public {
    P256(ecdsa::VerifyingKey<p256::NistP256>),
    P384(ecdsa::VerifyingKey<p384::NistP384>),
    P521(ecdsa::VerifyingKey<p521::NistP521>),
    K256(ecdsa::VerifyingKey<k256::Secp256k1>),
}

/// The same for any curve.
macro_rules! on_any_curve {
    ($kind:ident, $which:expr, $key:ident => $body:expr) => {
        match $which {
            $kind::P256($key) => $body,
            $kind::P384($key) => $body,
            $kind::P521($key) => $body,
            $kind::K256($key) => $body,
        }
    };
}

/// A key of a curve, made by the same expression for each; `None` if the spec is of no such curve.
macro_rules! of_curve {
    ($kind:ident, $spec:expr, $make:expr) => {
        Some(match $spec {
            KeySpec::EccNistP256 => $kind::P256($make),
            KeySpec::EccNistP384 => $kind::P384($make),
            KeySpec::EccNistP521 => $kind::P521($make),
            KeySpec::EccSecgP256k1 => $kind::K256($make),
            _ => return None,
        })
    };
}

impl Private {
    pub(super) fn generate(spec: KeySpec, generator: &mut Generator) -> Option<Self> {
        of_curve!(Self, spec, ecdsa::SigningKey::generate_from_rng(generator))
    }

    pub(super) fn from_pkcs8(spec: KeySpec, der: &[u8]) -> Option<Self> {
        of_curve!(Self, spec, ecdsa::SigningKey::from_pkcs8_der(der).ok()?)
    }

    pub(super) fn to_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        on_any_curve!(Self, self, key => Some(key.to_pkcs8_der().ok()?.to_bytes()))
    }

    pub(super) fn public(&self) -> Public {
        match self {
            Self::P256(key) => Public::P256(*key.verifying_key()),
            Self::P384(key) => Public::P384(*key.verifying_key()),
            Self::P521(key) => Public::P521(*key.verifying_key()),
            Self::K256(key) => Public::K256(*key.verifying_key()),
        }
    }

    /// Like KMS, signs the same digest differently each time: RFC 6979 with additional randomness (its 3.6), so
    /// that neither a weak source nor a fault in computing gives the key away.
    pub(super) fn sign(&self, digest: &[u8], generator: &mut Generator) -> Result<Vec<u8>, SignError> {
        on_any_curve!(Self, self, key => {
            let mut signature: Signature<_> =
                key.sign_prehash_with_rng(generator, digest).map_err(|_| SignError::Internal)?;
            // On secp256k1 the crate always gives the lower of the two `s` that are valid, as blockchains ask for.
            // KMS gives either, and who forgets to normalize finds out half of the time: so here as well
            // (https://aws.amazon.com/blogs/database/part2-use-aws-kms-to-securely-manage-ethereum-accounts/).
            if matches!(self, Self::K256(_)) && generator.next_u32() % 2 == 1 {
                let (r, s) = signature.split_scalars();
                signature = Signature::from_scalars(r, -s).map_err(|_| SignError::Internal)?;
            }
            Ok(signature.to_der().as_bytes().to_vec())
        })
    }
}

impl Public {
    pub(super) fn from_der(spec: KeySpec, der: &[u8]) -> Option<Self> {
        of_curve!(Self, spec, ecdsa::VerifyingKey::from_public_key_der(der).ok()?)
    }

    pub(super) fn to_der(&self) -> Option<Vec<u8>> {
        on_any_curve!(Self, self, key => Some(key.to_public_key_der().ok()?.into_vec()))
    }

    /// Both `s` of a signature are valid; the crate for secp256k1 takes the lower only, so it gets that one.
    pub(super) fn verify(&self, digest: &[u8], signature: &[u8]) -> Result<(), SignError> {
        on_any_curve!(Self, self, key => {
            let signature: Signature<_> =
                Signature::from_der(signature).map_err(|_| SignError::InvalidSignature)?;
            key.verify_prehash(digest, &signature.normalize_s()).map_err(|_| SignError::InvalidSignature)
        })
    }
}
