//! What plays no part in authorization and in the life of a key all the more: rotations as `get-key-rotation-status`
//! and `list-key-rotations` print them, and key material that somebody brings.

use base64ct::{Base64, Encoding as _};

use super::fields::{Fields, text};
use crate::{
    json::{Path, Value},
    problem::{Code, Problems},
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

pub(super) fn check(key: &Fields<'_, '_>, path: &Path<'_>, problems: &mut Problems<'_>) {
    if let Some(value) = key.get("RotationStatus") {
        let here = path.member("RotationStatus");
        if let Some(fields) = Fields::of(value, ROTATION_STATUS, &here, problems) {
            fields.boolean("KeyRotationEnabled", problems);
            fields.time("NextRotationDate", problems);
        }
    }
    key.list("Rotations", problems, rotation);
    key.list("KeyMaterial", problems, material);
}

fn rotation(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<()> {
    let fields = Fields::of(value, ROTATION, path, problems)?;
    fields.text("KeyMaterialId", problems);
    fields.time("ValidTo", problems);
    fields.time("RotationDate", problems);
    Some(())
}

/// Secrets never show in messages.
fn material(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<()> {
    if Base64::decode_vec(text(value, path, problems)?).is_err() {
        let message = "not base64; key material is written so, such as that of `openssl rand -base64 32`";
        problems.push(Code::InvalidValue, value.span, path, message);
    }
    Some(())
}
