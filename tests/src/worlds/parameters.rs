//! The parameters of an operation.

use serde_json::Value;

use super::{
    cast::Caller,
    dice::{Dice, Object},
    documents::key_policy,
    grants::{context, create_grant, principal},
    keys::{ABROAD, Key},
    operations::{is_without_key, takes_alias, takes_context, takes_grant_tokens},
    plan::Plan,
};

/// What a request says beside its caller.
pub(super) struct Parameters {
    pub values: Object,
    /// Written where a short key id alone would leave it open.
    pub region: Option<&'static str>,
}

const PAIRS: &[[&str; 2]] = &[
    ["tenant", "42"],
    ["tenant", "42"],
    ["tenant", "7"],
    ["Tenant", "42"],
    ["stage", "prod"],
    ["stage", "Prod"],
    ["Stage", "prod"],
];

/// Pairs of an encryption context, at least so many.
pub(super) fn pairs(dice: &mut Dice, plan: &Plan, least: usize) -> Vec<[&'static str; 2]> {
    let count = dice.between(least, 2);
    let mut pairs: Vec<[&str; 2]> = Vec::new();
    for pair in dice.some(PAIRS, count) {
        // Names that differ only in case leave open which value counts: seldom.
        let alike = pairs.iter().any(|[name, _]| name.eq_ignore_ascii_case(pair[0]));
        let same = pairs.iter().any(|[name, _]| *name == pair[0]);
        if !alike || (!same && !plan.comparable && dice.percent(20)) {
            pairs.push(pair);
        }
    }
    pairs
}

/// Parameters for this operation; nothing if the world has no key, alias or grant that it could name.
pub(super) fn parameters(dice: &mut Dice, plan: &Plan, caller: &Caller, operation: &str) -> Option<Parameters> {
    if is_without_key(operation) {
        return Some(Parameters { values: without_key(dice, plan, caller, operation), region: None });
    }
    let drawn = match operation {
        "CreateAlias" | "UpdateAlias" | "DeleteAlias" => alias(dice, plan, caller, operation),
        "ReEncrypt" | "ReEncryptFrom" | "ReEncryptTo" => re_encrypt(dice, plan, caller, operation),
        "RetireGrant" | "RevokeGrant" => of_a_grant(dice, plan, operation),
        "UpdatePrimaryRegion" => {
            let key = plan.keys.iter().find(|key| key.shape.multi_region == "PRIMARY")?;
            Some(Parameters { values: Object::with("KeyId", key.arn()).and("PrimaryRegion", ABROAD), region: None })
        }
        _ => {
            let key = some_key(dice, plan)?;
            let named = named(dice, plan, caller, key, operation);
            let values = of_a_key(dice, plan, caller, key, operation);
            // The ciphertext of a symmetric key tells which key it was.
            let left_out = operation == "Decrypt" && plan.keys.len() == 1 && key.is_symmetric() && dice.percent(20);
            let id = (!left_out).then_some(named.id);
            Some(Parameters { values: Object::default().and_if("KeyId", id).joined(&values), region: named.region })
        }
    };
    let tokens: Vec<&str> =
        plan.keys.iter().flat_map(|key| &key.grants).filter_map(|grant| grant.token.as_deref()).collect();
    drawn.map(|Parameters { mut values, region }| {
        if takes_grant_tokens(operation) && !tokens.is_empty() && dice.percent(35) {
            let count = dice.between(1, 2);
            values = values.and("GrantTokens", dice.some(&tokens, count));
        }
        let dry = takes_grant_tokens(operation) && !["DescribeKey", "GetPublicKey"].contains(&operation);
        values = values.and_if("DryRun", (dry && dice.percent(4)).then_some(true));
        Parameters { values, region }
    })
}

/// Mostly the first, which the world is about.
fn some_key<'p>(dice: &mut Dice, plan: &'p Plan) -> Option<&'p Key> {
    let first = plan.keys.first().filter(|_| dice.percent(70));
    first.or_else(|| dice.any(&plan.keys))
}

struct Named {
    id: String,
    region: Option<&'static str>,
}

/// A key by ARN, or by its id or an alias where the caller's account has it.
fn named(dice: &mut Dice, plan: &Plan, caller: &Caller, key: &Key, operation: &str) -> Named {
    let alias = dice.any(&key.aliases).filter(|_| takes_alias(operation) && dice.percent(40));
    let at_home = caller.is_of(key.account);
    let region = plan.keys.iter().any(|other| other.region != key.region).then_some(key.region);
    match alias {
        Some(alias) if at_home && dice.percent(60) => Named { id: String::from(*alias), region },
        Some(alias) => Named { id: format!("arn:aws:kms:{}:{}:{alias}", key.region, key.account), region: None },
        None if at_home && dice.percent(40) => Named { id: key.id.into(), region },
        None => Named { id: key.arn(), region: None },
    }
}

fn of_a_key(dice: &mut Dice, plan: &Plan, caller: &Caller, key: &Key, operation: &str) -> Object {
    let values = Object::default();
    let symmetric = key.is_symmetric();
    match operation {
        _ if takes_context(operation) => {
            let pairs = if symmetric { pairs(dice, plan, 0) } else { Vec::new() };
            let pair_spec = operation.starts_with("GenerateDataKeyPair");
            let attested = operation == "Decrypt" && !plan.comparable && dice.percent(5);
            let recipient = Object::with("KeyEncryptionAlgorithm", "RSAES_OAEP_SHA_256");
            values
                .and_if("EncryptionContext", (!pairs.is_empty()).then(|| context(&pairs)))
                .and_if(
                    "EncryptionAlgorithm",
                    (!symmetric).then(|| dice.pick(&["RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1"])),
                )
                .and_if("KeyPairSpec", pair_spec.then(|| dice.pick(&["RSA_2048", "ECC_NIST_P256"])))
                .and_if("Recipient", attested.then_some(recipient))
        }
        "Sign" | "Verify" => {
            let algorithm = match key.shape.spec {
                "ECC_NIST_P256" => "ECDSA_SHA_256",
                _ => dice.pick(&["RSASSA_PSS_SHA_256", "RSASSA_PKCS1_V1_5_SHA_256"]),
            };
            let kind = dice.percent(40).then(|| dice.pick(&["RAW", "DIGEST"]));
            values.and("SigningAlgorithm", algorithm).and_if("MessageType", kind)
        }
        "GenerateMac" | "VerifyMac" => values.and("MacAlgorithm", "HMAC_SHA_256"),
        "DeriveSharedSecret" => values.and("KeyAgreementAlgorithm", "ECDH"),
        "CreateGrant" => create_grant(dice, plan, key),
        "PutKeyPolicy" => {
            let bypass = dice.percent(35).then(|| dice.percent(70));
            values
                .and("Policy", key_policy(dice, plan, key))
                .and_if("PolicyName", dice.percent(30).then_some("default"))
                .and_if("BypassPolicyLockoutSafetyCheck", bypass)
        }
        "GetKeyPolicy" => values.and_if("PolicyName", dice.percent(30).then_some("default")),
        "TagResource" => values.and("Tags", tags(dice)),
        "UntagResource" => values.and("TagKeys", dice.pick(&[&["cost"][..], &["cost", "owner"], &["env"]])),
        "EnableKeyRotation" => values.and_if("RotationPeriodInDays", dice.percent(50).then(|| dice.pick(&[180, 365]))),
        "ScheduleKeyDeletion" => values.and_if("PendingWindowInDays", dice.percent(50).then(|| dice.pick(&[7, 30]))),
        "UpdateKeyDescription" => values.and("Description", "orders"),
        "ImportKeyMaterial" => match dice.between(0, 2) {
            0 => values.and("ValidTo", "2027-01-01T00:00:00Z"),
            1 => values.and("ExpirationModel", "KEY_MATERIAL_EXPIRES").and("ValidTo", "2026-12-01T00:00:00Z"),
            _ => values.and("ExpirationModel", "KEY_MATERIAL_DOES_NOT_EXPIRE"),
        },
        "GetParametersForImport" => {
            let algorithm = dice.pick(&["RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1"]);
            values.and("WrappingAlgorithm", algorithm).and("WrappingKeySpec", dice.pick(&["RSA_2048", "RSA_4096"]))
        }
        "ReplicateKey" => {
            let policy = dice.percent(50).then(|| key_policy(dice, plan, key));
            let tagged = dice.percent(40).then(|| tags(dice));
            let region = dice.pick(&["us-east-1", "us-east-1", ABROAD]);
            values.and("ReplicaRegion", region).and_if("Policy", policy).and_if("Tags", tagged)
        }
        "ListGrants" if dice.percent(20) => values.and("GranteePrincipal", principal(dice, caller)),
        _ => values,
    }
}

fn without_key(dice: &mut Dice, plan: &Plan, caller: &Caller, operation: &str) -> Object {
    let values = Object::default();
    match operation {
        "CreateKey" => {
            let spec = dice.percent(40).then(|| {
                dice.pick(&[
                    ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
                    ("RSA_2048", "SIGN_VERIFY"),
                    ("HMAC_256", "GENERATE_VERIFY_MAC"),
                ])
            });
            let policy = dice.any(&plan.keys).filter(|key| !key.shape.aws_managed && dice.percent(40));
            let policy = policy.map(|key| key_policy(dice, plan, key));
            let tagged = (!plan.comparable && dice.percent(35)).then(|| tags(dice));
            values
                .and_if("KeySpec", spec.map(|(spec, _)| spec))
                .and_if("KeyUsage", spec.map(|(_, usage)| usage))
                .and_if("MultiRegion", dice.percent(30).then(|| dice.percent(50)))
                .and_if("Policy", policy)
                .and_if("Tags", tagged)
                .and_if("BypassPolicyLockoutSafetyCheck", dice.percent(25).then_some(true))
        }
        "GenerateRandom" => values.and("NumberOfBytes", 32),
        "ListRetirableGrants" => {
            values.and("RetiringPrincipal", if caller.entity.is_empty() { caller.arn } else { caller.entity })
        }
        "ConnectCustomKeyStore" => values.and("CustomKeyStoreId", "cks-1234567890abcdef0"),
        _ => values,
    }
}

fn tags(dice: &mut Dice) -> Value {
    let cost = dice.pick(&[None, Some("low"), Some("high"), Some("high")]).map(|value| ["cost", value]);
    let owner = (cost.is_none() || dice.percent(30)).then_some(["owner", "dana"]);
    let tag = |[key, value]: [&str; 2]| Value::from(Object::with("TagKey", key).and("TagValue", value));
    cost.into_iter().chain(owner).map(tag).collect::<Vec<_>>().into()
}

fn re_encrypt(dice: &mut Dice, plan: &Plan, caller: &Caller, operation: &str) -> Option<Parameters> {
    let source = some_key(dice, plan)?;
    let destination = dice.any(&plan.keys)?;
    // One Region is asked; a key of another is not there.
    let destination = if destination.region == source.region { destination } else { source };
    let from = named(dice, plan, caller, source, operation);
    let to = named(dice, plan, caller, destination, operation);
    let region = from.region.or(to.region);
    let mut values = Object::default();
    // Others cannot tell whether both are one key unless both are there in the same form.
    let (source_id, destination_id) =
        if plan.comparable { (source.arn(), destination.arn()) } else { (from.id, to.id) };
    let plain = plan.keys.len() == 1 && source.is_symmetric();
    let leaves_out_source = match operation {
        _ if plan.comparable => false,
        "ReEncryptTo" => dice.percent(50),
        _ => plain && dice.percent(20),
    };
    if !leaves_out_source {
        values = values.and("SourceKeyId", source_id);
    }
    if plan.comparable || operation != "ReEncryptFrom" || dice.percent(50) {
        values = values.and("DestinationKeyId", destination_id);
    }
    for (name, key) in [("SourceEncryptionContext", source), ("DestinationEncryptionContext", destination)] {
        let pairs = pairs(dice, plan, 0);
        if key.is_symmetric() && !pairs.is_empty() {
            values = values.and(name, context(&pairs));
        }
    }
    for (name, key) in [("SourceEncryptionAlgorithm", source), ("DestinationEncryptionAlgorithm", destination)] {
        values = values.and_if(name, (key.shape.spec == "RSA_2048").then_some("RSAES_OAEP_SHA_256"));
    }
    Some(Parameters { values, region })
}

/// An alias is of the caller's account; the reader looks there for the key behind it.
fn alias(dice: &mut Dice, plan: &Plan, caller: &Caller, operation: &str) -> Option<Parameters> {
    let at_home: Vec<&Key> =
        plan.keys.iter().filter(|key| caller.is_of(key.account) && !key.shape.aws_managed).collect();
    if operation == "CreateAlias" {
        let key = if dice.percent(85) { *dice.any(&at_home)? } else { some_key(dice, plan)? };
        let target = named(dice, plan, caller, key, operation);
        let name = dice.pick(&["alias/new", "alias/new", "alias/new", "alias/orders", "alias/aws/new"]);
        let values = Object::with("AliasName", name).and("TargetKeyId", target.id);
        return Some(Parameters { values, region: target.region });
    }
    let aliased: Vec<&Key> = at_home.iter().filter(|key| !key.aliases.is_empty()).copied().collect();
    let key = *dice.any(&aliased)?;
    let values = Object::with("AliasName", *dice.any(&key.aliases)?);
    let region = plan.keys.iter().any(|other| other.region != key.region).then_some(key.region);
    if operation == "DeleteAlias" {
        return Some(Parameters { values, region });
    }
    let beside: Vec<&Key> = at_home.into_iter().filter(|other| other.region == key.region).collect();
    let beside = *dice.any(&beside)?;
    let target = named(dice, plan, caller, beside, operation);
    Some(Parameters { values: values.and("TargetKeyId", target.id), region })
}

fn of_a_grant(dice: &mut Dice, plan: &Plan, operation: &str) -> Option<Parameters> {
    let with_grants: Vec<&Key> = plan.keys.iter().filter(|key| !key.grants.is_empty()).collect();
    let key = *dice.any(&with_grants)?;
    let grant = dice.any(&key.grants)?;
    let token = grant.token.as_deref().filter(|_| operation == "RetireGrant" && dice.percent(50));
    let values = match token {
        Some(token) => Object::with("GrantToken", token),
        None => Object::with("KeyId", key.arn()).and("GrantId", grant.id.as_str()),
    };
    Some(Parameters { values, region: None })
}
