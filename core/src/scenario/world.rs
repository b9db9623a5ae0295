//! What the readers of `principals`, `keys` and the organization share, and what concerns several entries.

use alloc::format;

use super::fields::Fields;
use crate::{
    json::{self, Path, Source, Value},
    policy::{self, Document, PolicyKind},
    problem::{Code, Problems},
    world::{Tag, World},
};

pub(super) fn tag(
    value: &Value,
    [key, content]: [&'static str; 2],
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<Tag> {
    let fields = Fields::of(value, &[key, content], path, problems)?;
    fields.required(key, "\"team\"", problems)?;
    let value = fields.text(content, problems).unwrap_or_default().into();
    Some(Tag { key: fields.text(key, problems)?.into(), value })
}

/// A policy document as an object, or inside a string as AWS prints it; with what the `aws` command prints
/// around it, or without.
pub(super) fn embedded(
    value: &Value,
    kind: PolicyKind,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<Document> {
    if value.as_str().is_none() {
        return match wrapped(value) {
            Some((name, inner)) => embedded(inner, kind, &path.member(name), problems),
            None => Some(policy::read(value, kind, path, problems)),
        };
    }
    let inner = json::parse_at(&Source::embedded(problems.text(), value.span), path, problems)?;
    match wrapped(&inner) {
        // A text inside of the text stands nowhere that could be pointed to.
        Some((name, inner)) if inner.as_str().is_none() => embedded(inner, kind, &path.member(name), problems),
        _ => Some(policy::read(&inner, kind, path, problems)),
    }
}

/// What stands in the output of a command: `get-key-policy` and `describe-policy` print `Policy`,
/// `get-role-policy` and its like `PolicyDocument`, `get-policy-version` `PolicyVersion` with a `Document`.
fn wrapped(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object()?;
    if members.iter().any(|member| matches!(&*member.name, "Statement" | "Version")) {
        return None;
    }
    let beside = [
        "PolicyName",
        "RoleName",
        "UserName",
        "GroupName",
        "PolicySummary",
        "VersionId",
        "IsDefaultVersion",
        "CreateDate",
        "PolicyArn",
    ];
    let inside = ["Policy", "PolicyDocument", "PolicyVersion", "Document", "Content"];
    let mut found = members.iter().filter(|member| inside.contains(&&*member.name));
    let (one, None) = (found.next()?, found.next()) else { return None };
    let known = |name: &str| name == &*one.name || beside.contains(&name);
    members.iter().all(|member| known(&member.name)).then_some((&*one.name, &one.value))
}

/// What concerns several entries at once: names are unique, groups exist, and a unique id in a policy is nobody's.
pub(super) fn check(world: &World, problems: &mut Problems<'_>) {
    let text = problems.text();
    problems.forget(|problem| {
        let id = text.get(problem.span.start as usize..problem.span.end as usize).unwrap_or_default();
        let id = id.trim_matches(['"', '\\']);
        problem.code == Code::DanglingPrincipal
            && world.principals.iter().any(|principal| principal.unique_id.as_deref() == Some(id))
    });
    let root = Path::Root;
    let principals = root.member("principals");
    let mut seen = alloc::collections::BTreeSet::new();
    for (index, principal) in world.principals.iter().enumerate() {
        let here = principals.element(index);
        if !seen.insert(principal.arn.as_str()) {
            let message = format!("`{}` is listed twice; put its policies together", principal.arn.as_str());
            problems.push(Code::InvalidValue, principal.span, &here, message);
        }
        let mut seen_groups = alloc::collections::BTreeSet::new();
        for group in &principal.groups {
            if !seen_groups.insert(group) {
                let message = format!("group `{group}` again; a user is in it once");
                problems.push(Code::InvalidValue, principal.span, &here.member("Groups"), message);
            }
            if world.group(&principal.arn, group).is_none() {
                let message = format!(
                    "no group `{group}` of account {} is listed under `principals`; add it, so that its policies count",
                    principal.arn.account()
                );
                problems.push(Code::UnknownPrincipal, principal.span, &here.member("Groups"), message);
            }
        }
    }
    let keys = root.member("keys");
    for (index, key) in world.keys.iter().enumerate() {
        let here = keys.element(index);
        if !seen.insert(key.arn.as_str()) {
            problems.push(Code::InvalidValue, key.span, &here, format!("`{}` is listed twice", key.arn.as_str()));
        }
    }
}
