use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use super::{
    EncryptionAlgorithm, MessageType, Seed, SignError, SigningAlgorithm, VerifyingKey, ecdsa, ed25519, rsa,
    seed::Generator, verifying::Public,
};
use crate::{catalog::KeySpec, random::Random};

/// The key pair of an asymmetric KMS key.
///
/// It is wiped when dropped, and does not show in `Debug`. KMS keeps the private half to itself for ever; only a
/// key pair of `GenerateDataKeyPair` leaves it, see [`to_pkcs8`](Self::to_pkcs8).
///
/// ```
/// use keytrace::{catalog::KeySpec, sign::{Seed, SigningKey}};
///
/// let seed = Seed::new([7; Seed::LENGTH]); // Drawn from a source of random bytes, but in an example.
/// let key = SigningKey::from_seed(KeySpec::EccNistEdwards25519, &seed)?;
/// assert_eq!(format!("{key:?}"), "SigningKey(ECC_NIST_EDWARDS25519, ..)");
///
/// let same = SigningKey::from_pkcs8(KeySpec::EccNistEdwards25519, &key.to_pkcs8()?)?;
/// assert_eq!(same.public_key(), key.public_key());
/// # Ok::<(), keytrace::sign::SignError>(())
/// ```
#[derive(Clone)]
pub struct SigningKey {
    private: Private,
    public: VerifyingKey,
}

#[derive(Clone)]
enum Private {
    Ecdsa(ecdsa::Private),
    Ed25519(ed25519::Private),
    Rsa(rsa::Private),
}

pub(super) const fn is_ecdsa(spec: KeySpec) -> bool {
    use KeySpec::{EccNistP256, EccNistP384, EccNistP521, EccSecgP256k1};
    matches!(spec, EccNistP256 | EccNistP384 | EccNistP521 | EccSecgP256k1)
}

impl SigningKey {
    /// A new key, as `CreateKey` and `GenerateDataKeyPair` make it. An RSA key has the public exponent 65,537.
    ///
    /// Making an RSA key takes long, and longer in an unoptimized build: where that matters, draw a [`Seed`], and
    /// make the key [from it](Self::from_seed) when it is first used.
    ///
    /// # Errors
    ///
    /// When there are no random bytes, or keys of that spec are not here.
    pub fn generate(spec: KeySpec, random: &mut dyn Random) -> Result<Self, SignError> {
        if !is_supported(spec) {
            return Err(SignError::UnsupportedKeySpec(spec));
        }
        Self::from_seed(spec, &Seed::draw(random)?)
    }

    /// The key that a seed settles. The same seed gives the same key, in this version of the crate: what is to
    /// last is the key in [PKCS #8](Self::to_pkcs8).
    ///
    /// # Errors
    ///
    /// When keys of that spec are not here.
    pub fn from_seed(spec: KeySpec, seed: &Seed) -> Result<Self, SignError> {
        let mut generator = Generator::new(seed, spec.name());
        let private = match (spec, rsa::bits(spec)) {
            (_, Some(bits)) => rsa::Private::generate(bits, &mut generator).map(Private::Rsa),
            (KeySpec::EccNistEdwards25519, _) => Some(Private::Ed25519(ed25519::Private::generate(&mut generator))),
            _ if is_ecdsa(spec) => ecdsa::Private::generate(spec, &mut generator).map(Private::Ecdsa),
            _ => return Err(SignError::UnsupportedKeySpec(spec)),
        };
        private.and_then(|private| Self::new(spec, private)).ok_or(SignError::Internal)
    }

    /// The key of a PrivateKeyInfo in DER (PKCS #8, RFC 5208 and 5958): what `ImportKeyMaterial` takes. Where it
    /// holds the public key too, the two have to match.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html#importing-keys-material-requirements>
    ///
    /// # Errors
    ///
    /// When it is none, or one of another spec; or when keys of that spec are not here.
    pub fn from_pkcs8(spec: KeySpec, der: &[u8]) -> Result<Self, SignError> {
        let private = match (spec, rsa::bits(spec)) {
            (_, Some(bits)) => rsa::Private::from_pkcs8(bits, der).map(Private::Rsa),
            (KeySpec::EccNistEdwards25519, _) => ed25519::Private::from_pkcs8(der).map(Private::Ed25519),
            _ if is_ecdsa(spec) => ecdsa::Private::from_pkcs8(spec, der).map(Private::Ecdsa),
            _ => return Err(SignError::UnsupportedKeySpec(spec)),
        };
        private.and_then(|private| Self::new(spec, private)).ok_or(SignError::InvalidKeyMaterial(spec))
    }

    fn new(spec: KeySpec, private: Private) -> Option<Self> {
        let public = match &private {
            Private::Ecdsa(key) => Public::Ecdsa(key.public()),
            Private::Ed25519(key) => Public::Ed25519(key.public()),
            Private::Rsa(key) => Public::Rsa(key.public()),
        };
        Some(Self { public: VerifyingKey::new(spec, public)?, private })
    }

    /// The private key as PrivateKeyInfo in DER (PKCS #8): the `PrivateKeyPlaintext` of `GenerateDataKeyPair`.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html>
    ///
    /// # Errors
    ///
    /// None with a sound key.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, SignError> {
        match &self.private {
            Private::Ecdsa(key) => key.to_pkcs8(),
            Private::Ed25519(key) => key.to_pkcs8(),
            Private::Rsa(key) => key.to_pkcs8(),
        }
        .ok_or(SignError::Internal)
    }

    /// The spec of the key.
    #[must_use]
    pub const fn spec(&self) -> KeySpec {
        self.public.spec()
    }

    /// What `GetPublicKey` gives: SubjectPublicKeyInfo in DER. See [`VerifyingKey::as_der`].
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        self.public.as_der()
    }

    /// The public half of the key.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// What `Sign` does: the signature of a message of 1 to 4,096 bytes, or of its digest.
    ///
    /// ECDSA and PSS sign the same message differently each time, PKCS #1 v1.5 and Ed25519 do not.
    ///
    /// # Errors
    ///
    /// When algorithm or message are none that the key could sign, or when there are no random bytes. Ed25519
    /// needs none.
    pub fn sign(
        &self,
        algorithm: SigningAlgorithm,
        message_type: MessageType,
        message: &[u8],
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, SignError> {
        algorithm.check(self.spec(), message_type, message)?;
        let digest = || algorithm.digest(message_type, message);
        match &self.private {
            Private::Ecdsa(key) => key.sign(&digest(), &mut Generator::draw(random, "sign")?),
            Private::Ed25519(key) => key.sign(message_type, message),
            Private::Rsa(key) => key.sign(algorithm, &digest(), &mut Generator::draw(random, "sign")?),
        }
    }

    /// What `Verify` does. See [`VerifyingKey::verify`].
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
        self.public.verify(algorithm, message_type, message, signature)
    }

    /// What `Encrypt` does with an RSA key. See [`VerifyingKey::encrypt`].
    ///
    /// # Errors
    ///
    /// When the key is no RSA key, or the plaintext is empty or too long; or when there are no random bytes.
    pub fn encrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        plaintext: &[u8],
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, SignError> {
        self.public.encrypt(algorithm, plaintext, random)
    }

    /// What `Decrypt` does with an RSA key. An RSA ciphertext does not say which key and algorithm made it.
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidCiphertext`], whatever is wrong with the ciphertext; or when the key is no RSA key, or
    /// when there are no random bytes.
    pub fn decrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        ciphertext: &[u8],
        random: &mut dyn Random,
    ) -> Result<Zeroizing<Vec<u8>>, SignError> {
        algorithm.check(self.spec())?;
        let Private::Rsa(key) = &self.private else {
            return Err(SignError::IncompatibleAlgorithm { algorithm: algorithm.name(), spec: self.spec() });
        };
        key.decrypt(algorithm, ciphertext, &mut Generator::draw(random, "decrypt")?)
    }
}

const fn is_supported(spec: KeySpec) -> bool {
    is_ecdsa(spec) || matches!(spec, KeySpec::EccNistEdwards25519) || rsa::bits(spec).is_some()
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, ..)", self.spec().name())
    }
}
