//! Multi-Region keys: replicas, and which of the keys is the primary one.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html>

use super::{
    super::{
        call::{Call, Outcome},
        default_policy::default_policy,
        draft::{with, without},
        state::time,
    },
    key::{add, described, opened},
    nothing, policy, tag,
};
use crate::{
    arn::KeyArn,
    catalog::{KeyOrigin, KeyState},
    check::{ErrorName, KmsError},
    json::{Value, print},
};

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html>. The replica has the id, the key material
/// and the shared properties of its primary, and a key policy, tags, description and aliases of its own. It is
/// `Creating` until the clock moves on.
pub(super) fn replicate(call: &mut Call<'_>) -> Outcome {
    let primary = call.key()?;
    let key = call.kms_key(primary)?;
    let region = call.parameters.required("ReplicaRegion")?;
    let arn = format_arn(&key.arn, region);
    let arn =
        KeyArn::parse(&arn).ok_or_else(|| KmsError::new(ErrorName::InvalidArn, alloc::format!("Invalid arn {arn}")))?;
    let tags = tag::of_new_key(call)?;
    // The material that both share has to be there by now.
    if key.origin == KeyOrigin::AwsKms && key.key_spec == crate::catalog::KeySpec::SymmetricDefault {
        call.draft.current_material(primary, call.random)?;
    }
    let of_primary = call.draft.state.of_key(primary, "KeyMetadata").cloned().unwrap_or(Value::null());
    let mut metadata = without(
        &of_primary,
        &["DeletionDate", "ValidTo", "ExpirationModel", "PendingDeletionWindowInDays", "MultiRegionConfiguration"],
    );
    let description = call.parameters.text("Description").unwrap_or_default();
    for (name, value) in [
        ("Arn", Value::text(arn.as_str())),
        ("CreationDate", time(call.now)),
        ("Enabled", Value::boolean(false)),
        ("KeyState", Value::text(KeyState::Creating.name())),
        ("Description", Value::text(description)),
        ("MultiRegionConfiguration", Value::object([("MultiRegionKeyType", Value::text("REPLICA"))])),
    ] {
        metadata = with(&metadata, name, value);
    }
    if key.origin == KeyOrigin::External {
        metadata = without(&metadata, &["CurrentKeyMaterialId"]);
    }
    let policy = match policy::written(call) {
        Some(policy) => policy,
        None => default_policy(arn.partition(), arn.account()),
    };
    let written = print::pretty(&opened(&policy), "", "  ");
    add(call, metadata, policy, tags.clone())?;
    let replica = call.draft.state.keys().len().saturating_sub(1);
    for shared in ["RotationStatus", "Rotations"] {
        if let Some(value) = call.draft.state.of_key(primary, shared).cloned()
            && key.origin == KeyOrigin::AwsKms
        {
            call.draft.state.set(&alloc::format!("/keys/{replica}/{shared}"), &value)?;
        }
    }
    call.draft.tell_relatives(Some(primary))?;
    let described = described(call, "ReplicaKeyMetadata", replica)?;
    let described = with(&described, "ReplicaPolicy", Value::text(&written));
    Ok(with(&described, "ReplicaTags", Value::array(tags)))
}

fn format_arn(arn: &KeyArn, region: &str) -> alloc::string::String {
    alloc::format!("arn:{}:kms:{region}:{}:key/{}", arn.partition(), arn.account(), arn.id())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html>. Both keys are `Updating` until the
/// clock moves on.
pub(super) fn update_primary_region(call: &mut Call<'_>) -> Outcome {
    let (primary, replica) = (call.nth_key(0)?, call.nth_key(1)?);
    for (key, kind) in [(primary, "REPLICA"), (replica, "PRIMARY")] {
        let pointer = alloc::format!("/keys/{key}/KeyMetadata/MultiRegionConfiguration/MultiRegionKeyType");
        call.draft.state.set(&pointer, &Value::text(kind))?;
        call.draft.set_key_state(key, KeyState::Updating)?;
    }
    call.draft.tell_relatives(Some(primary))?;
    Ok(nothing())
}
