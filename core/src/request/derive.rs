//! What AWS would put into the request context.
//!
//! Global keys: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.
//! KMS's own: <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>.

use alloc::{boxed::Box, format, string::ToString, vec::Vec};

use super::{
    Authorization, ContextValue, Identity, Origin, Request, RequestContext, Resource, Unlisted, encryption_context,
};
use crate::{
    arn::{AccountId, Arn, KeyArn, PrincipalKind},
    assumption::{Assumptions, OmittedNumbers, ReEncryptOnRelatedKeys},
    catalog::{
        Action, KeyOrigin, KeySpec, KeyUsage, Operation, find_condition_key,
        key_spec::{ALIASES_PER_KEY, DEFAULT_ENCRYPTION_ALGORITHM, DEFAULT_MESSAGE_TYPE},
    },
    policy::value,
    world::{EncryptionContextConstraint, KmsKey, Tag, VpcEndpoint, World},
};

/// Builds the context: by hand first, then what follows from caller, session, key and parameters.
pub(super) fn context(
    request: &Request,
    authorization: &Authorization,
    world: &World,
    assumptions: &Assumptions,
) -> RequestContext {
    let attested = request.parameter("Recipient").is_some();
    let mut context = RequestContext::new(authorization, attested, request.unlisted);
    for (name, value) in &request.given {
        context.set(name, value.clone(), Origin::Given);
    }
    let key = authorization.resource.kms_key(world);
    let mut derive = Derive { context, request, authorization, world, assumptions };
    derive.caller();
    derive.session();
    derive.surroundings(key);
    derive.vpc_endpoint();
    derive.resource_account();
    match (key, &authorization.resource, authorization.action) {
        (Some(key), ..) => derive.key(key),
        (None, Resource::NewKey(_), _) | (None, _, Action::CreateKey) => derive.key_to_be(),
        (None, ..) => {}
    }
    derive.encryption();
    derive.parameters();
    derive.context
}

/// What says which VPC a request comes from.
const NETWORK: &[&str] = &[
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
];

/// The services that `aws:CalledVia` is supported for
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia>).
const CALLED_VIA: &[&str] = &[
    "aoss",
    "athena",
    "backup",
    "cloud9",
    "cloudformation",
    "databrew",
    "dataexchange",
    "dynamodb",
    "imagebuilder",
    "kms",
    "mgn",
    "nimble",
    "omics",
    "ram",
    "robomaker",
    "servicecatalog-appregistry",
    "sqlworkbench",
    "ssm-guiconnect",
];

struct Derive<'r> {
    context: RequestContext,
    request: &'r Request,
    authorization: &'r Authorization,
    world: &'r World,
    assumptions: &'r Assumptions,
}

impl Derive<'_> {
    /// Sets a key, if requests for this operation carry it.
    fn set(&mut self, name: &str, value: ContextValue, origin: Origin) {
        if find_condition_key(name).is_none_or(|info| self.context.carries(info)) {
            self.context.set(name, value, origin);
        }
    }

    fn one(&mut self, name: &str, value: &str, origin: Origin) {
        self.set(name, ContextValue::one(value), origin);
    }

    fn optional(&mut self, name: &str, value: Option<&str>, origin: Origin) {
        self.set(name, value.map_or(ContextValue::Absent, ContextValue::one), origin);
    }

    /// What becomes of a key that nobody told and that nothing derives.
    const fn unlisted(&self) -> ContextValue {
        match self.request.unlisted {
            Unlisted::Absent => ContextValue::Absent,
            Unlisted::Unknown => ContextValue::Unknown,
        }
    }

    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
    fn caller(&mut self) {
        let world = self.world;
        let caller = &self.request.caller;
        let principal = caller.principal(world);
        let unique_id = principal.and_then(|principal| principal.unique_id.as_deref());
        let of_service = if let Identity::Service(name) = &caller.identity { Some(&**name) } else { None };
        self.one("aws:PrincipalIsAWSService", if of_service.is_some() { "true" } else { "false" }, Origin::Caller);
        self.optional("aws:PrincipalServiceName", of_service, Origin::Caller);
        if let Some(name) = of_service {
            self.one("aws:PrincipalServiceNamesList", name, Origin::Caller);
            for name in ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:userid"] {
                self.set(name, ContextValue::Unknown, Origin::Undocumented);
            }
            for name in ["aws:username", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"] {
                self.set(name, ContextValue::Absent, Origin::Caller);
            }
            // There when the service calls on behalf of a resource, which only the caller can tell.
            for name in ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"] {
                self.set(name, ContextValue::Unknown, Origin::OnBehalf);
            }
            self.set("kms:CallerAccount", ContextValue::Unknown, Origin::Undocumented);
            self.source();
            return;
        }
        self.set("aws:PrincipalServiceNamesList", ContextValue::Absent, Origin::Caller);
        let Some(arn) = caller.arn() else { return };
        let account = arn.account();
        let (principal_type, username, user_id, principal_arn) = match (&caller.identity, arn.kind()) {
            (Identity::User { .. }, PrincipalKind::User { name }) => {
                ("User", Some(&**name), unique_id.map(Box::from), arn.as_str())
            }
            (_, PrincipalKind::AssumedRole { session, .. }) => {
                let role = principal.map_or("", |role| role.arn.as_str());
                ("AssumedRole", None, unique_id.map(|id| format!("{id}:{session}").into()), role)
            }
            (_, PrincipalKind::FederatedUser { name }) => {
                ("FederatedUser", None, Some(format!("{account}:{name}").into()), arn.as_str())
            }
            _ => ("Account", None, Some(account.to_string().into()), arn.as_str()),
        };
        self.one("aws:PrincipalArn", principal_arn, Origin::Caller);
        self.one("aws:PrincipalAccount", account.as_str(), Origin::Caller);
        self.one("aws:PrincipalType", principal_type, Origin::Caller);
        self.optional("aws:username", username, Origin::Caller);
        self.one("kms:CallerAccount", account.as_str(), Origin::Caller);
        // Without the unique id of user or role, aws:userid stays what it is: always there, not known.
        if let Some(user_id) = user_id {
            self.one("aws:userid", &user_id, Origin::Caller);
        }
        // Absent for IAM principals, also when a service passes their call on.
        for name in ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"] {
            self.set(name, ContextValue::Absent, Origin::Caller);
        }
        self.organization("aws:Principal", account);
        self.principal_tags(principal.map_or(&[], |principal| &principal.tags));
    }

    /// The organization of an account, under keys that begin alike.
    fn organization(&mut self, prefix: &str, account: AccountId) {
        let Some(organization) = self.world.organization.as_ref().filter(|organization| organization.has(account))
        else {
            return;
        };
        self.one(&format!("{prefix}OrgID"), &organization.id, Origin::Organization);
        if let Some(path) = organization.path(account) {
            self.set(&format!("{prefix}OrgPaths"), ContextValue::several(Vec::from([path])), Origin::Organization);
        }
    }

    /// What follows from the resource on whose behalf a service calls, once it is given.
    fn source(&mut self) {
        let (source, _) = self.context.look_up("aws:SourceArn");
        if let ContextValue::Values(values) = source
            && let Some(account) = values.first().and_then(|arn| Arn::parse(arn)).map(|arn| arn.account)
            && AccountId::parse(account).is_some()
        {
            self.one("aws:SourceAccount", account, Origin::Caller);
        }
        let (account, _) = self.context.look_up("aws:SourceAccount");
        if let ContextValue::Values(values) = account
            && let Some(account) = values.first().and_then(|account| AccountId::parse(account))
            && let Some(organization) = &self.world.organization
        {
            // Of an account outside of it nobody knows whether it is in another one.
            let unlisted = self.unlisted();
            if !organization.has(account) {
                self.set("aws:SourceOrgID", unlisted.clone(), Origin::Unlisted);
                self.set("aws:SourceOrgPaths", unlisted, Origin::Unlisted);
            }
            self.organization("aws:Source", account);
        }
    }

    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-network-properties>
    fn vpc_endpoint(&mut self) {
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
        if !matches!(self.request.caller.identity, Identity::Service(_)) {
            let through_endpoint = matches!(self.context.look_up("aws:SourceVpce").0, ContextValue::Values(_));
            let address = if through_endpoint { ContextValue::Absent } else { ContextValue::Unknown };
            self.set("aws:SourceIp", address, Origin::Address);
        }
        // A service calls from AWS's own network, also with somebody else's credentials:
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
        if self.request.via.is_some() || matches!(self.request.caller.identity, Identity::Service(_)) {
            for name in NETWORK {
                self.set(name, ContextValue::Absent, Origin::ViaService);
            }
            return;
        }
        let endpoint = self.request.vpc_endpoint.and_then(|endpoint| self.world.vpc_endpoints.get(endpoint));
        let Some(VpcEndpoint { id, vpc, owner, .. }) = endpoint else { return };
        self.one("aws:SourceVpce", id, Origin::VpcEndpoint);
        match vpc {
            Some(vpc) => self.one("aws:SourceVpc", vpc, Origin::VpcEndpoint),
            None => self.set("aws:SourceVpc", ContextValue::Unknown, Origin::VpcEndpoint),
        }
        self.set("aws:SourceVpcArn", ContextValue::Unknown, Origin::VpcEndpoint);
        // The address of a request through an endpoint is under a key of its own.
        self.set("aws:SourceIp", ContextValue::Absent, Origin::VpcEndpoint);
        self.set("aws:VpcSourceIp", ContextValue::Unknown, Origin::VpcEndpoint);
        match owner {
            Some(owner) => {
                self.one("aws:VpceAccount", owner.as_str(), Origin::VpcEndpoint);
                self.organization("aws:Vpce", *owner);
            }
            None => {
                self.set("aws:VpceAccount", ContextValue::Unknown, Origin::VpcEndpoint);
                // Whose it is, and so whether its owner is in an organization, nobody told.
                self.set("aws:VpceOrgID", ContextValue::Unknown, Origin::VpcEndpoint);
                self.set("aws:VpceOrgPaths", ContextValue::Unknown, Origin::VpcEndpoint);
            }
        }
    }

    /// Session tags override tags of the user or role whose keys are the same without case
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>).
    fn principal_tags(&mut self, own: &[Tag]) {
        let session = &self.request.caller.session.tags;
        let overridden = |tag: &&Tag| session.iter().any(|other| other.key.to_lowercase() == tag.key.to_lowercase());
        let pair = |tag: &'_ Tag| (tag.key.clone(), tag.value.clone());
        let tags: Vec<_> = own.iter().filter(|tag| !overridden(tag)).chain(session).map(pair).collect();
        let tags = tags.iter().map(|(key, value)| (&**key, &**value));
        self.context.family("aws:PrincipalTag/", tags, Origin::Caller);
    }

    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-role-properties>
    fn session(&mut self) {
        let caller = &self.request.caller;
        let session = &caller.session;
        match &session.source_identity {
            Some(identity) => self.one("aws:SourceIdentity", identity, Origin::Session),
            // Credentials may have been made with one, of which nobody told.
            None => self.set("aws:SourceIdentity", self.unlisted(), Origin::Unlisted),
        }
        let temporary = match caller.identity {
            Identity::RoleSession { .. } | Identity::FederatedUser { .. } => true,
            // A user proves a second factor to STS, and then holds temporary credentials.
            Identity::User { .. } => session.mfa.is_some() || session.token_issue_time.is_some(),
            Identity::Root(_) => session.mfa.is_some(),
            Identity::Service(_) => false,
        };
        // The key is absent for federated identities, and false where a role was assumed without MFA.
        let mfa = match (&caller.identity, session.mfa) {
            (_, Some(mfa)) => Some(mfa),
            (Identity::FederatedUser { .. } | Identity::Service(_), None) => None,
            (_, None) => temporary.then_some(false),
        };
        let origin = if mfa == Some(false) && session.mfa.is_none() { Origin::WithoutMfa } else { Origin::Session };
        let mfa = mfa.map(|mfa| if mfa { "true" } else { "false" });
        self.optional("aws:MultiFactorAuthPresent", mfa, origin);
        match (session.mfa_age.as_deref(), session.mfa) {
            (Some(age), _) => self.one("aws:MultiFactorAuthAge", age, Origin::Session),
            (None, Some(true)) => self.set("aws:MultiFactorAuthAge", ContextValue::Unknown, Origin::Session),
            (None, _) => self.set("aws:MultiFactorAuthAge", ContextValue::Absent, Origin::Session),
        }
        match session.token_issue_time.as_deref() {
            Some(time) => self.one("aws:TokenIssueTime", time, Origin::Session),
            None if temporary => self.set("aws:TokenIssueTime", ContextValue::Unknown, Origin::Session),
            None => self.set("aws:TokenIssueTime", ContextValue::Absent, Origin::Session),
        }
    }

    /// The request itself: transport, Region, time, the service in between.
    fn surroundings(&mut self, key: Option<&KmsKey>) {
        let request = self.request;
        // KMS endpoints speak TLS only:
        // https://docs.aws.amazon.com/kms/latest/developerguide/infrastructure-security.html
        self.one("aws:SecureTransport", "true", Origin::EveryRequest);
        if let Some(region) = self.authorization.region.as_deref().or_else(|| key.map(|key| key.arn.region())) {
            self.one("aws:RequestedRegion", region, Origin::Parameter);
        }
        if let Some(now) = request.now.as_deref() {
            self.one("aws:CurrentTime", now, Origin::Time);
            if let Some(time) = value::date(now) {
                self.one("aws:EpochTime", &time.as_second().to_string(), Origin::Time);
            }
        }
        let via = request.via.as_deref();
        self.one("aws:ViaAWSService", if via.is_some() { "true" } else { "false" }, Origin::ViaService);
        self.optional("kms:ViaService", via, Origin::ViaService);
        self.one("kms:GrantIsForAWSResource", if via.is_some() { "true" } else { "false" }, Origin::ViaService);
        self.called_via(via);
    }

    /// Only some services put themselves into `aws:CalledVia`. The request says through which service it came;
    /// where a longer chain is given by hand, its ends follow.
    fn called_via(&mut self, via: Option<&str>) {
        let service = via.and_then(|via| via.split('.').next()).filter(|service| CALLED_VIA.contains(service));
        let name: Option<Box<str>> = service.map(|service| format!("{service}.amazonaws.com").into());
        self.set("aws:CalledVia", ContextValue::several(name.into_iter().collect()), Origin::ViaService);
        let (chain, first, last) = match self.context.look_up("aws:CalledVia").0 {
            ContextValue::Values(chain) => (true, chain.first().cloned(), chain.last().cloned()),
            ContextValue::Absent => (true, None, None),
            ContextValue::Unknown => (false, None, None),
        };
        for (name, end) in [("aws:CalledViaFirst", first), ("aws:CalledViaLast", last)] {
            let value = if chain { end.map_or(ContextValue::Absent, ContextValue::one) } else { ContextValue::Unknown };
            self.set(name, value, Origin::ViaService);
        }
    }

    /// AWS has the key for every operation of KMS. Of one without a resource it is that of the caller, in
    /// whose account it takes place (our reading).
    fn resource_account(&mut self) {
        let of_arn =
            Arn::parse(self.authorization.resource.arn(self.world)).and_then(|arn| AccountId::parse(arn.account));
        let (account, origin) = match of_arn {
            Some(account) => (Some(account), Origin::Key),
            None => (self.request.caller.account(), Origin::Caller),
        };
        let Some(account) = account else { return };
        self.one("aws:ResourceAccount", account.as_str(), origin);
        self.organization("aws:Resource", account);
    }

    fn key(&mut self, key: &KmsKey) {
        let names = [key.key_spec.name(), key.key_usage.name(), key.origin.name()];
        self.properties(names, key.multi_region.is_some(), Origin::Key);
        let kind = key.multi_region.map(|kind| kind.name());
        self.optional("kms:MultiRegionKeyType", kind, Origin::Key);
        // Beyond the quota the aliases of a key give no access:
        // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases
        let aliases = if key.aliases.len() > ALIASES_PER_KEY { Vec::new() } else { key.aliases.clone() };
        self.set("kms:ResourceAliases", ContextValue::several(aliases), Origin::Key);
        self.optional("kms:RequestAlias", self.authorization.request_alias.as_deref(), Origin::Parameter);
        let tags = key.tags.iter().map(|tag| (&*tag.key, &*tag.value));
        self.context.family("aws:ResourceTag/", tags, Origin::Key);
    }

    /// `CreateKey` carries the properties of the key that it is to make, defaults included. A replica gets
    /// those of its primary.
    fn key_to_be(&mut self) {
        let request = self.request;
        let primary = request.authorizations.iter().find(|other| other.action == Action::ReplicateKey);
        if let Some(primary) = primary.and_then(|primary| primary.resource.kms_key(self.world)) {
            let names = [primary.key_spec.name(), primary.key_usage.name(), primary.origin.name()];
            self.properties(names, true, Origin::Parameter);
            self.one("kms:MultiRegionKeyType", "REPLICA", Origin::Parameter);
        } else {
            let spec = request.text("KeySpec").unwrap_or_else(|| KeySpec::default().name());
            let usage = request.text("KeyUsage").unwrap_or_else(|| KeyUsage::default().name());
            let origin = request.text("Origin").unwrap_or_else(|| KeyOrigin::default().name());
            let multi_region = request.text("MultiRegion") == Some("true");
            self.properties([spec, usage, origin], multi_region, Origin::Parameter);
            self.optional("kms:MultiRegionKeyType", multi_region.then_some("PRIMARY"), Origin::Parameter);
        }
        // AWS lists the key for `CreateKey` and does not say whether the tags of the key to be are in it.
        for (tag, _) in request.pairs("Tags") {
            self.set(&format!("aws:ResourceTag/{tag}"), ContextValue::Unknown, Origin::Undocumented);
        }
    }

    fn properties(&mut self, [spec, usage, origin]: [&str; 3], multi_region: bool, from: Origin) {
        self.one("kms:KeySpec", spec, from);
        self.one("kms:CustomerMasterKeySpec", spec, from);
        self.one("kms:KeyUsage", usage, from);
        self.one("kms:CustomerMasterKeyUsage", usage, from);
        self.one("kms:KeyOrigin", origin, from);
        self.one("kms:MultiRegion", if multi_region { "true" } else { "false" }, from);
    }

    /// The encryption context of the request; for a grant, that of its constraint.
    fn encryption(&mut self) {
        let request = self.request;
        let action = self.authorization.action;
        let carried = |name| find_condition_key(name).is_some_and(|info| info.carried_by.contains(action));
        if carried("kms:EncryptionContextKeys") {
            let constraint = ["EncryptionContextEquals", "EncryptionContextSubset"];
            let retired = match self.authorization.resource {
                Resource::Grant { grant, .. } => {
                    let key = self.authorization.resource.kms_key(self.world);
                    key.and_then(|key| key.grants.get(grant)).and_then(|g| g.constraints.encryption_context.as_ref())
                }
                _ => None,
            };
            let pairs: Vec<_> = match action {
                Action::RetireGrant => retired.map_or(&[][..], |constraint| constraint.pairs()).iter().collect(),
                Action::CreateGrant => constraint.iter().flat_map(|name| request.pairs(name)).collect(),
                _ => request.pairs(encryption_context::parameter_of(action)).iter().collect(),
            };
            let names = pairs.iter().map(|(name, _)| name.clone()).collect();
            self.set("kms:EncryptionContextKeys", ContextValue::several(names), Origin::Parameter);
            let pairs = pairs.iter().map(|(name, value)| (&**name, &**value));
            self.context.family("kms:EncryptionContext:", pairs, Origin::Parameter);
            let kind = match retired {
                Some(EncryptionContextConstraint::Equals(_)) => Some("EncryptionContextEquals"),
                Some(EncryptionContextConstraint::Subset(_)) => Some("EncryptionContextSubset"),
                None => constraint.into_iter().find(|name| request.parameter(name).is_some()),
            };
            self.optional("kms:GrantConstraintType", kind, Origin::Parameter);
        }
        let algorithm = match action {
            Action::ReEncryptFrom => request.text("SourceEncryptionAlgorithm"),
            Action::ReEncryptTo => request.text("DestinationEncryptionAlgorithm"),
            _ => request.text("EncryptionAlgorithm"),
        };
        self.one("kms:EncryptionAlgorithm", algorithm.unwrap_or(DEFAULT_ENCRYPTION_ALGORITHM), Origin::Parameter);
    }

    /// Whether both halves of a `ReEncrypt` are on one key. Of one half asked for by itself, that is plain
    /// where both keys are named in the same way.
    fn re_encrypt_on_same_key(&mut self) {
        let related = self.assumptions.re_encrypt_on_related_keys == ReEncryptOnRelatedKeys::Same;
        let same = |one: &KeyArn, other: &KeyArn| {
            let of_one_family =
                one.id().starts_with("mrk-") && one.id() == other.id() && one.account() == other.account();
            one == other || related && of_one_family
        };
        let keys = |action: Action| {
            let half = self.request.authorizations.iter().find(|half| half.action == action);
            half.and_then(|half| half.resource.kms_key(self.world)).map(|key| key.arn.clone())
        };
        let named = |name| self.request.text(name).and_then(|id| self.key_named(id));
        let source = keys(Action::ReEncryptFrom).or_else(|| named("SourceKeyId"));
        let destination = keys(Action::ReEncryptTo).or_else(|| named("DestinationKeyId"));
        let value = match (&source, &destination) {
            (Some(source), Some(destination)) if same(source, destination) => ContextValue::one("true"),
            (Some(_), Some(_)) => ContextValue::one("false"),
            _ if self.request.text("SourceKeyId").is_some()
                && self.request.text("SourceKeyId") == self.request.text("DestinationKeyId") =>
            {
                ContextValue::one("true")
            }
            _ => ContextValue::Unknown,
        };
        self.set("kms:ReEncryptOnSameKey", value, Origin::Parameter);
    }

    /// The key that an identifier of the other half names: its ARN, or the one key of the world with that id
    /// or alias in the same account and Region.
    fn key_named(&self, id: &str) -> Option<KeyArn> {
        if let Some(arn) = KeyArn::parse(id) {
            return Some(arn);
        }
        let here = &self.authorization.resource.kms_key(self.world)?.arn;
        let alias = Arn::parse(id);
        let name = alias.map_or(id, |arn| arn.resource);
        let (account, region) = match alias {
            Some(arn) => (AccountId::parse(arn.account), arn.region),
            None => (self.request.caller.account(), here.region()),
        };
        let is = |key: &&KmsKey| {
            Some(key.arn.account()) == account
                && key.arn.region() == region
                && (key.arn.id() == name || key.aliases.iter().any(|alias| &**alias == name))
        };
        self.world.keys.iter().find(is).map(|key| key.arn.clone())
    }

    /// Keys that repeat a parameter.
    fn parameters(&mut self) {
        let request = self.request;
        self.re_encrypt_on_same_key();
        // Counted by KMS; nobody else knows the number.
        self.set("kms:TrailingDaysWithoutKeyUsage", ContextValue::Unknown, Origin::AlwaysPresent);
        // Key, parameter, and the default that AWS documents for it. The lockout check and the expiration
        // model are absent when omitted: the guide's own examples test them with `Null`. For two numbers
        // it is silent: an assumption.
        const TEXT: &[(&str, &str, Option<&str>)] = &[
            ("kms:BypassPolicyLockoutSafetyCheck", "BypassPolicyLockoutSafetyCheck", None),
            ("kms:DataKeyPairSpec", "KeyPairSpec", None),
            ("kms:ExpirationModel", "ExpirationModel", None),
            ("kms:GrantConstraintSourceArn", "SourceArn", None),
            ("kms:GranteePrincipal", "GranteePrincipal", None),
            ("kms:GranteeServicePrincipal", "GranteeServicePrincipal", None),
            ("kms:KeyAgreementAlgorithm", "KeyAgreementAlgorithm", None),
            ("kms:MacAlgorithm", "MacAlgorithm", None),
            ("kms:MessageType", "MessageType", Some(DEFAULT_MESSAGE_TYPE)),
            ("kms:PolicyName", "PolicyName", Some("default")),
            ("kms:PrimaryRegion", "PrimaryRegion", None),
            ("kms:ReplicaRegion", "ReplicaRegion", None),
            ("kms:RetiringPrincipal", "RetiringPrincipal", None),
            ("kms:RetiringServicePrincipal", "RetiringServicePrincipal", None),
            ("kms:SigningAlgorithm", "SigningAlgorithm", None),
            ("kms:WrappingAlgorithm", "WrappingAlgorithm", None),
            ("kms:WrappingKeySpec", "WrappingKeySpec", None),
        ];
        for (key, parameter, default) in TEXT {
            self.optional(key, request.text(parameter).or(*default), Origin::Parameter);
        }
        let omitted = |default| match self.assumptions.omitted_numbers {
            OmittedNumbers::Default => Some(default),
            OmittedNumbers::Absent => None,
        };
        let rotation = request.text("RotationPeriodInDays").or(omitted("365"));
        let window = request.text("PendingWindowInDays").or(omitted("30"));
        // AWS's own example compares it as seconds since 1970:
        // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-valid-to
        let valid_to = request.text("ValidTo");
        let whole = valid_to.and_then(value::date).filter(|time| time.subsec_nanosecond() == 0);
        let seconds = whole.map(|time| time.as_second().to_string());
        self.optional("kms:ValidTo", seconds.as_deref().or(valid_to), Origin::Parameter);
        self.optional("kms:RotationPeriodInDays", rotation, Origin::Parameter);
        self.optional("kms:ScheduleKeyDeletionPendingWindowInDays", window, Origin::Parameter);
        let operations = request.list("Operations").to_vec();
        self.set("kms:GrantOperations", ContextValue::several(operations), Origin::Parameter);
        let tags = request.pairs("Tags");
        let keys = tags.iter().map(|(key, _)| key.clone()).chain(request.list("TagKeys").iter().cloned());
        let tagging =
            matches!(self.authorization.action, Action::CreateKey | Action::TagResource | Action::UntagResource);
        let told = matches!(request.operation, Operation::Of(Action::CreateKey | Action::ReplicateKey));
        if tagging && (told || request.parameter("Tags").is_some() || request.parameter("TagKeys").is_some()) {
            self.set("aws:TagKeys", ContextValue::several(keys.collect()), Origin::Parameter);
            self.context.family("aws:RequestTag/", tags.iter().map(|(k, v)| (&**k, &**v)), Origin::Parameter);
        }
    }
}
