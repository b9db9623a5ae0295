//! What AWS CloudTrail records of a call to KMS, allowed or denied, and of what KMS does by itself.
//!
//! ```
//! use keytrace::{audit, json::{self, Source, Value, print}, problem::Problems, scenario};
//!
//! let text = r#"{
//!   "keytrace": 1,
//!   "principals": [{ "Arn": "arn:aws:iam::111122223333:user/Alice", "Policies": [] }],
//!   "keys": [{ "KeyMetadata": { "Arn": "arn:aws:kms:us-west-2:111122223333:key/1234abcd" },
//!     "Policy": { "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "kms:*", "Resource": "*",
//!       "Principal": { "AWS": "arn:aws:iam::111122223333:user/Alice" } } } }],
//!   "requests": [{ "principal": "arn:aws:iam::111122223333:user/Alice", "operation": "GenerateDataKey",
//!     "parameters": { "KeyId": "1234abcd", "KeySpec": "AES_256", "EncryptionContext": { "Project": "Alpha" } } }]
//! }"#;
//! let scenario = scenario::read(text).value.unwrap();
//! let written = json::parse(&Source::plain(text), &mut Problems::new(text)).unwrap();
//! let call = written.get("requests").and_then(Value::as_array).unwrap().first().unwrap();
//!
//! let records = audit::records(&audit::Event {
//!     request: &scenario.requests[0].request,
//!     parameters: call.get("parameters"),
//!     world: &scenario.world,
//!     time: "2025-05-20T20:46:16Z".parse().unwrap(),
//!     outcome: Ok(&Value::object([("Plaintext", Value::text("c2VjcmV0"))])),
//!     key_material_id: None,
//!     blocked_by_vpc_endpoint: false,
//!     random: [7; 96],
//! });
//! let line = print::compact(&records[0]);
//! assert!(line.contains(r#""eventName":"GenerateDataKey","awsRegion":"us-west-2","requestParameters":{"keyId":"#));
//! assert!(line.contains(r#""encryptionContext":{"Project":"Alpha"}},"responseElements":null,"requestID":"#));
//! assert!(!line.contains("c2VjcmV0"));
//! ```
//!
//! The names of the fields and their order are those of AWS's samples, of `eventVersion` 1.11
//! (<https://docs.aws.amazon.com/kms/latest/developerguide/understanding-kms-entries.html>). What a scenario cannot
//! know is left out rather than made up: `accessKeyId`, `tlsDetails`, the unique ids of principals that have none in
//! it, and `sourceIPAddress` and `userAgent` unless they are given as `aws:SourceIp` and `aws:UserAgent`. So are custom
//! key stores and the `recipient` of an attested request in `additionalEventData`.
//!
//! A `ReplicateKey` writes a record of a `CreateKey` in the other Region beside its own, which is not modelled: AWS
//! prints no sample of it.

mod identity;
mod internal;
mod parameters;
mod shape;
mod table;
#[cfg(test)]
mod tests;

pub use internal::{InternalOperation, ServiceEvent, service_event};

use alloc::{boxed::Box, vec::Vec};

use jiff::Timestamp;

use crate::{
    arn::{AccountId, Arn},
    catalog::{Action, Operation, ResourceType},
    check::{ErrorName, KmsError},
    json::Value,
    request::{ContextValue, Request, Resource},
    world::World,
};
use table::Row;

/// The version of the records.
const EVENT_VERSION: &str = "1.11";

/// A call to KMS and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// What was asked, and by whom.
    pub request: &'a Request,
    /// Its parameters as the caller wrote them, named as in the API.
    pub parameters: Option<&'a Value>,
    /// What it met: the world before the call.
    pub world: &'a World,
    /// When.
    pub time: Timestamp,
    /// What the `aws` command prints, or the error that the caller gets.
    pub outcome: Result<&'a Value, &'a KmsError>,
    /// The key material that was used, where the result does not name it.
    pub key_material_id: Option<&'a str>,
    /// Whether nothing but the policy of the VPC endpoint stood in the way.
    pub blocked_by_vpc_endpoint: bool,
    /// Random bytes, which become `requestID`, `sharedEventID` and the `eventID` of each record.
    pub random: [u8; 96],
}

/// The records of a call, each in the trail of the account that is its `recipientAccountId`: first that of the caller,
/// then those of other accounts whose keys were used.
///
/// "Cross-account operations on KMS keys are logged in both the caller account and the KMS key owner account. However,
/// cross-account AWS KMS requests that are rejected because access is denied are logged only in the caller's account."
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html>)
///
/// "Requests that are denied by a VPC endpoint policy, but otherwise would have been allowed, are not recorded in AWS
/// CloudTrail." (<https://docs.aws.amazon.com/kms/latest/developerguide/vpce-logging.html>)
///
/// UNDOCUMENTED: in which account a service's own call is recorded that was denied. Here it is that of the key, as a
/// service has no trail to look at.
#[must_use]
pub fn records(event: &Event<'_>) -> Vec<Value> {
    if event.blocked_by_vpc_endpoint {
        return Vec::new();
    }
    let accounts = event.accounts();
    let shared = accounts.len() > 1;
    let mut ids = event.random.chunks_exact(16).map(shape::uuid);
    let (Some(request_id), Some(shared_id)) = (ids.next(), ids.next()) else { return Vec::new() };
    let shared_id = shared.then_some(&shared_id);
    let mut records = Vec::new();
    for account in &accounts {
        let Some(event_id) = ids.next() else { break };
        let ids = Ids { request: &request_id, event: event_id, shared: shared_id };
        records.push(record(event, *account, ids));
    }
    if let Some(id) = ids.next() {
        let ids = Ids { request: &request_id, event: id, shared: shared_id };
        records.extend(accounts.first().and_then(|account| of_new_primary(event, *account, ids)));
    }
    records
}

struct Ids<'i> {
    request: &'i Value,
    event: Value,
    shared: Option<&'i Value>,
}

/// A resource of a record.
struct Touched<'a> {
    arn: &'a str,
    is_key: bool,
}

impl Touched<'_> {
    fn account(&self) -> Option<AccountId> {
        AccountId::parse(Arn::parse(self.arn)?.account)
    }
}

impl<'a> Event<'a> {
    fn is_denied(&self) -> bool {
        self.outcome.is_err_and(|error| error.name == ErrorName::AccessDenied)
    }

    fn accounts(&self) -> Vec<AccountId> {
        let mut accounts: Vec<AccountId> = self.request.caller.account().into_iter().collect();
        if !self.is_denied() || accounts.is_empty() {
            for owner in self.resources().iter().filter_map(Touched::account) {
                if !accounts.contains(&owner) {
                    accounts.push(owner);
                }
            }
        }
        accounts
    }

    /// The keys and aliases that the call was about, in the order of AWS's samples: of `ReEncrypt` the source first
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-reencrypt.html>), of `CreateAlias` the key
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-createalias.html>), and of `UpdateAlias` the alias
    /// and the key that has it from now on
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-updatealias.html>).
    fn resources(&self) -> Vec<Touched<'a>> {
        let authorizations = self.request.authorizations.iter();
        let found = authorizations.filter_map(|authorization| {
            let is_key = match &authorization.resource {
                Resource::Key(_) | Resource::Grant { .. } => authorization.resource.key()? < self.world.keys.len(),
                Resource::Alias(_) => false,
                Resource::NewKey(_) | Resource::Missing(_) | Resource::None => return None,
            };
            Some(Touched { arn: authorization.resource.arn(self.world), is_key })
        });
        let mut found: Vec<Touched<'a>> = found.collect();
        match self.request.operation {
            Operation::Of(Action::CreateAlias) => found.reverse(),
            Operation::Of(Action::UpdateAlias) if found.len() > 2 => drop(found.remove(1)),
            // The key that becomes the primary one has a record of its own.
            Operation::Of(Action::UpdatePrimaryRegion) => found.truncate(1),
            Operation::Of(Action::CreateKey) => {
                let made = self.outcome.ok().and_then(|result| result.get("KeyMetadata")?.get("Arn")?.as_str());
                found.extend(made.map(|arn| Touched { arn, is_key: true }));
            }
            _ => {}
        }
        let mut seen: Vec<&str> = Vec::new();
        found.retain(|touched| {
            let new = !seen.contains(&touched.arn);
            seen.push(touched.arn);
            new
        });
        found
    }

    /// The Region of the request, which is that of the key.
    fn region(&self) -> Option<&'a str> {
        let authorizations = &self.request.authorizations;
        let asked = authorizations.iter().find_map(|one| one.region.as_deref());
        let of = |touched: &Touched<'a>| Arn::parse(touched.arn).map(|arn| arn.region);
        asked.or_else(|| self.resources().first().and_then(of))
    }

    fn given(&self, name: &str) -> Option<&'a str> {
        let found = self.request.given.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        match found {
            Some((_, ContextValue::Values(values))) => values.first().map(Box::as_ref),
            _ => None,
        }
    }
}

fn record(event: &Event<'_>, account: AccountId, ids: Ids<'_>) -> Value {
    let row = Row::of(event.request.operation);
    let resources = event.resources();
    let key_arn = resources.iter().find(|touched| touched.is_key).map(|touched| touched.arn);
    let service = identity::calling_service(event.request);
    let identity = identity::user_identity(&event.request.caller, service.as_deref(), event.world, account);
    let mut members = opening(identity, event.time, table::event_name(event.request.operation), event.region());
    members.extend(origin(event, service.as_deref()));
    members.extend(event.outcome.err().into_iter().flat_map(failure));
    members.extend([
        ("requestParameters", parameters::request_parameters(event, row)),
        ("responseElements", parameters::response_elements(event, row, key_arn)),
    ]);
    members.extend(additional_event_data(event).map(|data| ("additionalEventData", data)));
    members.extend([
        ("requestID", ids.request.clone()),
        ("eventID", ids.event),
        ("readOnly", Value::boolean(row.read_only)),
    ]);
    // A custom key store is no resource, and its records have not even an empty list:
    // https://docs.aws.amazon.com/kms/latest/developerguide/ct-create-keystore.html
    if !is_of_key_store(event.request.operation) {
        members.push(("resources", Value::array(resources.iter().filter_map(resource))));
    }
    members.extend([
        ("eventType", Value::text("AwsApiCall")),
        ("managementEvent", Value::boolean(true)),
        ("recipientAccountId", Value::text(account.as_str())),
    ]);
    // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/shared-event-ID.html
    members.extend(ids.shared.map(|id| ("sharedEventID", id.clone())));
    // https://docs.aws.amazon.com/kms/latest/developerguide/vpce-logging.html
    let endpoint = event.request.vpc_endpoint.and_then(|endpoint| event.world.vpc_endpoints.get(endpoint));
    members.extend(endpoint.map(|endpoint| ("vpcEndpointId", Value::text(&endpoint.id))));
    members.push(("eventCategory", Value::text("Management")));
    Value::object(members)
}

/// The members of a record, in order.
type Members = Vec<(&'static str, Value)>;

/// What every record begins with.
fn opening(identity: Value, time: Timestamp, name: &str, region: Option<&str>) -> Members {
    let mut members = Vec::from([
        ("eventVersion", Value::text(EVENT_VERSION)),
        ("userIdentity", identity),
        ("eventTime", shape::time(time)),
        ("eventSource", Value::text("kms.amazonaws.com")),
        ("eventName", Value::text(name)),
    ]);
    members.extend(region.map(|region| ("awsRegion", Value::text(region))));
    members
}

/// Where the call came from. "For services in AWS, only the DNS name is displayed"
/// (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>),
/// also where it calls with somebody's credentials
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html>). The address of a request
/// through a VPC endpoint is the one inside of the VPC
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/vpce-logging.html>).
fn origin(event: &Event<'_>, service: Option<&str>) -> Members {
    let own = if event.request.vpc_endpoint.is_some() { "aws:VpcSourceIp" } else { "aws:SourceIp" };
    let address = service.or_else(|| event.given(own));
    let agent = service.or_else(|| event.given("aws:UserAgent"));
    known([("sourceIPAddress", address), ("userAgent", agent)])
}

/// The members that have a value.
fn known<'t>(members: impl IntoIterator<Item = (&'static str, Option<&'t str>)>) -> Members {
    members.into_iter().filter_map(|(name, text)| Some((name, Value::text(text?)))).collect()
}

/// The error has the name that the API gives it
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-decrypt.html#ct-decrypt-fail>). That a denial is
/// `AccessDenied` is from reports of real records.
fn failure(error: &KmsError) -> Members {
    let code = match error.name {
        ErrorName::AccessDenied => "AccessDenied",
        other => other.as_str(),
    };
    let message = Some(&*error.message).filter(|message| !message.is_empty());
    known([("errorCode", Some(code)), ("errorMessage", message)])
}

/// What was neither asked nor answered: the key material that was used, or the grant that was retired.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/ct-decrypt.html>,
/// <https://docs.aws.amazon.com/kms/latest/developerguide/ct-reencrypt.html>,
/// <https://docs.aws.amazon.com/kms/latest/developerguide/ct-retire-grant.html>
fn additional_event_data(event: &Event<'_>) -> Option<Value> {
    let result = event.outcome.ok()?;
    let of_result = |name| result.get(name).and_then(Value::as_str);
    let data = match event.request.operation {
        Operation::ReEncrypt | Operation::Of(Action::ReEncryptFrom | Action::ReEncryptTo) => Vec::from([
            ("destinationKeyMaterialId", of_result("DestinationKeyMaterialId")),
            ("sourceKeyMaterialId", of_result("SourceKeyMaterialId")),
        ]),
        Operation::Of(
            Action::Decrypt
            | Action::Encrypt
            | Action::GenerateDataKey
            | Action::GenerateDataKeyPair
            | Action::GenerateDataKeyPairWithoutPlaintext
            | Action::GenerateDataKeyWithoutPlaintext,
        ) => Vec::from([("keyMaterialId", of_result("KeyMaterialId").or(event.key_material_id))]),
        Operation::Of(Action::RetireGrant) => Vec::from([("grantId", retired(event))]),
        Operation::Of(_) => return None,
    };
    let members = known(data);
    (!members.is_empty()).then(|| Value::object(members))
}

fn retired<'a>(event: &Event<'a>) -> Option<&'a str> {
    let authorization = event.request.authorizations.first()?;
    let Resource::Grant { grant, .. } = authorization.resource else { return None };
    authorization.resource.kms_key(event.world)?.grants.get(grant)?.id.as_deref()
}

/// An alias is an `AWS::KMS::Key` here, too
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/ct-createalias.html>).
fn resource(touched: &Touched<'_>) -> Option<Value> {
    let account = touched.account()?;
    Some(Value::object([
        ("accountId", Value::text(account.as_str())),
        ("type", Value::text("AWS::KMS::Key")),
        ("ARN", Value::text(touched.arn)),
    ]))
}

fn is_of_key_store(operation: Operation) -> bool {
    matches!(operation, Operation::Of(action) if action.resource() == ResourceType::CustomKeyStore)
}

/// "The `UpdatePrimaryRegion` operation writes two CloudTrail log entries: one in the Region with the multi-Region
/// primary key that is converted to a replica key, and one in the Region with a multi-Region replica key that is
/// converted to a primary key." The second has no resources, and names KMS as the one who calls.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/ct-update-primary-region.html>
fn of_new_primary(event: &Event<'_>, account: AccountId, ids: Ids<'_>) -> Option<Value> {
    event.outcome.ok()?;
    if event.request.operation != Operation::Of(Action::UpdatePrimaryRegion) {
        return None;
    }
    let region = event.request.text("PrimaryRegion")?;
    let first = event.request.authorizations.first()?.resource.kms_key(event.world)?;
    let (partition, owner, id) = (first.arn.partition(), first.arn.account(), first.arn.id());
    let arn = Value::text(&alloc::format!("arn:{partition}:kms:{region}:{owner}:key/{id}"));
    let identity = identity::user_identity(&event.request.caller, Some("kms.amazonaws.com"), event.world, account);
    let mut members = opening(identity, event.time, event.request.operation.name(), Some(region));
    members.extend(origin(event, identity::calling_service(event.request).as_deref()));
    members.extend([
        ("requestParameters", Value::object([("keyId", arn.clone()), ("primaryRegion", Value::text(region))])),
        ("responseElements", Value::object([("keyId", arn)])),
        ("requestID", ids.request.clone()),
        ("eventID", ids.event),
        ("readOnly", Value::boolean(false)),
        ("eventType", Value::text("AwsApiCall")),
        ("managementEvent", Value::boolean(true)),
        ("recipientAccountId", Value::text(account.as_str())),
        ("eventCategory", Value::text("Management")),
    ]);
    Some(Value::object(members))
}
