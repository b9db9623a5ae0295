//! The condition keys of AWS KMS, and the tag keys that depend on the operation.
//!
//! "AWS KMS condition keys" (<https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>),
//! "ABAC for AWS KMS" (<https://docs.aws.amazon.com/kms/latest/developerguide/abac.html>) and the column of
//! condition keys in "AWS KMS permissions"
//! (<https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>).
//! A key that an operation does not carry is absent from its requests.

use serde_json::Value;

use super::action::On;
use super::authorization::{Authorization, Resource};
use super::caller::Caller;
use super::context::{Context, Entry};
use super::grant::{Constraints, ContextConstraint, GrantRequest};
use super::instant::Instant;
use super::json::{pairs, tags, text, text_of, texts};
use super::world::{Request, World};

/// Sets them all.
pub(super) fn keys(
    context: &mut Context,
    world: &World,
    caller: &Caller,
    request: &Request,
    authorization: &Authorization,
) {
    let parameters = &request.parameters;
    key_and_caller(context, caller, request, authorization);
    encryption(context, parameters, authorization);
    grants(context, request, authorization);
    management(context, world, request, authorization);
    request_tags(context, parameters, authorization);
    attestation(context, parameters, authorization.action.name);
}

/// The parameter as text.
fn parameter(parameters: &Value, name: &str) -> Option<String> {
    parameters.get(name).and_then(text_of)
}

/// Who calls, and what the key is. Alias resources have none of these.
fn key_and_caller(context: &mut Context, caller: &Caller, request: &Request, authorization: &Authorization) {
    let creates = authorization.action.name == "CreateKey";
    let on_key = matches!(authorization.resource, Resource::Key(_) | Resource::AnyKey(_));
    if on_key || creates || authorization.action.on == On::CustomKeyStore {
        context.known_or_unknown("kms:calleraccount", caller.account());
    }
    if on_key || creates {
        context.optional("kms:viaservice", request.via.as_deref());
    }
    if let Some(key) = &authorization.new_key {
        let kind = Some(key.multi_region_type).filter(|_| key.multi_region);
        properties(context, &key.spec, &key.usage, &key.origin, key.multi_region, kind);
        // "… or if the request creates a resource with an attached tag."
        context.family("aws:resourcetag/", &tags(&request.parameters, "Tags"));
    }
    let Resource::Key(key) = authorization.resource else { return };
    context.list("kms:resourcealiases", key.aliases.clone());
    context.family("aws:resourcetag/", &key.tags);
    // The table lists no other property of the key for RetireGrant.
    if authorization.action.name != "RetireGrant" {
        let kind = Some(key.multi_region_type.as_str()).filter(|_| key.multi_region);
        properties(context, &key.spec, &key.usage, &key.origin, key.multi_region, kind);
    }
}

fn properties(context: &mut Context, spec: &str, usage: &str, origin: &str, multi_region: bool, kind: Option<&str>) {
    context.value("kms:keyspec", spec);
    context.value("kms:customermasterkeyspec", spec);
    context.value("kms:keyusage", usage);
    context.value("kms:customermasterkeyusage", usage);
    context.value("kms:keyorigin", origin);
    context.value("kms:multiregion", if multi_region { "true" } else { "false" });
    context.optional("kms:multiregionkeytype", kind);
}

/// The encryption context that the action sees: of ReEncrypt, each half sees its own.
fn encryption_context(parameters: &Value, action: &str) -> Vec<(String, String)> {
    match action {
        "ReEncryptFrom" => pairs(parameters, "SourceEncryptionContext"),
        "ReEncryptTo" => pairs(parameters, "DestinationEncryptionContext"),
        _ => pairs(parameters, "EncryptionContext"),
    }
}

/// What of a request matters to the constraints of grants.
pub(super) fn grant_request(parameters: &Value, authorization: &Authorization) -> GrantRequest {
    GrantRequest {
        encryption_context: encryption_context(parameters, authorization.action.name),
        operations: texts(parameters, "Operations"),
        constraints: Constraints::read(parameters.get("Constraints").unwrap_or(&Value::Null)),
    }
}

fn set_encryption_context(context: &mut Context, pairs: &[(String, String)]) {
    context.family("kms:encryptioncontext:", pairs);
    context.list("kms:encryptioncontextkeys", pairs.iter().map(|(name, _)| name.clone()).collect());
}

/// Cryptographic operations.
fn encryption(context: &mut Context, parameters: &Value, authorization: &Authorization) {
    let action = authorization.action;
    let or = |name: &str, default: &str| parameter(parameters, name).unwrap_or_else(|| default.to_owned());
    if action.takes_encryption_context() {
        set_encryption_context(context, &encryption_context(parameters, action.name));
        let algorithm = match action.name {
            "ReEncryptFrom" => "SourceEncryptionAlgorithm",
            "ReEncryptTo" => "DestinationEncryptionAlgorithm",
            _ => "EncryptionAlgorithm",
        };
        context.value("kms:encryptionalgorithm", &or(algorithm, "SYMMETRIC_DEFAULT"));
    }
    if action.takes_aliases() {
        context.optional("kms:requestalias", authorization.request_alias.as_deref());
    }
    let optional = |name: &str| parameter(parameters, name);
    match action.name {
        "ReEncryptFrom" | "ReEncryptTo" => {
            let same = authorization.same_key.map(|same| same.to_string());
            context.known_or_unknown("kms:reencryptonsamekey", same.as_deref());
        }
        "GenerateDataKeyPair" | "GenerateDataKeyPairWithoutPlaintext" => {
            context.optional("kms:datakeypairspec", optional("KeyPairSpec").as_deref());
        }
        "GenerateMac" | "VerifyMac" => context.optional("kms:macalgorithm", optional("MacAlgorithm").as_deref()),
        "Sign" | "Verify" => {
            context.value("kms:messagetype", &or("MessageType", "RAW"));
            context.optional("kms:signingalgorithm", optional("SigningAlgorithm").as_deref());
        }
        "DeriveSharedSecret" => {
            context.optional("kms:keyagreementalgorithm", optional("KeyAgreementAlgorithm").as_deref());
        }
        _ => {}
    }
}

/// The attestation document of an enclave: without one the request has none of its keys. Nobody can read
/// them off a document here.
fn attestation(context: &mut Context, parameters: &Value, action: &str) {
    let operations = ["Decrypt", "DeriveSharedSecret", "GenerateDataKey", "GenerateDataKeyPair", "GenerateRandom"];
    if operations.contains(&action) && parameters.get("Recipient").is_some() {
        context.set("kms:recipientattestation:imagesha384", Entry::Unknown);
        for register in 0..32 {
            context.set(&format!("kms:recipientattestation:pcr{register}"), Entry::Unknown);
        }
        for register in 0..24 {
            context.set(&format!("kms:recipientattestation:nitrotpmpcr{register}"), Entry::Unknown);
        }
    }
}

fn set_constraint(context: &mut Context, constraint: Option<&ContextConstraint>) {
    let pairs = constraint.map(|constraint| constraint.pairs.as_slice()).unwrap_or_default();
    set_encryption_context(context, pairs);
    let kind = |constraint: &ContextConstraint| {
        if constraint.equals { "EncryptionContextEquals" } else { "EncryptionContextSubset" }
    };
    context.optional("kms:grantconstrainttype", constraint.map(kind));
}

/// Operations on grants.
fn grants(context: &mut Context, request: &Request, authorization: &Authorization) {
    let parameters = &request.parameters;
    let action = authorization.action.name;
    if ["CreateGrant", "ListGrants", "RevokeGrant"].contains(&action) {
        let service = if request.via.is_some() { "true" } else { "false" };
        context.value("kms:grantisforawsresource", service);
    }
    if let (Some(grant), "RetireGrant") = (authorization.grant, action) {
        set_constraint(context, grant.constraints.context.as_ref());
    }
    if action == "CreateGrant" {
        let asked = grant_request(parameters, authorization);
        set_constraint(context, asked.constraints.context.as_ref());
        context.optional("kms:grantconstraintsourcearn", asked.constraints.source_arn.as_deref());
        context.list("kms:grantoperations", asked.operations);
        for name in ["GranteePrincipal", "GranteeServicePrincipal", "RetiringPrincipal", "RetiringServicePrincipal"] {
            context.optional(&format!("kms:{}", name.to_ascii_lowercase()), text(parameters, name));
        }
    }
}

/// Operations that manage keys.
fn management(context: &mut Context, world: &World, request: &Request, authorization: &Authorization) {
    let parameters = &request.parameters;
    let optional = |name: &str| parameter(parameters, name);
    // The API has a default; whether the key has it too, when the parameter is left out, is not told.
    let number = |name: &str, default: &str| {
        let default = Some(default.to_owned()).filter(|_| !world.assumptions.omitted_numbers_are_absent);
        optional(name).or(default)
    };
    // KMS counts the days; nobody else can tell.
    let disuse = Entry::Unknown;
    match authorization.action.name {
        "CreateKey" => {
            let bypass = optional("BypassPolicyLockoutSafetyCheck");
            context.optional("kms:bypasspolicylockoutsafetycheck", bypass.as_deref());
        }
        "PutKeyPolicy" => {
            let bypass = optional("BypassPolicyLockoutSafetyCheck");
            context.optional("kms:bypasspolicylockoutsafetycheck", bypass.as_deref());
            context.value("kms:policyname", optional("PolicyName").as_deref().unwrap_or("default"));
        }
        "GetKeyPolicy" => {
            context.value("kms:policyname", optional("PolicyName").as_deref().unwrap_or("default"));
        }
        "ImportKeyMaterial" => {
            context.optional("kms:expirationmodel", optional("ExpirationModel").as_deref());
            // "The value is expressed in Unix time": Date and Numeric operators can read it.
            let unix = |text: String| Instant::read(&text).map_or(text, Instant::to_unix);
            context.optional("kms:validto", optional("ValidTo").map(unix).as_deref());
        }
        "GetParametersForImport" => {
            context.optional("kms:wrappingalgorithm", optional("WrappingAlgorithm").as_deref());
            context.optional("kms:wrappingkeyspec", optional("WrappingKeySpec").as_deref());
        }
        "EnableKeyRotation" => {
            context.optional("kms:rotationperiodindays", number("RotationPeriodInDays", "365").as_deref());
        }
        "ScheduleKeyDeletion" => {
            let days = number("PendingWindowInDays", "30");
            context.optional("kms:schedulekeydeletionpendingwindowindays", days.as_deref());
            context.set("kms:trailingdayswithoutkeyusage", disuse);
        }
        "DisableKey" => context.set("kms:trailingdayswithoutkeyusage", disuse),
        "UpdatePrimaryRegion" => context.optional("kms:primaryregion", optional("PrimaryRegion").as_deref()),
        "ReplicateKey" => context.optional("kms:replicaregion", optional("ReplicaRegion").as_deref()),
        _ => {}
    }
}

/// Tags in the request.
fn request_tags(context: &mut Context, parameters: &Value, authorization: &Authorization) {
    match authorization.action.name {
        "CreateKey" | "TagResource" => {
            let tags = tags(parameters, "Tags");
            context.family("aws:requesttag/", &tags);
            context.list("aws:tagkeys", tags.into_iter().map(|(key, _)| key).collect());
        }
        "UntagResource" => context.list("aws:tagkeys", texts(parameters, "TagKeys")),
        _ => {}
    }
}
