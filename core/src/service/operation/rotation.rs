//! Rotation: new key material under the same key.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html>

use alloc::{format, vec::Vec};

use jiff::SignedDuration;

use super::{
    super::{
        call::{Call, Outcome},
        clock::{self, ROTATION_PERIOD},
        draft::{RotationType, text},
    },
    key_id,
    listing::{Pages, page},
    not_modelled, nothing,
};
use crate::{
    catalog::{KeyOrigin, KeyState},
    check::{ErrorName, KmsError},
    json::{Kind, Value},
    scenario,
};

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html>
const ROTATIONS_ON_DEMAND: usize = 25;

/// An automatic rotation that is due so soon is under way.
const UNDER_WAY: SignedDuration = SignedDuration::from_mins(20);

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html>. Called again, it changes the
/// period, and the next rotation is counted from now. Related multi-Region keys share it.
pub(super) fn enable(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let period = call.parameters.number("RotationPeriodInDays")?.unwrap_or(ROTATION_PERIOD);
    for relative in call.draft.relatives(key) {
        let status = Value::object([
            ("KeyRotationEnabled", Value::boolean(true)),
            ("RotationPeriodInDays", Value::number(period)),
        ]);
        call.draft.state.set(&format!("/keys/{relative}/RotationStatus"), &status)?;
    }
    clock::schedule_rotation(&mut call.draft, key, call.now)?;
    Ok(nothing())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html>
pub(super) fn disable(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    for relative in call.draft.relatives(key) {
        let status = Value::object([("KeyRotationEnabled", Value::boolean(false))]);
        call.draft.state.set(&format!("/keys/{relative}/RotationStatus"), &status)?;
    }
    Ok(nothing())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html>. A key that is pending deletion
/// does not rotate, and says so; its setting comes back when the deletion is canceled.
pub(super) fn status(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let found = call.kms_key(key)?;
    let status = call.draft.state.of_key(key, "RotationStatus");
    let dying = matches!(call.draft.key_state(key), KeyState::PendingDeletion | KeyState::PendingReplicaDeletion);
    let on = status.and_then(|status| status.get("KeyRotationEnabled")).is_some_and(|on| on.kind == Kind::Bool(true));
    let on = (on || found.aws_managed) && !dying;
    let mut members = Vec::from([("KeyRotationEnabled", Value::boolean(on)), key_id(&found.arn)]);
    if on {
        let period = status.and_then(|status| status.get("RotationPeriodInDays")).cloned();
        members.push(("RotationPeriodInDays", period.unwrap_or(Value::number(ROTATION_PERIOD))));
        let next = status.and_then(|status| status.get("NextRotationDate")).cloned();
        members.extend(next.map(|next| ("NextRotationDate", next)));
    }
    Ok(Value::object(members))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html>: rotations that are completed, or
/// with `IncludeKeyMaterial` all key materials, also the first and one that waits for its rotation.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let all = call.parameters.text("IncludeKeyMaterial") == Some("ALL_KEY_MATERIAL");
    let mut entries = call.draft.rotations(key);
    entries.retain(|rotation| all || rotation.get("RotationDate").is_some());
    page(call, "Rotations", entries, &Pages { usual: 100, most: 1000 })
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html>. KMS takes a moment; here it is done
/// at once. The schedule of automatic rotation stays as it is. The sentences of the errors are ours.
pub(super) fn rotate_on_demand(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let found = call.kms_key(key)?;
    let rotations = call.draft.rotations(key);
    let so_far = rotations.iter().filter(|one| text(one, "RotationType") == Some("ON_DEMAND")).count();
    if so_far >= ROTATIONS_ON_DEMAND {
        let message =
            format!("{} was rotated on demand {so_far} times, which is as often as a key can be.", found.arn.as_str());
        return Err(KmsError::new(ErrorName::LimitExceeded, message).into());
    }
    let status = call.draft.state.of_key(key, "RotationStatus");
    let next = status.and_then(|status| status.get("NextRotationDate")).and_then(scenario::time);
    if next.is_some_and(|next| next.duration_since(call.now) <= UNDER_WAY) {
        let message =
            format!("The automatic rotation of {} is in progress, or due within 20 minutes.", found.arn.as_str());
        return Err(KmsError::new(ErrorName::Conflict, message).into());
    }
    let imported = rotations.iter().any(|one| text(one, "KeyMaterialState") == Some("PENDING_ROTATION"));
    if found.origin == KeyOrigin::External && !imported {
        let message = format!("{} has no imported key material that waits for its rotation.", found.arn.as_str());
        return Err(KmsError::new(ErrorName::KmsInvalidState, message).into());
    }
    if found.origin == KeyOrigin::AwsKms || imported {
        let (_, event) = clock::rotate(&mut call.draft, key, RotationType::OnDemand, call.now, call.random)?;
        call.events.push(event);
        // AWS's sample has the id, not the ARN.
        return Ok(Value::object([("KeyId", Value::text(found.arn.id()))]));
    }
    Err(not_modelled("the rotation of such a key".into()))
}
