//! What an operation needs: its permissions, each with the resource that it is asked on.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::key_id::{self, Found};
use crate::{
    arn::Arn,
    catalog::{Action, Operation, ResourceType},
    json::{Path, Span, Value},
    problem::{Code, Problems},
    request::{Authorization, Caller, Fault, Parameter, ParameterValue, Resource},
    world::{KmsKey, World},
};

/// The parts of a request that say which resources it names.
pub(super) struct Named<'r> {
    pub caller: &'r Caller,
    pub region: Option<&'r str>,
    pub parameters: &'r [Parameter],
    /// The parameters as written, for positions.
    pub written: Option<&'r Value>,
    pub world: &'r World,
    /// `keys` as written, for what is told of them.
    pub keys: Option<&'r Value>,
    /// Whether the ciphertexts of the request are those of this world.
    pub lives: bool,
    /// The way to the request.
    pub path: &'r Path<'r>,
}

pub(super) fn authorizations(
    operation: Operation,
    named: &Named<'_>,
    problems: &mut Problems<'_>,
) -> Option<Vec<Authorization>> {
    Some(match operation {
        Operation::ReEncrypt => Vec::from([
            named.on_key(Action::ReEncryptFrom, "SourceKeyId", problems)?,
            named.on_key(Action::ReEncryptTo, "DestinationKeyId", problems)?,
        ]),
        Operation::Of(action) => match action {
            Action::CreateAlias => {
                let on_key = named.on_key(action, "TargetKeyId", problems)?;
                Vec::from([named.on_alias(action, &on_key, problems)?, on_key])
            }
            Action::UpdateAlias => {
                let on_new = named.on_key(action, "TargetKeyId", problems)?;
                let current = named.on_aliased_key(action, on_new.region.as_deref(), problems)?;
                Vec::from([named.on_alias(action, &current, problems)?, current, on_new])
            }
            Action::DeleteAlias => {
                let current = named.on_aliased_key(action, None, problems)?;
                Vec::from([named.on_alias(action, &current, problems)?, current])
            }
            Action::CreateKey => named.create_key(),
            Action::ReplicateKey => named.replicate_key(problems)?,
            Action::UpdatePrimaryRegion => named.update_primary_region(problems)?,
            Action::RetireGrant => Vec::from([named.retire_grant(problems)?]),
            Action::ReEncryptFrom => Vec::from([named.on_key(action, "SourceKeyId", problems)?]),
            Action::ReEncryptTo => Vec::from([named.on_key(action, "DestinationKeyId", problems)?]),
            Action::RevokeGrant => Vec::from([named.revoke_grant(problems)?]),
            _ if action.resource() == ResourceType::Key => Vec::from([named.on_key(action, "KeyId", problems)?]),
            _ => Vec::from([named.on(action, Resource::None, named.region)]),
        },
    })
}

impl Named<'_> {
    fn on(&self, action: Action, resource: Resource, region: Option<&str>) -> Authorization {
        Authorization { action, resource, request_alias: None, region: region.map(Into::into), fault: None }
    }

    /// The ARN of something in the caller's account and the request's Region.
    pub(super) fn arn_of(&self, resource: &str, region: Option<&str>) -> Box<str> {
        let first = self.world.keys.first().map(|key| &key.arn);
        let partition = self.caller.arn().map(|arn| arn.partition()).or(first.map(|arn| arn.partition()));
        // Without a Region anywhere it is the one that AWS's tools fall back to.
        let region = region.or(first.map(|arn| arn.region())).unwrap_or("us-east-1");
        let account = self.caller.account().or(first.map(|arn| arn.account()));
        let account = account.map(|account| account.to_string()).unwrap_or_default();
        format!("arn:{}:kms:{region}:{account}:{resource}", partition.unwrap_or("aws")).into()
    }

    fn key(&self, authorization: &Authorization) -> Option<&KmsKey> {
        authorization.resource.kms_key(self.world)
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&ParameterValue> {
        self.parameters.iter().find(|parameter| &*parameter.name == name).map(|parameter| &parameter.value)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.parameter(name)? {
            ParameterValue::Text(text) => Some(text),
            _ => None,
        }
    }

    fn span(&self, name: &str) -> Span {
        let here = self.written.and_then(|value| value.get(name)).or(self.written);
        here.map_or(self.caller.span, |value| value.span)
    }

    /// Reports a parameter, or its absence.
    pub(super) fn report(&self, name: &str, code: Code, message: String, problems: &mut Problems<'_>) {
        let here = self.path.member("parameters");
        let way = if code == Code::MissingField { &here } else { &here.member(name) };
        problems.push(code, self.span(name), way, message);
    }

    fn required(&self, name: &'static str, what: &str, problems: &mut Problems<'_>) -> Option<&str> {
        let text = self.text(name);
        if text.is_none() {
            let message = format!("`{name}` is missing; add {what} under `parameters`");
            self.report(name, Code::MissingField, message, problems);
        }
        text
    }

    /// On the key that a parameter names.
    fn on_key(&self, action: Action, parameter: &'static str, problems: &mut Problems<'_>) -> Option<Authorization> {
        let Found { resource, alias, fault } = key_id::key(action, parameter, self, problems)?;
        let region = Arn::parse(resource.arn(self.world)).map(|arn| arn.region.into());
        Some(Authorization { action, resource, request_alias: alias, region, fault })
    }

    /// On the alias that the operation makes, moves or deletes: it is in the account and Region of its key. A
    /// name without `alias/` is no alias, which KMS says itself.
    fn on_alias(&self, action: Action, on_key: &Authorization, problems: &mut Problems<'_>) -> Option<Authorization> {
        let name = self.required("AliasName", "an alias name such as `alias/orders`", problems)?;
        let key = Arn::parse(on_key.resource.arn(self.world));
        let region = key.map_or(self.region.unwrap_or("us-east-1"), |arn| arn.region);
        let account = self.caller.account().map(|account| account.to_string());
        let account = account.or_else(|| key.map(|arn| arn.account.to_string())).unwrap_or_default();
        let prefix = if name.starts_with("alias/") { "" } else { "alias/" };
        let partition = key.map_or("aws", |arn| arn.partition);
        let arn: Box<str> = format!("arn:{partition}:kms:{region}:{account}:{prefix}{name}").into();
        Some(self.on(action, Resource::Alias(arn), Some(region)))
    }

    /// On the key that has the alias now.
    fn on_aliased_key(
        &self,
        action: Action,
        region: Option<&str>,
        problems: &mut Problems<'_>,
    ) -> Option<Authorization> {
        let name = self.required("AliasName", "an alias name such as `alias/orders`", problems)?;
        let region = self.region.or(region);
        let has = |key: &KmsKey| {
            key.aliases.iter().any(|alias| &**alias == name)
                && region.is_none_or(|region| region == key.arn.region())
                && self.caller.account().is_none_or(|account| account == key.arn.account())
        };
        let Some(index) = self.world.keys.iter().position(has) else {
            let message = format!(
                "no key under `keys` in the caller's account and Region has the alias `{name}`, and KMS answers with an error; an alias stands under its key's `Aliases`"
            );
            self.report("AliasName", Code::UnknownKey, message, problems);
            let missing = self.arn_of(name, region);
            let region = Arn::parse(&missing).map(|arn| arn.region.to_string());
            let fault = Some(Fault::NoSuchAlias);
            return Some(Authorization { fault, ..self.on(action, Resource::Missing(missing), region.as_deref()) });
        };
        let region = self.world.keys.get(index).map(|key| key.arn.region());
        Some(self.on(action, Resource::Key(index), region))
    }

    fn has_tags(&self) -> bool {
        matches!(self.parameter("Tags"), Some(ParameterValue::Pairs(pairs)) if !pairs.is_empty())
    }

    /// Tags take a permission of their own, on the key that is to be made
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html>).
    fn create_key(&self) -> Vec<Authorization> {
        let mut all = Vec::from([self.on(Action::CreateKey, Resource::None, self.region)]);
        if self.has_tags() {
            // Without a Region anywhere it is the one that AWS's tools fall back to.
            let region = self.region.or_else(|| self.world.keys.first().map(|key| key.arn.region()));
            let region = region.unwrap_or("us-east-1");
            let (partition, account) = match self.caller.arn() {
                Some(arn) => (arn.partition(), arn.account().to_string()),
                None => ("aws", String::new()),
            };
            // Nobody knows the id of a key before it is made: this one is no policy's.
            let prefix = if self.text("MultiRegion") == Some("true") { "mrk-" } else { "" };
            let id = "00000000-0000-0000-0000-000000000000";
            let arn: Box<str> = format!("arn:{partition}:kms:{region}:{account}:key/{prefix}{id}").into();
            all.push(self.on(Action::TagResource, Resource::NewKey(arn), Some(region)));
        }
        all
    }

    /// The primary key in its Region, and a key that is made in the other
    /// (<https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html>).
    fn replicate_key(&self, problems: &mut Problems<'_>) -> Option<Vec<Authorization>> {
        let on_primary = self.on_key(Action::ReplicateKey, "KeyId", problems)?;
        let region = self.required("ReplicaRegion", "the Region of the replica", problems)?;
        let primary = Arn::parse(on_primary.resource.arn(self.world));
        let (partition, account) = primary.map_or(("aws", ""), |arn| (arn.partition, arn.account));
        let id = primary.map_or("", |arn| arn.resource.trim_start_matches("key/"));
        let replica: Box<str> = format!("arn:{partition}:kms:{region}:{account}:key/{id}").into();
        let mut all = Vec::from([on_primary, self.on(Action::CreateKey, Resource::None, Some(region))]);
        if self.has_tags() {
            all.push(self.on(Action::TagResource, Resource::NewKey(replica), Some(region)));
        }
        Some(all)
    }

    /// The primary key, and the replica that is to be primary.
    fn update_primary_region(&self, problems: &mut Problems<'_>) -> Option<Vec<Authorization>> {
        let on_primary = self.on_key(Action::UpdatePrimaryRegion, "KeyId", problems)?;
        let region = self.required("PrimaryRegion", "the Region of the replica that is to be primary", problems)?;
        let Some(primary) = self.key(&on_primary) else { return Some(Vec::from([on_primary])) };
        let is_replica = |key: &KmsKey| {
            key.arn.id() == primary.arn.id() && key.arn.account() == primary.arn.account() && key.arn.region() == region
        };
        let on_replica = match self.world.keys.iter().position(is_replica) {
            Some(replica) => self.on(Action::UpdatePrimaryRegion, Resource::Key(replica), Some(region)),
            // KMS says of the key itself that it has no replicas.
            None if primary.multi_region.is_none() => return Some(Vec::from([on_primary])),
            None => {
                let (partition, account, id) = (primary.arn.partition(), primary.arn.account(), primary.arn.id());
                let missing: Box<str> = format!("arn:{partition}:kms:{region}:{account}:key/{id}").into();
                let message = format!(
                    "no key under `keys` is the replica of `{}` in `{region}`, and KMS answers with an error",
                    primary.arn.as_str()
                );
                self.report("PrimaryRegion", Code::UnknownKey, message, problems);
                let on_replica = self.on(Action::UpdatePrimaryRegion, Resource::Missing(missing), Some(region));
                Authorization { fault: Some(Fault::NoSuchKey), ..on_replica }
            }
        };
        Some(Vec::from([on_primary, on_replica]))
    }

    /// A grant is named by its key and its id. Of a key whose grants nobody listed, it may have any
    /// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_RevokeGrant.html>).
    fn revoke_grant(&self, problems: &mut Problems<'_>) -> Option<Authorization> {
        let mut on_key = self.on_key(Action::RevokeGrant, "KeyId", problems)?;
        let told = |index: usize| {
            let keys = self.keys.and_then(Value::as_array).unwrap_or_default();
            keys.get(index).is_some_and(|key| key.get("Grants").is_some())
        };
        if let Some(id) = self.text("GrantId")
            && let Some(index) = on_key.resource.key().filter(|index| told(*index))
            && let Some(key) = self.world.keys.get(index)
            && !key.grants.iter().any(|grant| grant.id.as_deref() == Some(id))
        {
            self.no_such_grant(id, problems);
            on_key.fault = on_key.fault.or(Some(Fault::NoSuchGrant));
        }
        Some(on_key)
    }

    fn no_such_grant(&self, id: &str, problems: &mut Problems<'_>) {
        let message = format!(
            "the key has no grant `{id}` under `Grants`, and KMS answers with an error; `aws kms list-grants` prints those that it has"
        );
        self.report("GrantId", Code::UnknownGrant, message, problems);
    }

    /// A grant is named by its token, or by its id and its key
    /// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html>).
    fn retire_grant(&self, problems: &mut Problems<'_>) -> Option<Authorization> {
        let retire = |key: usize, grant: usize| {
            let region = self.world.keys.get(key).map(|key| key.arn.region());
            self.on(Action::RetireGrant, Resource::Grant { key, grant }, region)
        };
        let retired = |resource: Resource, fault: Fault| {
            let region = Arn::parse(resource.arn(self.world)).map(|arn| arn.region.to_string());
            Authorization { fault: Some(fault), ..self.on(Action::RetireGrant, resource, region.as_deref()) }
        };
        if let Some(token) = self.text("GrantToken") {
            let grants = self.world.keys.iter().enumerate().flat_map(|(index, key)| {
                key.grants.iter().enumerate().map(move |(position, grant)| (index, position, grant))
            });
            let mut of_token = grants.filter(|(.., grant)| grant.token.as_deref() == Some(token));
            if let Some((key, grant, _)) = of_token.next() {
                return Some(retire(key, grant));
            }
            let message = format!(
                "no grant under `keys` has the token `{token}`, and KMS answers with an error; a token stands as `GrantToken` beside its grant"
            );
            self.report("GrantToken", Code::UnknownGrant, message, problems);
            let missing = self.arn_of("key/*", self.region);
            return Some(retired(Resource::Missing(missing), Fault::NoSuchGrantToken));
        }
        let found = key_id::key(Action::RetireGrant, "KeyId", self, problems)?;
        let id = self.required("GrantId", "`GrantToken`, or `KeyId` and `GrantId`,", problems)?;
        let Some(index) = found.index() else {
            return Some(retired(found.resource, found.fault.unwrap_or(Fault::NoSuchKey)));
        };
        let key = self.world.keys.get(index)?;
        let Some(grant) = key.grants.iter().position(|grant| grant.id.as_deref() == Some(id)) else {
            self.no_such_grant(id, problems);
            let fault = found.fault.unwrap_or(Fault::NoSuchGrant);
            return Some(retired(Resource::Grant { key: index, grant: key.grants.len() }, fault));
        };
        Some(Authorization { fault: found.fault, ..retire(index, grant) })
    }
}
