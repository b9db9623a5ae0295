//! The keys of a world.

use serde_json::Value;

use super::{
    cast::{ACCOUNTS, OWNER},
    dice::{Dice, Object},
    grants::Grant,
};

/// The Region of most keys.
pub(super) const HOME: &str = "us-west-2";
/// Where a replica is.
pub(super) const ABROAD: &str = "eu-central-1";

/// What kind of key it is.
#[derive(Debug)]
pub(super) struct Shape {
    pub spec: &'static str,
    pub usage: &'static str,
    pub origin: &'static str,
    pub aws_managed: bool,
    /// Of a custom key store.
    pub stored: bool,
    /// `PRIMARY`, `REPLICA`, or nothing.
    pub multi_region: &'static str,
    /// States that it can be in; `Enabled` comes first.
    pub states: &'static [&'static str],
    /// What it is for.
    pub operations: &'static [&'static str],
}

/// A key.
#[derive(Debug)]
pub(super) struct Key {
    pub shape: &'static Shape,
    pub id: &'static str,
    pub region: &'static str,
    pub account: &'static str,
    pub aliases: Vec<&'static str>,
    pub grants: Vec<Grant>,
    state: &'static str,
    tags: Vec<[&'static str; 2]>,
}

const SYMMETRIC: Shape = Shape {
    spec: "SYMMETRIC_DEFAULT",
    usage: "ENCRYPT_DECRYPT",
    origin: "AWS_KMS",
    aws_managed: false,
    stored: false,
    multi_region: "",
    states: &["Enabled", "Disabled", "PendingDeletion"],
    operations: &[
        "Decrypt",
        "Decrypt",
        "Decrypt",
        "Encrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "ReEncrypt",
        "ReEncrypt",
        "ReEncryptFrom",
        "ReEncryptTo",
    ],
};

const fn asymmetric(
    spec: &'static str,
    usage: &'static str,
    states: &'static [&'static str],
    operations: &'static [&'static str],
) -> Shape {
    Shape { spec, usage, states, operations, ..SYMMETRIC }
}

static SHAPES: &[Shape] = &[
    SYMMETRIC,
    SYMMETRIC,
    SYMMETRIC,
    SYMMETRIC,
    SYMMETRIC,
    SYMMETRIC,
    SYMMETRIC,
    SYMMETRIC,
    Shape { aws_managed: true, states: &["Enabled"], ..SYMMETRIC },
    Shape { origin: "EXTERNAL", states: &["Enabled", "PendingImport", "Disabled"], ..SYMMETRIC },
    Shape { origin: "AWS_CLOUDHSM", stored: true, states: &["Enabled", "Unavailable"], ..SYMMETRIC },
    PRIMARY,
    PRIMARY,
    asymmetric(
        "RSA_2048",
        "ENCRYPT_DECRYPT",
        SYMMETRIC.states,
        &["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GetPublicKey"],
    ),
    asymmetric("RSA_4096", "SIGN_VERIFY", SYMMETRIC.states, &["Sign", "Verify", "GetPublicKey"]),
    asymmetric("ECC_NIST_P256", "SIGN_VERIFY", SYMMETRIC.states, &["Sign", "Verify", "GetPublicKey"]),
    asymmetric("ECC_NIST_P384", "KEY_AGREEMENT", SYMMETRIC.states, &["DeriveSharedSecret", "GetPublicKey"]),
    asymmetric("HMAC_256", "GENERATE_VERIFY_MAC", SYMMETRIC.states, &["GenerateMac", "VerifyMac"]),
    asymmetric(
        "ML_KEM_768",
        "ENCAPSULATE_DECAPSULATE",
        SYMMETRIC.states,
        &["Encapsulate", "Decapsulate", "GetPublicKey"],
    ),
];

const PRIMARY: Shape = Shape {
    multi_region: "PRIMARY",
    states: &["Enabled", "Updating", "PendingReplicaDeletion", "Disabled"],
    ..SYMMETRIC
};

static REPLICA: Shape = Shape { multi_region: "REPLICA", states: &["Enabled", "Creating", "Updating"], ..SYMMETRIC };

const ALIASES: &[&str] = &["alias/orders", "alias/invoices"];
const SECOND_ALIASES: &[&str] = &["alias/archive", "alias/orders/old"];
const TAGS: &[[&str; 2]] = &[["env", "prod"], ["env", "test"], ["team", "blue"], ["Team", "red"], ["cost", "low"]];
const MULTI_REGION_ID: &str = "mrk-1234abcd12ab34cd56ef1234567890ab";

impl Key {
    /// Its ARN.
    pub(super) fn arn(&self) -> String {
        self.arn_in(self.region)
    }

    fn arn_in(&self, region: &str) -> String {
        format!("arn:aws:kms:{region}:{}:key/{}", self.account, self.id)
    }

    /// Whether an encryption context goes with it.
    pub(super) fn is_symmetric(&self) -> bool {
        self.shape.spec == SYMMETRIC.spec
    }

    /// The entry under `keys`, with this policy.
    pub(super) fn print(&self, policy: Value, dice: &mut Dice) -> Value {
        let mut metadata = Object::with("Arn", self.arn());
        if dice.percent(30) || self.shape.spec != SYMMETRIC.spec {
            metadata = metadata.and("KeySpec", self.shape.spec).and("KeyUsage", self.shape.usage);
        }
        if self.shape.origin != SYMMETRIC.origin {
            metadata = metadata.and("Origin", self.shape.origin);
        }
        metadata = metadata.and_if("KeyManager", self.shape.aws_managed.then_some("AWS"));
        metadata = metadata.and_if("CustomKeyStoreId", self.shape.stored.then_some("cks-1234567890abcdef0"));
        if self.state == "Disabled" && dice.percent(30) {
            metadata = metadata.and("Enabled", false);
        } else if self.state != "Enabled" || dice.percent(20) {
            metadata = metadata.and("KeyState", self.state);
        }
        if !self.shape.multi_region.is_empty() {
            let place = |region: &str| Value::from(Object::with("Arn", self.arn_in(region)).and("Region", region));
            let configuration = Object::with("MultiRegionKeyType", self.shape.multi_region)
                .and("PrimaryKey", place(HOME))
                .and("ReplicaKeys", vec![place(ABROAD)]);
            metadata = metadata.and("MultiRegion", true).and("MultiRegionConfiguration", configuration);
        }
        let tag = |[key, value]: &[&str; 2]| Value::from(Object::with("TagKey", *key).and("TagValue", *value));
        Object::with("KeyMetadata", metadata)
            .and("Policy", policy)
            .and("Aliases", self.aliases.clone())
            .and("Tags", self.tags.iter().map(tag).collect::<Vec<_>>())
            .and("Grants", self.grants.iter().map(Grant::print).collect::<Vec<_>>())
            .into()
    }
}

/// One key, or two: unlike ones, or a multi-Region key with its replica. Of a `calm` one all is plain, and
/// it is enabled.
pub(super) fn keys(dice: &mut Dice, calm: bool) -> Vec<Key> {
    let pool: Vec<&'static Shape> = SHAPES.iter().collect();
    let shape = dice.pick(&pool);
    let account = if dice.percent(85) { OWNER } else { dice.pick(ACCOUNTS) };
    let multi_region = !shape.multi_region.is_empty();
    let id = if multi_region { MULTI_REGION_ID } else { "1234abcd-12ab-34cd-56ef-1234567890ab" };
    let names = if shape.aws_managed { vec!["alias/aws/s3"] } else { aliases(dice, ALIASES) };
    let mut keys = vec![key(dice, shape, id, HOME, account, names, calm)];
    if multi_region {
        let names = aliases_of_replica(dice);
        keys.push(key(dice, &REPLICA, id, ABROAD, account, names, calm));
    } else if dice.percent(45) {
        let shape = dice.pick(&pool);
        let account = if dice.percent(70) { account } else { dice.pick(ACCOUNTS) };
        if shape.multi_region.is_empty() && !shape.aws_managed {
            let names = aliases(dice, SECOND_ALIASES);
            keys.push(key(dice, shape, "0987dcba-09fe-87dc-65ba-ab0987654321", HOME, account, names, calm));
        }
    }
    keys
}

fn aliases(dice: &mut Dice, pool: &[&'static str]) -> Vec<&'static str> {
    let count = dice.pick(&[0, 1, 1, 2]);
    dice.some(pool, count)
}

/// Aliases are of one Region: the replica may have one of the same name.
fn aliases_of_replica(dice: &mut Dice) -> Vec<&'static str> {
    let pool = dice.pick(&[ALIASES, SECOND_ALIASES]);
    aliases(dice, pool)
}

fn key(
    dice: &mut Dice,
    shape: &'static Shape,
    id: &'static str,
    region: &'static str,
    account: &'static str,
    aliases: Vec<&'static str>,
    calm: bool,
) -> Key {
    let state = if calm || dice.percent(75) { "Enabled" } else { dice.pick(shape.states) };
    let count = dice.between(0, 2);
    let mut tags: Vec<[&str; 2]> = Vec::new();
    for tag in dice.some(TAGS, count) {
        // Names that differ only in case leave open which value counts.
        let same = |key: &str| if calm { key.eq_ignore_ascii_case(tag[0]) } else { key == tag[0] };
        if !tags.iter().any(|[key, _]| same(key)) {
            tags.push(tag);
        }
    }
    Key { shape, id, region, account, aliases, grants: Vec::new(), state, tags }
}
