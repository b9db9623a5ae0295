//! The dates of a key, as `describe-key`, `get-key-rotation-status` and `list-key-rotations` print them.

use alloc::{format, vec::Vec};

use super::fields::{Fields, scalar};
use crate::{
    json::{Path, Value},
    problem::Problems,
    world::{AutomaticRotation, KeyLife, KeyMaterialState, KeyRotation, RotationType},
};

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html>
const ROTATION_STATUS: &[&str] =
    &["KeyId", "KeyRotationEnabled", "RotationPeriodInDays", "NextRotationDate", "OnDemandRotationStartDate"];

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_RotationsListEntry.html>
const ROTATION: &[&str] = &[
    "KeyId",
    "KeyMaterialId",
    "KeyMaterialDescription",
    "KeyMaterialState",
    "ImportState",
    "ExpirationModel",
    "ValidTo",
    "RotationDate",
    "RotationType",
];

/// The default of `RotationPeriodInDays`:
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html>.
const ROTATION_PERIOD: u16 = 365;

pub(super) fn life(
    key: &Fields<'_, '_>,
    metadata: &Fields<'_, '_>,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> KeyLife {
    let status = key.get("RotationStatus").and_then(|value| status(value, &path.member("RotationStatus"), problems));
    let rotations: Vec<KeyRotation> = key.list("Rotations", problems, rotation);
    let window = number(metadata, "PendingDeletionWindowInDays", problems);
    KeyLife {
        created: metadata.time("CreationDate", problems),
        description: metadata.text("Description", problems).unwrap_or_default().into(),
        deletion: metadata.time("DeletionDate", problems),
        pending_window: window,
        valid_to: metadata.time("ValidTo", problems),
        rotation: status,
        rotations,
    }
}

fn status(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<AutomaticRotation> {
    let fields = Fields::of(value, ROTATION_STATUS, path, problems)?;
    let period = number(&fields, "RotationPeriodInDays", problems).unwrap_or(ROTATION_PERIOD);
    let next = fields.time("NextRotationDate", problems);
    let enabled = fields.boolean("KeyRotationEnabled", problems).unwrap_or_default();
    enabled.then_some(AutomaticRotation { period, next })
}

fn rotation(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<KeyRotation> {
    let fields = Fields::of(value, ROTATION, path, problems)?;
    let imports = [("IMPORTED", true), ("PENDING_IMPORT", false)];
    Some(KeyRotation {
        material_id: fields.text("KeyMaterialId", problems).map(Into::into),
        description: fields.text("KeyMaterialDescription", problems).map(Into::into),
        state: fields.word("KeyMaterialState", &KeyMaterialState::NAMES, problems).unwrap_or_default(),
        imported: fields.word("ImportState", &imports, problems).unwrap_or(true),
        valid_to: fields.time("ValidTo", problems),
        date: fields.time("RotationDate", problems),
        kind: fields.word("RotationType", &RotationType::NAMES, problems),
    })
}

fn number(fields: &Fields<'_, '_>, name: &'static str, problems: &mut Problems<'_>) -> Option<u16> {
    let written = scalar(fields.get(name)?)?;
    let number = written.parse().ok();
    if number.is_none() {
        fields.invalid(name, format!("`{written}` is no number of days"), problems);
    }
    number
}
