//! Keys that sign.

use alloc::{format, sync::Arc};

use super::{
    super::{
        call::{Call, Outcome},
        parameters::base64,
    },
    key_id, not_modelled,
};
use crate::{
    catalog::{KeySpec, KeyUsage},
    check::{ErrorName, KmsError},
    json::Value,
    sign::{MESSAGE_LIMIT, MessageType, SIGNATURE_LIMIT, SignError, SigningAlgorithm, SigningKey},
};

fn pair(call: &mut Call<'_>, key: usize) -> Outcome<Arc<SigningKey>> {
    let found = call.kms_key(key)?;
    call.draft.vault.pair(&found.arn, found.key_spec, call.random).map_err(|error| match error {
        SignError::UnsupportedKeySpec(spec) => not_modelled(format!("the cryptography of `{}`", spec.name())),
        error => error.into(),
    })
}

struct Asked {
    key: usize,
    algorithm: SigningAlgorithm,
    message_type: MessageType,
    message: zeroize::Zeroizing<alloc::vec::Vec<u8>>,
}

fn asked(call: &Call<'_>) -> Outcome<Asked> {
    let key = call.key()?;
    let name = call.parameters.required("SigningAlgorithm")?;
    let message = call.parameters.required_blob("Message", 1..=MESSAGE_LIMIT)?;
    let Some(algorithm) = SigningAlgorithm::from_name(name) else {
        return Err(not_modelled(format!("`{name}`")));
    };
    let message_type = match call.parameters.text("MessageType") {
        None => MessageType::Raw,
        Some(name) => MessageType::from_name(name).ok_or_else(|| not_modelled(format!("the message type `{name}`")))?,
    };
    Ok(Asked { key, algorithm, message_type, message })
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html>
pub(super) fn sign(call: &mut Call<'_>) -> Outcome {
    let asked = asked(call)?;
    let pair = pair(call, asked.key)?;
    let signature = pair.sign(asked.algorithm, asked.message_type, &asked.message, call.random)?;
    Ok(Value::object([
        key_id(&call.kms_key(asked.key)?.arn),
        ("Signature", base64(&signature)),
        ("SigningAlgorithm", Value::text(asked.algorithm.name())),
    ]))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html>: it never answers `false`, it fails.
pub(super) fn verify(call: &mut Call<'_>) -> Outcome {
    let asked = asked(call)?;
    let signature = call.parameters.required_blob("Signature", 1..=SIGNATURE_LIMIT)?;
    let pair = pair(call, asked.key)?;
    pair.verify(asked.algorithm, asked.message_type, &asked.message, &signature).map_err(|error| match error {
        // As KMS, which says nothing more.
        SignError::InvalidSignature => KmsError::new(ErrorName::KmsInvalidSignature, "").into(),
        error => super::Stop::from(error),
    })?;
    Ok(Value::object([
        key_id(&call.kms_key(asked.key)?.arn),
        ("SignatureValid", Value::boolean(true)),
        ("SigningAlgorithm", Value::text(asked.algorithm.name())),
    ]))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html>
pub(super) fn public_key(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let pair = pair(call, key)?;
    let found = call.kms_key(key)?;
    let spec: KeySpec = found.key_spec;
    let algorithms = spec.algorithms(found.key_usage).iter().map(|name| Value::text(name));
    let list = match found.key_usage {
        KeyUsage::EncryptDecrypt => "EncryptionAlgorithms",
        KeyUsage::KeyAgreement => "KeyAgreementAlgorithms",
        _ => "SigningAlgorithms",
    };
    Ok(Value::object([
        key_id(&found.arn),
        ("PublicKey", base64(pair.public_key())),
        ("CustomerMasterKeySpec", Value::text(spec.name())),
        ("KeySpec", Value::text(spec.name())),
        ("KeyUsage", Value::text(found.key_usage.name())),
        (list, Value::array(algorithms)),
    ]))
}
