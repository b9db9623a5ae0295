use alloc::vec::Vec;
use core::{fmt, ops::RangeInclusive};

use ctutils::CtEq as _;
use zeroize::Zeroizing;

use super::primitives::hmac;
use crate::{
    catalog::KeySpec,
    random::{Random, RandomError, random_bytes},
};

/// What `GenerateMac` and `VerifyMac` compute. Every HMAC key does one of them.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MacAlgorithm {
    /// `HMAC_SHA_224`
    HmacSha224,
    /// `HMAC_SHA_256`
    HmacSha256,
    /// `HMAC_SHA_384`
    HmacSha384,
    /// `HMAC_SHA_512`
    HmacSha512,
}

/// The longest message that `GenerateMac` and `VerifyMac` take, in bytes. The shortest is 1.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html#KMS-GenerateMac-request-Message>
pub const MAX_MESSAGE_BYTES: usize = 4096;

impl MacAlgorithm {
    /// All four.
    pub const ALL: [Self; 4] = [Self::HmacSha224, Self::HmacSha256, Self::HmacSha384, Self::HmacSha512];

    /// The one of keys of this kind; `None` if they are no HMAC keys.
    #[must_use]
    pub const fn of(spec: KeySpec) -> Option<Self> {
        match spec {
            KeySpec::Hmac224 => Some(Self::HmacSha224),
            KeySpec::Hmac256 => Some(Self::HmacSha256),
            KeySpec::Hmac384 => Some(Self::HmacSha384),
            KeySpec::Hmac512 => Some(Self::HmacSha512),
            _ => None,
        }
    }

    /// As AWS writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HmacSha224 => "HMAC_SHA_224",
            Self::HmacSha256 => "HMAC_SHA_256",
            Self::HmacSha384 => "HMAC_SHA_384",
            Self::HmacSha512 => "HMAC_SHA_512",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Bytes of a MAC. New key material has as many.
    #[must_use]
    pub const fn mac_bytes(self) -> usize {
        match self {
            Self::HmacSha224 => 28,
            Self::HmacSha256 => 32,
            Self::HmacSha384 => 48,
            Self::HmacSha512 => 64,
        }
    }

    /// How many bytes imported key material may have: from the length of a MAC to that of a block.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html>
    #[must_use]
    pub const fn key_bytes(self) -> RangeInclusive<usize> {
        match self {
            Self::HmacSha224 => 28..=64,
            Self::HmacSha256 => 32..=64,
            Self::HmacSha384 => 48..=128,
            Self::HmacSha512 => 64..=128,
        }
    }
}

/// The key material of an HMAC key. It is wiped when it is dropped, and does not print.
///
/// ```
/// use keytrace::seal::{MacAlgorithm, MacKeyMaterial, MacError};
///
/// let material = MacKeyMaterial::import(MacAlgorithm::HmacSha256, &[7; 32]).unwrap();
/// let mac = material.generate_mac(b"message").unwrap();
/// assert_eq!(material.verify_mac(b"message", &mac), Ok(()));
/// assert_eq!(material.verify_mac(b"massage", &mac), Err(MacError::Invalid));
/// assert_eq!(material.verify_mac(b"message", &mac[..31]), Err(MacError::Invalid));
/// ```
#[derive(Clone)]
pub struct MacKeyMaterial {
    algorithm: MacAlgorithm,
    secret: Zeroizing<Vec<u8>>,
}

impl MacKeyMaterial {
    /// Key material that is known already.
    ///
    /// # Errors
    ///
    /// When it is shorter or longer than [`MacAlgorithm::key_bytes`].
    pub fn import(algorithm: MacAlgorithm, secret: &[u8]) -> Result<Self, MacError> {
        if !algorithm.key_bytes().contains(&secret.len()) {
            return Err(MacError::KeyLength { algorithm, bytes: secret.len() });
        }
        Ok(Self { algorithm, secret: Zeroizing::new(secret.to_vec()) })
    }

    /// New key material, as long as the MAC.
    ///
    /// # Errors
    ///
    /// When there are no random bytes.
    pub fn generate(algorithm: MacAlgorithm, random: &mut dyn Random) -> Result<Self, RandomError> {
        Ok(Self { algorithm, secret: random_bytes(algorithm.mac_bytes(), random)? })
    }

    /// What it computes.
    #[must_use]
    pub const fn algorithm(&self) -> MacAlgorithm {
        self.algorithm
    }

    /// The secret itself, for somebody who asked to keep it. Nothing else here gives it away.
    #[must_use]
    pub fn reveal(&self) -> &[u8] {
        &self.secret
    }

    /// `GenerateMac`: all bytes of the MAC of a message (FIPS 198-1).
    ///
    /// # Errors
    ///
    /// When the message has not 1 to 4,096 bytes.
    pub fn generate_mac(&self, message: &[u8]) -> Result<Vec<u8>, MacError> {
        if message.is_empty() || message.len() > MAX_MESSAGE_BYTES {
            return Err(MacError::MessageLength { bytes: message.len() });
        }
        Ok(hmac(self.algorithm, &self.secret, message))
    }

    /// `VerifyMac`: whether this is the MAC of the message, compared in constant time and in its full length.
    ///
    /// # Errors
    ///
    /// [`MacError::Invalid`] if it is not; KMS has no answer that says `false`.
    pub fn verify_mac(&self, message: &[u8], mac: &[u8]) -> Result<(), MacError> {
        let right = self.generate_mac(message)?;
        if right.as_slice().ct_eq(mac).to_bool() { Ok(()) } else { Err(MacError::Invalid) }
    }
}

impl fmt::Debug for MacKeyMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MacKeyMaterial {{ algorithm: {}, secret: … }}", self.algorithm.name())
    }
}

/// Why there is no MAC, or why one is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MacError {
    /// `KMSInvalidMacException`: it is not the MAC of this message.
    Invalid,
    /// The message has not 1 to 4,096 bytes.
    MessageLength {
        /// How many it has.
        bytes: usize,
    },
    /// No key of the algorithm has so many bytes.
    KeyLength {
        /// The algorithm.
        algorithm: MacAlgorithm,
        /// How many it has.
        bytes: usize,
    },
}

impl fmt::Display for MacError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => f.write_str("KMSInvalidMacException"),
            Self::MessageLength { bytes } => {
                write!(f, "the message has {bytes} bytes; it has to have 1 to {MAX_MESSAGE_BYTES}")
            }
            Self::KeyLength { algorithm, bytes } => {
                let (least, most) = algorithm.key_bytes().into_inner();
                let name = algorithm.name();
                write!(f, "key material for {name} has {least} to {most} bytes; this has {bytes}")
            }
        }
    }
}

impl core::error::Error for MacError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::KeyUsage;
    use crate::random::sources::Counting;

    #[test]
    fn names_are_those_of_the_catalog() {
        for &spec in KeySpec::ALL {
            let names = MacAlgorithm::of(spec).map(MacAlgorithm::name).into_iter();
            assert!(names.eq(spec.algorithms(KeyUsage::GenerateVerifyMac).iter().copied()), "{spec:?}");
        }
        for algorithm in MacAlgorithm::ALL {
            assert_eq!(MacAlgorithm::from_name(algorithm.name()), Some(algorithm));
            assert_eq!(*algorithm.key_bytes().start(), algorithm.mac_bytes());
        }
    }

    #[test]
    fn lengths_are_bounded() {
        for algorithm in MacAlgorithm::ALL {
            let (least, most) = algorithm.key_bytes().into_inner();
            let import = |bytes| MacKeyMaterial::import(algorithm, &alloc::vec![1; bytes]).is_ok();
            assert_eq!([least - 1, least, most, most + 1].map(import), [false, true, true, false]);

            let material = MacKeyMaterial::generate(algorithm, &mut Counting(0)).unwrap();
            assert_eq!(material.reveal().len(), algorithm.mac_bytes());
            assert_eq!(material.generate_mac(&[7; 4096]).unwrap().len(), algorithm.mac_bytes());
            assert_eq!(material.generate_mac(b""), Err(MacError::MessageLength { bytes: 0 }));
            assert_eq!(material.verify_mac(&[7; 4097], b""), Err(MacError::MessageLength { bytes: 4097 }));
            assert_eq!(material.verify_mac(b"m", b""), Err(MacError::Invalid));
        }
    }
}
