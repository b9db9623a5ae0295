//! Which authorizations an operation needs: each is an action on a resource, with a context of its own.
//!
//! "AWS KMS permissions" (<https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>),
//! "Controlling access to aliases" (<https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html>),
//! "Controlling access to multi-Region keys"
//! (<https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html>) and the API pages.

use serde_json::Value;

use super::action::{self, Action, On};
use super::arn::Arn;
use super::caller::Caller;
use super::grant::Grant;
use super::json::{list, text, text_of};
use super::world::{Key, Request, World};

/// One authorization.
#[derive(Debug)]
pub(super) struct Authorization<'world> {
    pub action: Action,
    pub resource: Resource<'world>,
    /// The Region that it takes place in, if anything tells.
    pub region: Option<String>,
    /// The alias by which the request names the key.
    pub request_alias: Option<String>,
    /// Of the two halves of ReEncrypt: whether both keys are one, as far as anything tells.
    pub same_key: Option<bool>,
    /// The grant that RetireGrant names.
    pub grant: Option<&'world Grant>,
    /// The key that is to be made.
    pub new_key: Option<NewKey>,
}

/// What an authorization is about.
#[derive(Debug)]
pub(super) enum Resource<'world> {
    Key(&'world Key),
    Alias(Arn),
    /// A key that does not exist yet: to tag it takes permission that is not limited to particular keys.
    AnyKey(Arn),
    /// Nothing that exists: policies say `*`.
    Nothing,
}

/// The properties of a key that is to be made.
#[derive(Clone, Debug)]
pub(super) struct NewKey {
    pub spec: String,
    pub usage: String,
    pub origin: String,
    pub multi_region: bool,
    pub multi_region_type: &'static str,
}

impl Resource<'_> {
    /// What `Resource` in a policy is compared with.
    pub fn text(&self) -> &str {
        match self {
            Resource::Key(key) => &key.arn.text,
            Resource::Alias(arn) | Resource::AnyKey(arn) => &arn.text,
            Resource::Nothing => "*",
        }
    }

    /// The ARN, if there is one.
    pub fn arn(&self) -> Option<&Arn> {
        match self {
            Resource::Key(key) => Some(&key.arn),
            Resource::Alias(arn) | Resource::AnyKey(arn) => Some(arn),
            Resource::Nothing => None,
        }
    }
}

const NO_KEY: &str = "no key of the scenario is the one that the request names";

/// Everything that the request must be allowed to do.
pub(super) fn needed<'world>(
    world: &'world World,
    request: &Request,
    caller: &Caller,
) -> Result<Vec<Authorization<'world>>, &'static str> {
    let ask = Ask { world, request, caller };
    let operation = request.operation.split_once(':').map_or(request.operation.as_str(), |(_, name)| name);
    match operation {
        "ReEncrypt" => Ok(vec![ask.re_encrypt_from()?, ask.re_encrypt_to()?]),
        "ReEncryptFrom" => Ok(vec![ask.re_encrypt_from()?]),
        "ReEncryptTo" => Ok(vec![ask.re_encrypt_to()?]),
        "CreateAlias" => {
            let target = ask.on_key(named("CreateAlias")?, ask.parameter("TargetKeyId"))?;
            Ok(vec![ask.on_alias(named("CreateAlias")?, &target)?, target])
        }
        "UpdateAlias" => {
            let current = ask.on_key(named("UpdateAlias")?, ask.parameter("AliasName"))?;
            let target = ask.on_key(named("UpdateAlias")?, ask.parameter("TargetKeyId"))?;
            Ok(vec![ask.on_alias(named("UpdateAlias")?, &current)?, current, target])
        }
        "DeleteAlias" => {
            let current = ask.on_key(named("DeleteAlias")?, ask.parameter("AliasName"))?;
            Ok(vec![ask.on_alias(named("DeleteAlias")?, &current)?, current])
        }
        "ReplicateKey" => ask.replicate(),
        "UpdatePrimaryRegion" => ask.update_primary_region(),
        "RetireGrant" => Ok(vec![ask.retire_grant()?]),
        "CreateKey" => ask.create_key(),
        other => {
            let action = named(other)?;
            match action.on {
                On::Key => Ok(vec![ask.on_key(action, ask.parameter("KeyId"))?]),
                On::Nothing | On::CustomKeyStore => Ok(vec![ask.on(action, Resource::Nothing)]),
            }
        }
    }
}

fn named(name: &str) -> Result<Action, &'static str> {
    action::find(name).ok_or("no operation of AWS KMS")
}

struct Ask<'world, 'ask> {
    world: &'world World,
    request: &'ask Request,
    caller: &'ask Caller<'ask>,
}

impl<'world, 'ask> Ask<'world, 'ask> {
    fn parameter(&self, name: &str) -> Option<&'ask str> {
        text(&self.request.parameters, name)
    }

    /// The action on that resource.
    fn on(&self, action: Action, resource: Resource<'world>) -> Authorization<'world> {
        let region = self.request.region.clone().or_else(|| Some(resource.arn()?.region.clone()));
        Authorization { action, resource, region, request_alias: None, same_key: None, grant: None, new_key: None }
    }

    /// The action on the key that goes by that identifier. Where the ciphertext tells the key, its bare id
    /// will do in any account.
    fn on_key(&self, action: Action, identifier: Option<&str>) -> Result<Authorization<'world>, &'static str> {
        let by_ciphertext = ["Decrypt", "ReEncryptFrom"].contains(&action.name);
        let has_id = |key: &&Key| by_ciphertext && Some(key.id()) == identifier;
        let elsewhere = || only(self.world.keys.iter().filter(has_id)).map(|key| (key, None));
        let (key, alias) = self.key(identifier).or_else(|nowhere| elsewhere().ok_or(nowhere))?;
        let mut authorization = self.on(action, Resource::Key(key));
        authorization.request_alias = alias.filter(|_| action.takes_aliases());
        Ok(authorization)
    }

    /// The key of that identifier, and the alias if it is one. Key ids and alias names are looked up in the
    /// caller's account and Region. An identifier may be left out where there is but one key.
    fn key(&self, identifier: Option<&str>) -> Result<(&'world Key, Option<String>), &'static str> {
        let keys = self.world.keys.iter();
        let Some(identifier) = identifier else {
            return only(keys).map(|key| (key, None)).ok_or(NO_KEY);
        };
        let here = |key: &&Key| {
            let account = self.caller.arn.as_ref().is_none_or(|arn| arn.same_account(&key.arn));
            account && self.request.region.as_ref().is_none_or(|region| *region == key.arn.region)
        };
        let arn = Arn::read(identifier);
        let name = arn.as_ref().map_or(identifier, |arn| arn.resource.as_str());
        let there = |key: &&Key| match &arn {
            Some(arn) => key.arn.same_account(arn) && key.arn.region == arn.region,
            None => here(key),
        };
        let keys = keys.filter(there);
        if name.starts_with("alias/") {
            let key = only(keys.filter(|key| key.aliases.iter().any(|alias| alias == name)));
            return key.map(|key| (key, Some(name.to_owned()))).ok_or(NO_KEY);
        }
        let id = name.strip_prefix("key/").unwrap_or(name);
        only(keys.filter(|key| key.id() == id)).map(|key| (key, None)).ok_or(NO_KEY)
    }

    fn re_encrypt_from(&self) -> Result<Authorization<'world>, &'static str> {
        let source = self.parameter("SourceKeyId").or_else(|| self.parameter("KeyId"));
        let mut from = self.on_key(named("ReEncryptFrom")?, source)?;
        from.same_key = self.same_key(Some(from.resource.text()), self.parameter("DestinationKeyId"));
        Ok(from)
    }

    fn re_encrypt_to(&self) -> Result<Authorization<'world>, &'static str> {
        let destination = self.parameter("DestinationKeyId").or_else(|| self.parameter("KeyId"));
        let mut to = self.on_key(named("ReEncryptTo")?, destination)?;
        let only_key = || only(self.world.keys.iter()).map(|key| key.arn.text.as_str());
        let whole = self.request.operation.ends_with("ReEncrypt");
        let source = self.parameter("SourceKeyId").or_else(|| only_key().filter(|_| whole));
        to.same_key = self.same_key(source, Some(to.resource.text()));
        Ok(to)
    }

    /// Whether source and destination are one key. Key ARNs say so by themselves; other identifiers must
    /// lead to a key.
    fn same_key(&self, source: Option<&str>, destination: Option<&str>) -> Option<bool> {
        let arn_of = |identifier: &str| match Arn::read(identifier) {
            Some(arn) if arn.resource.starts_with("key/") => Some(arn),
            _ => Some(self.key(Some(identifier)).ok()?.0.arn.clone()),
        };
        let (source, destination) = (arn_of(source?)?, arn_of(destination?)?);
        let related = source.resource == destination.resource
            && source.resource.starts_with("key/mrk-")
            && source.same_account(&destination);
        Some(source == destination || related && self.world.assumptions.related_keys_are_the_same)
    }

    /// The action on the alias, which lives in the caller's account and in the Region of the key.
    fn on_alias(&self, action: Action, key: &Authorization) -> Result<Authorization<'world>, &'static str> {
        let arn_of_key = key.resource.arn().ok_or(NO_KEY)?;
        let account = self.caller.arn.as_ref().unwrap_or(arn_of_key);
        let region = self.request.region.as_ref().unwrap_or(&arn_of_key.region);
        let alias = self.parameter("AliasName").unwrap_or_default();
        let text = format!("arn:{}:kms:{region}:{}:{alias}", account.partition, account.account);
        Ok(self.on(action, Resource::Alias(Arn::read(&text).ok_or("an alias without a name")?)))
    }

    /// TagResource on a key that is to be made in that Region. The id of a replica is that of its primary key;
    /// of any other key nobody knows it.
    fn tag_new_key(&self, region: Option<&str>, id: &str, new_key: &NewKey) -> Option<Authorization<'world>> {
        if list(&self.request.parameters, "Tags").is_empty() {
            return None;
        }
        let arn = self.caller.arn.as_ref()?;
        // A request that names no Region goes where the first key of the file is.
        let first = self.world.keys.first().map(|key| key.arn.region.as_str());
        let region = region.or(first);
        let any = format!("arn:{}:kms:{}:{}:key/{id}", arn.partition, region.unwrap_or("us-east-1"), arn.account);
        let mut tag = self.on(action::find("TagResource")?, Resource::AnyKey(Arn::read(&any)?));
        tag.region = region.map(str::to_owned);
        tag.new_key = Some(new_key.clone());
        Some(tag)
    }

    fn create_key(&self) -> Result<Vec<Authorization<'world>>, &'static str> {
        let or = |name: &str, default: &str| self.parameter(name).unwrap_or(default).to_owned();
        let multi_region = self.request.parameters.get("MultiRegion").and_then(text_of).as_deref() == Some("true");
        let new_key = NewKey {
            spec: or("KeySpec", "SYMMETRIC_DEFAULT"),
            usage: or("KeyUsage", "ENCRYPT_DECRYPT"),
            origin: or("Origin", "AWS_KMS"),
            multi_region,
            // CreateKey makes primary keys; replicas come from ReplicateKey.
            multi_region_type: "PRIMARY",
        };
        let tag = self.tag_new_key(self.request.region.as_deref(), "*", &new_key);
        let mut create = self.on(named("CreateKey")?, Resource::Nothing);
        create.new_key = Some(new_key);
        Ok(std::iter::once(create).chain(tag).collect())
    }

    /// ReplicateKey on the primary key in its Region, CreateKey in the Region of the replica, and
    /// TagResource there if the replica gets tags.
    fn replicate(&self) -> Result<Vec<Authorization<'world>>, &'static str> {
        let (key, _) = self.key(self.parameter("KeyId"))?;
        let region = self.parameter("ReplicaRegion").ok_or("ReplicateKey without a ReplicaRegion")?;
        let new_key = NewKey {
            spec: key.spec.clone(),
            usage: key.usage.clone(),
            origin: key.origin.clone(),
            multi_region: true,
            multi_region_type: "REPLICA",
        };
        let tag = self.tag_new_key(Some(region), key.id(), &new_key);
        let mut create = self.on(named("CreateKey")?, Resource::Nothing);
        create.region = Some(region.to_owned());
        create.new_key = Some(new_key);
        Ok([self.on(named("ReplicateKey")?, Resource::Key(key)), create].into_iter().chain(tag).collect())
    }

    /// On the primary key and on the replica that takes its place, each in its Region.
    fn update_primary_region(&self) -> Result<Vec<Authorization<'world>>, &'static str> {
        let action = named("UpdatePrimaryRegion")?;
        let (primary, _) = self.key(self.parameter("KeyId"))?;
        let region = self.parameter("PrimaryRegion").ok_or("UpdatePrimaryRegion without a PrimaryRegion")?;
        let is_it = |key: &&Key| key.is_related_to(primary) && key.arn.region == region;
        let replica = self.world.keys.iter().find(is_it).ok_or(NO_KEY)?;
        let mut on_replica = self.on(action, Resource::Key(replica));
        on_replica.region = Some(region.to_owned());
        Ok(vec![self.on(action, Resource::Key(primary)), on_replica])
    }

    /// On the key of the grant, which the request names by its token or by its id.
    fn retire_grant(&self) -> Result<Authorization<'world>, &'static str> {
        let (token, id) = (self.parameter("GrantToken"), self.parameter("GrantId"));
        let named_key = match (token, self.parameter("KeyId")) {
            (None, identifier) => Some(self.key(identifier)?.0),
            _ => None,
        };
        let is_it = |grant: &&Grant| match token {
            Some(token) => grant.token.as_deref() == Some(token),
            None => id.is_some() && grant.id.as_deref() == id,
        };
        let is_named = |key: &&Key| named_key.is_none_or(|named| std::ptr::eq(named, *key));
        let mut keys = self.world.keys.iter().filter(is_named);
        let found = keys.find_map(|key| Some((key, key.grants.iter().find(is_it)?)));
        let (key, grant) = found.ok_or("no grant of the scenario is the one that the request names")?;
        let mut authorization = self.on(named("RetireGrant")?, Resource::Key(key));
        authorization.grant = Some(grant);
        Ok(authorization)
    }
}

/// The only element.
fn only<T>(mut elements: impl Iterator<Item = T>) -> Option<T> {
    let first = elements.next()?;
    elements.next().is_none().then_some(first)
}

/// The tokens that the request gives.
pub(super) fn grant_tokens(parameters: &Value) -> Vec<String> {
    let alone = text(parameters, "GrantToken").map(str::to_owned);
    super::json::texts(parameters, "GrantTokens").into_iter().chain(alone).collect()
}
