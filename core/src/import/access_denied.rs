use alloc::{format, string::String};

use super::Output;
use super::draft::Draft;
use super::key::key_parameter;
use crate::arn::{KeyArn, PrincipalArn};
use crate::catalog::{Action, Operation, ResourceType};
use crate::json::Value;

/// The sentence that AWS explains a denial with
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>), wherever it
/// stands in a line: `User: <ARN> is not authorized to perform: kms:Decrypt on resource: <ARN> because …`
pub(super) fn read(line: &str) -> Option<Value> {
    let (before, rest) = line.split_once(" is not authorized to perform: ")?;
    let (_, principal) = before.rsplit_once("User: ")?;
    let word =
        |text: &str| String::from(text.split_whitespace().next().unwrap_or_default().trim_end_matches(['.', ',']));
    let action = word(rest);
    let resource = rest.split_once(" on resource: ").map(|(_, resource)| word(resource)).unwrap_or_default();
    (!principal.contains(char::is_whitespace) && !action.is_empty()).then(|| {
        Value::object([
            ("principal", Value::text(principal)),
            ("action", Value::text(&action)),
            ("resource", Value::text(&resource)),
        ])
    })
}

/// Asks what was denied: the principal, the operation and the key become the first request.
pub(super) fn place(draft: &mut Draft, output: &Output) {
    let field = |name| output.value.get(name).and_then(Value::as_str).unwrap_or_default();
    let (principal, named, resource) = (field("principal"), field("action"), field("resource"));
    let Some(action) = Action::from_name(named).filter(|_| named.contains(':')) else {
        draft.note(format!("the access denied message was not placed: `{named}` is not an action of KMS"));
        return;
    };
    draft.denied = true;
    let key = match KeyArn::parse(resource) {
        Some(arn) => {
            let index = draft.key_entry(&arn);
            draft.touched_keys.push(index);
            Some(String::from(arn.as_str()))
        }
        None if action.resource() == ResourceType::Key => key_unsaid(draft, action, resource),
        None => None,
    };
    let alias = resource.split_once(":alias/").filter(|_| action.also_on_alias());
    let alias = alias.map(|(_, name)| format!("alias/{name}"));
    let named = [("AliasName", alias.as_deref()), (key_parameter(action), key.as_deref())];
    let parameters = Value::object(named.into_iter().filter_map(|(name, value)| Some((name, Value::text(value?)))));
    let asked = draft.value("/requests/0/operation").and_then(Value::as_str).and_then(Operation::from_name);
    let half = matches!(action, Action::ReEncryptFrom | Action::ReEncryptTo);
    let asks = asked.is_some_and(|asked| asked == Operation::Of(action) || asked == Operation::ReEncrypt && half);
    let asked_alias = draft.value("/requests/0/parameters/AliasName").and_then(Value::as_str);
    let same_alias = alias.is_none() || alias.as_deref() == asked_alias;
    let same = draft.caller() == Some(principal) && asks && same_alias && draft.same_key(action, key.as_deref());
    if same {
        draft.did(format!("request asks about `{}` already", action.iam_name()));
    } else {
        let request = Value::object([
            ("principal", Value::text(principal)),
            ("operation", Value::text(action.name())),
            ("parameters", parameters),
        ]);
        let (pointer, done) = match draft.value("/requests/0") {
            Some(_) => ("/requests/0", "replaced"),
            None => ("/requests/-", "added"),
        };
        draft.put(pointer, &request, format!("request {done}: `{}` by `{principal}`", action.iam_name()));
        draft.note(
            "the message does not tell the request's other parameters, such as its encryption context, nor where it \
             came from; the CloudTrail event of the call does",
        );
    }
    if let Some(caller) = PrincipalArn::parse(principal) {
        draft.caller_entry(&caller);
    }
}

/// The key of a denial that does not name its ARN.
fn key_unsaid(draft: &mut Draft, action: Action, resource: &str) -> Option<String> {
    if resource.contains(":alias/") && action.accepts_alias() {
        return Some(resource.into());
    }
    // The alias finds its key by itself.
    if action == Action::DeleteAlias && resource.contains(":alias/") {
        return None;
    }
    let mut keys = draft.keys();
    let only = keys.next().filter(|_| keys.next().is_none()).map(|(_, arn)| arn);
    drop(keys);
    let Some(arn) = only else {
        draft.note("the access denied message names no key; write its `KeyId` into the request's `parameters`");
        return None;
    };
    draft.note(format!("the access denied message names no key: taken to be about `{}`, the only one here", arn.id()));
    Some(arn.as_str().into())
}
