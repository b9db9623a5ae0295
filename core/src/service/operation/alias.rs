//! Aliases: names that can be moved from key to key.

use alloc::{format, vec::Vec};

use super::{
    super::{
        call::{Call, Outcome},
        state::time,
    },
    listing::{Pages, page},
    nothing,
};
use crate::{
    arn::KeyArn,
    check::{ErrorName, KmsError},
    json::Value,
};

/// The name of an alias in a scenario, where it is a text or what `list-aliases` prints.
fn name(alias: &Value) -> Option<&str> {
    alias.as_str().or_else(|| alias.get("AliasName")?.as_str())
}

fn entry(arn: &KeyArn, alias: &str, created: Option<Value>, updated: Option<Value>) -> Value {
    let alias_arn = format!("arn:{}:kms:{}:{}:{alias}", arn.partition(), arn.region(), arn.account());
    let mut members = Vec::from([
        ("AliasName", Value::text(alias)),
        ("AliasArn", Value::text(&alias_arn)),
        ("TargetKeyId", Value::text(arn.id())),
    ]);
    members.extend(created.map(|date| ("CreationDate", date)));
    members.extend(updated.map(|date| ("LastUpdatedDate", date)));
    Value::object(members)
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html>
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let alias = call.parameters.required("AliasName")?;
    let now = time(call.now);
    let entry = entry(&call.kms_key(key)?.arn, alias, Some(now.clone()), Some(now));
    call.draft.state.set(&format!("/keys/{key}/Aliases/-"), &entry)?;
    Ok(nothing())
}

/// Takes the alias from the key that has it, and says when it was made.
fn take(call: &mut Call<'_>, key: usize, alias: &str) -> Outcome<Option<Value>> {
    let aliases = call.draft.state.list_of_key(key, "Aliases");
    let Some(at) = aliases.iter().position(|other| name(other) == Some(alias)) else { return Ok(None) };
    let created = aliases.get(at).and_then(|other| other.get("CreationDate")).cloned();
    call.draft.state.remove(&format!("/keys/{key}/Aliases/{at}"))?;
    Ok(created)
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html>
pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let (from, to) = (call.nth_key(0)?, call.nth_key(1)?);
    let alias = call.parameters.required("AliasName")?;
    let full = call.draft.state.list_of_key(to, "Aliases").len() >= crate::catalog::key_spec::ALIASES_PER_KEY;
    let arn = &call.kms_key(to)?.arn;
    if full && from != to {
        let message = format!("{} has as many aliases as a key can have.", arn.as_str());
        return Err(KmsError::new(ErrorName::LimitExceeded, message).into());
    }
    let created = take(call, from, alias)?;
    let entry = entry(arn, alias, created, Some(time(call.now)));
    call.draft.state.set(&format!("/keys/{to}/Aliases/-"), &entry)?;
    Ok(nothing())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteAlias.html>
pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let key = call.key()?;
    let alias = call.parameters.required("AliasName")?;
    take(call, key, alias)?;
    Ok(nothing())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html>: those of the account and Region, or of
/// one key in them.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let wanted = call.parameters.text("KeyId");
    let mut entries = Vec::new();
    let mut known = wanted.is_none();
    for key in call.own_keys() {
        let arn = &call.kms_key(key)?.arn;
        if wanted.is_some_and(|wanted| wanted != arn.as_str() && wanted != arn.id()) {
            continue;
        }
        known = true;
        for alias in call.draft.state.list_of_key(key, "Aliases") {
            let date = |field| alias.get(field).cloned();
            let name = name(alias).unwrap_or_default();
            entries.push(entry(arn, name, date("CreationDate"), date("LastUpdatedDate")));
        }
    }
    if !known {
        let arn = wanted.filter(|wanted| wanted.starts_with("arn:")).map(Into::into);
        let arn = arn.map_or_else(
            || Ok(call.new_arn(call.region(), wanted.unwrap_or_default())?.as_str().into()),
            Ok::<alloc::string::String, super::Stop>,
        )?;
        return Err(KmsError::new(ErrorName::NotFound, format!("Key '{arn}' does not exist")).into());
    }
    page(call, "Aliases", entries, &Pages { usual: 50, most: 100 })
}
