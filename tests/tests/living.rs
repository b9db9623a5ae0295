//! Random sequences of operations against a small literal model of keys, aliases, grants and ciphertexts.
//!
//! The model is written from AWS's pages on key states, aliases and grants, and knows nothing of policies: the caller
//! may do everything. After each step that takes time it and the world say the same.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};

use keytrace::{
    json::print,
    random::{Random, RandomError},
    service::{Kms, Outcome, Timestamp},
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, prop_oneof, proptest},
    test_runner::{Config, RngSeed},
};
use serde_json::{Value, json};

const WORLD: &str = include_str!("../lives/worlds/account.json");
const REGIONS: [&str; 2] = ["us-west-2", "us-east-1"];
const ALIASES: [&str; 3] = ["alias/a", "alias/b", "alias/c"];

/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Enabled,
    Disabled,
    PendingDeletion,
    PendingReplicaDeletion,
    PendingImport,
    Creating,
    Updating,
}
use State::{Creating, Disabled, Enabled, PendingDeletion, PendingImport, PendingReplicaDeletion, Updating};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Symmetric,
    External,
    Hmac,
    MultiRegion,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Create(Kind),
    Enable(usize),
    Disable(usize),
    Schedule(usize, i64),
    Cancel(usize),
    Encrypt(usize),
    Decrypt(usize),
    Rotate(usize),
    Replicate(usize),
    Promote(usize),
    CreateAlias(usize, usize),
    MoveAlias(usize, usize),
    DeleteAlias(usize),
    CreateGrant(usize),
    Revoke(usize),
    UseGrant(usize),
    Wait(i64),
}

#[derive(Debug)]
struct Key {
    arn: String,
    region: &'static str,
    kind: Kind,
    state: State,
    deletion: Option<i64>,
    window: i64,
    replica: bool,
    rotations: usize,
    aliases: BTreeSet<&'static str>,
    grants: Vec<Grant>,
}

#[derive(Clone, Debug)]
struct Grant {
    id: String,
    created: i64,
    revoked: Option<i64>,
}

#[derive(Debug)]
struct Blob {
    text: String,
    /// All of the ARN but the Region, which related keys share.
    family: String,
}

/// A multi-Region key and its relatives have one.
fn family(arn: &str) -> String {
    if arn.contains("key/mrk-") { arn.split(':').skip(4).collect::<Vec<_>>().join(":") } else { arn.into() }
}

struct Drawn(fastrand::Rng);

impl Random for Drawn {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        self.0.fill(bytes);
        Ok(())
    }
}

struct Machine {
    kms: Kms,
    random: Drawn,
    keys: Vec<Key>,
    blobs: Vec<Blob>,
    now: i64,
}

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// What a key in that state answers to an operation that needs it enabled.
const fn needs_enabled(state: State) -> Option<&'static str> {
    match state {
        Enabled | Updating => None,
        Disabled => Some("DisabledException"),
        PendingDeletion | PendingReplicaDeletion | PendingImport | Creating => Some("KMSInvalidStateException"),
    }
}

impl Machine {
    fn new() -> Self {
        let kms = Kms::open(WORLD, Timestamp::UNIX_EPOCH).value.unwrap();
        let now = kms.clock().as_second();
        Self { kms, random: Drawn(fastrand::Rng::with_seed(4)), keys: Vec::new(), blobs: Vec::new(), now }
    }

    fn call_as(&mut self, role: &str, operation: &str, region: &str, parameters: &Value) -> Result<Value, String> {
        let principal = format!("arn:aws:sts::111122223333:assumed-role/{role}/session");
        let request =
            json!({ "principal": principal, "operation": operation, "region": region, "parameters": parameters });
        let reading = self.kms.call(&request.to_string(), &mut self.random);
        let reply = reading.value.unwrap_or_else(|| panic!("{request}: {:#?}", reading.problems));
        match reply.outcome {
            Outcome::Done(result) => Ok(serde_json::from_str(&print::pretty(&result, "", "")).unwrap()),
            Outcome::Refused { error, .. } => Err(error.name.as_str().into()),
            Outcome::Undetermined => Err("undetermined".into()),
            Outcome::NotModelled(_) => Err("not modelled".into()),
        }
    }

    fn call(&mut self, operation: &str, region: &str, parameters: &Value) -> Result<Value, String> {
        self.call_as("Admin", operation, region, parameters)
    }

    /// Calls an operation on a key, and holds the outcome against what is expected.
    fn on(&mut self, at: usize, operation: &str, more: &Value, expected: Option<&str>) -> Option<Value> {
        let (arn, region) = (self.keys[at].arn.clone(), self.keys[at].region);
        let mut parameters = json!({ "KeyId": arn });
        parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let outcome = self.call(operation, region, &parameters);
        let error = outcome.as_ref().err().map(String::as_str);
        assert_eq!(error, expected, "{operation} on {:?}", self.keys[at]);
        outcome.ok()
    }

    fn relatives(&self, at: usize) -> Vec<usize> {
        let own = family(&self.keys[at].arn);
        (0..self.keys.len()).filter(|other| family(&self.keys[*other].arn) == own).collect()
    }

    fn step(&mut self, step: Step) {
        if let Step::Create(kind) = step {
            return self.create(kind);
        }
        if let Step::Wait(seconds) = step {
            return self.wait(seconds);
        }
        if let Step::DeleteAlias(alias) = step {
            return self.delete_alias(ALIASES[alias % ALIASES.len()]);
        }
        if let Step::Decrypt(blob) = step {
            return self.decrypt(blob);
        }
        if self.keys.is_empty() {
            return;
        }
        let many = self.keys.len();
        let state = |machine: &Self, at: usize| machine.keys[at].state;
        let dying = |state: State| matches!(state, PendingDeletion | PendingReplicaDeletion);
        let invalid = Some("KMSInvalidStateException");
        match step {
            Step::Enable(at) | Step::Disable(at) => {
                let at = at % many;
                let (operation, to) =
                    if matches!(step, Step::Enable(_)) { ("EnableKey", Enabled) } else { ("DisableKey", Disabled) };
                let fails = !matches!(state(self, at), Enabled | Disabled);
                self.on(at, operation, &json!({}), if fails { invalid } else { None });
                if !fails {
                    self.keys[at].state = to;
                }
            }
            Step::Schedule(at, days) => {
                let at = at % many;
                let fails = dying(state(self, at)) || state(self, at) == Updating;
                self.on(
                    at,
                    "ScheduleKeyDeletion",
                    &json!({ "PendingWindowInDays": days }),
                    if fails { invalid } else { None },
                );
                if !fails {
                    let waits = !self.keys[at].replica && self.relatives(at).len() > 1;
                    let date = self.now + days * DAY;
                    let key = &mut self.keys[at];
                    key.window = days;
                    key.state = if waits { PendingReplicaDeletion } else { PendingDeletion };
                    key.deletion = (!waits).then_some(date);
                }
            }
            Step::Cancel(at) => {
                let at = at % many;
                let fails = !dying(state(self, at));
                self.on(at, "CancelKeyDeletion", &json!({}), if fails { invalid } else { None });
                if !fails {
                    let key = &mut self.keys[at];
                    // Undocumented for a key that lacks its material.
                    key.state = if key.kind == Kind::External { PendingImport } else { Disabled };
                    key.deletion = None;
                }
            }
            Step::Encrypt(at) => {
                let at = at % many;
                let usage = (self.keys[at].kind == Kind::Hmac).then_some("InvalidKeyUsageException");
                let expected = needs_enabled(state(self, at)).or(usage);
                if let Some(result) = self.on(at, "Encrypt", &json!({ "Plaintext": "aGVsbG8=" }), expected) {
                    let family = family(&self.keys[at].arn);
                    self.blobs.push(Blob { text: result["CiphertextBlob"].as_str().unwrap().into(), family });
                }
            }
            Step::Rotate(at) => {
                let at = at % many;
                let key = &self.keys[at];
                let unfit = key.kind == Kind::Hmac || key.replica;
                let expected = needs_enabled(key.state).or(unfit.then_some("UnsupportedOperationException"));
                let expected = expected.or((key.rotations >= 25).then_some("LimitExceededException"));
                if expected.is_none() {
                    self.relatives(at).into_iter().for_each(|relative| self.keys[relative].rotations += 1);
                }
                self.on(at, "RotateKeyOnDemand", &json!({}), expected);
            }
            Step::Replicate(at) => self.replicate(at % many),
            Step::Promote(at) => self.promote(at % many),
            Step::CreateAlias(alias, at) => {
                let (alias, at) = (ALIASES[alias % ALIASES.len()], at % many);
                let region = self.keys[at].region;
                let taken = self.keys.iter().any(|key| key.region == region && key.aliases.contains(alias));
                let fails = dying(state(self, at));
                let expected = if fails { invalid } else { taken.then_some("AlreadyExistsException") };
                let parameters = json!({ "AliasName": alias, "TargetKeyId": self.keys[at].arn });
                assert_eq!(self.call("CreateAlias", region, &parameters).err().as_deref(), expected);
                if expected.is_none() {
                    self.keys[at].aliases.insert(alias);
                }
            }
            Step::MoveAlias(alias, at) => self.move_alias(ALIASES[alias % ALIASES.len()], at % many),
            Step::CreateGrant(at) => {
                let at = at % many;
                let operation = if self.keys[at].kind == Kind::Hmac { "GenerateMac" } else { "Encrypt" };
                let grant =
                    json!({ "GranteePrincipal": "arn:aws:iam::111122223333:role/App", "Operations": [operation] });
                if let Some(result) = self.on(at, "CreateGrant", &grant, needs_enabled(state(self, at))) {
                    let id = result["GrantId"].as_str().unwrap().into();
                    let created = self.now;
                    self.keys[at].grants.push(Grant { id, created, revoked: None });
                }
            }
            Step::Revoke(at) => {
                let at = at % many;
                let now = self.now;
                let Some(grant) = self.keys[at].grants.iter_mut().find(|grant| grant.revoked.is_none()) else { return };
                grant.revoked = Some(now);
                let id = grant.id.clone();
                self.on(at, "RevokeGrant", &json!({ "GrantId": id }), None);
            }
            Step::UseGrant(at) => self.use_grant(at % many),
            Step::Create(_) | Step::Wait(_) | Step::DeleteAlias(_) | Step::Decrypt(_) => {}
        }
    }

    fn create(&mut self, kind: Kind) {
        if self.keys.len() >= 5 {
            return;
        }
        let parameters = match kind {
            Kind::Symmetric => json!({}),
            Kind::External => json!({ "Origin": "EXTERNAL" }),
            Kind::Hmac => json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" }),
            Kind::MultiRegion => json!({ "MultiRegion": true }),
        };
        let result = self.call("CreateKey", REGIONS[0], &parameters).unwrap();
        let arn = result["KeyMetadata"]["Arn"].as_str().unwrap().into();
        let state = if kind == Kind::External { PendingImport } else { Enabled };
        self.keys.push(Key {
            arn,
            region: REGIONS[0],
            kind,
            state,
            deletion: None,
            window: 0,
            replica: false,
            rotations: 0,
            aliases: BTreeSet::new(),
            grants: Vec::new(),
        });
    }

    fn replicate(&mut self, at: usize) {
        let key = &self.keys[at];
        let to = if key.region == REGIONS[0] { REGIONS[1] } else { REGIONS[0] };
        let unfit = key.kind != Kind::MultiRegion || key.replica;
        let state = if key.state == Updating { Some("KMSInvalidStateException") } else { needs_enabled(key.state) };
        let there = (self.relatives(at).len() > 1).then_some("AlreadyExistsException");
        let expected = state.or(unfit.then_some("UnsupportedOperationException")).or(there);
        let Some(result) = self.on(at, "ReplicateKey", &json!({ "ReplicaRegion": to }), expected) else { return };
        self.keys.push(Key {
            arn: result["ReplicaKeyMetadata"]["Arn"].as_str().unwrap().into(),
            region: to,
            kind: Kind::MultiRegion,
            state: Creating,
            deletion: None,
            window: 0,
            replica: true,
            rotations: self.keys[at].rotations,
            aliases: BTreeSet::new(),
            grants: Vec::new(),
        });
    }

    fn promote(&mut self, at: usize) {
        let relatives = self.relatives(at);
        let Some(other) = relatives.into_iter().find(|other| *other != at) else { return };
        let enabled = self.keys[at].state == Enabled && self.keys[other].state == Enabled;
        if !enabled || self.keys[at].replica {
            return;
        }
        let region = self.keys[other].region;
        self.on(at, "UpdatePrimaryRegion", &json!({ "PrimaryRegion": region }), None);
        for (key, replica) in [(at, true), (other, false)] {
            self.keys[key].replica = replica;
            self.keys[key].state = Updating;
        }
    }

    fn decrypt(&mut self, blob: usize) {
        let Some(blob) = blob.checked_rem(self.blobs.len()).map(|at| &self.blobs[at]) else { return };
        let (text, of) = (blob.text.clone(), blob.family.clone());
        for region in REGIONS {
            let key = self.keys.iter().find(|key| family(&key.arn) == of && key.region == region);
            let expected = match key {
                None => Some("AccessDeniedException"),
                Some(key) => needs_enabled(key.state),
            };
            let outcome = self.call("Decrypt", region, &json!({ "CiphertextBlob": text }));
            assert_eq!(outcome.as_ref().err().map(String::as_str), expected, "in {region}");
            if let Ok(result) = outcome {
                assert_eq!(result["Plaintext"], "aGVsbG8=");
            }
        }
    }

    fn move_alias(&mut self, alias: &'static str, to: usize) {
        let region = self.keys[to].region;
        let from = self.keys.iter().position(|key| key.region == region && key.aliases.contains(alias));
        let class = |key: &Key| key.kind == Kind::Hmac;
        let dying = matches!(self.keys[to].state, PendingDeletion | PendingReplicaDeletion);
        let expected = match from {
            None => Some("NotFoundException"),
            Some(_) if dying => Some("KMSInvalidStateException"),
            // Which error it is, AWS's page does not say.
            Some(from) if class(&self.keys[from]) != class(&self.keys[to]) => Some("ValidationException"),
            Some(_) => None,
        };
        let parameters = json!({ "AliasName": alias, "TargetKeyId": self.keys[to].arn });
        assert_eq!(self.call("UpdateAlias", region, &parameters).err().as_deref(), expected, "{:?}", self.keys[to]);
        if let (Some(from), None) = (from, expected) {
            self.keys[from].aliases.remove(alias);
            self.keys[to].aliases.insert(alias);
        }
    }

    fn delete_alias(&mut self, alias: &'static str) {
        for region in REGIONS {
            let owner = self.keys.iter_mut().find(|key| key.region == region && key.aliases.contains(alias));
            let expected = owner.is_none().then_some("NotFoundException");
            if let Some(owner) = owner {
                owner.aliases.remove(alias);
            }
            let outcome = self.call("DeleteAlias", region, &json!({ "AliasName": alias }));
            assert_eq!(outcome.err().as_deref(), expected);
        }
    }

    /// A grant is sure after five minutes, and surely gone after five minutes.
    fn use_grant(&mut self, at: usize) {
        let key = &self.keys[at];
        if key.kind == Kind::Hmac {
            return;
        }
        let age = |then: i64| self.now - then;
        let live = |grant: &&Grant| grant.revoked.is_none() && age(grant.created) >= 5 * MINUTE;
        let doubtful = |grant: &&Grant| match grant.revoked {
            None => age(grant.created) < 5 * MINUTE,
            Some(revoked) => age(revoked) < 5 * MINUTE,
        };
        let expected = if key.grants.iter().any(|grant| live(&grant)) {
            needs_enabled(key.state)
        } else if key.grants.iter().any(|grant| doubtful(&grant)) {
            Some("undetermined")
        } else {
            Some("AccessDeniedException")
        };
        let parameters = json!({ "KeyId": key.arn, "Plaintext": "aGVsbG8=" });
        let region = key.region;
        let outcome = self.call_as("App", "Encrypt", region, &parameters);
        assert_eq!(outcome.err().as_deref(), expected, "{:?}", self.keys[at]);
    }

    fn wait(&mut self, seconds: i64) {
        let to = self.now + seconds;
        for key in &mut self.keys {
            if seconds > 0 && matches!(key.state, Creating | Updating) {
                key.state = Enabled;
            }
        }
        // One after the other, as the end of a replica begins the wait of its primary.
        loop {
            let due = self.keys.iter().enumerate().filter_map(|(at, key)| Some((key.deletion?, at)));
            let Some((date, at)) = due.filter(|(date, _)| *date <= to).min() else { break };
            let relatives = self.relatives(at);
            if let [one, other] = relatives[..] {
                let left = &mut self.keys[if one == at { other } else { one }];
                if left.state == PendingReplicaDeletion {
                    left.state = PendingDeletion;
                    left.deletion = Some(date + left.window * DAY);
                }
            }
            self.keys.remove(at);
        }
        self.now = to;
        self.kms.set_clock(Timestamp::from_second(to).unwrap(), &mut self.random).unwrap();
    }

    /// The world says what the model says.
    fn agree(&mut self) {
        for region in REGIONS {
            let listed = self.call("ListKeys", region, &json!({})).unwrap();
            let listed: BTreeSet<String> =
                listed["Keys"].as_array().unwrap().iter().map(|key| key["KeyArn"].as_str().unwrap().into()).collect();
            let own = self.keys.iter().filter(|key| key.region == region).map(|key| key.arn.clone());
            assert_eq!(listed, own.collect());
            let listed = self.call("ListAliases", region, &json!({})).unwrap();
            let listed: BTreeMap<String, String> = listed["Aliases"]
                .as_array()
                .unwrap()
                .iter()
                .map(|alias| {
                    let text = |name: &str| alias[name].as_str().unwrap().to_owned();
                    (text("AliasName"), text("TargetKeyId"))
                })
                .collect();
            let own = self.keys.iter().filter(|key| key.region == region).flat_map(|key| {
                let id = key.arn.rsplit('/').next().unwrap();
                key.aliases.iter().map(move |alias| ((*alias).to_owned(), id.to_owned()))
            });
            assert_eq!(listed, own.collect());
        }
        for at in 0..self.keys.len() {
            let described = self.on(at, "DescribeKey", &json!({}), None).unwrap();
            let metadata = &described["KeyMetadata"];
            let key = &self.keys[at];
            assert_eq!(metadata["KeyState"], format!("{:?}", key.state), "{key:?}");
            assert_eq!(metadata["Enabled"], key.state == Enabled, "{key:?}");
            let date = key.deletion.map(|date| Timestamp::from_second(date).unwrap().to_string());
            assert_eq!(metadata.get("DeletionDate").and_then(Value::as_str), date.as_deref(), "{key:?}");
            let relatives = self.relatives(at).len();
            if key.kind == Kind::MultiRegion {
                let configuration = &metadata["MultiRegionConfiguration"];
                let kind = if key.replica { "REPLICA" } else { "PRIMARY" };
                assert_eq!(configuration["MultiRegionKeyType"], kind, "{key:?}");
                assert_eq!(configuration["ReplicaKeys"].as_array().unwrap().len(), relatives - 1, "{key:?}");
            }
            let listed = self.on(at, "ListGrants", &json!({}), None).unwrap();
            let listed: Vec<&str> =
                listed["Grants"].as_array().unwrap().iter().map(|grant| grant["GrantId"].as_str().unwrap()).collect();
            let own = self.keys[at].grants.iter().filter(|grant| grant.revoked.is_none());
            assert_eq!(listed, own.map(|grant| grant.id.as_str()).collect::<Vec<_>>());
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let kind = prop_oneof![2 => Just(Kind::Symmetric), 1 => Just(Kind::External), 1 => Just(Kind::Hmac), 3 => Just(Kind::MultiRegion)];
    let key = || 0_usize..6;
    let step = prop_oneof![
        3 => kind.prop_map(Step::Create),
        2 => key().prop_map(Step::Enable),
        2 => key().prop_map(Step::Disable),
        3 => (key(), 7_i64..=30).prop_map(|(key, days)| Step::Schedule(key, days)),
        2 => key().prop_map(Step::Cancel),
        4 => key().prop_map(Step::Encrypt),
        4 => (0_usize..100).prop_map(Step::Decrypt),
        3 => key().prop_map(Step::Rotate),
        3 => key().prop_map(Step::Replicate),
        4 => key().prop_map(Step::Promote),
        2 => (key(), key()).prop_map(|(alias, key)| Step::CreateAlias(alias, key)),
        2 => (key(), key()).prop_map(|(alias, key)| Step::MoveAlias(alias, key)),
        1 => key().prop_map(Step::DeleteAlias),
        2 => key().prop_map(Step::CreateGrant),
        1 => key().prop_map(Step::Revoke),
        3 => key().prop_map(Step::UseGrant),
        2 => (1_i64..=10).prop_map(|minutes| Step::Wait(minutes * MINUTE)),
        3 => (1_i64..=30).prop_map(|days| Step::Wait(days * DAY)),
    ];
    vec(step, 1..60)
}

proptest! {
    #![proptest_config(Config { cases: 120, failure_persistence: None, rng_seed: RngSeed::Fixed(20_261_124), ..Config::default() })]

    #[test]
    fn the_world_lives_as_the_model_does(steps in steps()) {
        let mut machine = Machine::new();
        for step in steps {
            machine.step(step);
            // What differs once differs later too, and looking takes longer than doing.
            if matches!(step, Step::Wait(_)) {
                machine.agree();
            }
        }
        machine.agree();
    }
}
