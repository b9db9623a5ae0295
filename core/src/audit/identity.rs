//! `userIdentity`: who called.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{Members, shape};
use crate::{
    arn::{AccountId, PrincipalKind},
    json::Value,
    policy::value,
    request::{Caller, Identity, Request, Session},
    world::World,
};

/// Who called, as the trail of an account tells it. `accessKeyId` is nowhere, as nobody knows it.
///
/// The trail of another account, which only owns a key, shows no more of a caller than its account and its unique id.
/// The page says that `AWSAccount` is "another AWS account"; that KMS writes it so is from reports of real records.
pub(super) fn user_identity(caller: &Caller, invoked_by: Option<&str>, world: &World, trail: AccountId) -> Value {
    let foreign = caller.account().is_some_and(|account| account != trail);
    let mut members = if foreign { stranger(caller, world) } else { known(caller, world) };
    members.extend(invoked_by.map(|service| ("invokedBy", Value::text(service))));
    Value::object(members)
}

fn stranger(caller: &Caller, world: &World) -> Members {
    let mut members = Vec::from([("type", Value::text("AWSAccount"))]);
    members.extend(principal_id(caller, world).map(|id| ("principalId", Value::text(&id))));
    members.extend(caller.account().map(|account| ("accountId", Value::text(account.as_str()))));
    members
}

fn known(caller: &Caller, world: &World) -> Members {
    let (kind, arn) = match &caller.identity {
        Identity::Root(arn) => ("Root", arn),
        Identity::User { arn, .. } => ("IAMUser", arn),
        Identity::RoleSession { arn, .. } => ("AssumedRole", arn),
        Identity::FederatedUser { arn, .. } => ("FederatedUser", arn),
        Identity::Service(_) => {
            return Vec::from([("type", Value::text("AWSService"))]);
        }
    };
    let mut members = Vec::from([("type", Value::text(kind))]);
    members.extend(principal_id(caller, world).map(|id| ("principalId", Value::text(&id))));
    members.extend([("arn", Value::text(arn.as_str())), ("accountId", Value::text(arn.account().as_str()))]);
    if let PrincipalKind::User { name } = arn.kind() {
        members.push(("userName", Value::text(name)));
    }
    members.extend(session_context(caller, world).map(|context| ("sessionContext", context)));
    members
}

/// The unique id of whoever called, as far as the scenario has it; that of a session has the session's name behind it.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
fn principal_id(caller: &Caller, world: &World) -> Option<Box<str>> {
    let unique_id = caller.principal(world).and_then(|principal| principal.unique_id.clone());
    let arn = caller.arn()?;
    match arn.kind() {
        PrincipalKind::Root => Some(arn.account().as_str().into()),
        PrincipalKind::AssumedRole { session, .. } => Some(format!("{}:{session}", unique_id?).into()),
        PrincipalKind::FederatedUser { name } => Some(format!("{}:{name}", arn.account()).into()),
        _ => unique_id,
    }
}

/// Only temporary credentials have a session.
fn session_context(caller: &Caller, world: &World) -> Option<Value> {
    let Session { mfa, token_issue_time, source_identity, .. } = &caller.session;
    let issuer = match caller.identity {
        Identity::RoleSession { .. } => Some("Role"),
        Identity::FederatedUser { .. } => Some("IAMUser"),
        Identity::User { .. } | Identity::Root(_) if mfa.is_some() || token_issue_time.is_some() => None,
        Identity::User { .. } | Identity::Root(_) | Identity::Service(_) => return None,
    };
    let mut members = Vec::new();
    members.extend(issuer.and_then(|kind| Some(("sessionIssuer", session_issuer(kind, caller, world)?))));
    // A session whose MFA nobody states was started without, as in the request context.
    let mfa = if mfa.unwrap_or(false) { "true" } else { "false" };
    let mut attributes = Vec::from([("mfaAuthenticated", Value::text(mfa))]);
    let issued = token_issue_time.as_deref().and_then(value::date);
    attributes.extend(issued.map(|time| ("creationDate", shape::time(time))));
    members.push(("attributes", Value::object(attributes)));
    members.extend(source_identity.as_deref().map(|identity| ("sourceIdentity", Value::text(identity))));
    Some(Value::object(members))
}

/// The role that was assumed, or the user who asked for the session.
fn session_issuer(kind: &str, caller: &Caller, world: &World) -> Option<Value> {
    let issuer = caller.principal(world)?;
    let name = match issuer.arn.kind() {
        PrincipalKind::Role { name } | PrincipalKind::User { name } => name,
        _ => return None,
    };
    let mut members = Vec::from([("type", Value::text(kind))]);
    members.extend(issuer.unique_id.as_deref().map(|id| ("principalId", Value::text(id))));
    members.extend([
        ("arn", Value::text(issuer.arn.as_str())),
        ("accountId", Value::text(issuer.arn.account().as_str())),
        ("userName", Value::text(name)),
    ]);
    Some(Value::object(members))
}

/// The service that calls, for itself or with somebody's credentials: `s3.amazonaws.com`.
pub(super) fn calling_service(request: &Request) -> Option<String> {
    match (&request.caller.identity, request.via.as_deref()) {
        (Identity::Service(name), _) => Some(name.to_string()),
        (_, via) => via.map(service),
    }
}

/// The name of a service without the Region that `kms:ViaService` has in it.
fn service(via: &str) -> String {
    let name = via.strip_suffix(".amazonaws.com").and_then(|rest| rest.rsplit_once('.')).map(|(name, _)| name);
    name.map_or_else(|| via.to_string(), |name| format!("{name}.amazonaws.com"))
}
