//! HMAC keys.

use alloc::format;

use super::{
    super::call::{Call, Outcome, Stop},
    key_id,
};
use crate::{
    check::{ErrorName, KmsError},
    json::Value,
    seal::{MAX_MESSAGE_BYTES, MacAlgorithm, MacError, MacKeyMaterial},
};

/// AWS says no more than the name of the error of a MAC that is wrong; the other sentence is ours.
fn fault(error: MacError) -> Stop {
    match error {
        MacError::Invalid => KmsError::new(ErrorName::KmsInvalidMac, "").into(),
        other => crate::check::validation(format!("{other}")).into(),
    }
}

fn material(call: &mut Call<'_>, key: usize) -> Outcome<(MacAlgorithm, MacKeyMaterial)> {
    let name = call.parameters.required("MacAlgorithm")?;
    // Whether it is one of the key's was checked before.
    let algorithm = MacAlgorithm::from_name(name)
        .ok_or_else(|| KmsError::new(ErrorName::InvalidKeyUsage, format!("{name} is no MAC algorithm.")))?;
    let arn = &call.kms_key(key)?.arn;
    Ok((algorithm, call.draft.vault.mac(arn, algorithm, call.random)?))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html>
pub(super) fn generate(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let message = call.parameters.required_blob("Message", 1..=MAX_MESSAGE_BYTES)?;
    let (algorithm, material) = material(call, key)?;
    let mac = material.generate_mac(&message).map_err(fault)?;
    Ok(Value::object([
        ("Mac", super::super::parameters::base64(&mac)),
        ("MacAlgorithm", Value::text(algorithm.name())),
        key_id(&call.kms_key(key)?.arn),
    ]))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_VerifyMac.html>: it never answers `false`, it fails.
pub(super) fn verify(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let message = call.parameters.required_blob("Message", 1..=MAX_MESSAGE_BYTES)?;
    let mac = call.parameters.required_blob("Mac", 1..=6144)?;
    let (algorithm, material) = material(call, key)?;
    material.verify_mac(&message, &mac).map_err(fault)?;
    Ok(Value::object([
        key_id(&call.kms_key(key)?.arn),
        ("MacValid", Value::boolean(true)),
        ("MacAlgorithm", Value::text(algorithm.name())),
    ]))
}
