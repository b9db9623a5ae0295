//! What KMS does by itself as time goes by.

use alloc::{format, vec::Vec};

use jiff::Timestamp;

use super::{
    draft::{Draft, DraftError, RotationType, days, text},
    state::time,
};
use crate::{
    arn::KeyArn,
    audit::{self, InternalOperation},
    catalog::{KeyOrigin, KeyState},
    check::KmsError,
    json::{Kind, Value},
    random::{Random, RandomError},
    scenario,
    seal::KeyMaterialId,
};

/// Something that KMS did by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceEvent {
    /// `RotateKey`, `DeleteKey` or `DeleteExpiredKeyMaterial`.
    pub name: &'static str,
    /// The key.
    pub key: KeyArn,
    /// When.
    pub time: Timestamp,
    /// The record of it: see [`audit`].
    pub record: Value,
}

impl ServiceEvent {
    fn new(
        operation: InternalOperation<'_>,
        key: KeyArn,
        time: Timestamp,
        random: &mut dyn Random,
    ) -> Result<Self, DraftError> {
        let mut ids = [0; 32];
        random.fill(&mut ids)?;
        let record = audit::service_event(&audit::ServiceEvent { operation, key: &key, time, random: ids });
        Ok(Self { name: operation.name(), key, time, record })
    }
}

/// How long a grant that was retired or revoked may still be seen, in seconds: "in some cases" five minutes.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-eventual-consistency>
const GRANTS_LINGER: i64 = 5 * 60;

/// What is to happen to a key or one of its grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// The waiting period is over.
    Deletion(usize),
    /// Imported key material expires.
    Expiration(usize),
    /// Automatic rotation.
    Rotation(usize),
    /// A deleted grant is forgotten.
    Grant(usize, usize),
}

/// Lets time go by, from one event to the next.
pub(super) fn advance(
    draft: &mut Draft,
    from: Timestamp,
    to: Timestamp,
    random: &mut dyn Random,
) -> Result<Vec<ServiceEvent>, DraftError> {
    if to > from {
        settle(draft)?;
    }
    let mut events = Vec::new();
    while let Some((at, due)) = next(draft, to) {
        // What was overdue happens now.
        let at = at.max(from);
        events.extend(happen(draft, due, at, random)?);
    }
    draft.state.set_now(to)?;
    Ok(events)
}

/// Replicas are made, and primary keys changed, within seconds.
///
/// UNDOCUMENTED: how long it takes. Here it takes until the clock moves.
fn settle(draft: &mut Draft) -> Result<(), KmsError> {
    for key in 0..draft.state.keys().len() {
        if matches!(draft.key_state(key), KeyState::Creating | KeyState::Updating) {
            let external = draft.metadata_text(key, "Origin") == Some(KeyOrigin::External.name());
            // A replica has the material of its primary; imported material has to be imported into each.
            let lacks = external && draft.key_state(key) == KeyState::Creating;
            draft.set_key_state(key, if lacks { KeyState::PendingImport } else { KeyState::Enabled })?;
        }
    }
    Ok(())
}

/// What happens first.
fn next(draft: &Draft, to: Timestamp) -> Option<(Timestamp, Due)> {
    let mut all = Vec::new();
    for key in 0..draft.state.keys().len() {
        all.extend(deletion(draft, key).map(|at| (at, Due::Deletion(key))));
        all.extend(expiration(draft, key).map(|at| (at, Due::Expiration(key))));
        all.extend(rotation(draft, key).map(|at| (at, Due::Rotation(key))));
        for (grant, value) in draft.state.list_of_key(key, "Grants").iter().enumerate() {
            let deleted = value.get("DeletionDate").and_then(scenario::time);
            let gone =
                deleted.and_then(|deleted| deleted.checked_add(jiff::SignedDuration::from_secs(GRANTS_LINGER)).ok());
            all.extend(gone.map(|at| (at, Due::Grant(key, grant))));
        }
    }
    all.into_iter().filter(|(at, _)| *at <= to).min()
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html>. AWS may take up to a day longer.
fn deletion(draft: &Draft, key: usize) -> Option<Timestamp> {
    draft.metadata_time(key, "DeletionDate").filter(|_| draft.key_state(key) == KeyState::PendingDeletion)
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-import-key-material.html#importing-keys-expiration>
fn expiration(draft: &Draft, key: usize) -> Option<Timestamp> {
    if draft.metadata_text(key, "Origin") != Some(KeyOrigin::External.name()) {
        return None;
    }
    draft.metadata_time(key, "ValidTo")
}

/// A key rotates only while it is enabled; one that is overdue rotates as soon as it is enabled again
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html>).
fn rotation(draft: &Draft, key: usize) -> Option<Timestamp> {
    let status = draft.state.of_key(key, "RotationStatus")?;
    let on = status.get("KeyRotationEnabled").is_some_and(|value| value.kind == Kind::Bool(true));
    let own = !draft.is_replica(key) && draft.key_state(key) == KeyState::Enabled;
    status.get("NextRotationDate").and_then(scenario::time).filter(|_| on && own)
}

fn happen(
    draft: &mut Draft,
    due: Due,
    at: Timestamp,
    random: &mut dyn Random,
) -> Result<Option<ServiceEvent>, DraftError> {
    let (Due::Deletion(key) | Due::Expiration(key) | Due::Rotation(key) | Due::Grant(key, _)) = due;
    let Some(arn) = draft.arn(key) else { return Ok(None) };
    let event = match due {
        Due::Deletion(key) => {
            delete(draft, key, at)?;
            ServiceEvent::new(InternalOperation::DeleteKey, arn, at, random)?
        }
        Due::Expiration(key) => {
            let id = expire(draft, key, at)?.map(|id| format!("{id}"));
            let expired = InternalOperation::DeleteExpiredKeyMaterial { key_material_id: id.as_deref() };
            ServiceEvent::new(expired, arn, at, random)?
        }
        Due::Rotation(key) => {
            let (_, event) = rotate(draft, key, RotationType::Automatic, at, random)?;
            schedule_rotation(draft, key, at)?;
            event
        }
        Due::Grant(key, grant) => {
            draft.state.remove(&format!("/keys/{key}/Grants/{grant}"))?;
            return Ok(None);
        }
    };
    Ok(Some(event))
}

/// Rotates a key, and tells of it: whether by its schedule or on demand, KMS writes a record of its own
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-rotatekey.html>).
pub(super) fn rotate(
    draft: &mut Draft,
    key: usize,
    kind: RotationType,
    at: Timestamp,
    random: &mut dyn Random,
) -> Result<(KeyMaterialId, ServiceEvent), DraftError> {
    let previous = format!("{}", draft.current_material(key, random)?.id());
    let next = draft.rotate(key, kind, at, random)?;
    let origin = draft.metadata_text(key, "Origin").and_then(KeyOrigin::from_name).unwrap_or_default();
    let current = format!("{next}");
    let rotated = InternalOperation::RotateKey {
        rotation_type: kind.name(),
        origin,
        previous_key_material_id: Some(&previous),
        current_key_material_id: Some(&current),
    };
    let arn = draft.arn(key).ok_or(RandomError::Unavailable)?;
    Ok((next, ServiceEvent::new(rotated, arn, at, random)?))
}

/// A primary key that waits for its replicas begins to wait for its own end when the last of them is gone
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-delete.html>).
fn delete(draft: &mut Draft, key: usize, at: Timestamp) -> Result<(), KmsError> {
    let relatives = draft.relatives(key);
    draft.remove_key(key)?;
    let [first, second] = relatives[..] else { return Ok(()) };
    let left = if first == key { second } else { first };
    let left = if left > key { left - 1 } else { left };
    if draft.key_state(left) == KeyState::PendingReplicaDeletion {
        let window = draft.metadata(left, "PendingDeletionWindowInDays").and_then(number).unwrap_or(30);
        draft.set_key_state(left, KeyState::PendingDeletion)?;
        let date = at.checked_add(days(window)).unwrap_or(Timestamp::MAX);
        draft.state.set_metadata(left, "DeletionDate", &time(date))?;
        draft.state.remove_metadata(left, "PendingDeletionWindowInDays")?;
    }
    Ok(())
}

fn number(value: &Value) -> Option<i64> {
    match &value.kind {
        Kind::Number(spelled) => spelled.parse().ok(),
        _ => None,
    }
}

/// Deletes what has expired, and says which of it expired first.
fn expire(draft: &mut Draft, key: usize, at: Timestamp) -> Result<Option<KeyMaterialId>, KmsError> {
    let expired = |rotation: &Value| rotation.get("ValidTo").and_then(scenario::time).is_some_and(|valid| valid <= at);
    let listed = draft.state.list_of_key(key, "Rotations").iter().filter(|one| expired(one));
    let ids: Vec<KeyMaterialId> = listed.filter_map(|one| KeyMaterialId::parse(text(one, "KeyMaterialId")?)).collect();
    if ids.is_empty() {
        draft.delete_imported_material(key, None)?;
    }
    ids.iter().try_for_each(|id| draft.delete_imported_material(key, Some(*id)))?;
    Ok(ids.first().copied())
}

/// What a key did not do while it was disabled.
pub(super) fn catch_up(
    draft: &mut Draft,
    key: usize,
    now: Timestamp,
    random: &mut dyn Random,
) -> Result<Option<ServiceEvent>, DraftError> {
    match rotation(draft, key) {
        Some(due) if due <= now => happen(draft, Due::Rotation(key), now, random),
        _ => Ok(None),
    }
}

/// When the key rotates next, counted from `from`.
pub(super) fn schedule_rotation(draft: &mut Draft, key: usize, from: Timestamp) -> Result<(), KmsError> {
    let period =
        draft.state.of_key(key, "RotationStatus").and_then(|status| number(status.get("RotationPeriodInDays")?));
    let next = from.checked_add(days(period.unwrap_or(ROTATION_PERIOD))).unwrap_or(Timestamp::MAX);
    draft.relatives(key).into_iter().try_for_each(|relative| {
        draft.state.set(&format!("/keys/{relative}/RotationStatus/NextRotationDate"), &time(next))
    })
}

/// In days, if nobody says otherwise
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html#KMS-EnableKeyRotation-request-RotationPeriodInDays>).
pub(super) const ROTATION_PERIOD: i64 = 365;
