use alloc::vec::Vec;
use core::fmt;

use sha2::{Digest, Sha256, Sha384, Sha512};

use super::SignError;
use crate::catalog::{KeySpec, KeyUsage};

/// The most bytes that a `RAW` message has. Of a longer one, the digest is signed.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#KMS-Sign-request-Message>
pub const MESSAGE_LIMIT: usize = 4096;

/// The most bytes that `Verify` takes for a signature. None that KMS makes is longer than 512.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html#KMS-Verify-request-Signature>
pub const SIGNATURE_LIMIT: usize = 6144;

macro_rules! names {
    ($(#[$attribute:meta])* $enum:ident { $($(#[$note:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $enum {
            $($(#[$note])* #[doc = concat!("(`", $name, "`)")] $variant,)*
        }

        impl $enum {
            /// Every one of them.
            pub const ALL: &'static [$enum] = &[$($enum::$variant,)*];

            /// The name that AWS prints.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $($enum::$variant => $name,)* }
            }

            /// The one of that name. KMS takes names in upper case only.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }

        impl fmt::Display for $enum {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names! {
    /// How a key signs: the `SigningAlgorithm` of `Sign` and `Verify`.
    ///
    /// Not among them are `SM2DSA`, which only Regions in China have, and `ML_DSA_SHAKE_256`.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#KMS-Sign-request-SigningAlgorithm>
    ///
    /// ```
    /// use keytrace::{catalog::KeySpec, sign::SigningAlgorithm};
    ///
    /// let algorithm = SigningAlgorithm::from_name("RSASSA_PSS_SHA_384").unwrap();
    /// assert_eq!(algorithm, SigningAlgorithm::RsassaPssSha384);
    /// assert_eq!(algorithm.digest_length(), 48);
    /// assert!(algorithm.fits(KeySpec::Rsa2048) && !algorithm.fits(KeySpec::EccNistP384));
    /// ```
    SigningAlgorithm {
        /// RSASSA-PSS with SHA-256 for the message and MGF1, and a salt of 32 bytes
        RsassaPssSha256 = "RSASSA_PSS_SHA_256",
        /// RSASSA-PSS with SHA-384 for the message and MGF1, and a salt of 48 bytes
        RsassaPssSha384 = "RSASSA_PSS_SHA_384",
        /// RSASSA-PSS with SHA-512 for the message and MGF1, and a salt of 64 bytes
        RsassaPssSha512 = "RSASSA_PSS_SHA_512",
        /// RSASSA-PKCS1-v1_5 with SHA-256
        RsassaPkcs1V15Sha256 = "RSASSA_PKCS1_V1_5_SHA_256",
        /// RSASSA-PKCS1-v1_5 with SHA-384
        RsassaPkcs1V15Sha384 = "RSASSA_PKCS1_V1_5_SHA_384",
        /// RSASSA-PKCS1-v1_5 with SHA-512
        RsassaPkcs1V15Sha512 = "RSASSA_PKCS1_V1_5_SHA_512",
        /// ECDSA with SHA-256, of keys on P-256 and secp256k1
        EcdsaSha256 = "ECDSA_SHA_256",
        /// ECDSA with SHA-384, of keys on P-384
        EcdsaSha384 = "ECDSA_SHA_384",
        /// ECDSA with SHA-512, of keys on P-521
        EcdsaSha512 = "ECDSA_SHA_512",
        /// Ed25519 of RFC 8032, which takes a `RAW` message only
        Ed25519Sha512 = "ED25519_SHA_512",
        /// Ed25519ph of RFC 8032 without a context, which takes a `DIGEST` of SHA-512 only
        Ed25519PhSha512 = "ED25519_PH_SHA_512",
    }
}

names! {
    /// What the `Message` of `Sign` and `Verify` is.
    ///
    /// Not among them is `EXTERNAL_MU`, which only ML-DSA takes.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#KMS-Sign-request-MessageType>
    MessageType {
        /// The message itself, of 1 to 4,096 bytes, which the algorithm hashes
        Raw = "RAW",
        /// The digest of a message, exactly as long as the algorithm's hash function gives it
        Digest = "DIGEST",
    }
}

/// The hash function of an algorithm.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl SigningAlgorithm {
    pub(super) const fn hash(self) -> Hash {
        match self {
            Self::RsassaPssSha256 | Self::RsassaPkcs1V15Sha256 | Self::EcdsaSha256 => Hash::Sha256,
            Self::RsassaPssSha384 | Self::RsassaPkcs1V15Sha384 | Self::EcdsaSha384 => Hash::Sha384,
            Self::RsassaPssSha512
            | Self::RsassaPkcs1V15Sha512
            | Self::EcdsaSha512
            | Self::Ed25519Sha512
            | Self::Ed25519PhSha512 => Hash::Sha512,
        }
    }

    /// How many bytes a `DIGEST` has: 32, 48 or 64.
    #[must_use]
    pub const fn digest_length(self) -> usize {
        match self.hash() {
            Hash::Sha256 => 32,
            Hash::Sha384 => 48,
            Hash::Sha512 => 64,
        }
    }

    /// Whether keys of that spec sign so.
    #[must_use]
    pub fn fits(self, spec: KeySpec) -> bool {
        spec.algorithms(KeyUsage::SignVerify).contains(&self.name())
    }

    /// Whether the algorithm takes such messages: all take both, but for those of Edwards curves
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html>).
    #[must_use]
    pub fn takes(self, message_type: MessageType) -> bool {
        match self {
            Self::Ed25519Sha512 => message_type == MessageType::Raw,
            Self::Ed25519PhSha512 => message_type == MessageType::Digest,
            _ => true,
        }
    }

    /// Whether a key of `spec` does this at all with `message`, in the order in which KMS looks.
    pub(super) fn check(self, spec: KeySpec, message_type: MessageType, message: &[u8]) -> Result<(), SignError> {
        if !self.fits(spec) {
            return Err(SignError::IncompatibleAlgorithm { algorithm: self.name(), spec });
        }
        if !self.takes(message_type) {
            return Err(SignError::IncompatibleMessageType { algorithm: self, message_type });
        }
        if message.is_empty() || message.len() > MESSAGE_LIMIT {
            return Err(SignError::MessageLength);
        }
        if message_type == MessageType::Digest && message.len() != self.digest_length() {
            return Err(SignError::DigestLength { algorithm: self });
        }
        Ok(())
    }

    /// What the algorithm signs after hashing: the digest of a `RAW` message, or the one given.
    pub(super) fn digest(self, message_type: MessageType, message: &[u8]) -> Vec<u8> {
        match (message_type, self.hash()) {
            (MessageType::Digest, _) => message.to_vec(),
            (MessageType::Raw, Hash::Sha256) => Sha256::digest(message).to_vec(),
            (MessageType::Raw, Hash::Sha384) => Sha384::digest(message).to_vec(),
            (MessageType::Raw, Hash::Sha512) => Sha512::digest(message).to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The catalog knows which algorithms there are; here is one for each, but for the two that are not here.
    #[test]
    fn algorithms_are_those_of_the_catalog() {
        for &algorithm in SigningAlgorithm::ALL {
            assert_eq!(SigningAlgorithm::from_name(algorithm.name()), Some(algorithm));
            assert!(KeySpec::ALL.iter().any(|&spec| algorithm.fits(spec)), "{algorithm}");
        }
        let unknown: alloc::collections::BTreeSet<_> = KeySpec::ALL
            .iter()
            .flat_map(|spec| spec.algorithms(KeyUsage::SignVerify))
            .filter(|name| SigningAlgorithm::from_name(name).is_none())
            .collect();
        assert!(unknown.iter().eq(&[&"ML_DSA_SHAKE_256", &"SM2DSA"]), "{unknown:?}");
        assert_eq!(MessageType::from_name("DIGEST"), Some(MessageType::Digest));
        assert_eq!(MessageType::from_name("digest"), None);
    }

    #[test]
    fn messages_are_looked_at_in_order() {
        use SigningAlgorithm::{EcdsaSha256, EcdsaSha384, Ed25519PhSha512, Ed25519Sha512, RsassaPssSha512};
        let check = |algorithm: SigningAlgorithm, spec, message_type, length| {
            algorithm.check(spec, message_type, &alloc::vec![0; length])
        };
        let (raw, digest) = (MessageType::Raw, MessageType::Digest);
        let incompatible = SignError::IncompatibleAlgorithm { algorithm: "ECDSA_SHA_256", spec: KeySpec::EccNistP384 };
        #[rustfmt::skip] // A table: a message a line.
        let rows = [
            (EcdsaSha256, KeySpec::EccNistP384, digest, 0, Err(incompatible)),
            (EcdsaSha384, KeySpec::EccNistP384, raw, 0, Err(SignError::MessageLength)),
            (EcdsaSha384, KeySpec::EccNistP384, raw, 1, Ok(())),
            (EcdsaSha384, KeySpec::EccNistP384, raw, 4096, Ok(())),
            (EcdsaSha384, KeySpec::EccNistP384, raw, 4097, Err(SignError::MessageLength)),
            (EcdsaSha384, KeySpec::EccNistP384, digest, 47, Err(SignError::DigestLength { algorithm: EcdsaSha384 })),
            (EcdsaSha384, KeySpec::EccNistP384, digest, 48, Ok(())),
            (EcdsaSha384, KeySpec::EccNistP384, digest, 49, Err(SignError::DigestLength { algorithm: EcdsaSha384 })),
            (RsassaPssSha512, KeySpec::Rsa2048, digest, 64, Ok(())),
            (RsassaPssSha512, KeySpec::Rsa2048, digest, 4097, Err(SignError::MessageLength)),
            (Ed25519Sha512, KeySpec::EccNistEdwards25519, raw, 4096, Ok(())),
            (Ed25519Sha512, KeySpec::EccNistEdwards25519, digest, 64,
                Err(SignError::IncompatibleMessageType { algorithm: Ed25519Sha512, message_type: digest })),
            (Ed25519PhSha512, KeySpec::EccNistEdwards25519, digest, 64, Ok(())),
            (Ed25519PhSha512, KeySpec::EccNistEdwards25519, raw, 64,
                Err(SignError::IncompatibleMessageType { algorithm: Ed25519PhSha512, message_type: raw })),
        ];
        for (algorithm, spec, message_type, length, expected) in rows {
            assert_eq!(check(algorithm, spec, message_type, length), expected, "{algorithm} {message_type} {length}");
        }
    }
}
