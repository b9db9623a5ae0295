//! What is asked for.

use super::{dice::Dice, keys::Key};

const MANAGEMENT: &[&str] = &[
    "DescribeKey",
    "DescribeKey",
    "GetKeyPolicy",
    "PutKeyPolicy",
    "PutKeyPolicy",
    "ListKeyPolicies",
    "ListResourceTags",
    "TagResource",
    "TagResource",
    "UntagResource",
    "EnableKey",
    "DisableKey",
    "EnableKeyRotation",
    "DisableKeyRotation",
    "GetKeyRotationStatus",
    "ListKeyRotations",
    "RotateKeyOnDemand",
    "ScheduleKeyDeletion",
    "ScheduleKeyDeletion",
    "CancelKeyDeletion",
    "UpdateKeyDescription",
    "GetKeyLastUsage",
    "ImportKeyMaterial",
    "GetParametersForImport",
    "DeleteImportedKeyMaterial",
];
const GRANTS: &[&str] =
    &["CreateGrant", "CreateGrant", "CreateGrant", "ListGrants", "RevokeGrant", "RetireGrant", "RetireGrant"];
const ALIASES: &[&str] = &["CreateAlias", "UpdateAlias", "DeleteAlias"];
const MULTI_REGION: &[&str] = &["ReplicateKey", "UpdatePrimaryRegion"];
const WITHOUT_KEY: &[&str] = &[
    "CreateKey",
    "CreateKey",
    "GenerateRandom",
    "ListAliases",
    "ListKeys",
    "ListRetirableGrants",
    "DescribeCustomKeyStores",
    "ConnectCustomKeyStore",
];

/// Operations that a grant can allow; `ReEncrypt` asks for two of them.
const GRANTED: &[&str] = &[
    "Encrypt",
    "Decrypt",
    "ReEncryptFrom",
    "ReEncryptTo",
    "ReEncrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "Sign",
    "Verify",
    "GenerateMac",
    "VerifyMac",
    "DeriveSharedSecret",
    "Encapsulate",
    "Decapsulate",
    "GetPublicKey",
    "CreateGrant",
    "RetireGrant",
    "DescribeKey",
];

/// Operations that take an encryption context.
const WITH_CONTEXT: &[&str] = &[
    "Encrypt",
    "Decrypt",
    "ReEncryptFrom",
    "ReEncryptTo",
    "ReEncrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
];

/// Operations that need several authorizations, that grants decide, or that are too new for others to know.
const BEYOND_OTHERS: &[&str] = &[
    "ReEncrypt",
    "RetireGrant",
    "CreateAlias",
    "UpdateAlias",
    "DeleteAlias",
    "ReplicateKey",
    "UpdatePrimaryRegion",
    "Encapsulate",
    "Decapsulate",
    "GetKeyLastUsage",
];

/// Whether a grant can allow it, so that it takes grant tokens.
pub(super) fn takes_grant_tokens(operation: &str) -> bool {
    GRANTED.contains(&operation) && operation != "RetireGrant"
}

/// Whether it takes an alias in the place of a key id.
pub(super) fn takes_alias(operation: &str) -> bool {
    GRANTED.contains(&operation) && !["CreateGrant", "RetireGrant"].contains(&operation)
}

/// Whether it takes an encryption context.
pub(super) fn takes_context(operation: &str) -> bool {
    WITH_CONTEXT.contains(&operation)
}

/// Whether another account than the key's can ask for it.
pub(super) fn crosses_accounts(operation: &str) -> bool {
    GRANTED.contains(&operation) || ["ListGrants", "RevokeGrant", "GetKeyRotationStatus"].contains(&operation)
}

/// Whether it is for no key at all.
pub(super) fn is_without_key(operation: &str) -> bool {
    WITHOUT_KEY.contains(&operation)
}

/// The operations that a grant on this key may list.
pub(super) fn grantable(key: &Key) -> Vec<&'static str> {
    let of_the_key = |name: &&&str| key.shape.operations.contains(*name) && **name != "ReEncrypt";
    GRANTED.iter().filter(of_the_key).chain(&["CreateGrant", "RetireGrant", "DescribeKey"]).copied().collect()
}

/// The actions that an operation is authorized as.
pub(super) fn actions(operation: &'static str) -> Vec<&'static str> {
    match operation {
        "ReEncrypt" => vec!["ReEncryptFrom", "ReEncryptTo"],
        "ReplicateKey" => vec!["ReplicateKey", "CreateKey", "TagResource"],
        "CreateKey" => vec!["CreateKey", "TagResource"],
        other => vec![other],
    }
}

/// Some operations for a world with this key: mostly what it is for.
pub(super) fn operations(dice: &mut Dice, key: &Key, comparable: bool) -> Vec<&'static str> {
    let count = dice.between(2, 4);
    let mut drawn = Vec::new();
    while drawn.len() < count {
        let pool = match dice.between(0, 99) {
            0..=51 => key.shape.operations,
            52..=65 => GRANTS,
            66..=85 => MANAGEMENT,
            86..=90 => ALIASES,
            91..=92 => MULTI_REGION,
            _ => WITHOUT_KEY,
        };
        let operation = dice.pick(pool);
        let known_to_others = !BEYOND_OTHERS.contains(&operation);
        if !drawn.contains(&operation) && (known_to_others || !comparable) {
            drawn.push(operation);
        }
    }
    drawn
}
