//! The algorithm, and what only some algorithms take: a message type, an encryption context.

use alloc::{format, vec::Vec};

use super::{
    AuthorizedRequest, ErrorName, KeyFacts, KmsError, key_type::usage_for, parameters::not_one_of, validation,
};
use crate::catalog::{
    Action, KeySpec, KeyUsage,
    key_spec::{DEFAULT_ENCRYPTION_ALGORITHM, DEFAULT_MESSAGE_TYPE},
};

pub(super) fn check(request: &AuthorizedRequest<'_>) -> Result<(), KmsError> {
    for (action, key) in &request.keys {
        let Some(usage) = usage_for(*action) else { continue };
        algorithm(request, *action, key, usage)?;
        message_type(request, key, usage)?;
        encryption_context(request, *action, key)?;
    }
    Ok(())
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html>
///
/// An algorithm of other keys is incompatible with this one; one that no key has is no algorithm. Only the
/// encryption algorithm has a default, which is also compared. Both messages are AWS's, from reports of
/// real calls.
fn algorithm(
    request: &AuthorizedRequest<'_>,
    action: Action,
    key: &KeyFacts<'_>,
    usage: KeyUsage,
) -> Result<(), KmsError> {
    let Some(parameter) = algorithm_parameter(action) else { return Ok(()) };
    let default = (usage == KeyUsage::EncryptDecrypt).then_some(DEFAULT_ENCRYPTION_ALGORITHM);
    let Some(name) = request.text(parameter).or(default) else { return Ok(()) };
    if key.spec.algorithms(usage).contains(&name) {
        return Ok(());
    }
    let mut known: Vec<&str> = KeySpec::ALL.iter().flat_map(|spec| spec.algorithms(usage)).copied().collect();
    if !known.contains(&name) {
        known.sort_unstable();
        known.dedup();
        return Err(not_one_of(parameter, name, &known));
    }
    let message = format!("Algorithm {name} is incompatible with key spec {}.", key.spec.name());
    Err(KmsError::new(ErrorName::InvalidKeyUsage, message))
}

/// The parameter that names the algorithm, of operations that let the caller choose one.
const fn algorithm_parameter(action: Action) -> Option<&'static str> {
    match action {
        Action::Decrypt | Action::Encrypt => Some("EncryptionAlgorithm"),
        Action::ReEncryptFrom => Some("SourceEncryptionAlgorithm"),
        Action::ReEncryptTo => Some("DestinationEncryptionAlgorithm"),
        Action::Sign | Action::Verify => Some("SigningAlgorithm"),
        Action::GenerateMac | Action::VerifyMac => Some("MacAlgorithm"),
        Action::DeriveSharedSecret => Some("KeyAgreementAlgorithm"),
        Action::Decapsulate | Action::Encapsulate => Some("EncapsulationAlgorithm"),
        _ => None,
    }
}

/// Edwards curves take one message type for each algorithm, ML-DSA takes no digest, and only ML-DSA takes a
/// message representative (<https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html>).
///
/// UNDOCUMENTED: the error; it and its message are known from reports of real calls.
fn message_type(request: &AuthorizedRequest<'_>, key: &KeyFacts<'_>, usage: KeyUsage) -> Result<(), KmsError> {
    let Some(algorithm) = request.text("SigningAlgorithm").filter(|_| usage == KeyUsage::SignVerify) else {
        return Ok(());
    };
    let given = request.text("MessageType").unwrap_or(DEFAULT_MESSAGE_TYPE);
    let (possible, named): (&[&str], _) = match algorithm {
        "ED25519_SHA_512" => (&["RAW"], format!("algorithm {algorithm}")),
        "ED25519_PH_SHA_512" => (&["DIGEST"], format!("algorithm {algorithm}")),
        "ML_DSA_SHAKE_256" => (&["RAW", "EXTERNAL_MU"], format!("key spec {}", key.spec.name())),
        _ => (&["RAW", "DIGEST"], format!("key spec {}", key.spec.name())),
    };
    if possible.contains(&given) {
        return Ok(());
    }
    let known = ["RAW", "DIGEST", "EXTERNAL_MU"];
    if !known.contains(&given) {
        return Err(not_one_of("MessageType", given, &known));
    }
    Err(validation(format!("Message type {given} is incompatible with {named}.")))
}

/// Only symmetric encryption takes an encryption context
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html>).
///
/// UNDOCUMENTED: the error; it and its message are known from reports of real calls.
fn encryption_context(request: &AuthorizedRequest<'_>, action: Action, key: &KeyFacts<'_>) -> Result<(), KmsError> {
    let parameter = match action {
        Action::Decrypt | Action::Encrypt => "EncryptionContext",
        Action::ReEncryptFrom => "SourceEncryptionContext",
        Action::ReEncryptTo => "DestinationEncryptionContext",
        _ => return Ok(()),
    };
    if key.spec == KeySpec::SymmetricDefault || request.pairs(parameter).is_empty() {
        return Ok(());
    }
    Err(validation("EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::{ARN, error_of, key, pairs, text};
    use ErrorName::{InvalidKeyUsage, Validation};

    fn with(action: Action, spec: KeySpec, usage: KeyUsage, parameter: &str, value: &str) -> Option<ErrorName> {
        error_of(action, key(spec, usage), &[text(parameter, value)]).map(|(name, _)| name)
    }

    #[test]
    fn an_algorithm_must_be_one_of_the_key() {
        use KeyUsage::{EncapsulateDecapsulate, EncryptDecrypt, GenerateVerifyMac, KeyAgreement, SignVerify};
        #[rustfmt::skip] // A table: an action a line, with a fitting and an incompatible algorithm.
        let rows = [
            (Action::Encrypt, KeySpec::Rsa2048, EncryptDecrypt, "EncryptionAlgorithm", "RSAES_OAEP_SHA_256", "SYMMETRIC_DEFAULT"),
            (Action::Decrypt, KeySpec::SymmetricDefault, EncryptDecrypt, "EncryptionAlgorithm", "SYMMETRIC_DEFAULT", "SM2PKE"),
            (Action::ReEncryptFrom, KeySpec::Rsa2048, EncryptDecrypt, "SourceEncryptionAlgorithm", "RSAES_OAEP_SHA_1", "SM2PKE"),
            (Action::ReEncryptTo, KeySpec::Rsa2048, EncryptDecrypt, "DestinationEncryptionAlgorithm", "RSAES_OAEP_SHA_1", "SM2PKE"),
            (Action::Sign, KeySpec::EccNistP256, SignVerify, "SigningAlgorithm", "ECDSA_SHA_256", "ECDSA_SHA_384"),
            (Action::Verify, KeySpec::Rsa4096, SignVerify, "SigningAlgorithm", "RSASSA_PSS_SHA_512", "ECDSA_SHA_256"),
            (Action::GenerateMac, KeySpec::Hmac256, GenerateVerifyMac, "MacAlgorithm", "HMAC_SHA_256", "HMAC_SHA_512"),
            (Action::VerifyMac, KeySpec::Hmac384, GenerateVerifyMac, "MacAlgorithm", "HMAC_SHA_384", "HMAC_SHA_256"),
        ];
        for (action, spec, usage, parameter, fitting, incompatible) in rows {
            assert_eq!(with(action, spec, usage, parameter, fitting), None, "{}", action.name());
            assert_eq!(with(action, spec, usage, parameter, incompatible), Some(InvalidKeyUsage), "{}", action.name());
            assert_eq!(with(action, spec, usage, parameter, "NONE"), Some(Validation), "{}", action.name());
        }
        // These have one algorithm each.
        let agreement = "KeyAgreementAlgorithm";
        assert_eq!(with(Action::DeriveSharedSecret, KeySpec::EccNistP256, KeyAgreement, agreement, "ECDH"), None);
        let kem = "EncapsulationAlgorithm";
        assert_eq!(with(Action::Encapsulate, KeySpec::MlKem512, EncapsulateDecapsulate, kem, "ML_KEM"), None);
        assert_eq!(with(Action::Decapsulate, KeySpec::MlKem512, EncapsulateDecapsulate, kem, "ECDH"), Some(Validation));
    }

    #[test]
    fn the_default_algorithm_is_that_of_symmetric_keys() {
        let rsa = key(KeySpec::Rsa2048, KeyUsage::EncryptDecrypt);
        let expected = "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.";
        assert_eq!(error_of(Action::Encrypt, rsa, &[]), Some((InvalidKeyUsage, expected.into())));
        // Signing has no default: what the scenario leaves out, it leaves open.
        assert_eq!(error_of(Action::Sign, key(KeySpec::Rsa2048, KeyUsage::SignVerify), &[]), None);
    }

    #[test]
    fn message_types_fit_the_algorithm() {
        let rows = [
            (KeySpec::EccNistEdwards25519, "ED25519_SHA_512", "RAW", None),
            (KeySpec::EccNistEdwards25519, "ED25519_SHA_512", "DIGEST", Some("algorithm ED25519_SHA_512")),
            (KeySpec::EccNistEdwards25519, "ED25519_PH_SHA_512", "DIGEST", None),
            (KeySpec::EccNistEdwards25519, "ED25519_PH_SHA_512", "RAW", Some("algorithm ED25519_PH_SHA_512")),
            (KeySpec::MlDsa44, "ML_DSA_SHAKE_256", "EXTERNAL_MU", None),
            (KeySpec::MlDsa44, "ML_DSA_SHAKE_256", "DIGEST", Some("key spec ML_DSA_44")),
            (KeySpec::Rsa2048, "RSASSA_PSS_SHA_256", "DIGEST", None),
            (KeySpec::Rsa2048, "RSASSA_PSS_SHA_256", "EXTERNAL_MU", Some("key spec RSA_2048")),
        ];
        for (spec, algorithm, message_type, incompatible_with) in rows {
            let parameters = [text("SigningAlgorithm", algorithm), text("MessageType", message_type)];
            let expected = incompatible_with
                .map(|named| (Validation, format!("Message type {message_type} is incompatible with {named}.")));
            assert_eq!(error_of(Action::Sign, key(spec, KeyUsage::SignVerify), &parameters), expected);
        }
    }

    #[test]
    fn only_symmetric_keys_take_an_encryption_context() {
        let rsa = key(KeySpec::Rsa2048, KeyUsage::EncryptDecrypt);
        let algorithm = text("EncryptionAlgorithm", "RSAES_OAEP_SHA_256");
        let tenant = pairs("EncryptionContext", &[("tenant", "42")]);
        let empty = pairs("EncryptionContext", &[]);
        let error = error_of(Action::Encrypt, rsa, &[algorithm.clone(), tenant.clone()]);
        assert_eq!(error.map(|(name, _)| name), Some(Validation));
        assert_eq!(error_of(Action::Encrypt, rsa, &[algorithm, empty]), None);
        assert_eq!(error_of(Action::Encrypt, KeyFacts::new(ARN), &[tenant]), None);
    }
}
