//! Deletion, which can be thought over for a while.

use alloc::vec::Vec;

use jiff::Timestamp;

use super::{
    super::{
        call::{Call, Outcome},
        draft::days,
        state::time,
    },
    key_id,
};
use crate::{
    catalog::{KeyOrigin, KeyState},
    json::Value,
};

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html>. The waiting period of a
/// multi-Region primary key begins when the last of its replicas is gone.
pub(super) fn schedule(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let arn = &call.kms_key(key)?.arn;
    let window = call.parameters.number("PendingWindowInDays")?.unwrap_or(30);
    let waits = !call.draft.replicas(key).is_empty();
    let state = if waits { KeyState::PendingReplicaDeletion } else { KeyState::PendingDeletion };
    call.draft.set_key_state(key, state)?;
    let mut members = Vec::from([key_id(arn)]);
    if waits {
        call.draft.state.set_metadata(key, "PendingDeletionWindowInDays", &Value::number(window))?;
    } else {
        let date = time(call.now.checked_add(days(window)).unwrap_or(Timestamp::MAX));
        call.draft.state.set_metadata(key, "DeletionDate", &date)?;
        members.push(("DeletionDate", date));
    }
    members.extend([("KeyState", Value::text(state.name())), ("PendingWindowInDays", Value::number(window))]);
    Ok(Value::object(members))
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html>. The key is disabled then.
///
/// UNDOCUMENTED: what becomes of a key without its imported material. Here it waits for that, as it cannot be enabled.
pub(super) fn cancel(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let arn = &call.kms_key(key)?.arn;
    let lacks_material = call.kms_key(key)?.origin == KeyOrigin::External && call.draft.lacks_material(key);
    call.draft.set_key_state(key, if lacks_material { KeyState::PendingImport } else { KeyState::Disabled })?;
    call.draft.state.remove_metadata(key, "DeletionDate")?;
    call.draft.state.remove_metadata(key, "PendingDeletionWindowInDays")?;
    Ok(Value::object([key_id(arn)]))
}
