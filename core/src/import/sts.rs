use alloc::{format, vec::Vec};

use super::Output;
use super::draft::Draft;
use crate::arn::{AccountId, KeyArn, PrincipalArn, PrincipalKind, is_unique_id};
use crate::json::Value;

/// `111122223333  arn:aws:sts::111122223333:assumed-role/App/i-0abc  AROAEXAMPLEAPP0000001:i-0abc`, as
/// `--output text` prints it.
pub(super) fn read_text(line: &str) -> Option<Value> {
    let mut words = line.split_whitespace();
    let (account, arn, user_id) = (words.next()?, words.next()?, words.next()?);
    let sound = words.next().is_none() && AccountId::parse(account).is_some() && PrincipalArn::parse(arn).is_some();
    sound.then(|| {
        Value::object([("UserId", Value::text(user_id)), ("Account", Value::text(account)), ("Arn", Value::text(arn))])
    })
}

/// `{"UserId": "AROA…:session", "Account": "111122223333", "Arn": "arn:aws:sts::…"}`: who asks.
pub(super) fn get_caller_identity(draft: &mut Draft, output: &Output) {
    let field = |name| output.value.get(name).and_then(Value::as_str);
    let Some(arn) = field("Arn").and_then(PrincipalArn::parse) else {
        draft.note(format!("{} was not placed: its `Arn` is not that of a principal", output.kind.name()));
        return;
    };
    if draft.denied {
        // The message of the error says who asked; this command may have been run by somebody else.
        if draft.caller() != Some(arn.as_str()) {
            draft.note(format!("the caller is taken from the access denied message, not from {}", output.kind.name()));
        }
    } else {
        ask_as(draft, &arn);
    }
    let Some(index) = draft.caller_entry(&arn) else { return };
    let Some(id) = field("UserId").and_then(|id| id.split(':').next()).filter(|id| is_unique_id(id)) else { return };
    let name = if matches!(arn.kind(), PrincipalKind::AssumedRole { .. }) { "RoleId" } else { "UserId" };
    let pointer = format!("/principals/{index}/{name}");
    if draft.value(&pointer).and_then(Value::as_str) != Some(id) {
        draft.put(&pointer, &Value::text(id), format!("unique id of `{}` noted", arn.as_str()));
    }
}

/// Makes the first request one of that caller.
fn ask_as(draft: &mut Draft, arn: &PrincipalArn) {
    let caller = arn.as_str();
    if draft.caller() == Some(caller) {
        draft.did(format!("caller of the request is `{caller}`, as before"));
        return;
    }
    let requests = draft.list("/requests").len();
    if requests == 0 {
        create_request(draft, caller);
        return;
    }
    let in_object = draft.value("/requests/0/principal/Arn").is_some();
    let pointer = if in_object { "/requests/0/principal/Arn" } else { "/requests/0/principal" };
    draft.put(pointer, &Value::text(caller), format!("caller of the request is now `{caller}`"));
    if in_object {
        draft.note("what the request says about its caller besides the ARN (MFA, session tags …) was left as it is");
    }
    if requests > 1 {
        draft.note("only the first request got the new caller");
    }
    if draft.value("/requests/0/expect").is_some() {
        draft.note("what the request expects was written for another caller");
    }
}

/// The request that most people come with.
fn create_request(draft: &mut Draft, caller: &str) {
    let keys: Vec<KeyArn> = draft.keys().map(|(_, arn)| arn).collect();
    let parameters = match keys.as_slice() {
        [key] => Value::object([("KeyId", Value::text(key.as_str()))]),
        _ => Value::object([]),
    };
    let request = Value::object([
        ("principal", Value::text(caller)),
        ("operation", Value::text("Decrypt")),
        ("parameters", parameters),
    ]);
    draft.put("/requests/-", &request, format!("request of `{caller}` added"));
    draft.note("the operation is taken to be `Decrypt`; the message of the access denied error says which it was");
    match keys.as_slice() {
        [key] => draft.note(format!("the key is taken to be `{}`, the only one here", key.id())),
        _ => draft.note("the request names no key yet; the message of the access denied error says which it was"),
    }
}
