//! `KeyId`: which key of the world a request names.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use base64ct::{Base64, Encoding as _};

use super::authorizations::Named;
use crate::{
    arn::{AccountId, Arn},
    catalog::{Action, KeySpec, key_spec::DEFAULT_ENCRYPTION_ALGORITHM},
    problem::{Code, Problems},
    request::{Fault, Resource},
    seal::Blob,
    world::KmsKey,
};

/// What an identifier leads to.
pub(super) struct Found {
    /// The key of the world, or what would have been it.
    pub resource: Resource,
    /// The alias by which the request named it.
    pub alias: Option<Box<str>>,
    /// Why KMS answers with an error.
    pub fault: Option<Fault>,
}

impl Found {
    /// A key of the world.
    pub fn index(&self) -> Option<usize> {
        self.resource.key()
    }

    fn key(index: usize) -> Self {
        Self { resource: Resource::Key(index), alias: None, fault: None }
    }
}

/// Resolves the key identifier: key id, key ARN, alias name or alias ARN. A short form is looked up in
/// the caller's account and Region
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id>). What leads nowhere is an
/// answer too, with a warning: it may be a slip.
pub(super) fn key(
    action: Action,
    parameter: &'static str,
    named: &Named<'_>,
    problems: &mut Problems<'_>,
) -> Option<Found> {
    let world = named.world;
    let Some(id) = named.text(parameter) else {
        // The ciphertext tells which key it is; with one key in the world, or in the Region, there is no doubt.
        if matches!(action, Action::Decrypt | Action::ReEncryptFrom) {
            if let Some(found) = of_ciphertext(named) {
                return Some(found);
            }
            let here = |key: &KmsKey| named.region.is_none_or(|region| region == key.arn.region());
            let mut here = world.keys.iter().enumerate().filter(|(_, key)| world.keys.len() == 1 || here(key));
            if let (Some((index, _)), None) = (here.next(), here.next()) {
                return Some(Found::key(index));
            }
        }
        let message = format!("`{parameter}` is missing; add the key's id or ARN, or an alias, under `parameters`");
        named.report(parameter, Code::MissingField, message, problems);
        return None;
    };
    match find(id, action, named) {
        Ok(found) => {
            if matches!(found.resource, Resource::Missing(_)) {
                named.report(parameter, Code::UnknownKey, nowhere(id, &found, named), problems);
            }
            Some(found)
        }
        Err(message) => {
            named.report(parameter, Code::InvalidValue, message, problems);
            None
        }
    }
}

/// The key that encrypted a ciphertext which KMS is to decrypt; of one that names no key, an error if the world lives.
fn of_ciphertext(named: &Named<'_>) -> Option<Found> {
    let asymmetric = named.text("EncryptionAlgorithm").or_else(|| named.text("SourceEncryptionAlgorithm"));
    let missing =
        |arn: &str, fault| Some(Found { resource: Resource::Missing(arn.into()), alias: None, fault: Some(fault) });
    let bytes = Base64::decode_vec(named.text("CiphertextBlob")?);
    let Ok(blob) = bytes.as_deref().map_err(|_| ()).and_then(|bytes| Blob::parse(bytes).map_err(|_| ())) else {
        let foreign = named.lives && asymmetric.is_none_or(|algorithm| algorithm == DEFAULT_ENCRYPTION_ALGORITHM);
        return if foreign { missing(&named.arn_of("key/*", named.region), Fault::UnreadableCiphertext) } else { None };
    };
    let keys = named.world.keys.iter().enumerate();
    let mut relatives = keys.filter(|(_, key)| blob.is_of(&key.arn)).map(|(index, key)| (index, key.arn.region()));
    let region = named.region.unwrap_or_else(|| blob.key().region());
    let found = relatives.clone().find(|(_, other)| *other == region);
    // Without a Region of its own the request may be in any that has the key.
    let found = found.or_else(|| relatives.next().filter(|_| named.region.is_none()));
    match found {
        Some((index, _)) => Some(Found::key(index)),
        None => missing(blob.key().as_str(), Fault::NoSuchCiphertextKey),
    }
}

/// An identifier, taken apart.
struct Identifier<'t> {
    text: &'t str,
    arn: Option<Arn<'t>>,
    alias: Option<&'t str>,
}

impl<'t> Identifier<'t> {
    fn new(text: &'t str) -> Self {
        let arn = Arn::parse(text);
        let own = arn.map_or(text, |arn| arn.resource);
        Self { text, arn, alias: Some(own).filter(|own| own.starts_with("alias/")) }
    }

    /// Whether a key has this id, ARN or alias, wherever it is.
    fn names(&self, key: &KmsKey) -> bool {
        match (self.alias, self.arn) {
            (None, Some(_)) => key.arn.as_str() == self.text,
            (None, None) => key.arn.id() == self.text,
            (Some(alias), _) => key.aliases.iter().any(|name| &**name == alias),
        }
    }

    /// Whether it is the ARN of a key or alias, if it is one.
    fn is_sound_arn(&self) -> bool {
        self.arn.is_none_or(|arn| {
            arn.service == "kms"
                && !arn.region.is_empty()
                && AccountId::parse(arn.account).is_some()
                && (self.alias.is_some() || arn.resource.strip_prefix("key/").is_some_and(|id| !id.is_empty()))
        })
    }

    /// Whether it has the form of a key id: a UUID, or `mrk-` and 32 hexadecimal digits
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-id>).
    fn is_key_id(&self) -> bool {
        let is_hex = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_hexdigit());
        match self.text.strip_prefix("mrk-") {
            Some(rest) => is_hex(rest, 32),
            None => {
                let mut parts = self.text.split('-');
                [8, 4, 4, 4, 12].into_iter().all(|length| parts.next().is_some_and(|part| is_hex(part, length)))
                    && parts.next().is_none()
            }
        }
    }
}

fn find(text: &str, action: Action, named: &Named<'_>) -> Result<Found, String> {
    let Named { caller, region, world, .. } = *named;
    let id = Identifier::new(text);
    // Where to look: where the ARN says, or in the caller's account and the request's Region.
    let there = |key: &KmsKey| match id.arn {
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
    let elsewhere = match (id.arn, region) {
        (Some(arn), Some(region)) => arn.region != region,
        _ => false,
    };
    let fault = match () {
        () if !id.is_sound_arn() => Some(Fault::InvalidArn),
        () if id.alias.is_some() && !action.accepts_alias() => Some(Fault::AliasNotTaken),
        () if elsewhere => Some(Fault::OtherRegion),
        () => None,
    };
    let mut found = world.keys.iter().enumerate().filter(|(_, key)| id.names(key) && there(key));
    match (found.next(), found.next()) {
        (Some((_, one)), Some((_, other))) => {
            let (one, other) = (one.arn.as_str(), other.arn.as_str());
            return Err(format!("`{text}` can be `{one}` or `{other}`; write the ARN, or the request's `region`"));
        }
        (Some((index, _)), None) => return Ok(Found { alias: id.alias.map(Into::into), fault, ..Found::key(index) }),
        _ => {}
    }
    // The ciphertext of a symmetric key says where the key is, so that its id is enough
    // (https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#KMS-Decrypt-request-KeyId).
    let mut anywhere = world.keys.iter().enumerate().filter(|(_, key)| id.names(key));
    if matches!(action, Action::Decrypt | Action::ReEncryptFrom)
        && id.alias.is_none()
        && id.arn.is_none()
        && let (Some((index, key)), None) = (anywhere.next(), anywhere.next())
        && key.key_spec == KeySpec::SymmetricDefault
    {
        return Ok(Found::key(index));
    }
    let fault = fault.unwrap_or(match id.alias {
        Some(_) => Fault::NoSuchAlias,
        None if id.arn.is_none() && !id.is_key_id() => Fault::InvalidKeyId,
        None => Fault::NoSuchKey,
    });
    let arn = match (id.arn, id.alias) {
        (Some(_), _) => text.into(),
        (None, Some(alias)) => named.arn_of(alias, region),
        (None, None) => named.arn_of(&format!("key/{text}"), region),
    };
    Ok(Found { resource: Resource::Missing(arn), alias: None, fault: Some(fault) })
}

/// What to do about an identifier that leads nowhere.
fn nowhere(text: &str, found: &Found, named: &Named<'_>) -> String {
    let id = Identifier::new(text);
    let keys = &named.world.keys;
    if found.fault == Some(Fault::InvalidArn) {
        return format!("`{text}` is not the ARN of a key or an alias, and KMS answers with an error");
    }
    if keys.iter().any(|key| id.names(key)) {
        return format!(
            "`{text}` is looked up in the caller's account and Region, where no such key is, and KMS answers with an error; to name the key, write its ARN"
        );
    }
    let near = keys.iter().flat_map(|key| {
        let names = key.aliases.iter().map(|alias| &**alias);
        [key.arn.as_str(), key.arn.id()].into_iter().chain(names).map(move |name| (name, key.arn.as_str()))
    });
    let own = |name: &str| name.rsplit(['/', ':']).next().unwrap_or_default().to_lowercase();
    let meant = near.into_iter().find(|(name, _)| is_near(&own(name), &own(text)));
    let known: Vec<&str> = keys.iter().map(|key| key.arn.as_str()).collect();
    let known = match meant {
        Some((name, arn)) if name != arn => format!("did you mean `{name}` of `{arn}`?"),
        Some((_, arn)) => format!("did you mean `{arn}`?"),
        None if known.is_empty() => "there are none yet".to_string(),
        None => format!("there are: {}", known.join(", ")),
    };
    format!("no key under `keys` is `{text}`, and KMS answers with an error; {known}")
}

/// Whether two names are the same but for a slip: two characters in one place.
fn is_near(one: &str, other: &str) -> bool {
    let same = |pair: &(u8, u8)| pair.0 == pair.1;
    let before = one.bytes().zip(other.bytes()).take_while(same).count();
    let after = one.bytes().rev().zip(other.bytes().rev()).take_while(same).count();
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    let after = after.min(shorter.saturating_sub(before));
    shorter > 2 && longer.saturating_sub(before).saturating_sub(after) <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near() {
        for (one, other) in [("orders", "oders"), ("orders", "order"), ("orders", "odrers"), ("1234abcd", "1234abce")] {
            assert!(is_near(one, other) && is_near(other, one), "{one} {other}");
        }
        for (one, other) in [("orders", "payments"), ("a", "b"), ("", "orders"), ("1234abcd", "1299abce")] {
            assert!(!is_near(one, other) && !is_near(other, one), "{one} {other}");
        }
    }

    #[test]
    fn key_ids_have_one_of_two_forms() {
        let is_key_id = |text: &str| Identifier::new(text).is_key_id();
        for text in ["1234abcd-12ab-34cd-56ef-1234567890ab", "mrk-1234abcd12ab34cd56ef1234567890ab"] {
            assert!(is_key_id(text) && !is_key_id(&format!("{text}0")) && !is_key_id(&text[1..]), "{text}");
        }
    }
}
