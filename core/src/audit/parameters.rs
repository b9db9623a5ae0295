//! `requestParameters` and `responseElements`.

use alloc::{string::String, vec::Vec};

use super::{Event, shape, table::Row};
use crate::{
    catalog::{Action, Operation, key_spec::DEFAULT_ENCRYPTION_ALGORITHM},
    json::{Kind, Value},
};

/// What was asked: the parameters as the caller wrote them, so that a key is named by its id, alias or ARN; an
/// encryption context is in clear. Null if there is nothing to show, and when access was denied: no page says so, but
/// reports of real records do.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html>
pub(super) fn request_parameters(event: &Event<'_>, row: &Row) -> Value {
    if event.is_denied() {
        return Value::null();
    }
    let parameter = |name: &&str| Some((shape::member_name(name), shown(event, name)?));
    or_null(row.parameters.iter().filter_map(parameter).collect())
}

fn or_null(members: Vec<(String, Value)>) -> Value {
    if members.is_empty() { Value::null() } else { shape::object(members) }
}

fn written<'e>(event: &Event<'e>, name: &str) -> Option<&'e Value> {
    event.parameters?.get(name).filter(|value| value.kind != Kind::Null)
}

/// A parameter in the shape that it has to have; what has another one is left out.
fn shown(event: &Event<'_>, name: &str) -> Option<Value> {
    let Some(value) = written(event, name) else { return default(event, name) };
    match name {
        "EncryptionContext" | "SourceEncryptionContext" | "DestinationEncryptionContext" => shape::pairs(value),
        "Constraints" => shape::constraints(value),
        "DryRunModifiers" | "Operations" | "TagKeys" => shape::list(value),
        "Policy" => shape::policy(value),
        "Tags" => shape::tags(value),
        "ValidTo" => shape::date(value),
        _ => shape::scalar(value),
    }
}

/// What a record shows of a parameter that was not given.
///
/// "The CloudTrail log entry for a `Decrypt` operation always includes the `encryptionAlgorithm` in the
/// `requestParameters` even if the encryption algorithm wasn't specified in the request."
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-decrypt.html>; so in the samples of `Encrypt` and
/// `ReEncrypt`.)
///
/// The samples of
/// [`CreateKey`](https://docs.aws.amazon.com/kms/latest/developerguide/ct-createkey.html),
/// [`ReplicateKey`](https://docs.aws.amazon.com/kms/latest/developerguide/ct-replicate-key.html) and
/// [`PutKeyPolicy`](https://docs.aws.amazon.com/kms/latest/developerguide/ct-put-key-policy.html) have the defaults of
/// what nobody writes by hand, and both names of `KeySpec`; so they are taken to be there always.
fn default(event: &Event<'_>, name: &str) -> Option<Value> {
    let text = |text: &str| Some(Value::text(text));
    match name {
        "EncryptionAlgorithm" | "SourceEncryptionAlgorithm" | "DestinationEncryptionAlgorithm" => {
            return text(DEFAULT_ENCRYPTION_ALGORITHM);
        }
        "BypassPolicyLockoutSafetyCheck" => return Some(Value::boolean(false)),
        _ => {}
    }
    match (event.request.operation, name) {
        (Operation::Of(Action::CreateKey | Action::ReplicateKey), "Description") => text(""),
        (Operation::Of(Action::CreateKey), "Origin") => text("AWS_KMS"),
        (Operation::Of(Action::CreateKey), "KeyUsage") => text("ENCRYPT_DECRYPT"),
        (Operation::Of(Action::CreateKey), "KeySpec" | "CustomerMasterKeySpec") => {
            let other = if name == "KeySpec" { "CustomerMasterKeySpec" } else { "KeySpec" };
            written(event, other).and_then(shape::scalar).or_else(|| text("SYMMETRIC_DEFAULT"))
        }
        _ => None,
    }
}

/// What came of it. Of operations that change nothing that is never shown, nor what is secret of the others.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html>
pub(super) fn response_elements(event: &Event<'_>, row: &Row, key_arn: Option<&str>) -> Value {
    let Ok(result) = event.outcome else { return Value::null() };
    let dated = result.get("DeletionDate").is_some();
    let element = |name: &&str| {
        // Of a key that is to be deleted the sample has the date, and the waiting period only where there is none
        // yet: https://docs.aws.amazon.com/kms/latest/developerguide/ct-schedule-key-deletion.html
        let value = result.get(name).filter(|_| !(dated && *name == "PendingWindowInDays"))?;
        Some(element(name, value))
    };
    let mut members: Vec<(String, Value)> = row.results.iter().filter_map(element).collect();
    let named = members.iter().any(|(name, _)| name == "keyId");
    if let Some(arn) = key_arn.filter(|_| row.key_arn && !named) {
        members.push(("keyId".into(), Value::text(arn)));
    }
    or_null(members)
}

fn element(name: &str, value: &Value) -> (String, Value) {
    let (shown, mut element) = shape::member(name, value);
    // `ReplicateKey` has `aWSAccountId`, by the rule, and `CreateKey` has not:
    // https://docs.aws.amazon.com/kms/latest/developerguide/ct-createkey.html
    if name == "KeyMetadata"
        && let Kind::Object(members) = &mut element.kind
    {
        for member in members.iter_mut().filter(|member| &*member.name == "aWSAccountId") {
            member.name = "AWSAccountId".into();
        }
    }
    (shown, element)
}
