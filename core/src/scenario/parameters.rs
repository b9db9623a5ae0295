//! `parameters` and `context` of a request.

use alloc::{boxed::Box, format, vec::Vec};

use super::{
    fields::{Fields, scalar, text},
    world::embedded,
};
use crate::{
    json::{Kind, Path, Value},
    policy::PolicyKind,
    problem::{Code, Problem, Problems, Severity},
    request::{ContextValue, Parameter, ParameterValue},
    world::World,
};

/// Every parameter of a KMS operation, so that a slip in a name is seen.
pub(crate) const PARAMETERS: &[&str] = &[
    "AliasName",
    "BypassPolicyLockoutSafetyCheck",
    "CiphertextBlob",
    "CloudHsmClusterId",
    "Constraints",
    "CustomKeyStoreId",
    "CustomKeyStoreName",
    "CustomKeyStoreType",
    "CustomerMasterKeySpec",
    "Description",
    "DestinationEncryptionAlgorithm",
    "DestinationEncryptionContext",
    "DestinationKeyId",
    "DryRun",
    "DryRunModifiers",
    "EncapsulationAlgorithm",
    "EncryptedKeyMaterial",
    "EncryptionAlgorithm",
    "EncryptionContext",
    "ExpirationModel",
    "GrantId",
    "GrantToken",
    "GrantTokens",
    "GranteePrincipal",
    "GranteeServicePrincipal",
    "ImportToken",
    "IncludeKeyMaterial",
    "ImportType",
    "KeyAgreementAlgorithm",
    "KeyId",
    "KeyMaterialDescription",
    "KeyMaterialId",
    "KeyPairSpec",
    "KeySpec",
    "KeyStorePassword",
    "KeyUsage",
    "Limit",
    "Mac",
    "MacAlgorithm",
    "Marker",
    "Message",
    "MessageType",
    "MultiRegion",
    "Name",
    "NewCustomKeyStoreName",
    "NumberOfBytes",
    "Operations",
    "Origin",
    "PendingWindowInDays",
    "Plaintext",
    "Policy",
    "PolicyName",
    "PrimaryRegion",
    "PublicKey",
    "Recipient",
    "ReplicaRegion",
    "ResourceOwners",
    "RetiringPrincipal",
    "RetiringServicePrincipal",
    "RotationPeriodInDays",
    "Signature",
    "SharedSecretCiphertextBlob",
    "SigningAlgorithm",
    "SourceEncryptionAlgorithm",
    "SourceEncryptionContext",
    "SourceKeyId",
    "TagKeys",
    "Tags",
    "TargetKeyId",
    "TrustAnchorCertificate",
    "ValidTo",
    "WrappingAlgorithm",
    "WrappingKeySpec",
    "XksKeyId",
    "XksProxyAuthenticationCredential",
    "XksProxyConnectivity",
    "XksProxyUriEndpoint",
    "XksProxyUriPath",
    "XksProxyVpcEndpointServiceName",
    "XksProxyVpcEndpointServiceOwner",
];

pub(super) fn parameters(value: &Value, world: &World, path: &Path<'_>, problems: &mut Problems<'_>) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    let Some(_) = Fields::of(value, PARAMETERS, path, problems) else { return parameters };
    for member in value.as_object().unwrap_or_default() {
        let here = path.member(&member.name);
        // CloudTrail writes a parameter that was not given so.
        if member.value.kind == Kind::Null {
            continue;
        }
        if &*member.name == "Constraints" {
            let known = ["EncryptionContextEquals", "EncryptionContextSubset", "SourceArn"];
            if Fields::of(&member.value, &known, &here, problems).is_some() {
                for constraint in member.value.as_object().unwrap_or_default() {
                    let path = here.member(&constraint.name);
                    parameters.extend(parameter(&constraint.name, &constraint.value, world, &path, problems));
                }
            }
        } else if PARAMETERS.contains(&&*member.name) {
            parameters.extend(parameter(&member.name, &member.value, world, &here, problems));
        }
    }
    parameters
}

/// The key policy of a request. A malformed one is an answer too: KMS says what is wrong with it.
fn new_policy(value: &Value, world: &World, path: &Path<'_>, problems: &mut Problems<'_>) -> ParameterValue {
    let mut own = Problems::new(problems.text());
    let document = embedded(value, PolicyKind::Key, path, &mut own);
    let listed = |id: &str| world.principals.iter().any(|principal| principal.unique_id.as_deref() == Some(id));
    let mut refused = None;
    for problem in own.into_list() {
        let text = problems.text().get(problem.span.start as usize..problem.span.end as usize).unwrap_or_default();
        let fault = match problem.code {
            // Whoever it was is gone, and KMS takes nobody whom it does not find.
            Code::DanglingPrincipal if listed(text.trim_matches(['"', '\\'])) => continue,
            Code::DanglingPrincipal => true,
            _ => problem.severity() == Severity::Error,
        };
        if !fault {
            problems.adopt(problem);
            continue;
        }
        if refused.is_none() {
            refused = Some(malformed(&problem));
        }
        let message = format!("KMS refuses this policy ({}): {}", problem.code, problem.message);
        problems.adopt(Problem { code: Code::MalformedPolicy, message, ..problem });
    }
    match (refused, document) {
        (None, Some(document)) => ParameterValue::Policy(document),
        (refused, _) => ParameterValue::MalformedPolicy(refused.unwrap_or_default()),
    }
}

/// AWS's sentence for principals is from reports of real calls; the other is ours.
fn malformed(problem: &Problem) -> Box<str> {
    match problem.code {
        Code::InvalidPrincipal
        | Code::InvalidPrincipalKey
        | Code::UnsupportedWildcardInPrincipal
        | Code::FederatedPrincipalNotSupported
        | Code::DanglingPrincipal => "Policy contains a statement with one or more invalid principals.".into(),
        code => format!("The new key policy is malformed: {}.", code.meaning()).into(),
    }
}

fn parameter(
    name: &str,
    value: &Value,
    world: &World,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<Parameter> {
    let mut expected = |what: &str| {
        let message = format!("`{name}` is {what}, but this is {}", value.kind_in_words());
        problems.push(Code::DataTypeMismatch, value.span, path, message);
        None
    };
    let is_map = name.contains("EncryptionContext");
    let is_list = matches!(name, "Operations" | "TagKeys" | "GrantTokens" | "DryRunModifiers");
    let value = match &value.kind {
        Kind::Object(members) if is_map => {
            let mut pairs = Vec::with_capacity(members.len());
            for member in members {
                // Whatever stands there is sent as a text.
                let content = match scalar(&member.value) {
                    Some(content) => content,
                    None => text(&member.value, &path.member(&member.name), problems)?.into(),
                };
                pairs.push((member.name.clone(), content));
            }
            ParameterValue::Pairs(pairs)
        }
        _ if is_map => return expected("an object of strings such as `{\"tenant\": \"42\"}`"),
        Kind::Array(elements) if name == "Tags" => {
            let mut pairs = Vec::with_capacity(elements.len());
            for (index, element) in elements.iter().enumerate() {
                let here = path.element(index);
                let fields = Fields::of(element, &["TagKey", "TagValue"], &here, problems)?;
                fields.required("TagKey", "\"team\"", problems)?;
                let content = fields.text("TagValue", problems).unwrap_or_default();
                pairs.push((fields.text("TagKey", problems)?.into(), content.into()));
            }
            ParameterValue::Pairs(pairs)
        }
        Kind::Array(elements) if is_list => {
            let mut list = Vec::with_capacity(elements.len());
            for (index, element) in elements.iter().enumerate() {
                list.push(text(element, &path.element(index), problems)?.into());
            }
            ParameterValue::List(list)
        }
        _ if is_list || name == "Tags" => return expected("a list"),
        _ if name == "Policy" => new_policy(value, world, path, problems),
        _ => match scalar(value) {
            Some(text) => ParameterValue::Text(text),
            // What plays no part in authorization, or only by being there, may have any shape.
            None => ParameterValue::Opaque,
        },
    };
    // The name that `KeySpec` had before: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
    let name = if name == "CustomerMasterKeySpec" { "KeySpec" } else { name };
    Some(Parameter { name: name.into(), value })
}

pub(super) fn context(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Vec<(Box<str>, ContextValue)> {
    let Kind::Object(members) = &value.kind else {
        let message = format!("an object of condition keys was expected, but this is {}", value.kind_in_words());
        problems.push(Code::DataTypeMismatch, value.span, path, message);
        return Vec::new();
    };
    let mut given = Vec::with_capacity(members.len());
    let mut seen = alloc::collections::BTreeSet::new();
    for member in members {
        let here = path.member(&member.name);
        if !seen.insert(member.name.to_ascii_lowercase()) {
            let message = format!("`{}` again: condition keys are compared without case; keep one", member.name);
            problems.push(Code::DuplicateKey, member.name_span, &here, message);
        }
        if !member.name.contains(':') {
            let message = format!("`{}` is no condition key; write one such as `aws:SourceIp`", member.name);
            problems.push(Code::InvalidConditionKeyFormat, member.name_span, &here, message);
        }
        let value = match &member.value.kind {
            Kind::Null => ContextValue::Absent,
            Kind::Array(elements) => ContextValue::several(elements.iter().filter_map(scalar).collect()),
            Kind::Object(_) => {
                let message = "a string, number, Boolean, list or `null` (for a key that is absent) was expected, but this is an object";
                problems.push(Code::DataTypeMismatch, member.value.span, &here, message);
                continue;
            }
            _ => scalar(&member.value).map_or(ContextValue::Absent, ContextValue::one),
        };
        given.push((member.name.clone(), value));
    }
    given
}
