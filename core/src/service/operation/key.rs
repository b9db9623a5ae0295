//! Keys: made, described, switched on and off.

use alloc::{format, vec::Vec};

use super::{
    super::{
        call::{Call, Outcome},
        clock,
        default_policy::default_policy,
        metadata::metadata,
        state::time,
    },
    listing::{Pages, page},
    nothing, policy, tag,
};
use crate::{
    arn::KeyArn,
    catalog::{KeyOrigin, KeySpec, KeyState, KeyUsage},
    json::{Value, edit},
    seal::KeyMaterial,
};

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html>
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let parameters = call.parameters;
    let spec = parameters.text("KeySpec").and_then(KeySpec::from_name).unwrap_or_default();
    let usage = parameters.text("KeyUsage").and_then(KeyUsage::from_name).unwrap_or_default();
    let origin = parameters.text("Origin").and_then(KeyOrigin::from_name).unwrap_or_default();
    let multi_region = parameters.flag("MultiRegion");
    let tags = tag::of_new_key(call)?;
    let id = if multi_region { format!("mrk-{}", call.random_hex(16)?) } else { uuid(call)? };
    let arn = call.new_arn(call.region(), &id)?;
    let state = if origin == KeyOrigin::External { KeyState::PendingImport } else { KeyState::Enabled };
    let mut members = Vec::from([
        ("AWSAccountId", Value::text(&format!("{}", arn.account()))),
        ("KeyId", Value::text(&id)),
        ("Arn", Value::text(arn.as_str())),
        ("CreationDate", time(call.now)),
        ("Enabled", Value::boolean(state == KeyState::Enabled)),
        ("Description", Value::text(parameters.text("Description").unwrap_or_default())),
        ("KeyUsage", Value::text(usage.name())),
        ("KeyState", Value::text(state.name())),
        ("Origin", Value::text(origin.name())),
    ]);
    members.extend(parameters.text("CustomKeyStoreId").map(|store| ("CustomKeyStoreId", Value::text(store))));
    members.extend([
        ("KeyManager", Value::text("CUSTOMER")),
        ("KeySpec", Value::text(spec.name())),
        ("MultiRegion", Value::boolean(multi_region)),
    ]);
    if multi_region {
        let primary = Value::object([("Arn", Value::text(arn.as_str())), ("Region", Value::text(arn.region()))]);
        let configuration = Value::object([
            ("MultiRegionKeyType", Value::text("PRIMARY")),
            ("PrimaryKey", primary),
            ("ReplicaKeys", Value::array([])),
        ]);
        members.push(("MultiRegionConfiguration", configuration));
    }
    // Material that KMS makes is there at once; an RSA key is searched for when it is first used.
    if spec == KeySpec::SymmetricDefault && origin != KeyOrigin::External {
        let material = KeyMaterial::generate(&arn, call.random)?;
        members.push(("CurrentKeyMaterialId", Value::text(&format!("{}", material.id()))));
        call.draft.vault.keep(material);
    }
    let policy = match policy::written(call) {
        Some(policy) => policy,
        None => default_policy(arn.partition(), arn.account()),
    };
    add(call, Value::object(members), policy, tags)?;
    described(call, "KeyMetadata", call.draft.state.keys().len().saturating_sub(1))
}

/// Puts a new key behind the others.
pub(super) fn add(call: &mut Call<'_>, metadata: Value, policy: Value, tags: Vec<Value>) -> Outcome<()> {
    // Empty lists say that there is nothing, rather than that nobody looked.
    let key = Value::object([
        ("KeyMetadata", metadata),
        ("Policy", policy),
        ("Aliases", Value::array([])),
        ("Tags", Value::array(tags)),
        ("Grants", Value::array([])),
    ]);
    Ok(call.draft.state.set("/keys/-", &key)?)
}

/// The metadata of a key as it is after the call.
pub(super) fn described(call: &Call<'_>, name: &str, key: usize) -> Outcome {
    let read = crate::scenario::read_world(call.draft.state.text());
    let world = read.value.map(|read| read.world);
    let key_after = world.as_ref().and_then(|world| world.keys.get(key));
    Ok(Value::object([(name, key_after.map_or(Value::null(), |after| metadata(&call.draft, key, after)))]))
}

/// A key id of a single-Region key: a UUID of random bytes, version 4 (RFC 9562).
fn uuid(call: &mut Call<'_>) -> Outcome<alloc::string::String> {
    let hex = call.random_hex(16)?;
    let part = |range: core::ops::Range<usize>| hex.get(range).unwrap_or_default();
    // The first digit of the fourth group says which variant it is: 8, 9, a or b.
    let variant = match part(16..17) {
        "0" | "4" | "8" | "c" => "8",
        "1" | "5" | "9" | "d" => "9",
        "2" | "6" | "a" | "e" => "a",
        _ => "b",
    };
    Ok(format!("{}-{}-4{}-{variant}{}-{}", part(0..8), part(8..12), part(13..16), part(17..20), part(20..32)))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html>
pub(super) fn describe(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    Ok(Value::object([("KeyMetadata", metadata(&call.draft, key, call.kms_key(key)?))]))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html>
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let entry = |arn: &KeyArn| Value::object([("KeyId", Value::text(arn.id())), ("KeyArn", Value::text(arn.as_str()))]);
    let keys = call.own_keys().into_iter().filter_map(|key| call.world.keys.get(key));
    let entries = keys.map(|key| entry(&key.arn)).collect();
    page(call, "Keys", entries, &Pages { usual: 100, most: 1000 })
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html>. A rotation that is overdue happens at
/// once (<https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html>).
pub(super) fn enable(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    call.draft.set_key_state(key, KeyState::Enabled)?;
    let rotated = clock::catch_up(&mut call.draft, key, call.now, call.random)?;
    call.events.extend(rotated);
    Ok(nothing())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html>
pub(super) fn disable(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    call.draft.set_key_state(key, KeyState::Disabled)?;
    Ok(nothing())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateKeyDescription.html>
pub(super) fn update_description(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let description = call.parameters.required("Description")?;
    call.draft.state.set_metadata(key, "Description", &Value::text(description))?;
    Ok(nothing())
}

/// A text that holds JSON as that JSON; any other text as it is.
pub(super) fn opened(value: &Value) -> Value {
    value.as_str().and_then(|text| edit::read(text).ok()).unwrap_or_else(|| value.clone())
}
