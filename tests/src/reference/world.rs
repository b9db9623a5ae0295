//! What a scenario holds, read once: principals, keys, endpoints, the organization, requests.

use std::collections::HashMap;

use serde_json::Value;

use super::arn::Arn;
use super::document::{Document, Kind};
use super::grant::Grant;
use super::instant::Instant;
use super::json::{list, one_or_many, pairs, tags, text, text_of, texts};
use super::organization::Organization;

/// The whole of a scenario.
#[derive(Debug)]
pub(super) struct World {
    pub assumptions: Assumptions,
    pub now: Option<String>,
    pub principals: Vec<Principal>,
    pub keys: Vec<Key>,
    pub endpoints: Vec<Endpoint>,
    pub organization: Option<Organization>,
    pub requests: Vec<Request>,
}

/// How to read what AWS does not document: each flag is the reading that is not the default.
#[derive(Clone, Debug, Default)]
pub(super) struct Assumptions {
    pub wildcards_in_variable_values: bool,
    pub plain_operator_needs_all: bool,
    pub empty_string_is_null: bool,
    pub unresolved_variable_spoils_statement: bool,
    pub if_exists_beats_for_any_value: bool,
    pub boundaries_limit_grants: bool,
    pub account_grantee_is_root_user: bool,
    pub owner_issued_grant_suffices: bool,
    pub grant_context_names_in_case: bool,
    pub grant_source_arn_is_pattern: bool,
    pub omitted_numbers_are_absent: bool,
    pub endpoint_account_is_root_user: bool,
    pub all_session_policies_must_allow: bool,
    pub related_keys_are_the_same: bool,
}

/// A user, role or group.
#[derive(Debug)]
pub(super) struct Principal {
    pub arn: Arn,
    pub unique_id: Option<String>,
    pub tags: Vec<(String, String)>,
    pub groups: Vec<String>,
    pub policies: Vec<Document>,
    pub boundary: Option<Document>,
}

/// A KMS key with everything that hangs on it.
#[derive(Debug)]
pub(super) struct Key {
    pub arn: Arn,
    pub spec: String,
    pub usage: String,
    pub origin: String,
    pub multi_region: bool,
    pub multi_region_type: String,
    pub managed_by_aws: bool,
    pub policy: Document,
    pub aliases: Vec<String>,
    pub tags: Vec<(String, String)>,
    pub grants: Vec<Grant>,
}

/// A VPC endpoint. Without a policy AWS attaches one that allows everything.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub id: String,
    pub vpc: Option<String>,
    pub owner: Option<String>,
    pub policy: Document,
}

/// A request as the scenario writes it.
#[derive(Debug)]
pub(super) struct Request {
    pub caller: CallerText,
    pub operation: String,
    pub parameters: Value,
    pub region: Option<String>,
    pub via: Option<String>,
    pub endpoint: Option<String>,
    /// Keys given by hand, in lower case; nothing means that the request does not have the key.
    pub given: HashMap<String, Option<Vec<String>>>,
    /// Keys that nobody knows, in lower case.
    pub unknown: Vec<String>,
    /// Whether keys of which nothing is told are unknown rather than absent.
    pub untold_is_unknown: bool,
}

/// The caller as the scenario writes it.
#[derive(Debug)]
pub(super) struct CallerText {
    pub name: String,
    pub user: Option<String>,
    pub mfa: Option<bool>,
    pub mfa_age: Option<String>,
    pub tags: Vec<(String, String)>,
    pub source_identity: Option<String>,
    pub token_issue_time: Option<String>,
    pub session_policies: Vec<Document>,
}

impl World {
    /// Reads a scenario, or says which part has no meaning here.
    pub fn read(scenario: &Value) -> Result<World, &'static str> {
        let principals: Option<Vec<Principal>> = list(scenario, "principals").iter().map(Principal::read).collect();
        let keys: Option<Vec<Key>> = list(scenario, "keys").iter().map(Key::read).collect();
        Ok(World {
            assumptions: Assumptions::read(scenario.get("assumptions").unwrap_or(&Value::Null)),
            now: text(scenario, "now").map(str::to_owned),
            principals: principals.ok_or("a principal without an ARN")?,
            keys: keys.ok_or("a key without an ARN")?,
            endpoints: list(scenario, "vpcEndpoints").iter().map(Endpoint::read).collect(),
            organization: scenario.get("organization").map(Organization::read),
            requests: list(scenario, "requests").iter().map(Request::read).collect(),
        })
    }

    /// The time of the requests, if the scenario tells.
    pub fn time(&self) -> Option<Instant> {
        self.now.as_deref().and_then(Instant::read)
    }
}

impl Assumptions {
    fn read(assumptions: &Value) -> Assumptions {
        let is = |name: &str, value: &str| text(assumptions, name) == Some(value);
        let yes = |name: &str| assumptions.get(name).and_then(Value::as_bool) == Some(true);
        Assumptions {
            wildcards_in_variable_values: yes("wildcardsInVariableValues"),
            plain_operator_needs_all: is("plainOperatorOnSeveralValues", "all"),
            empty_string_is_null: yes("emptyStringIsNull"),
            unresolved_variable_spoils_statement: is("unresolvedVariable", "statement"),
            if_exists_beats_for_any_value: yes("ifExistsBeatsForAnyValue"),
            boundaries_limit_grants: is("grantsUnderBoundaries", "limited"),
            account_grantee_is_root_user: is("accountGrantee", "rootUserOnly"),
            owner_issued_grant_suffices: is("ownerIssuedGrant", "suffices"),
            grant_context_names_in_case: is("grantContextKeyCase", "sensitive"),
            grant_source_arn_is_pattern: is("grantSourceArn", "pattern"),
            omitted_numbers_are_absent: is("omittedNumbers", "absent"),
            endpoint_account_is_root_user: is("accountInEndpointPolicy", "rootUserOnly"),
            all_session_policies_must_allow: is("severalSessionPolicies", "all"),
            related_keys_are_the_same: is("reEncryptOnRelatedKeys", "same"),
        }
    }
}

impl Principal {
    fn read(principal: &Value) -> Option<Principal> {
        let id = text(principal, "UserId").or_else(|| text(principal, "RoleId"));
        let boundary = principal.get("PermissionsBoundary").and_then(|boundary| boundary.get("PolicyDocument"));
        Some(Principal {
            arn: Arn::read(text(principal, "Arn")?)?,
            unique_id: id.map(str::to_owned),
            tags: tags(principal, "Tags"),
            groups: texts(principal, "Groups"),
            policies: policies(principal, "Policies", Kind::Identity),
            boundary: boundary.map(|document| Document::read(document, Kind::Identity)),
        })
    }

    /// The name without the path.
    pub fn name(&self) -> &str {
        self.arn.resource.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it is a user, a role or a group: what its ARN begins with.
    pub fn is(&self, kind: &str) -> bool {
        self.arn.resource.split('/').next() == Some(kind)
    }
}

/// The documents of a list of policies.
fn policies(object: &Value, member: &str, kind: Kind) -> Vec<Document> {
    let documents = list(object, member).iter().filter_map(|policy| policy.get("PolicyDocument"));
    documents.map(|document| Document::read(document, kind)).collect()
}

impl Key {
    fn read(key: &Value) -> Option<Key> {
        let metadata = key.get("KeyMetadata")?;
        let arn = Arn::read(text(metadata, "Arn")?)?;
        let or = |member: &str, default: &str| text(metadata, member).unwrap_or(default).to_owned();
        let spec = or("KeySpec", "SYMMETRIC_DEFAULT");
        let configuration = metadata.get("MultiRegionConfiguration").unwrap_or(&Value::Null);
        let named_so = arn.resource.starts_with("key/mrk-");
        let account = arn.account.clone();
        let alias = |alias: &Value| alias.as_str().or_else(|| text(alias, "AliasName")).map(str::to_owned);
        Some(Key {
            usage: or("KeyUsage", first_usage(&spec)),
            origin: or("Origin", "AWS_KMS"),
            multi_region: metadata.get("MultiRegion").and_then(Value::as_bool).unwrap_or(named_so),
            multi_region_type: text(configuration, "MultiRegionKeyType").unwrap_or("PRIMARY").to_owned(),
            managed_by_aws: text(metadata, "KeyManager") == Some("AWS"),
            policy: Document::read(key.get("Policy").unwrap_or(&Value::Null), Kind::Other),
            aliases: list(key, "Aliases").iter().filter_map(alias).collect(),
            tags: tags(key, "Tags"),
            grants: list(key, "Grants").iter().filter_map(|grant| Grant::read(grant, &account)).collect(),
            spec,
            arn,
        })
    }

    /// The key id.
    pub fn id(&self) -> &str {
        self.arn.resource.strip_prefix("key/").unwrap_or_default()
    }

    /// Whether both are the same multi-Region key in two Regions.
    pub fn is_related_to(&self, other: &Key) -> bool {
        self.multi_region && other.multi_region && self.id() == other.id() && self.arn.same_account(&other.arn)
    }
}

/// What a key of that spec is for, where nothing is said: the only usage, or the first one that the key
/// type reference lists.
fn first_usage(spec: &str) -> &'static str {
    match spec.split('_').next() {
        Some("HMAC") => "GENERATE_VERIFY_MAC",
        Some("ECC") => "SIGN_VERIFY",
        Some("ML") if spec.starts_with("ML_DSA") => "SIGN_VERIFY",
        Some("ML") => "ENCAPSULATE_DECAPSULATE",
        _ => "ENCRYPT_DECRYPT",
    }
}

impl Endpoint {
    fn read(endpoint: &Value) -> Endpoint {
        let policy = endpoint.get("PolicyDocument").map(|document| Document::read(document, Kind::Other));
        Endpoint {
            id: text(endpoint, "VpcEndpointId").unwrap_or_default().to_owned(),
            vpc: text(endpoint, "VpcId").map(str::to_owned),
            owner: text(endpoint, "OwnerId").map(str::to_owned),
            policy: policy.unwrap_or_else(Document::full_access),
        }
    }
}

impl Request {
    fn read(request: &Value) -> Request {
        let given = request.get("context").and_then(Value::as_object);
        let given = given.into_iter().flatten().map(|(key, value)| {
            let values: Vec<String> = one_or_many(value).filter_map(text_of).collect();
            (key.to_ascii_lowercase(), if values.is_empty() { None } else { Some(values) })
        });
        let optional = |member: &str| text(request, member).map(str::to_owned);
        Request {
            caller: CallerText::read(request.get("principal").unwrap_or(&Value::Null)),
            operation: text(request, "operation").unwrap_or_default().to_owned(),
            parameters: request.get("parameters").cloned().unwrap_or(Value::Null),
            region: optional("region"),
            via: optional("via"),
            endpoint: optional("vpcEndpoint"),
            given: given.collect(),
            unknown: texts(request, "unknown").iter().map(|key| key.to_ascii_lowercase()).collect(),
            untold_is_unknown: text(request, "unlisted") == Some("unknown"),
        }
    }
}

impl CallerText {
    fn read(caller: &Value) -> CallerText {
        let name = caller.as_str().or_else(|| text(caller, "Arn")).unwrap_or_default();
        let optional = |member: &str| text(caller, member).map(str::to_owned);
        CallerText {
            name: name.to_owned(),
            user: optional("user"),
            mfa: caller.get("mfa").and_then(Value::as_bool),
            mfa_age: caller.get("mfaAge").and_then(text_of),
            tags: pairs(caller, "tags"),
            source_identity: optional("sourceIdentity"),
            token_issue_time: optional("tokenIssueTime"),
            session_policies: policies(caller, "sessionPolicies", Kind::Other),
        }
    }
}
