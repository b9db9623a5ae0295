use super::{SignError, rsa::bits};
use crate::catalog::{KeySpec, KeyUsage};

/// How an RSA key encrypts: the `EncryptionAlgorithm` of `Encrypt`, `Decrypt` and `ReEncrypt` with such a key.
///
/// The label is empty, and MGF1 has the same hash function as the algorithm.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html>
///
/// Decryption differs from RFC 8017 in one thing: a padding whose first byte is not zero but right otherwise is
/// accepted (7.1.2, 3g would have it refused). That is how the crate `rsa` has it, on purpose: so nothing can be
/// learnt from how that byte is looked at. UNDOCUMENTED: what AWS KMS does.
///
/// ```
/// use keytrace::{catalog::KeySpec, sign::EncryptionAlgorithm};
///
/// let algorithm = EncryptionAlgorithm::from_name("RSAES_OAEP_SHA_256").unwrap();
/// assert_eq!(algorithm.plaintext_limit(KeySpec::Rsa2048), Some(190));
/// assert_eq!(algorithm.plaintext_limit(KeySpec::EccNistP256), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EncryptionAlgorithm {
    /// RSAES-OAEP with SHA-1 (`RSAES_OAEP_SHA_1`)
    RsaesOaepSha1,
    /// RSAES-OAEP with SHA-256 (`RSAES_OAEP_SHA_256`)
    RsaesOaepSha256,
}

impl EncryptionAlgorithm {
    /// Every one of them.
    pub const ALL: &'static [Self] = &[Self::RsaesOaepSha1, Self::RsaesOaepSha256];

    /// The name that AWS prints.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RsaesOaepSha1 => "RSAES_OAEP_SHA_1",
            Self::RsaesOaepSha256 => "RSAES_OAEP_SHA_256",
        }
    }

    /// The one of that name. KMS takes names in upper case only.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.name() == name)
    }

    /// The most bytes that a key of that spec encrypts; `None` if it does not encrypt so.
    ///
    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html>
    #[must_use]
    pub fn plaintext_limit(self, spec: KeySpec) -> Option<usize> {
        let hash = match self {
            Self::RsaesOaepSha1 => 20,
            Self::RsaesOaepSha256 => 32,
        };
        bits(spec)?.div_ceil(8).checked_sub(2 * hash + 2)
    }

    /// Whether a key of `spec` encrypts so at all, as far as its spec goes.
    pub(super) fn check(self, spec: KeySpec) -> Result<(), SignError> {
        if spec.algorithms(KeyUsage::EncryptDecrypt).contains(&self.name()) {
            return Ok(());
        }
        Err(SignError::IncompatibleAlgorithm { algorithm: self.name(), spec })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of <https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html>.
    #[test]
    fn limits_are_those_of_the_documentation() {
        let limits = |spec| EncryptionAlgorithm::ALL.iter().map(move |algorithm| algorithm.plaintext_limit(spec));
        assert!(limits(KeySpec::Rsa2048).eq([Some(214), Some(190)]));
        assert!(limits(KeySpec::Rsa3072).eq([Some(342), Some(318)]));
        assert!(limits(KeySpec::Rsa4096).eq([Some(470), Some(446)]));
        for &algorithm in EncryptionAlgorithm::ALL {
            assert_eq!(EncryptionAlgorithm::from_name(algorithm.name()), Some(algorithm));
            assert!(
                KeySpec::ALL
                    .iter()
                    .all(|&spec| { algorithm.check(spec).is_ok() == algorithm.plaintext_limit(spec).is_some() })
            );
        }
    }
}
