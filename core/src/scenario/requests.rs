//! `requests`: who asks what of which key.

use alloc::{format, string::ToString, vec::Vec};

use super::{
    Case,
    expect::expectation,
    fields::{Fields, scalar, text},
    key_id, parameters,
};
use crate::{
    arn::{PrincipalArn, PrincipalKind},
    catalog::Action,
    json::{Kind, Path, Value},
    policy::value,
    problem::{Code, Problems},
    request::{Caller, ContextValue, Identity, Request, Session, Unlisted},
    world::{Tag, World},
};

const FIELDS: &[&str] =
    &["title", "principal", "operation", "parameters", "region", "via", "context", "unknown", "unlisted", "expect"];

pub(super) fn case(
    value: &Value,
    world: &World,
    now: Option<&str>,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<Case> {
    let fields = Fields::of(value, FIELDS, path, problems)?;
    let principal = fields.required("principal", "\"arn:aws:sts::111122223333:assumed-role/App/session\"", problems);
    let caller = principal.and_then(|value| caller(value, world, &path.member("principal"), problems));
    fields.required("operation", "\"Decrypt\"", problems);
    let action = operation(&fields, path, problems);
    let here = path.member("parameters");
    let parameters =
        fields.get("parameters").map_or_else(Vec::new, |value| parameters::parameters(value, &here, problems));
    let region = fields.text("region", problems);
    let via = fields.text("via", problems);
    if let Some(name) = via.filter(|name| name.strip_suffix(".amazonaws.com").is_none_or(|rest| !rest.contains('.'))) {
        fields.invalid(
            "via",
            format!("`{name}` is no `kms:ViaService` name; write one such as `s3.us-west-2.amazonaws.com`"),
            problems,
        );
    }
    let mut given = fields
        .get("context")
        .map_or_else(Vec::new, |value| parameters::context(value, &path.member("context"), problems));
    given.extend(fields.list("unknown", problems, |value, path, problems| {
        Some((text(value, path, problems)?.into(), ContextValue::Unknown))
    }));
    let unlisted = [("absent", Unlisted::Absent), ("unknown", Unlisted::Unknown)];
    let unlisted = fields.word("unlisted", &unlisted, problems).unwrap_or_default();
    let expect = fields.get("expect").and_then(|value| expectation(value, &path.member("expect"), problems));
    let (caller, action) = (caller?, action?);
    let key = key_id::key(action, &caller, region, &parameters, fields.get("parameters"), world, path, problems)?;
    let home = key.index.and_then(|index| world.keys.get(index)).map(|key| key.arn.region());
    if let (Some(region), Some(home)) = (region, home)
        && region != home
    {
        let message =
            format!("the key is in `{home}`, and a request reaches it only there; write that or leave `region` out");
        fields.invalid("region", message, problems);
    }
    if let (Some(_), Identity::Service(name)) = (via, &caller.identity) {
        let message =
            format!("`{name}` calls for itself; `via` is for a service that calls with somebody's credentials");
        fields.invalid("via", message, problems);
    }
    let request = Request {
        span: value.span,
        caller,
        action,
        key: key.index,
        request_alias: key.alias,
        parameters,
        region: region.map(Into::into),
        via: via.map(Into::into),
        now: now.map(Into::into),
        given,
        unlisted,
    };
    Some(Case { request, expect })
}

/// Operations that need several permissions, or that a grant alone decides, are for a later version.
fn operation(fields: &Fields<'_, '_>, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Action> {
    let name = fields.text("operation", problems)?;
    let plain = match name.split_once(':') {
        Some((service, rest)) if service.eq_ignore_ascii_case("kms") => rest,
        _ => name,
    };
    let span = fields.get("operation").map(|value| value.span).unwrap_or_default();
    let mut refuse = |code, message| {
        problems.push(code, span, &path.member("operation"), message);
        None
    };
    if plain.eq_ignore_ascii_case("ReEncrypt") {
        return refuse(Code::NotModelled, "`ReEncrypt` needs two permissions: ask for `ReEncryptFrom` on the source key and for `ReEncryptTo` on the destination key".to_string());
    }
    match Action::from_name(plain) {
        None => refuse(Code::UnknownOperation, format!("`{name}` is no operation of KMS; write one such as `Decrypt`")),
        Some(action) if action.also_on_alias() => refuse(
            Code::NotModelled,
            format!(
                "`{name}` needs a permission on the alias beside that on the key; this version decides one permission at a time and not this operation"
            ),
        ),
        Some(Action::ReplicateKey | Action::UpdatePrimaryRegion) => refuse(
            Code::NotModelled,
            format!("`{name}` needs permissions in two Regions; this version does not decide it"),
        ),
        Some(Action::SynchronizeMultiRegionKey) => refuse(
            Code::NotModelled,
            format!("`{name}` is what KMS does itself to keep multi-Region keys alike; nobody can request it"),
        ),
        Some(Action::RetireGrant) => refuse(
            Code::NotModelled,
            "`RetireGrant` is decided by the grant itself; this version does not evaluate grants".to_string(),
        ),
        Some(action) => Some(action),
    }
}

fn caller(value: &Value, world: &World, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Caller> {
    let (name, user, session) = match &value.kind {
        Kind::String(name) => (&**name, None, Session::default()),
        _ => {
            let known = ["Arn", "user", "mfa", "mfaAge", "tags", "sourceIdentity", "tokenIssueTime"];
            let fields = Fields::of(value, &known, path, problems)?;
            fields.required("Arn", "\"arn:aws:sts::111122223333:assumed-role/App/session\"", problems)?;
            let session = session(&fields, path, problems);
            (fields.text("Arn", problems)?, fields.text("user", problems), session)
        }
    };
    let identity =
        identity(name, user, world).map_err(|(code, message)| problems.push(code, value.span, path, message));
    let identity = identity.ok()?;
    if user.is_some() && !matches!(identity, Identity::FederatedUser { .. }) {
        let message = "`user` is for federated users only: the user who asked for the session";
        problems.push(Code::InvalidValue, value.span, path, message);
    }
    if matches!(identity, Identity::Service(_)) && session != Session::default() {
        problems.push(Code::InvalidValue, value.span, path, "a service has no session; write its name alone");
    }
    Some(Caller { span: value.span, identity, session })
}

fn session(fields: &Fields<'_, '_>, path: &Path<'_>, problems: &mut Problems<'_>) -> Session {
    let here = path.member("tags");
    let tags = match fields.get("tags").map(|value| (value, &value.kind)) {
        Some((_, Kind::Object(members))) => {
            let tag = |(name, value): (&str, &Value)| {
                let content = text(value, &here.member(name), problems)?;
                Some(Tag { key: name.into(), value: content.into() })
            };
            members.iter().map(|member| (&*member.name, &member.value)).filter_map(tag).collect()
        }
        Some((value, _)) => {
            let message = format!(
                "session tags are an object such as `{{\"team\": \"blue\"}}`, but this is {}",
                value.kind_in_words()
            );
            problems.push(Code::DataTypeMismatch, value.span, &here, message);
            Vec::new()
        }
        None => Vec::new(),
    };
    let mfa_age = fields.get("mfaAge").and_then(scalar);
    if mfa_age.as_deref().is_some_and(|age| value::number(age).is_none()) {
        fields.invalid("mfaAge", "not a number of seconds".to_string(), problems);
    }
    let token_issue_time = fields.text("tokenIssueTime", problems);
    if token_issue_time.is_some_and(|time| value::date(time).is_none()) {
        fields.invalid("tokenIssueTime", "not a time such as `2026-11-23T12:00:00Z`".to_string(), problems);
    }
    if mfa_age.is_some() && fields.get("mfa").is_none() {
        fields.invalid("mfaAge", "an age needs `\"mfa\": true` beside it".to_string(), problems);
    }
    Session {
        mfa: fields.boolean("mfa", problems),
        mfa_age,
        tags,
        source_identity: fields.text("sourceIdentity", problems).map(Into::into),
        token_issue_time: token_issue_time.map(Into::into),
    }
}

fn identity(name: &str, user: Option<&str>, world: &World) -> Result<Identity, (Code, alloc::string::String)> {
    let Some(arn) = PrincipalArn::parse(name) else {
        if name.ends_with(".amazonaws.com") && !name.contains([':', '/', ' ']) {
            return Ok(Identity::Service(name.into()));
        }
        let message = format!(
            "`{name}` is no caller; write what `aws sts get-caller-identity` prints as `Arn`, or a service such as `cloudtrail.amazonaws.com`"
        );
        return Err((Code::InvalidValue, message));
    };
    let account = arn.account();
    let unlisted = |what: &str, example: &str| {
        let message = format!(
            "{what} is not listed under `principals`, so nobody knows its policies; add `{{\"Arn\": \"{example}\", \"Policies\": [ … ]}}` (an empty list if it has none)"
        );
        (Code::UnknownPrincipal, message)
    };
    match arn.kind() {
        PrincipalKind::Root => Ok(Identity::Root(arn)),
        PrincipalKind::User { .. } => {
            let user = world.principal(name).ok_or_else(|| unlisted(&format!("`{name}`"), name))?;
            Ok(Identity::User { arn, user })
        }
        PrincipalKind::AssumedRole { role, .. } => {
            let example = format!("arn:{}:iam::{account}:role/{role}", arn.partition());
            let role = world
                .role(&arn, role)
                .ok_or_else(|| unlisted(&format!("the role `{role}` of account {account}"), &example))?;
            Ok(Identity::RoleSession { arn, role })
        }
        PrincipalKind::FederatedUser { .. } => {
            let Some(user) = user else {
                let message = format!(
                    "a federated user acts for the IAM user who asked for the session; write `{{\"Arn\": \"{name}\", \"user\": \"arn:{}:iam::{account}:user/NAME\"}}`",
                    arn.partition()
                );
                return Err((Code::MissingField, message));
            };
            let parent = PrincipalArn::parse(user);
            let same =
                parent.filter(|user| user.account() == account && matches!(user.kind(), PrincipalKind::User { .. }));
            if same.is_none() {
                return Err((
                    Code::InvalidValue,
                    format!("`{user}` is no user of account {account}, which issued the session"),
                ));
            }
            let user = world.principal(user).ok_or_else(|| unlisted(&format!("`{user}`"), user))?;
            Ok(Identity::FederatedUser { user, arn })
        }
        PrincipalKind::Role { name } => {
            let message = format!(
                "a role calls through a session; write `arn:{}:sts::{account}:assumed-role/{name}/SESSION`",
                arn.partition()
            );
            Err((Code::InvalidValue, message))
        }
        PrincipalKind::Group { .. } => {
            Err((Code::InvalidValue, "a group cannot call; write the ARN of a user".to_string()))
        }
    }
}
