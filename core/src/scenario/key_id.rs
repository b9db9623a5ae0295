//! `KeyId`: which key of the world a request names.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::authorizations::Named;
use crate::{
    arn::Arn,
    catalog::{Action, KeySpec},
    problem::{Code, Problems},
    request::Caller,
    world::{KmsKey, World},
};

/// A key of the world, and the alias by which the request named it.
pub(super) struct Found {
    pub index: usize,
    pub alias: Option<Box<str>>,
}

/// Resolves the key identifier: key id, key ARN, alias name or alias ARN. A short form is looked up in
/// the caller's account and Region
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id>).
pub(super) fn key(
    action: Action,
    parameter: &'static str,
    named: &Named<'_>,
    problems: &mut Problems<'_>,
) -> Option<Found> {
    let world = named.world;
    let Some(id) = named.text(parameter) else {
        // The ciphertext tells which key it is; with one key in the world there is no doubt.
        if matches!(action, Action::Decrypt | Action::ReEncryptFrom) && world.keys.len() == 1 {
            return Some(Found { index: 0, alias: None });
        }
        let message = format!("`{parameter}` is missing; add the key's id or ARN, or an alias, under `parameters`");
        named.report(parameter, Code::MissingField, message, problems);
        return None;
    };
    let found = find(id, action, named.caller, named.region, world);
    found.map_err(|(code, message)| named.report(parameter, code, message, problems)).ok()
}

fn find(
    id: &str,
    action: Action,
    caller: &Caller,
    region: Option<&str>,
    world: &World,
) -> Result<Found, (Code, String)> {
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
        (Some((index, _)), None) => return Ok(Found { index, alias: alias.map(Into::into) }),
        _ => {}
    }
    // The ciphertext of a symmetric key says where the key is, so that its id is enough
    // (https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#KMS-Decrypt-request-KeyId).
    let mut anywhere = world.keys.iter().enumerate().filter(|(_, key)| named(key));
    if matches!(action, Action::Decrypt | Action::ReEncryptFrom)
        && alias.is_none()
        && arn.is_none()
        && let (Some((index, key)), None) = (anywhere.next(), anywhere.next())
        && key.key_spec == KeySpec::SymmetricDefault
    {
        return Ok(Found { index, alias: None });
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
