use alloc::vec::Vec;
use core::fmt;

use super::{
    EncryptionAlgorithm, MessageType, SIGNATURE_LIMIT, SignError, SigningAlgorithm, ecdsa, ed25519, rsa,
    seed::Generator,
};
use crate::{catalog::KeySpec, random::Random};

/// The public half of a key: all that `Verify` needs, here or outside of KMS.
///
/// ```
/// use keytrace::{catalog::KeySpec, sign::{SignError, VerifyingKey}};
///
/// // A public key of Ed25519, as `GetPublicKey` gives it.
/// let mut der = *b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00\
///     \xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a\
///     \x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a";
/// let key = VerifyingKey::from_der(KeySpec::EccNistEdwards25519, &der)?;
/// assert_eq!(key.as_der(), der);
///
/// let wrong = VerifyingKey::from_der(KeySpec::EccNistP256, &der).unwrap_err();
/// assert_eq!(wrong, SignError::InvalidKeyMaterial(KeySpec::EccNistP256));
/// # Ok::<(), SignError>(())
/// ```
#[derive(Clone)]
pub struct VerifyingKey {
    spec: KeySpec,
    key: Public,
    der: Vec<u8>,
}

#[derive(Clone)]
pub(super) enum Public {
    Ecdsa(ecdsa::Public),
    Ed25519(ed25519::Public),
    Rsa(rsa::Public),
}

impl VerifyingKey {
    pub(super) fn new(spec: KeySpec, key: Public) -> Option<Self> {
        let der = match &key {
            Public::Ecdsa(key) => key.to_der(),
            Public::Ed25519(key) => key.to_der(),
            Public::Rsa(key) => key.to_der(),
        }?;
        Some(Self { spec, key, der })
    }

    /// The key of a SubjectPublicKeyInfo in DER: what `GetPublicKey` gives.
    ///
    /// # Errors
    ///
    /// When it is none, or one of another spec; or when keys of that spec are not here.
    pub fn from_der(spec: KeySpec, der: &[u8]) -> Result<Self, SignError> {
        let key = match (spec, rsa::bits(spec)) {
            (_, Some(bits)) => rsa::Public::from_der(bits, der).map(Public::Rsa),
            (KeySpec::EccNistEdwards25519, _) => ed25519::Public::from_der(der).map(Public::Ed25519),
            _ if super::key::is_ecdsa(spec) => ecdsa::Public::from_der(spec, der).map(Public::Ecdsa),
            _ => return Err(SignError::UnsupportedKeySpec(spec)),
        };
        key.and_then(|key| Self::new(spec, key)).ok_or(SignError::InvalidKeyMaterial(spec))
    }

    /// SubjectPublicKeyInfo in DER (RFC 5280): the `PublicKey` of `GetPublicKey`, of 44 bytes (Ed25519) to 550
    /// (`RSA_4096`).
    ///
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html#KMS-GetPublicKey-response-PublicKey>
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The spec of the key.
    #[must_use]
    pub const fn spec(&self) -> KeySpec {
        self.spec
    }

    /// What `Verify` does: succeeds, or fails with [`SignError::InvalidSignature`]. There is no third answer.
    ///
    /// `message_type` need not be that of the signing: a message and its digest are the same message, but for
    /// Ed25519 and Ed25519ph, which are two algorithms
    /// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html>).
    ///
    /// # Errors
    ///
    /// When the signature is not this key's, of this message with this algorithm; or when algorithm, message or
    /// signature are none that the key could verify.
    pub fn verify(
        &self,
        algorithm: SigningAlgorithm,
        message_type: MessageType,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignError> {
        algorithm.check(self.spec, message_type, message)?;
        if signature.is_empty() || signature.len() > SIGNATURE_LIMIT {
            return Err(SignError::SignatureLength);
        }
        match &self.key {
            Public::Ecdsa(key) => key.verify(&algorithm.digest(message_type, message), signature),
            Public::Ed25519(key) => key.verify(message_type, message, signature),
            Public::Rsa(key) => key.verify(algorithm, &algorithm.digest(message_type, message), signature),
        }
    }

    /// What `Encrypt` does with an RSA key: a ciphertext as long as the modulus, and another one each time.
    ///
    /// # Errors
    ///
    /// When the key is no RSA key, or the plaintext is empty or longer than
    /// [`plaintext_limit`](EncryptionAlgorithm::plaintext_limit); or when there are no random bytes.
    pub fn encrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        plaintext: &[u8],
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, SignError> {
        algorithm.check(self.spec)?;
        let (Public::Rsa(key), Some(limit)) = (&self.key, algorithm.plaintext_limit(self.spec)) else {
            return Err(SignError::IncompatibleAlgorithm { algorithm: algorithm.name(), spec: self.spec });
        };
        if plaintext.is_empty() || plaintext.len() > limit {
            return Err(SignError::PlaintextLength { limit });
        }
        key.encrypt(algorithm, plaintext, &mut Generator::draw(random, "encrypt")?)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({}, ..)", self.spec.name())
    }
}
