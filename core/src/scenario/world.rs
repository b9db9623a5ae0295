//! `principals` and `keys`.

use alloc::{boxed::Box, format, vec::Vec};

use super::fields::{Fields, text};
use crate::{
    arn::{KeyArn, PrincipalArn, PrincipalKind, is_unique_id},
    catalog::{Action, ActionSet, KeyOrigin, KeySpec, KeyUsage},
    json::{self, Kind, Path, Source, Value},
    policy::{self, Document, PolicyKind},
    problem::{Code, Problems},
    world::{Grant, IdentityPolicy, KmsKey, MultiRegionKeyType, Principal, Tag, World},
};

pub(super) fn principal(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Principal> {
    let known = ["Arn", "UserId", "RoleId", "GroupId", "Tags", "Groups", "Policies"];
    let fields = Fields::of(value, &known, path, problems)?;
    let written = fields.required("Arn", "\"arn:aws:iam::111122223333:role/App\"", problems)?;
    let arn = text(written, &path.member("Arn"), problems)?;
    let arn = PrincipalArn::parse(arn).filter(|arn| {
        matches!(arn.kind(), PrincipalKind::User { .. } | PrincipalKind::Role { .. } | PrincipalKind::Group { .. })
    });
    if arn.is_none() {
        fields.invalid(
            "Arn",
            "not the ARN of a user, role or group, such as `arn:aws:iam::111122223333:role/App`".into(),
            problems,
        );
    }
    let unique_id = match arn.as_ref().map(PrincipalArn::kind) {
        Some(PrincipalKind::User { .. }) => unique_id(&fields, "UserId", problems),
        Some(PrincipalKind::Role { .. }) => unique_id(&fields, "RoleId", problems),
        _ => None,
    };
    let tags = fields.list("Tags", problems, |value, path, problems| tag(value, ["Key", "Value"], path, problems));
    let group =
        |value: &Value, path: &Path<'_>, problems: &mut Problems<'_>| text(value, path, problems).map(Into::into);
    let groups: Vec<Box<str>> = fields.list("Groups", problems, group);
    if !groups.is_empty() && !matches!(arn.as_ref().map(PrincipalArn::kind), Some(PrincipalKind::User { .. })) {
        fields.invalid("Groups", "only a user is in groups".into(), problems);
    }
    let policies = fields.list("Policies", problems, identity_policy);
    Some(Principal { span: value.span, arn: arn?, unique_id, tags, groups, policies })
}

fn unique_id(fields: &Fields<'_, '_>, name: &'static str, problems: &mut Problems<'_>) -> Option<Box<str>> {
    let id = fields.text(name, problems)?;
    if !is_unique_id(id) {
        let message = format!(
            "`{id}` is no unique id; AWS prints `AIDA…` for a user and `AROA…` for a role, in capitals and digits"
        );
        fields.invalid(name, message, problems);
    }
    Some(id.into())
}

fn tag(value: &Value, [key, content]: [&'static str; 2], path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Tag> {
    let fields = Fields::of(value, &[key, content], path, problems)?;
    fields.required(key, "\"team\"", problems)?;
    let value = fields.text(content, problems).unwrap_or_default().into();
    Some(Tag { key: fields.text(key, problems)?.into(), value })
}

fn identity_policy(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<IdentityPolicy> {
    let fields = Fields::of(value, &["PolicyName", "PolicyArn", "PolicyDocument"], path, problems)?;
    fields.required("PolicyName", "\"UseKey\"", problems)?;
    let document = fields.required("PolicyDocument", "{ … }", problems)?;
    let document = embedded(document, PolicyKind::Identity, &path.member("PolicyDocument"), problems);
    let arn = fields.text("PolicyArn", problems).map(Into::into);
    Some(IdentityPolicy { name: fields.text("PolicyName", problems)?.into(), arn, document: document? })
}

/// A policy document as an object, or inside a string as AWS prints it.
fn embedded(value: &Value, kind: PolicyKind, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Document> {
    if value.as_str().is_none() {
        return Some(policy::read(value, kind, path, problems));
    }
    let inner = json::parse_at(&Source::embedded(problems.text(), value.span), path, problems)?;
    Some(policy::read(&inner, kind, path, problems))
}

/// `KeyMetadata` as `describe-key` prints it
/// (<https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html>). What plays no part in
/// authorization is taken and left alone.
const KEY_METADATA: &[&str] = &[
    "AWSAccountId",
    "KeyId",
    "Arn",
    "CreationDate",
    "Enabled",
    "Description",
    "KeyUsage",
    "KeyState",
    "DeletionDate",
    "ValidTo",
    "Origin",
    "CustomKeyStoreId",
    "CloudHsmClusterId",
    "ExpirationModel",
    "KeyManager",
    "CustomerMasterKeySpec",
    "KeySpec",
    "EncryptionAlgorithms",
    "SigningAlgorithms",
    "KeyAgreementAlgorithms",
    "MacAlgorithms",
    "MultiRegion",
    "MultiRegionConfiguration",
    "PendingDeletionWindowInDays",
    "XksKeyConfiguration",
    "CurrentKeyMaterialId",
];

pub(super) fn key(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<KmsKey> {
    let fields =
        Fields::of(value, &["KeyMetadata", "Policy", "PolicyName", "Aliases", "Tags", "Grants"], path, problems)?;
    let metadata = fields.required("KeyMetadata", "{\"Arn\": \"arn:aws:kms:us-west-2:111122223333:key/…\"}", problems);
    let policy = fields.required("Policy", "{ … }` (what `aws kms get-key-policy` prints)`", problems);
    let policy = policy.and_then(|policy| embedded(policy, PolicyKind::Key, &path.member("Policy"), problems));
    let aliases = fields.list("Aliases", problems, alias);
    let tags =
        fields.list("Tags", problems, |value, path, problems| tag(value, ["TagKey", "TagValue"], path, problems));
    let grants = fields.list("Grants", problems, grant);
    let here = path.member("KeyMetadata");
    let metadata = Fields::of(metadata?, KEY_METADATA, &here, problems)?;
    metadata.required("Arn", "\"arn:aws:kms:us-west-2:111122223333:key/…\"", problems)?;
    let arn = metadata.text("Arn", problems).and_then(KeyArn::parse);
    if arn.is_none() {
        metadata.invalid("Arn", "not the ARN of a key, such as `arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`".into(), problems);
    }
    let key_spec = named(&metadata, "KeySpec", KeySpec::ALL, |spec| spec.name(), problems).unwrap_or_default();
    let key_usage = named(&metadata, "KeyUsage", KeyUsage::ALL, |usage| usage.name(), problems);
    let only_usage = key_spec.uses().first().map_or_else(KeyUsage::default, |(usage, _)| *usage);
    let key_usage = key_usage.unwrap_or(only_usage);
    if !key_spec.supports(key_usage) {
        metadata.invalid(
            "KeyUsage",
            format!("a key of spec `{}` cannot be used for `{}`", key_spec.name(), key_usage.name()),
            problems,
        );
    }
    let origin = named(&metadata, "Origin", KeyOrigin::ALL, |origin| origin.name(), problems).unwrap_or_default();
    let aws_managed = metadata.word("KeyManager", &[("CUSTOMER", false), ("AWS", true)], problems).unwrap_or_default();
    let multi_region = metadata.boolean("MultiRegion", problems).unwrap_or_default();
    let kind = multi_region.then(|| multi_region_type(&metadata, &here, problems));
    Some(KmsKey {
        span: value.span,
        arn: arn?,
        key_spec,
        key_usage,
        origin,
        aws_managed,
        multi_region: kind,
        policy: policy?,
        aliases,
        tags,
        grants,
    })
}

fn named<T: Copy>(
    fields: &Fields<'_, '_>,
    field: &'static str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
    problems: &mut Problems<'_>,
) -> Option<T> {
    let words: Vec<(&str, T)> = all.iter().map(|one| (name(*one), *one)).collect();
    fields.word(field, &words, problems)
}

/// A multi-Region key that does not say which it is is a primary: `CreateKey` makes only those.
fn multi_region_type(metadata: &Fields<'_, '_>, path: &Path<'_>, problems: &mut Problems<'_>) -> MultiRegionKeyType {
    let kinds = [("PRIMARY", MultiRegionKeyType::Primary), ("REPLICA", MultiRegionKeyType::Replica)];
    let here = path.member("MultiRegionConfiguration");
    let known = ["MultiRegionKeyType", "PrimaryKey", "ReplicaKeys"];
    let configuration = metadata.get("MultiRegionConfiguration");
    let configuration = configuration.and_then(|value| Fields::of(value, &known, &here, problems));
    let kind = configuration.and_then(|fields| fields.word("MultiRegionKeyType", &kinds, problems));
    kind.unwrap_or(MultiRegionKeyType::Primary)
}

/// A name, or what `list-aliases` prints for one.
fn alias(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Box<str>> {
    let name = if let Kind::Object(_) = value.kind {
        let known = ["AliasName", "AliasArn", "TargetKeyId", "CreationDate", "LastUpdatedDate"];
        let fields = Fields::of(value, &known, path, problems)?;
        fields.required("AliasName", "\"alias/orders\"", problems)?;
        fields.text("AliasName", problems)?
    } else {
        text(value, path, problems)?
    };
    if !name.starts_with("alias/") {
        problems.push(
            Code::InvalidValue,
            value.span,
            path,
            format!("`{name}` is no alias name; one begins with `alias/`"),
        );
    }
    Some(name.into())
}

/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html>
fn grant(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Grant> {
    let known = [
        "KeyId",
        "GrantId",
        "Name",
        "CreationDate",
        "GranteePrincipal",
        "GranteeServicePrincipal",
        "RetiringPrincipal",
        "RetiringServicePrincipal",
        "IssuingAccount",
        "Operations",
        "Constraints",
        "GrantToken",
    ];
    let fields = Fields::of(value, &known, path, problems)?;
    let mut operations = ActionSet::EMPTY;
    let names = fields.list("Operations", problems, |value, path, problems| {
        let name = text(value, path, problems)?;
        let action = Action::from_name(name);
        if action.is_none() {
            problems.push(Code::UnknownOperation, value.span, path, format!("`{name}` is no operation of KMS"));
        }
        action
    });
    names.into_iter().for_each(|action| operations.insert(action));
    let grantee =
        fields.text("GranteePrincipal", problems).or_else(|| fields.text("GranteeServicePrincipal", problems));
    if grantee.is_none() {
        fields.required("GranteePrincipal", "\"arn:aws:iam::111122223333:role/App\"", problems)?;
    }
    let id = fields.text("GrantId", problems).map(Into::into);
    Some(Grant { span: value.span, id, grantee: grantee?.into(), operations })
}

/// What concerns several entries at once: names are unique, groups exist.
pub(super) fn check(world: &World, problems: &mut Problems<'_>) {
    let root = Path::Root;
    let principals = root.member("principals");
    for (index, principal) in world.principals.iter().enumerate() {
        let here = principals.element(index);
        if world.principals.iter().take(index).any(|earlier| earlier.arn == principal.arn) {
            let message = format!("`{}` is listed twice; put its policies together", principal.arn.as_str());
            problems.push(Code::InvalidValue, principal.span, &here, message);
        }
        for (position, group) in principal.groups.iter().enumerate() {
            if principal.groups.iter().take(position).any(|earlier| earlier == group) {
                let message = format!("group `{group}` again; a user is in it once");
                problems.push(Code::InvalidValue, principal.span, &here.member("Groups"), message);
            }
            if world.group(&principal.arn, group).is_none() {
                let message = format!(
                    "no group `{group}` of account {} is listed under `principals`; add it, so that its policies count",
                    principal.arn.account()
                );
                problems.push(Code::UnknownPrincipal, principal.span, &here.member("Groups"), message);
            }
        }
    }
    let keys = root.member("keys");
    for (index, key) in world.keys.iter().enumerate() {
        let here = keys.element(index);
        if world.keys.iter().take(index).any(|earlier| earlier.arn == key.arn) {
            problems.push(Code::InvalidValue, key.span, &here, format!("`{}` is listed twice", key.arn.as_str()));
        }
    }
}
