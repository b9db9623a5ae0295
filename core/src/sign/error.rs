use core::fmt;

use super::{MESSAGE_LIMIT, MessageType, SIGNATURE_LIMIT, SigningAlgorithm};
use crate::{catalog::KeySpec, random::RandomError};

/// Why there is no signature, or none that counts.
///
/// [`name`](Self::name) is the error that KMS answers with, `Display` its message. The messages are AWS's where
/// its documentation or reports of real calls print one; [`SignError::InvalidSignature`] has none there.
///
/// ```
/// use keytrace::sign::{SignError, SigningAlgorithm};
///
/// let error = SignError::DigestLength { algorithm: SigningAlgorithm::EcdsaSha256 };
/// assert_eq!(error.name(), "ValidationException");
/// assert_eq!(error.to_string(), "Digest is invalid length for algorithm ECDSA_SHA_256.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// Keys of that spec do not sign, or not here: `SM2` and `ML_DSA_…`.
    UnsupportedKeySpec(KeySpec),
    /// Keys of that spec do not know the algorithm.
    IncompatibleAlgorithm {
        /// The algorithm that was asked for.
        algorithm: &'static str,
        /// The spec of the key.
        spec: KeySpec,
    },
    /// The algorithm takes no such message.
    IncompatibleMessageType {
        /// The algorithm that was asked for.
        algorithm: SigningAlgorithm,
        /// The message type that was given.
        message_type: MessageType,
    },
    /// A message has 1 to 4,096 bytes.
    MessageLength,
    /// A digest is as long as the algorithm's hash function gives it.
    DigestLength {
        /// The algorithm, which says how long.
        algorithm: SigningAlgorithm,
    },
    /// A signature has 1 to 6,144 bytes.
    SignatureLength,
    /// It is not the key's signature of the message.
    InvalidSignature,
    /// What was imported is not a private key of that spec, in PKCS #8.
    InvalidKeyMaterial(KeySpec),
    /// A plaintext has 1 byte or more, and up to as many as fit the key and the algorithm.
    PlaintextLength {
        /// How many fit.
        limit: usize,
    },
    /// It was not encrypted under this key with this algorithm, or has been changed since.
    InvalidCiphertext,
    /// There are no random bytes.
    Random(RandomError),
    /// The private operation failed, which a sound key never sees.
    Internal,
}

impl SignError {
    /// AWS's name of the error.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#API_Sign_Errors>,
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html#API_Verify_Errors>,
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html#API_ImportKeyMaterial_Errors>
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnsupportedKeySpec(_) => "UnsupportedOperationException",
            Self::IncompatibleAlgorithm { .. } => "InvalidKeyUsageException",
            Self::IncompatibleMessageType { .. }
            | Self::MessageLength
            | Self::DigestLength { .. }
            | Self::SignatureLength
            | Self::PlaintextLength { .. } => "ValidationException",
            Self::InvalidSignature => "KMSInvalidSignatureException",
            Self::InvalidKeyMaterial(_) => "IncorrectKeyMaterialException",
            Self::InvalidCiphertext => "InvalidCiphertextException",
            Self::Random(_) | Self::Internal => "KMSInternalException",
        }
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::UnsupportedKeySpec(spec) => write!(f, "Key spec {} is not supported.", spec.name()),
            Self::IncompatibleAlgorithm { algorithm, spec } => {
                write!(f, "Algorithm {algorithm} is incompatible with key spec {}.", spec.name())
            }
            Self::IncompatibleMessageType { algorithm, message_type } => {
                write!(f, "Message type {message_type} is incompatible with algorithm {algorithm}.")
            }
            Self::MessageLength => write!(f, "The message must have 1 to {MESSAGE_LIMIT} bytes."),
            Self::DigestLength { algorithm } => write!(f, "Digest is invalid length for algorithm {algorithm}."),
            Self::SignatureLength => write!(f, "The signature must have 1 to {SIGNATURE_LIMIT} bytes."),
            Self::InvalidSignature => f.write_str("The signature does not belong to the message."),
            Self::InvalidKeyMaterial(spec) => {
                write!(f, "The key material is not a private key of key spec {} in PKCS #8.", spec.name())
            }
            Self::PlaintextLength { limit } => write!(f, "The plaintext must have 1 to {limit} bytes."),
            Self::InvalidCiphertext => f.write_str("The ciphertext does not decrypt with this key and algorithm."),
            Self::Random(error) => error.fmt(f),
            Self::Internal => f.write_str("The operation with the private key failed."),
        }
    }
}

impl core::error::Error for SignError {}

impl From<RandomError> for SignError {
    fn from(error: RandomError) -> Self {
        Self::Random(error)
    }
}
