//! Ed25519 and Ed25519ph (RFC 8032).

use alloc::vec::Vec;

use ed25519_dalek::{
    Signature, Signer, SigningKey, Verifier, VerifyingKey,
    pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, KeypairBytes},
};
use rsa::rand_core::Rng;
use sha2::digest::{FixedOutput, HashMarker, Output, OutputSizeUser, Update, consts::U64};
use zeroize::Zeroizing;

use super::{MessageType, SignError, seed::Generator};

/// A private key. The crate wipes it when it is dropped.
#[derive(Clone)]
pub(super) struct Private(SigningKey);

/// A public key.
#[derive(Clone)]
pub(super) struct Public(VerifyingKey);

impl Private {
    pub(super) fn generate(generator: &mut Generator) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        generator.fill_bytes(&mut *seed);
        Self(SigningKey::from_bytes(&seed))
    }

    pub(super) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        SigningKey::from_pkcs8_der(der).ok().map(Self)
    }

    pub(super) fn to_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        // Without the public key, which OpenSSL before 3.5 does not expect in there (RFC 8410, 7: it is optional).
        let private = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        Some(private.to_pkcs8_der().ok()?.to_bytes())
    }

    pub(super) fn public(&self) -> Public {
        Public(self.0.verifying_key())
    }

    /// Takes no randomness: the same message has the same signature. A `DIGEST` is signed as Ed25519ph, without a
    /// context.
    pub(super) fn sign(&self, message_type: MessageType, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = match message_type {
            MessageType::Raw => self.0.try_sign(message),
            MessageType::Digest => self.0.sign_prehashed(Prehashed::of(message), None),
        };
        Ok(signature.map_err(|_| SignError::Internal)?.to_bytes().to_vec())
    }
}

impl Public {
    pub(super) fn from_der(der: &[u8]) -> Option<Self> {
        VerifyingKey::from_public_key_der(der).ok().map(Self)
    }

    pub(super) fn to_der(&self) -> Option<Vec<u8>> {
        Some(self.0.to_public_key_der().ok()?.into_vec())
    }

    pub(super) fn verify(&self, message_type: MessageType, message: &[u8], signature: &[u8]) -> Result<(), SignError> {
        let signature = Signature::from_slice(signature).map_err(|_| SignError::InvalidSignature)?;
        match message_type {
            MessageType::Raw => self.0.verify(message, &signature),
            MessageType::Digest => self.0.verify_prehashed(Prehashed::of(message), None, &signature),
        }
        .map_err(|_| SignError::InvalidSignature)
    }
}

/// The crate wants the hash function that has read the message, to ask it for the digest. We have the digest.
struct Prehashed([u8; 64]);

impl Prehashed {
    /// Of a digest whose length has been checked; one of another length could only give a signature that nobody
    /// accepts.
    fn of(digest: &[u8]) -> Self {
        let mut bytes = [0; 64];
        bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
        Self(bytes)
    }
}

impl OutputSizeUser for Prehashed {
    type OutputSize = U64;
}

impl FixedOutput for Prehashed {
    fn finalize_into(self, out: &mut Output<Self>) {
        *out = self.0.into();
    }
}

// What makes it a hash function by its type. Nobody starts a new one or feeds this one.
impl HashMarker for Prehashed {}

impl Default for Prehashed {
    fn default() -> Self {
        Self([0; 64])
    }
}

impl Update for Prehashed {
    fn update(&mut self, _: &[u8]) {}
}
