//! `principal` of a request: who asks, and with what credentials.

use alloc::{format, string::ToString, vec::Vec};

use super::{
    fields::{Fields, scalar, text},
    principals,
};
use crate::{
    arn::{PrincipalArn, PrincipalKind},
    json::{Kind, Path, Value},
    policy::{PolicyKind, value},
    problem::{Code, Problems},
    request::{Caller, Identity, Session},
    world::{IdentityPolicy, Tag, World},
};

pub(super) fn caller(
    value: &Value,
    world: &World,
    sessions: &mut Vec<Vec<IdentityPolicy>>,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<Caller> {
    let (name, user, session) = match &value.kind {
        Kind::String(name) => (&**name, None, Session::default()),
        _ => {
            let known = ["Arn", "user", "mfa", "mfaAge", "tags", "sourceIdentity", "tokenIssueTime", "sessionPolicies"];
            let fields = Fields::of(value, &known, path, problems)?;
            fields.required("Arn", "\"arn:aws:sts::111122223333:assumed-role/App/session\"", problems)?;
            let session = session(&fields, sessions, path, problems);
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
    let has_session = matches!(identity, Identity::RoleSession { .. } | Identity::FederatedUser { .. });
    if session.policies.is_some() && !has_session {
        let message = "policies are passed for sessions of `AssumeRole` and `GetFederationToken` only";
        problems.push(Code::InvalidValue, value.span, &path.member("sessionPolicies"), message);
    }
    Some(Caller { span: value.span, identity, session })
}

fn session(
    fields: &Fields<'_, '_>,
    sessions: &mut Vec<Vec<IdentityPolicy>>,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Session {
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
    let passed = fields.list("sessionPolicies", problems, |value, path, problems| {
        principals::identity_policy(value, PolicyKind::Session, path, problems)
    });
    // An empty list: none was passed.
    let policies = (!passed.is_empty()).then(|| {
        sessions.push(passed);
        sessions.len().saturating_sub(1)
    });
    Session {
        mfa: fields.boolean("mfa", problems),
        mfa_age,
        tags,
        source_identity: fields.text("sourceIdentity", problems).map(Into::into),
        token_issue_time: token_issue_time.map(Into::into),
        policies,
    }
}

fn identity(name: &str, user: Option<&str>, world: &World) -> Result<Identity, (Code, alloc::string::String)> {
    let Some(arn) = PrincipalArn::parse(name) else {
        let of_aws = name.ends_with(".amazonaws.com") || name.ends_with(".amazonaws.com.cn");
        if of_aws && !name.contains([':', '/', ' ']) {
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
