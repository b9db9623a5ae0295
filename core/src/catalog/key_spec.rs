//! What kinds of KMS key there are and what each can be used for.
//!
//! Pages: <https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html>,
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html>.

/// How many aliases a key can have, unless AWS raised the quota
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#aliases-per-key>).
pub const ALIASES_PER_KEY: usize = 50;

/// The `EncryptionAlgorithm` of a request that names none.
pub const DEFAULT_ENCRYPTION_ALGORITHM: &str = "SYMMETRIC_DEFAULT";

/// The `MessageType` of a request to sign or verify that names none.
pub const DEFAULT_MESSAGE_TYPE: &str = "RAW";

macro_rules! named_by_aws {
    ($(#[$attribute:meta])* $enum:ident { $($(#[$note:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $enum {
            $($(#[$note])* #[doc = concat!("`", $name, "`")] $variant,)*
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
    };
}

named_by_aws! {
    /// What a key can be used for: one thing, settled when the key is made.
    KeyUsage {
        #[default]
        EncryptDecrypt = "ENCRYPT_DECRYPT",
        SignVerify = "SIGN_VERIFY",
        GenerateVerifyMac = "GENERATE_VERIFY_MAC",
        KeyAgreement = "KEY_AGREEMENT",
        EncapsulateDecapsulate = "ENCAPSULATE_DECAPSULATE",
    }
}

named_by_aws! {
    /// Where a key's material comes from.
    KeyOrigin {
        #[default]
        AwsKms = "AWS_KMS",
        External = "EXTERNAL",
        AwsCloudHsm = "AWS_CLOUDHSM",
        ExternalKeyStore = "EXTERNAL_KEY_STORE",
    }
}

named_by_aws! {
    /// The cryptography of a key.
    KeySpec {
        #[default]
        SymmetricDefault = "SYMMETRIC_DEFAULT",
        Hmac224 = "HMAC_224",
        Hmac256 = "HMAC_256",
        Hmac384 = "HMAC_384",
        Hmac512 = "HMAC_512",
        Rsa2048 = "RSA_2048",
        Rsa3072 = "RSA_3072",
        Rsa4096 = "RSA_4096",
        EccNistP256 = "ECC_NIST_P256",
        EccNistP384 = "ECC_NIST_P384",
        EccNistP521 = "ECC_NIST_P521",
        EccSecgP256k1 = "ECC_SECG_P256K1",
        EccNistEdwards25519 = "ECC_NIST_EDWARDS25519",
        Sm2 = "SM2",
        MlDsa44 = "ML_DSA_44",
        MlDsa65 = "ML_DSA_65",
        MlDsa87 = "ML_DSA_87",
        MlKem512 = "ML_KEM_512",
        MlKem768 = "ML_KEM_768",
        MlKem1024 = "ML_KEM_1024",
    }
}

impl KeySpec {
    /// What a key of this kind can be made for, each use with its algorithms as AWS names them.
    #[must_use]
    #[rustfmt::skip] // A table: a kind of key a line, or one of its uses.
    pub const fn uses(self) -> &'static [(KeyUsage, &'static [&'static str])] {
        use KeyUsage::{EncapsulateDecapsulate, EncryptDecrypt, GenerateVerifyMac, KeyAgreement, SignVerify};
        match self {
            KeySpec::SymmetricDefault => &[(EncryptDecrypt, &[DEFAULT_ENCRYPTION_ALGORITHM])],
            KeySpec::Hmac224 => &[(GenerateVerifyMac, &["HMAC_SHA_224"])],
            KeySpec::Hmac256 => &[(GenerateVerifyMac, &["HMAC_SHA_256"])],
            KeySpec::Hmac384 => &[(GenerateVerifyMac, &["HMAC_SHA_384"])],
            KeySpec::Hmac512 => &[(GenerateVerifyMac, &["HMAC_SHA_512"])],
            KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => &[
                (EncryptDecrypt, &["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]),
                (SignVerify, &[
                    "RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_384", "RSASSA_PSS_SHA_512",
                    "RSASSA_PKCS1_V1_5_SHA_256", "RSASSA_PKCS1_V1_5_SHA_384", "RSASSA_PKCS1_V1_5_SHA_512",
                ]),
            ],
            KeySpec::EccNistP256 => &[(SignVerify, &["ECDSA_SHA_256"]), (KeyAgreement, &["ECDH"])],
            KeySpec::EccNistP384 => &[(SignVerify, &["ECDSA_SHA_384"]), (KeyAgreement, &["ECDH"])],
            KeySpec::EccNistP521 => &[(SignVerify, &["ECDSA_SHA_512"]), (KeyAgreement, &["ECDH"])],
            KeySpec::EccSecgP256k1 => &[(SignVerify, &["ECDSA_SHA_256"])],
            KeySpec::EccNistEdwards25519 => &[(SignVerify, &["ED25519_SHA_512", "ED25519_PH_SHA_512"])],
            KeySpec::Sm2 => &[(EncryptDecrypt, &["SM2PKE"]), (SignVerify, &["SM2DSA"]), (KeyAgreement, &["ECDH"])],
            KeySpec::MlDsa44 | KeySpec::MlDsa65 | KeySpec::MlDsa87 => &[(SignVerify, &["ML_DSA_SHAKE_256"])],
            KeySpec::MlKem512 | KeySpec::MlKem768 | KeySpec::MlKem1024 => &[(EncapsulateDecapsulate, &["ML_KEM"])],
        }
    }

    /// Whether a key of this kind can be made for `usage`.
    #[must_use]
    pub fn supports(self, usage: KeyUsage) -> bool {
        self.uses().iter().any(|(possible, _)| *possible == usage)
    }

    /// The algorithms of a key of this kind that was made for `usage`: none if it cannot be.
    #[must_use]
    pub fn algorithms(self, usage: KeyUsage) -> &'static [&'static str] {
        self.uses().iter().find(|(possible, _)| *possible == usage).map_or(&[], |(_, algorithms)| algorithms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_exact() {
        for &spec in KeySpec::ALL {
            assert_eq!(KeySpec::from_name(spec.name()), Some(spec));
        }
        assert_eq!(KeySpec::ALL.len(), 20);
        assert_eq!(KeySpec::from_name("rsa_2048"), None);
        assert_eq!(KeyOrigin::from_name("EXTERNAL_KEY_STORE"), Some(KeyOrigin::ExternalKeyStore));
        assert_eq!(KeyUsage::from_name("KEY_AGREEMENT"), Some(KeyUsage::KeyAgreement));
    }

    /// What `CreateKey` makes when asked for nothing in particular.
    #[test]
    fn defaults_are_those_of_create_key() {
        assert_eq!(KeySpec::default().name(), "SYMMETRIC_DEFAULT");
        assert_eq!(KeyUsage::default().name(), "ENCRYPT_DECRYPT");
        assert_eq!(KeyOrigin::default().name(), "AWS_KMS");
        assert!(KeySpec::default().supports(KeyUsage::default()));
    }

    #[test]
    fn algorithms_follow_kind_and_use() {
        assert_eq!(KeySpec::Rsa3072.algorithms(KeyUsage::EncryptDecrypt).len(), 2);
        assert_eq!(KeySpec::Rsa3072.algorithms(KeyUsage::SignVerify).len(), 6);
        assert_eq!(KeySpec::EccNistP384.algorithms(KeyUsage::SignVerify), ["ECDSA_SHA_384"]);
        assert_eq!(KeySpec::EccSecgP256k1.algorithms(KeyUsage::KeyAgreement), [""; 0]);
        assert_eq!(KeySpec::Hmac256.algorithms(KeyUsage::GenerateVerifyMac), ["HMAC_SHA_256"]);
        assert!(KeySpec::ALL.iter().all(|spec| !spec.uses().is_empty()));
    }
}
