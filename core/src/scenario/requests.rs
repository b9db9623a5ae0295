//! `requests`: who asks what of which key.

use alloc::{boxed::Box, format, string::ToString, vec::Vec};

use super::{
    Case,
    expect::expectation,
    fields::{Fields, scalar, text},
};
use crate::{
    arn::{Arn, PrincipalArn, PrincipalKind},
    catalog::{Action, ResourceType},
    json::{Kind, Path, Value},
    policy::value,
    problem::{Code, Problems},
    request::{Caller, ContextValue, Identity, Parameter, ParameterValue, Request, Session, Unlisted},
    world::{KmsKey, Tag, World},
};

const FIELDS: &[&str] =
    &["title", "principal", "operation", "parameters", "region", "via", "context", "unknown", "unlisted", "expect"];

pub(super) fn case(
    value: &Value,
    world: &World,
    now: Option<&str>,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Option<Case> {
    let fields = Fields::of(value, FIELDS, path, problems)?;
    let principal = fields.required("principal", "\"arn:aws:sts::111122223333:assumed-role/App/session\"", problems);
    let caller = principal.and_then(|value| caller(value, world, &path.member("principal"), problems));
    fields.required("operation", "\"Decrypt\"", problems);
    let action = operation(&fields, path, problems);
    let here = path.member("parameters");
    let parameters = fields.get("parameters").map_or_else(Vec::new, |value| parameters(value, &here, problems));
    let region = fields.text("region", problems);
    let via = fields.text("via", problems);
    if let Some(name) = via.filter(|name| !name.ends_with(".amazonaws.com")) {
        fields.invalid(
            "via",
            format!("`{name}` is no `kms:ViaService` name; write one such as `s3.us-west-2.amazonaws.com`"),
            problems,
        );
    }
    let mut given =
        fields.get("context").map_or_else(Vec::new, |value| context(value, &path.member("context"), problems));
    given.extend(fields.list("unknown", problems, |value, path, problems| {
        Some((text(value, path, problems)?.into(), ContextValue::Unknown))
    }));
    let unlisted = [("absent", Unlisted::Absent), ("unknown", Unlisted::Unknown)];
    let unlisted = fields.word("unlisted", &unlisted, problems).unwrap_or_default();
    let expect = fields.get("expect").and_then(|value| expectation(value, &path.member("expect"), problems));
    let (caller, action) = (caller?, action?);
    let key = key(action, &caller, region, &parameters, fields.get("parameters"), world, path, problems)?;
    let request = Request {
        span: value.span,
        caller,
        action,
        key: key.index,
        request_alias: key.alias,
        parameters,
        region: region.map(Into::into),
        via: via.map(Into::into),
        now: now.map(Into::into),
        given,
        unlisted,
    };
    Some(Case { request, expect })
}

/// Operations that need several permissions, or that a grant alone decides, are for a later version.
fn operation(fields: &Fields<'_, '_>, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Action> {
    let name = fields.text("operation", problems)?;
    let plain = name.strip_prefix("kms:").unwrap_or(name);
    let span = fields.get("operation").map(|value| value.span).unwrap_or_default();
    let mut refuse = |code, message| {
        problems.push(code, span, &path.member("operation"), message);
        None
    };
    if plain.eq_ignore_ascii_case("ReEncrypt") {
        return refuse(Code::NotModelled, "`ReEncrypt` needs two permissions: ask for `ReEncryptFrom` on the source key and for `ReEncryptTo` on the destination key".to_string());
    }
    match Action::from_name(plain) {
        None => refuse(Code::UnknownOperation, format!("`{name}` is no operation of KMS; write one such as `Decrypt`")),
        Some(action) if action.also_on_alias() => refuse(
            Code::NotModelled,
            format!(
                "`{name}` needs a permission on the alias beside that on the key; this version decides one permission at a time and not this operation"
            ),
        ),
        Some(Action::ReplicateKey | Action::UpdatePrimaryRegion) => refuse(
            Code::NotModelled,
            format!("`{name}` needs permissions in two Regions; this version does not decide it"),
        ),
        Some(Action::RetireGrant) => refuse(
            Code::NotModelled,
            "`RetireGrant` is decided by the grant itself; this version does not evaluate grants".to_string(),
        ),
        Some(action) => Some(action),
    }
}

fn caller(value: &Value, world: &World, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Caller> {
    let (name, user, session) = match &value.kind {
        Kind::String(name) => (&**name, None, Session::default()),
        _ => {
            let known = ["Arn", "user", "mfa", "mfaAge", "tags", "sourceIdentity", "tokenIssueTime"];
            let fields = Fields::of(value, &known, path, problems)?;
            fields.required("Arn", "\"arn:aws:sts::111122223333:assumed-role/App/session\"", problems)?;
            let session = session(&fields, path, problems);
            (fields.text("Arn", problems)?, fields.text("user", problems), session)
        }
    };
    let identity =
        identity(name, user, world).map_err(|(code, message)| problems.push(code, value.span, path, message));
    Some(Caller { span: value.span, identity: identity.ok()?, session })
}

fn session(fields: &Fields<'_, '_>, path: &Path<'_>, problems: &mut Problems<'_>) -> Session {
    let here = path.member("tags");
    let tags = match fields.get("tags").map(|value| (value, &value.kind)) {
        Some((_, Kind::Object(members))) => {
            let tag = |(name, value): (&str, &Value)| {
                let content = text(value, &here.member(name), problems)?;
                Some(Tag { key: name.into(), value: content.into() })
            };
            members.iter().map(|member| (&*member.name, &member.value)).filter_map(tag).collect()
        }
        Some((value, _)) => {
            let message = format!(
                "session tags are an object such as `{{\"team\": \"blue\"}}`, but this is {}",
                value.kind_in_words()
            );
            problems.push(Code::DataTypeMismatch, value.span, &here, message);
            Vec::new()
        }
        None => Vec::new(),
    };
    let mfa_age = fields.get("mfaAge").and_then(scalar);
    if mfa_age.as_deref().is_some_and(|age| value::number(age).is_none()) {
        fields.invalid("mfaAge", "not a number of seconds".to_string(), problems);
    }
    let token_issue_time = fields.text("tokenIssueTime", problems);
    if token_issue_time.is_some_and(|time| value::date(time).is_none()) {
        fields.invalid("tokenIssueTime", "not a time such as `2026-11-23T12:00:00Z`".to_string(), problems);
    }
    Session {
        mfa: fields.boolean("mfa", problems),
        mfa_age,
        tags,
        source_identity: fields.text("sourceIdentity", problems).map(Into::into),
        token_issue_time: token_issue_time.map(Into::into),
    }
}

fn identity(name: &str, user: Option<&str>, world: &World) -> Result<Identity, (Code, alloc::string::String)> {
    let Some(arn) = PrincipalArn::parse(name) else {
        if name.ends_with(".amazonaws.com") && !name.contains([':', '/', ' ']) {
            return Ok(Identity::Service(name.into()));
        }
        let message = format!(
            "`{name}` is no caller; write what `aws sts get-caller-identity` prints as `Arn`, or a service such as `cloudtrail.amazonaws.com`"
        );
        return Err((Code::InvalidValue, message));
    };
    let account = arn.account();
    let unlisted = |what: &str, example: &str| {
        let message = format!(
            "{what} is not listed under `principals`, so nobody knows its policies; add `{{\"Arn\": \"{example}\", \"Policies\": [ … ]}}` (an empty list if it has none)"
        );
        (Code::UnknownPrincipal, message)
    };
    match arn.kind() {
        PrincipalKind::Root => Ok(Identity::Root(arn)),
        PrincipalKind::User { .. } => {
            let user = world.principal(name).ok_or_else(|| unlisted(&format!("`{name}`"), name))?;
            Ok(Identity::User { arn, user })
        }
        PrincipalKind::AssumedRole { role, .. } => {
            let example = format!("arn:{}:iam::{account}:role/{role}", arn.partition());
            let role = world
                .role(account, role)
                .ok_or_else(|| unlisted(&format!("the role `{role}` of account {account}"), &example))?;
            Ok(Identity::RoleSession { arn, role })
        }
        PrincipalKind::FederatedUser { .. } => {
            let user = user.map(|user| world.principal(user).ok_or_else(|| unlisted(&format!("`{user}`"), user)));
            Ok(Identity::FederatedUser { user: user.transpose()?, arn })
        }
        PrincipalKind::Role { name } => {
            let message = format!(
                "a role calls through a session; write `arn:{}:sts::{account}:assumed-role/{name}/SESSION`",
                arn.partition()
            );
            Err((Code::InvalidValue, message))
        }
        PrincipalKind::Group { .. } => {
            Err((Code::InvalidValue, "a group cannot call; write the ARN of a user".to_string()))
        }
    }
}

/// Every parameter of a KMS operation, so that a slip in a name is seen.
const PARAMETERS: &[&str] = &[
    "AliasName",
    "BypassPolicyLockoutSafetyCheck",
    "CiphertextBlob",
    "CiphertextForKEM",
    "Ciphertext",
    "Constraints",
    "CustomKeyStoreId",
    "CustomKeyStoreName",
    "Description",
    "DestinationEncryptionAlgorithm",
    "DestinationEncryptionContext",
    "DestinationKeyId",
    "DryRun",
    "DryRunModifiers",
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
    "ImportType",
    "KeyAgreementAlgorithm",
    "KeyId",
    "KeyMaterialDescription",
    "KeyMaterialId",
    "KeyPairSpec",
    "KeySpec",
    "KeyUsage",
    "Limit",
    "Mac",
    "MacAlgorithm",
    "Marker",
    "Message",
    "MessageType",
    "MultiRegion",
    "Name",
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
    "SigningAlgorithm",
    "SourceEncryptionAlgorithm",
    "SourceEncryptionContext",
    "SourceKeyId",
    "TagKeys",
    "Tags",
    "TargetKeyId",
    "ValidTo",
    "WrappingAlgorithm",
    "WrappingKeySpec",
    "XksKeyId",
];

fn parameters(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    let Some(_) = Fields::of(value, PARAMETERS, path, problems) else { return parameters };
    for member in value.as_object().unwrap_or_default() {
        let here = path.member(&member.name);
        if &*member.name == "Constraints" {
            let known = ["EncryptionContextEquals", "EncryptionContextSubset", "SourceArn"];
            if Fields::of(&member.value, &known, &here, problems).is_some() {
                for constraint in member.value.as_object().unwrap_or_default() {
                    let path = here.member(&constraint.name);
                    parameters.extend(parameter(&constraint.name, &constraint.value, &path, problems));
                }
            }
        } else if PARAMETERS.contains(&&*member.name) {
            parameters.extend(parameter(&member.name, &member.value, &here, problems));
        }
    }
    parameters
}

fn parameter(name: &str, value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Parameter> {
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
                let content = text(&member.value, &path.member(&member.name), problems)?;
                pairs.push((member.name.clone(), content.into()));
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
        _ => match scalar(value) {
            Some(text) => ParameterValue::Text(text),
            // What plays no part in authorization, such as `Recipient`, may have any shape.
            None => return None,
        },
    };
    Some(Parameter { name: name.into(), value })
}

fn context(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Vec<(Box<str>, ContextValue)> {
    let Kind::Object(members) = &value.kind else {
        let message = format!("an object of condition keys was expected, but this is {}", value.kind_in_words());
        problems.push(Code::DataTypeMismatch, value.span, path, message);
        return Vec::new();
    };
    let mut given = Vec::with_capacity(members.len());
    for member in members {
        let here = path.member(&member.name);
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

/// A key of the world, and the alias by which the request named it.
#[derive(Default)]
struct Named {
    index: Option<usize>,
    alias: Option<Box<str>>,
}

/// Resolves the key identifier: key id, key ARN, alias name or alias ARN. A short form is looked up in
/// the caller's account and Region
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id>).
#[expect(clippy::too_many_arguments, reason = "each is a different part of the request")]
fn key(
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
) -> Result<Named, (Code, alloc::string::String)> {
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
        Some(arn) => key.arn.account().as_str() == arn.account && key.arn.region() == arn.region,
        None => {
            caller.account().is_none_or(|account| account == key.arn.account())
                && region.is_none_or(|region| region == key.arn.region())
        }
    };
    if let Some(index) = world.keys.iter().position(|key| named(key) && there(key)) {
        return Ok(Named { index: Some(index), alias: alias.map(Into::into) });
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
