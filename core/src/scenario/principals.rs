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

/// What `get-user`, `get-role` and `get-group` print of one, and its groups and policies. What plays no part in
/// authorization is taken and left alone.
const PRINCIPAL: &[&str] = &[
    "Arn",
    "UserId",
    "RoleId",
    "GroupId",
    "Tags",
    "Groups",
    "Policies",
    "PermissionsBoundary",
    "Path",
    "UserName",
    "RoleName",
    "GroupName",
    "CreateDate",
    "Description",
    "AssumeRolePolicyDocument",
    "MaxSessionDuration",
    "RoleLastUsed",
    "PasswordLastUsed",
];

/// The output of a command as a whole has one of these around the entity.
const AROUND: &[&str] = &["User", "Role", "Group"];

pub(super) fn principal(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Principal> {
    if let Some([only]) = value.as_object()
        && AROUND.contains(&&*only.name)
    {
        return principal(&only.value, &path.member(&only.name), problems);
    }
    let fields = Fields::of(value, PRINCIPAL, path, problems)?;
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

/// The name of a group, or what `list-groups-for-user` prints of one.
fn group(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Box<str>> {
    let Kind::Object(_) = value.kind else { return text(value, path, problems).map(Into::into) };
    let fields = Fields::of(value, &["Path", "GroupName", "GroupId", "Arn", "CreateDate"], path, problems)?;
    fields.required("GroupName", "\"Developers\"", problems)?;
    fields.text("GroupName", problems).map(Into::into)
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
    let known = ["PolicyName", "PolicyArn", "PolicyDocument", "RoleName", "UserName", "GroupName"];
    let fields = Fields::of(value, &known, path, problems)?;
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
