//! `keys`: what `describe-key`, `get-key-policy`, `list-aliases`, `list-resource-tags` and `list-grants`
//! print.

use alloc::{boxed::Box, format, vec::Vec};

use super::{
    fields::{Fields, text},
    grants, key_life,
    world::{embedded, tag},
};
use crate::{
    arn::KeyArn,
    catalog::{KeyOrigin, KeySpec, KeyState, KeyUsage},
    json::{Kind, Path, Value},
    policy::PolicyKind,
    problem::{Code, Problems},
    world::{KmsKey, MultiRegionKeyType},
};

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

/// The outputs that tell of a key, by the names in them.
const KEY: &[&str] = &[
    "KeyMetadata",
    "Policy",
    "PolicyName",
    "Aliases",
    "Tags",
    "Grants",
    "RotationStatus",
    "Rotations",
    "KeyMaterial",
    "NextMarker",
    "Truncated",
];

pub(super) fn key(value: &Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<KmsKey> {
    let fields = Fields::of(value, KEY, path, problems)?;
    let metadata = fields.required("KeyMetadata", "{\"Arn\": \"arn:aws:kms:us-west-2:111122223333:key/…\"}", problems);
    let policy = fields.required("Policy", "{ … }` (what `aws kms get-key-policy` prints)`", problems);
    let policy = policy.and_then(|policy| embedded(policy, PolicyKind::Key, &path.member("Policy"), problems));
    key_life::check(&fields, path, problems);
    let aliases = fields.list("Aliases", problems, alias);
    let tags =
        fields.list("Tags", problems, |value, path, problems| tag(value, ["TagKey", "TagValue"], path, problems));
    let grants = fields.list("Grants", problems, grants::grant);
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
    let states: Vec<(&str, KeyState)> = KeyState::ALL.iter().map(|state| (state.name(), *state)).collect();
    let enabled = metadata.boolean("Enabled", problems).unwrap_or(true);
    let state = metadata.word("KeyState", &states, problems);
    let state = state.unwrap_or(if enabled { KeyState::Enabled } else { KeyState::Disabled });
    let in_custom_key_store = metadata.text("CustomKeyStoreId", problems).is_some()
        || matches!(origin, KeyOrigin::AwsCloudHsm | KeyOrigin::ExternalKeyStore);
    let aws_managed = metadata.word("KeyManager", &[("CUSTOMER", false), ("AWS", true)], problems).unwrap_or_default();
    let multi_region = metadata.boolean("MultiRegion", problems).unwrap_or_default();
    let kind = multi_region.then(|| multi_region_type(&metadata, &here, problems));
    Some(KmsKey {
        span: value.span,
        arn: arn?,
        key_spec,
        key_usage,
        origin,
        state,
        aws_managed,
        in_custom_key_store,
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
