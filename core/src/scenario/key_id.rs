//! `KeyId`: which key of the world a request names.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    arn::Arn,
    catalog::{Action, ResourceType},
    json::{Path, Value},
    problem::{Code, Problems},
    request::{Caller, Parameter, ParameterValue},
    world::{KmsKey, World},
};

/// A key of the world, and the alias by which the request named it.
#[derive(Default)]
pub(super) struct Named {
    pub index: Option<usize>,
    pub alias: Option<Box<str>>,
}

/// Resolves the key identifier: key id, key ARN, alias name or alias ARN. A short form is looked up in
/// the caller's account and Region
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id>).
#[expect(clippy::too_many_arguments, reason = "each is a different part of the request")]
pub(super) fn key(
    action: Action,
    caller: &Caller,
    region: Option<&str>,
    parameters: &[Parameter],
    written: Option<&Value>,
    world: &World,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<Named> {
    if action.resource() != ResourceType::Key {
        return Some(Named::default());
    }
    let name = match action {
        Action::ReEncryptFrom => "SourceKeyId",
        Action::ReEncryptTo => "DestinationKeyId",
        _ => "KeyId",
    };
    let here = path.member("parameters");
    let value = parameters.iter().find(|parameter| &*parameter.name == name).map(|parameter| &parameter.value);
    let span = written.and_then(|value| value.get(name)).or(written).map_or(caller.span, |value| value.span);
    let Some(ParameterValue::Text(id)) = value else {
        // The ciphertext tells which key it is; with one key in the world there is no doubt.
        if matches!(action, Action::Decrypt | Action::ReEncryptFrom) && world.keys.len() == 1 {
            return Some(Named { index: Some(0), alias: None });
        }
        let message = format!("`{name}` is missing; add the key's id or ARN, or an alias, under `parameters`");
        problems.push(Code::MissingField, span, &here, message);
        return None;
    };
    let found = find(id, action, caller, region, world);
    found.map_err(|(code, message)| problems.push(code, span, &here.member(name), message)).ok()
}

fn find(
    id: &str,
    action: Action,
    caller: &Caller,
    region: Option<&str>,
    world: &World,
) -> Result<Named, (Code, String)> {
    let (alias, arn) = match Arn::parse(id) {
        Some(arn) => (Some(arn.resource).filter(|resource| resource.starts_with("alias/")), Some(arn)),
        None => (Some(id).filter(|id| id.starts_with("alias/")), None),
    };
    if alias.is_some() && !action.accepts_alias() {
        return Err((Code::InvalidValue, format!("`{}` takes a key id or key ARN, not an alias", action.name())));
    }
    let named = |key: &KmsKey| match (alias, arn) {
        (None, Some(_)) => key.arn.as_str() == id,
        (None, None) => key.arn.id() == id,
        (Some(alias), _) => key.aliases.iter().any(|name| &**name == alias),
    };
    // Where to look: where the ARN says, or in the caller's account and the request's Region.
    let there = |key: &KmsKey| match arn {
        Some(arn) => {
            arn.service == "kms"
                && (key.arn.partition(), key.arn.region()) == (arn.partition, arn.region)
                && key.arn.account().as_str() == arn.account
        }
        None => {
            caller.account().is_none_or(|account| account == key.arn.account())
                && region.is_none_or(|region| region == key.arn.region())
        }
    };
    let mut found = world.keys.iter().enumerate().filter(|(_, key)| named(key) && there(key));
    match (found.next(), found.next()) {
        (Some((_, one)), Some((_, other))) => {
            let (one, other) = (one.arn.as_str(), other.arn.as_str());
            let message = format!("`{id}` can be `{one}` or `{other}`; write the ARN, or the request's `region`");
            return Err((Code::UnknownKey, message));
        }
        (Some((index, _)), None) => return Ok(Named { index: Some(index), alias: alias.map(Into::into) }),
        _ => {}
    }
    if world.keys.iter().any(named) {
        let message =
            format!("`{id}` is looked up in the caller's account and Region, where no such key is; write the key ARN");
        return Err((Code::UnknownKey, message));
    }
    let known: Vec<&str> = world.keys.iter().map(|key| key.arn.as_str()).collect();
    let known =
        if known.is_empty() { "there are none yet".to_string() } else { format!("there are: {}", known.join(", ")) };
    Err((Code::UnknownKey, format!("no key under `keys` is `{id}`; {known}")))
}
