//! `principals`: users, roles and groups with their policies.

use alloc::{boxed::Box, format, vec::Vec};

use super::{
    fields::{Fields, text},
    world::{embedded, tag},
};
use crate::{
    arn::{PrincipalArn, PrincipalKind, is_unique_id},
    json::{Kind, Path, Value},
    policy::PolicyKind,
    problem::Problems,
    world::{IdentityPolicy, PermissionsBoundary, Principal},
};

pub(super) fn principal(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Principal> {
    let known = ["Arn", "UserId", "RoleId", "GroupId", "Tags", "Groups", "Policies", "PermissionsBoundary"];
    let fields = Fields::of(value, &known, path, problems)?;
    let written = fields.required("Arn", "\"arn:aws:iam::111122223333:role/App\"", problems)?;
    let arn = text(written, &path.member("Arn"), problems)?;
    let arn = PrincipalArn::parse(arn).filter(|arn| {
        matches!(arn.kind(), PrincipalKind::User { .. } | PrincipalKind::Role { .. } | PrincipalKind::Group { .. })
    });
    if arn.is_none() {
        fields.invalid(
            "Arn",
            "not the ARN of a user, role or group, such as `arn:aws:iam::111122223333:role/App`".into(),
            problems,
        );
    }
    let unique_id = match arn.as_ref().map(PrincipalArn::kind) {
        Some(PrincipalKind::User { .. }) => unique_id(&fields, "UserId", problems),
        Some(PrincipalKind::Role { .. }) => unique_id(&fields, "RoleId", problems),
        _ => None,
    };
    let tags = fields.list("Tags", problems, |value, path, problems| tag(value, ["Key", "Value"], path, problems));
    let group =
        |value: &Value, path: &Path<'_>, problems: &mut Problems<'_>| text(value, path, problems).map(Into::into);
    let groups: Vec<Box<str>> = fields.list("Groups", problems, group);
    if !groups.is_empty() && !matches!(arn.as_ref().map(PrincipalArn::kind), Some(PrincipalKind::User { .. })) {
        fields.invalid("Groups", "only a user is in groups".into(), problems);
    }
    let policies = fields.list("Policies", problems, |value, path, problems| {
        identity_policy(value, PolicyKind::Identity, path, problems)
    });
    let boundary = fields.get("PermissionsBoundary").filter(|value| value.kind != Kind::Null);
    let here = path.member("PermissionsBoundary");
    let permissions_boundary = boundary.and_then(|value| permissions_boundary(value, &here, problems));
    if boundary.is_some() && matches!(arn.as_ref().map(PrincipalArn::kind), Some(PrincipalKind::Group { .. })) {
        fields.invalid("PermissionsBoundary", "only users and roles have a permissions boundary".into(), problems);
    }
    Some(Principal { span: value.span, arn: arn?, unique_id, tags, groups, policies, permissions_boundary })
}

/// The boundary with its document; `get-role` prints no more than its ARN.
fn permissions_boundary(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<PermissionsBoundary> {
    let known = ["PermissionsBoundaryType", "PermissionsBoundaryArn", "PolicyName", "PolicyDocument"];
    let fields = Fields::of(value, &known, path, problems)?;
    let document = fields.required("PolicyDocument", "{ … }` (what `aws iam get-policy-version` prints)`", problems)?;
    let document = embedded(document, PolicyKind::Identity, &path.member("PolicyDocument"), problems)?;
    Some(PermissionsBoundary { arn: fields.text("PermissionsBoundaryArn", problems).map(Into::into), document })
}

fn unique_id(fields: &Fields<'_, '_>, name: &'static str, problems: &mut Problems<'_>) -> Option<Box<str>> {
    let id = fields.text(name, problems)?;
    if !is_unique_id(id) {
        let message = format!(
            "`{id}` is no unique id; AWS prints `AIDA…` for a user and `AROA…` for a role, in capitals and digits"
        );
        fields.invalid(name, message, problems);
    }
    Some(id.into())
}

/// An identity-based policy, or one that was passed for a session; the latter need no name.
pub(super) fn identity_policy(
    value: &Value,
    kind: PolicyKind,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<IdentityPolicy> {
    let fields = Fields::of(value, &["PolicyName", "PolicyArn", "PolicyDocument"], path, problems)?;
    if kind == PolicyKind::Identity {
        fields.required("PolicyName", "\"UseKey\"", problems)?;
    }
    let document = fields.required("PolicyDocument", "{ … }", problems)?;
    let document = embedded(document, kind, &path.member("PolicyDocument"), problems);
    let arn: Option<Box<str>> = fields.text("PolicyArn", problems).map(Into::into);
    let of_arn = arn.as_deref().and_then(|arn| arn.rsplit('/').next());
    let name = fields.text("PolicyName", problems).or(of_arn).unwrap_or("passed for the session").into();
    Some(IdentityPolicy { name, arn, document: document? })
}
