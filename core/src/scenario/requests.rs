//! `requests`: who asks what of which key.

use alloc::{format, string::ToString, vec::Vec};

use super::{
    Case,
    authorizations::{Named, authorizations},
    callers::caller,
    expect::expectation,
    fields::{Fields, text},
    parameters,
};
use crate::{
    catalog::{Action, Operation},
    json::{Path, Value},
    problem::{Code, Problems},
    request::{ContextValue, Identity, Request, Unlisted},
    world::{IdentityPolicy, World},
};

const FIELDS: &[&str] = &[
    "title",
    "principal",
    "operation",
    "parameters",
    "region",
    "via",
    "vpcEndpoint",
    "context",
    "unknown",
    "unlisted",
    "expect",
];

/// What a request meets.
pub(super) struct Surroundings<'s> {
    pub world: &'s World,
    /// `keys` as written, for what is told of them.
    pub keys: Option<&'s Value>,
    pub now: Option<&'s str>,
    /// Whether the ciphertexts of the request are those of this world.
    pub lives: bool,
}

pub(super) fn case(
    value: &Value,
    surroundings: &Surroundings<'_>,
    sessions: &mut Vec<Vec<IdentityPolicy>>,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<Case> {
    let Surroundings { world, keys, now, lives } = *surroundings;
    let fields = Fields::of(value, FIELDS, path, problems)?;
    let principal = fields.required("principal", "\"arn:aws:sts::111122223333:assumed-role/App/session\"", problems);
    let caller = principal.and_then(|value| caller(value, world, sessions, &path.member("principal"), problems));
    fields.required("operation", "\"Decrypt\"", problems);
    let operation = operation(&fields, problems);
    let here = path.member("parameters");
    let parameters =
        fields.get("parameters").map_or_else(Vec::new, |value| parameters::parameters(value, world, &here, problems));
    let region = fields.text("region", problems);
    let via = fields.text("via", problems);
    if let Some(name) = via.filter(|name| name.strip_suffix(".amazonaws.com").is_none_or(|rest| !rest.contains('.'))) {
        fields.invalid(
            "via",
            format!("`{name}` is no `kms:ViaService` name; write one such as `s3.us-west-2.amazonaws.com`"),
            problems,
        );
    }
    let vpc_endpoint = vpc_endpoint(&fields, world, via.is_some(), problems);
    let mut given = fields
        .get("context")
        .map_or_else(Vec::new, |value| parameters::context(value, &path.member("context"), problems));
    given.extend(fields.list("unknown", problems, |value, path, problems| {
        Some((text(value, path, problems)?.into(), ContextValue::Unknown))
    }));
    let unlisted = [("absent", Unlisted::Absent), ("unknown", Unlisted::Unknown)];
    let unlisted = fields.word("unlisted", &unlisted, problems).unwrap_or_default();
    let expect = fields.get("expect").and_then(|value| expectation(value, &path.member("expect"), problems));
    let (caller, operation) = (caller?, operation?);
    if let Identity::Service(name) = &caller.identity {
        for field in ["via", "vpcEndpoint"].into_iter().filter(|field| fields.get(field).is_some()) {
            let message = format!("`{name}` calls for itself; `{field}` is for a call with somebody's credentials");
            fields.invalid(field, message, problems);
        }
    }
    let written = fields.get("parameters");
    let named = Named { caller: &caller, region, parameters: &parameters, written, world, keys, lives, path };
    let authorizations = authorizations(operation, &named, problems)?;
    let first = authorizations.first().filter(|first| first.fault.is_none());
    let home = first.and_then(|first| first.resource.kms_key(world)).map(|key| key.arn.region());
    if let (Some(region), Some(home)) = (region, home)
        && region != home
    {
        let message =
            format!("the key is in `{home}`, and a request reaches it only there; write that or leave `region` out");
        fields.invalid("region", message, problems);
    }
    let request = Request {
        span: value.span,
        caller,
        operation,
        authorizations,
        parameters,
        via: via.map(Into::into),
        vpc_endpoint,
        now: now.map(Into::into),
        given,
        unlisted,
    };
    Some(Case { request, expect })
}

fn operation(fields: &Fields<'_, '_>, problems: &mut Problems<'_>) -> Option<Operation> {
    let name = fields.text("operation", problems)?;
    let message = match Operation::from_name(name) {
        Some(Operation::Of(Action::SynchronizeMultiRegionKey)) => {
            format!("`{name}` is what KMS does itself to keep multi-Region keys alike; nobody can request it")
        }
        Some(operation) => return Some(operation),
        None => format!("`{name}` is no operation of KMS; write one such as `Decrypt`"),
    };
    fields.report(Code::UnknownOperation, "operation", message, problems);
    None
}

/// A service's own call does not come through the endpoint of whoever called the service
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html>).
fn vpc_endpoint(
    fields: &Fields<'_, '_>,
    world: &World,
    through_service: bool,
    problems: &mut Problems<'_>,
) -> Option<usize> {
    let id = fields.text("vpcEndpoint", problems)?;
    let endpoint = world.vpc_endpoints.iter().position(|endpoint| &*endpoint.id == id);
    if endpoint.is_none() {
        let message = format!("`{id}` is not listed under `vpcEndpoints`; add it, with its policy");
        fields.report(Code::UnknownVpcEndpoint, "vpcEndpoint", message, problems);
    }
    if through_service {
        let message = "a call that a service makes with the caller's credentials does not come through the caller's endpoint; keep `via` or `vpcEndpoint`".to_string();
        fields.invalid("vpcEndpoint", message, problems);
    }
    endpoint
}
