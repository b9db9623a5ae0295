//! `KeyMetadata`, whole, as KMS prints it.

use alloc::{format, vec::Vec};

use super::draft::Draft;
use crate::{
    catalog::{KeyState, KeyUsage},
    json::{Kind, Value},
    world::KmsKey,
};

/// What a key is, in the order in which KMS prints it. What the scenario says stands as it is there; what it leaves out
/// is what KMS would say.
///
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html>
pub(super) fn metadata(draft: &Draft, at: usize, key: &KmsKey) -> Value {
    let state = draft.key_state(at);
    let names = |names: &[&str]| Value::array(names.iter().map(|name| Value::text(name)));
    let algorithms = key.key_spec.algorithms(key.key_usage);
    let of = |usage| (key.key_usage == usage).then(|| names(algorithms));
    let manager = if key.aws_managed { "AWS" } else { "CUSTOMER" };
    let all: [(&str, Option<Value>); 26] = [
        ("AWSAccountId", Some(Value::text(&format!("{}", key.arn.account())))),
        ("KeyId", Some(Value::text(key.arn.id()))),
        ("Arn", Some(Value::text(key.arn.as_str()))),
        ("CreationDate", None),
        ("Enabled", Some(Value::boolean(state == KeyState::Enabled))),
        ("Description", Some(Value::text(""))),
        ("KeyUsage", Some(Value::text(key.key_usage.name()))),
        ("KeyState", Some(Value::text(state.name()))),
        ("DeletionDate", None),
        ("ValidTo", None),
        ("Origin", Some(Value::text(key.origin.name()))),
        ("CustomKeyStoreId", None),
        ("CloudHsmClusterId", None),
        ("ExpirationModel", None),
        ("KeyManager", Some(Value::text(manager))),
        // The name that `KeySpec` had before.
        ("CustomerMasterKeySpec", Some(Value::text(key.key_spec.name()))),
        ("KeySpec", Some(Value::text(key.key_spec.name()))),
        ("EncryptionAlgorithms", of(KeyUsage::EncryptDecrypt)),
        ("SigningAlgorithms", of(KeyUsage::SignVerify)),
        ("KeyAgreementAlgorithms", of(KeyUsage::KeyAgreement)),
        ("MultiRegion", Some(Value::boolean(key.multi_region.is_some()))),
        ("MultiRegionConfiguration", None),
        ("PendingDeletionWindowInDays", None),
        ("MacAlgorithms", of(KeyUsage::GenerateVerifyMac)),
        ("XksKeyConfiguration", None),
        ("CurrentKeyMaterialId", None),
    ];
    let members = all.into_iter().filter_map(|(name, otherwise)| {
        let written = draft.metadata(at, name).filter(|value| value.kind != Kind::Null).cloned();
        Some((name, written.or(otherwise)?))
    });
    Value::object(members.collect::<Vec<_>>())
}
