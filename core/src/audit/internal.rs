//! What KMS does by itself as time goes by.

use alloc::vec::Vec;

use jiff::Timestamp;

use super::{Touched, opening, resource, shape};
use crate::{arn::KeyArn, catalog::KeyOrigin, json::Value};

/// Something that KMS did to a key by itself.
#[derive(Clone, Copy, Debug)]
pub struct ServiceEvent<'a> {
    /// What.
    pub operation: InternalOperation<'a>,
    /// To which key. Of related multi-Region keys it is the primary one.
    pub key: &'a KeyArn,
    /// When.
    pub time: Timestamp,
    /// Random bytes, which become `requestID` and `eventID`.
    pub random: [u8; 32],
}

/// The operations of which KMS writes a record though nobody called.
///
/// "It also logs internal operations that AWS KMS calls for you, such as `DeleteExpiredKeyMaterial`, `DeleteKey`,
/// `SynchronizeMultiRegionKey`, and `RotateKey`."
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html>)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InternalOperation<'a> {
    /// Imported key material has expired
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-deleteexpiredkeymaterial.html>).
    DeleteExpiredKeyMaterial {
        /// Which of the key's materials, if known.
        key_material_id: Option<&'a str>,
    },
    /// The waiting period of a key is over
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-delete-key.html>).
    DeleteKey,
    /// A key has new key material, by its schedule or on demand
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-rotatekey.html>).
    RotateKey {
        /// `AUTOMATIC` or `ON_DEMAND`.
        rotation_type: &'a str,
        /// Where its material comes from.
        origin: KeyOrigin,
        /// The material before, if known.
        previous_key_material_id: Option<&'a str>,
        /// The new one, if known.
        current_key_material_id: Option<&'a str>,
    },
    /// Related multi-Region keys were made alike
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-synchronize-multi-region-key.html>).
    SynchronizeMultiRegionKey,
}

impl<'a> InternalOperation<'a> {
    /// Its name, which is the `eventName`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DeleteExpiredKeyMaterial { .. } => "DeleteExpiredKeyMaterial",
            Self::DeleteKey => "DeleteKey",
            Self::RotateKey { .. } => "RotateKey",
            Self::SynchronizeMultiRegionKey => "SynchronizeMultiRegionKey",
        }
    }

    /// `serviceEventDetails`, in the order of the samples. That `RotateKey` names the key is of its older ones.
    fn details(self, key_id: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
        let mut details = Vec::new();
        match self {
            Self::DeleteExpiredKeyMaterial { key_material_id } => {
                details.push(("keyId", key_id));
                details.extend(key_material_id.map(|id| ("keyMaterialId", id)));
            }
            Self::DeleteKey => details.push(("keyId", key_id)),
            Self::RotateKey { rotation_type, origin, previous_key_material_id, current_key_material_id } => {
                details.extend([("rotationType", rotation_type), ("keyOrigin", origin.name())]);
                details.extend(previous_key_material_id.map(|id| ("previousKeyMaterialId", id)));
                details.extend(current_key_material_id.map(|id| ("currentKeyMaterialId", id)));
                details.push(("keyId", key_id));
            }
            // Its sample has none, and is an `AwsApiCall` with a `requestID`.
            Self::SynchronizeMultiRegionKey => return None,
        }
        Some(details)
    }

    /// Whether `responseElements.keyId` is the ARN of the key. The pages of `DeleteKey` and `SynchronizeMultiRegionKey`
    /// say so of what is recorded since December 2022; the other two have samples of 2025, in which it is null.
    const fn names_key(self) -> bool {
        matches!(self, Self::DeleteKey | Self::SynchronizeMultiRegionKey)
    }
}

/// The record of something that KMS did by itself.
///
/// ```
/// use keytrace::{arn::KeyArn, audit::{InternalOperation, ServiceEvent, service_event}, json::print};
///
/// let record = service_event(&ServiceEvent {
///     operation: InternalOperation::DeleteKey,
///     key: &KeyArn::parse("arn:aws:kms:us-west-2:111122223333:key/1234abcd").unwrap(),
///     time: "2020-07-31T00:07:00Z".parse().unwrap(),
///     random: [7; 32],
/// });
/// let line = print::compact(&record);
/// assert!(line.contains(r#""userIdentity":{"accountId":"111122223333","invokedBy":"AWS Internal"}"#));
/// assert!(line.contains(r#""serviceEventDetails":{"keyId":"1234abcd"}"#));
/// ```
#[must_use]
pub fn service_event(event: &ServiceEvent<'_>) -> Value {
    let ServiceEvent { operation, key, time, random } = event;
    let account = key.account();
    let internal = Value::text("AWS Internal");
    let identity = Value::object([("accountId", Value::text(account.as_str())), ("invokedBy", internal.clone())]);
    let details = operation.details(key.id());
    let response = match operation.names_key() {
        true => Value::object([("keyId", Value::text(key.as_str()))]),
        false => Value::null(),
    };
    let mut members = opening(identity, *time, operation.name(), Some(key.region()));
    members.extend([
        ("sourceIPAddress", internal.clone()),
        ("userAgent", internal),
        ("requestParameters", Value::null()),
        ("responseElements", response),
    ]);
    let (request_id, event_id) = random.split_at(16);
    if details.is_none() {
        members.push(("requestID", shape::uuid(request_id)));
    }
    let touched = Touched { arn: key.as_str(), is_key: true };
    let event_type = if details.is_some() { "AwsServiceEvent" } else { "AwsApiCall" };
    members.extend([
        ("eventID", shape::uuid(event_id)),
        ("readOnly", Value::boolean(false)),
        ("resources", Value::array(resource(&touched))),
        ("eventType", Value::text(event_type)),
        ("managementEvent", Value::boolean(true)),
        ("recipientAccountId", Value::text(account.as_str())),
    ]);
    if let Some(details) = details {
        let details = details.into_iter().map(|(name, text)| (name, Value::text(text)));
        members.push(("serviceEventDetails", Value::object(details)));
    }
    members.push(("eventCategory", Value::text("Management")));
    Value::object(members)
}
