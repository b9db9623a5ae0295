use alloc::{format, string::String, vec::Vec};

use super::document::document;
use super::draft::Draft;
use super::{Output, OutputKind};
use crate::arn::{Arn, PrincipalArn, PrincipalKind};
use crate::json::{Kind, Value};

/// `{"Role": {"Arn": …, "RoleId": …, "Tags": …}}` or `{"User": {"Arn": …, "UserId": …, "Tags": …}}`
pub(super) fn identity(draft: &mut Draft, output: &Output) {
    let (member, id) = match output.kind {
        OutputKind::GetRole => ("Role", "RoleId"),
        _ => ("User", "UserId"),
    };
    let Some(identity) = output.value.get(member) else { return };
    let Some(arn) = identity.get("Arn").and_then(Value::as_str).and_then(PrincipalArn::parse) else {
        draft.note(format!("{} was not placed: its `Arn` is not that of a principal", output.kind.name()));
        return;
    };
    let index = match draft.find_principal(arn.account(), arn.kind()) {
        Some(index) => {
            draft.touched_principals.push(index);
            index
        }
        None => draft.add_principal(arn.as_str()),
    };
    let done = format!("identity of `{}` noted", arn.as_str());
    draft.put(&format!("/principals/{index}/Arn"), &Value::text(arn.as_str()), &*done);
    if let Some(unique) = identity.get(id) {
        draft.put(&format!("/principals/{index}/{id}"), unique, &*done);
    }
    // IAM leaves `Tags` out where there are none.
    let tags = identity.get("Tags").cloned().unwrap_or_else(|| Value::array(Vec::new()));
    let pointer = format!("/principals/{index}/Tags");
    if draft.value(&pointer).is_some() || tags.as_array().is_some_and(|tags| !tags.is_empty()) {
        draft.put(&pointer, &tags, &*done);
    }
    draft.note_boundary(index, arn.as_str(), identity.get("PermissionsBoundary"));
}

/// `{"RoleName": "App", "PolicyName": "UseKey", "PolicyDocument": …}`, or of a user or group.
pub(super) fn inline_policy(draft: &mut Draft, output: &Output) {
    let field = |name| output.value.get(name).and_then(Value::as_str);
    let kind = match output.kind {
        OutputKind::GetUserPolicy => field("UserName").map(|name| PrincipalKind::User { name: name.into() }),
        OutputKind::GetGroupPolicy => field("GroupName").map(|name| PrincipalKind::Group { name: name.into() }),
        _ => field("RoleName").map(|name| PrincipalKind::Role { name: name.into() }),
    };
    let (Some(kind), Some(document_value)) = (kind, output.value.get("PolicyDocument")) else { return };
    let Some(index) = draft.entry_by_name(output.kind.name(), &kind) else { return };
    let name = field("PolicyName").unwrap_or("inline");
    put_policy(draft, index, name, None, &document(document_value, &output.text));
}

/// `{"PolicyVersion": {"Document": …, "VersionId": "v3", "IsDefaultVersion": true}}`, or an identity
/// policy alone. Neither says whose policy it is; it may be somebody's permissions boundary.
pub(super) fn unnamed_policy(draft: &mut Draft, output: &Output) {
    let version = output.value.get("PolicyVersion");
    let document = match version {
        Some(version) => version.get("Document").map(|inner| document(inner, &output.text)),
        None => Some(output.value.clone()),
    };
    let Some(document) = document else {
        draft.note(format!("{} was not placed: it has no `Document`", output.kind.name()));
        return;
    };
    let arn = output.command.option("get-policy-version", "--policy-arn");
    let name = arn.and_then(|arn| Arn::parse(arn)?.resource.rsplit('/').next());
    let attached = arn.and_then(|arn| bearer_of(draft, arn));
    let bounds = arn.is_some_and(|arn| draft.put_boundary(arn, &document));
    let Some(index) = (if bounds { attached } else { attached.or_else(|| bearer(draft, output)) }) else { return };
    if version.and_then(|version| version.get("IsDefaultVersion")).is_some_and(|it| it.kind == Kind::Bool(false)) {
        draft.note(
            "this version of the policy is not its default version, the only one that IAM applies; \
             `aws iam get-policy` prints which that is as `DefaultVersionId`",
        );
    }
    if let Some(name) = name {
        put_policy(draft, index, name, arn, &document);
        return;
    }
    let name = unused_name(draft, index);
    draft.note(format!(
        "{} does not say what the policy is called: it is `{name}` here; paste the command along to have its name",
        output.kind.name()
    ));
    put_policy(draft, index, &name, None, &document);
}

/// Who has the managed policy of that ARN already.
fn bearer_of(draft: &Draft, policy_arn: &str) -> Option<usize> {
    let has_it = |index: &usize| {
        let policies = draft.list(&format!("/principals/{index}/Policies"));
        policies.iter().any(|policy| policy.get("PolicyArn").and_then(Value::as_str) == Some(policy_arn))
    };
    draft.principals().map(|(index, _)| index).find(has_it)
}

/// Whose policy an output is taken to be that names nobody: the caller's, else the only principal's.
fn bearer(draft: &mut Draft, output: &Output) -> Option<usize> {
    let caller = draft.caller().and_then(PrincipalArn::parse);
    let of_caller = caller.and_then(|caller| draft.caller_entry(&caller));
    let mut principals = draft.principals();
    let only = principals.next().filter(|_| principals.next().is_none()).map(|(index, _)| index);
    drop(principals);
    let arn = |draft: &Draft, index: usize| {
        draft.value(&format!("/principals/{index}/Arn")).and_then(Value::as_str).map(String::from)
    };
    let Some((index, arn)) = of_caller.or(only).and_then(|index| Some((index, arn(draft, index)?))) else {
        draft.note(format!(
            "{} was not placed: nothing says whose policy it is; paste the output of `aws sts get-caller-identity` along",
            output.kind.name()
        ));
        return None;
    };
    draft.note(format!(
        "{} does not say whose policy it is: taken to be attached to `{arn}`; \
         `aws iam list-entities-for-policy` prints whom a managed policy is attached to",
        output.kind.name()
    ));
    Some(index)
}

fn unused_name(draft: &Draft, index: usize) -> String {
    let policies = draft.list(&format!("/principals/{index}/Policies"));
    let taken =
        |name: &str| policies.iter().any(|policy| policy.get("PolicyName").and_then(Value::as_str) == Some(name));
    let mut name = String::from("UnnamedPolicy");
    let mut number = 2;
    while taken(&name) {
        name = format!("UnnamedPolicy{number}");
        number += 1;
    }
    name
}

/// Replaces the policy of that name, or adds it.
fn put_policy(draft: &mut Draft, index: usize, name: &str, arn: Option<&str>, document: &Value) {
    let policies = draft.list(&format!("/principals/{index}/Policies"));
    let same = |policy: &Value| {
        let is = |field: &str, value| policy.get(field).and_then(Value::as_str) == value;
        is("PolicyArn", arn) && (arn.is_some() || is("PolicyName", Some(name)))
    };
    let found = policies.iter().position(same);
    let holder = draft.value(&format!("/principals/{index}/Arn")).and_then(Value::as_str).unwrap_or_default();
    let done = format!("policy `{name}` of `{holder}` {}", if found.is_some() { "replaced" } else { "added" });
    if let Some(position) = found {
        draft.put(&format!("/principals/{index}/Policies/{position}/PolicyDocument"), document, done);
    } else {
        let document = ("PolicyDocument", document.clone());
        let policy = match arn {
            Some(arn) => Value::object([("PolicyName", Value::text(name)), ("PolicyArn", Value::text(arn)), document]),
            None => Value::object([("PolicyName", Value::text(name)), document]),
        };
        draft.put(&format!("/principals/{index}/Policies/-"), &policy, done);
    }
    draft.touched_principals.push(index);
}
