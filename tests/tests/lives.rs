//! Every life under `tests/lives/` goes as its author expects, by AWS's page. One alone:
//! `LIFE=deletion/ cargo test -p keytrace-tests --test lives`.
//!
//! A life is a world and the steps that it goes through:
//!
//! | member | what |
//! |---|---|
//! | `title`, `doc`, `standing`, `notes` | as in a scenario |
//! | `scenario` | the world, or the name of one under `tests/lives/worlds/` |
//! | `steps` | a list of `call`, `clock` or `wrap`, each with what else is below |
//!
//! | step | what |
//! |---|---|
//! | `"call": {…}` | a request, as in a scenario's `requests` |
//! | `"clock": "2026-12-24T12:00:00Z"` | time goes by |
//! | `"wrap": {"material", "publicKey", "algorithm", "save"}` | key material in base64, encrypted for `ImportKeyMaterial` |
//! | `"damage": {"blob", "save"}` | a ciphertext in base64 with its last bit changed |
//! | `"repeat": {"text", "times", "save"}` | a text so many times over, for what has a greatest length |
//! | `"times": 50` | a call that is made so often; `${n}` counts from 1 |
//! | `"save": {"name": "/pointer"}` | parts of the result, which `${name}` stands for in the steps behind |
//! | `"expect": {…}` | what it comes to |
//!
//! | expected | what |
//! |---|---|
//! | `result` | every member that is named is so; lists have the same length; `"<any>"` is anything, `"<none>"` nothing |
//! | `error`, `message`, `cause` | the refusal; of the cause a part. `"<any>"`: AWS says that it fails, not how |
//! | `undetermined`, `notModelled`: `true` | nobody knows; KMS would do it |
//! | `absent` | `["/pointer"]`: what the result has not |
//! | `differs` | `{"/pointer": "text"}`: what the result is not |
//! | `begins` | `{"/pointer": "text"}`: what a text of the result begins with |
//! | `bytes` | `{"/pointer": 32}`: how many bytes the base64 of the result is |
//! | `json` | `{"/pointer": …}`: what a text of the result, which is JSON, says, as `result` |
//! | `record` | of the audit record, as `result` |
//! | `events` | what KMS does by itself as time goes by |
//!
//! A call without `expect` has to be done. What holds for every life stands in no file: a refusal leaves the world as
//! it was, no record and no scenario has a secret, and the scenario that is left opens as the same world.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use base64ct::{Base64, Encoding as _};
use keytrace::{
    catalog::KeySpec,
    json::print,
    random::{Random, RandomError},
    service::{Kms, Outcome, Timestamp},
    sign::{EncryptionAlgorithm, VerifyingKey},
};
use keytrace_tests::{in_parallel, mismatches};
use serde_json::{Map, Value, json};

/// Random bytes that are the same in every run.
struct Drawn(fastrand::Rng);

impl Random for Drawn {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        self.0.fill(bytes);
        Ok(())
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("lives")
}

fn lives() -> Vec<(String, Value)> {
    let chosen = env::var("LIFE").unwrap_or_default();
    let mut all = Vec::new();
    let mut folders = vec![folder()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(self::folder()).unwrap().to_str().unwrap().replace('\\', "/");
            if name.starts_with("worlds/") || !name.contains(&chosen) {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let life = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            all.push((name, life));
        }
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(!all.is_empty(), "no life has `{chosen}` in its name");
    all
}

fn text(value: &keytrace::json::Value) -> Value {
    serde_json::from_str(&print::pretty(value, "", "")).unwrap()
}

/// `${name}` in every string.
fn filled(value: &Value, saved: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => {
            let mut text = text.clone();
            for (name, content) in saved {
                text = text.replace(&format!("${{{name}}}"), content);
            }
            Value::String(text)
        }
        Value::Array(elements) => elements.iter().map(|element| filled(element, saved)).collect(),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                (filled(&json!(name), saved).as_str().unwrap().to_owned(), filled(value, saved))
            };
            Value::Object(members.iter().map(member).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// What can be expected of a call.
const EXPECTED: [&str; 12] = [
    "result",
    "error",
    "message",
    "cause",
    "undetermined",
    "notModelled",
    "absent",
    "differs",
    "begins",
    "bytes",
    "json",
    "record",
];

/// The members of a member, if it is there.
fn members<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.get(name).and_then(Value::as_object).into_iter().flatten()
}

/// What is in no audit record, of the parameters or of the result of a call. Short ones are in everything.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html>
fn secrets(of: &Value) -> impl Iterator<Item = &str> {
    const NAMES: [&str; 9] = [
        "Plaintext",
        "CiphertextBlob",
        "Message",
        "Mac",
        "Signature",
        "EncryptedKeyMaterial",
        "ImportToken",
        "GrantToken",
        "GrantTokens",
    ];
    let values = NAMES.into_iter().filter_map(|name| of.get(name));
    let texts = values.flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
    texts.filter_map(Value::as_str).filter(|text| text.len() > 16)
}

struct Life<'l> {
    kms: Kms,
    random: Drawn,
    saved: BTreeMap<String, String>,
    secrets: Vec<String>,
    faults: Vec<String>,
    name: &'l str,
}

impl Life<'_> {
    fn fault(&mut self, step: usize, what: impl std::fmt::Display) {
        self.faults.push(format!("{}, step {step}: {what}", self.name));
    }

    fn compare(&mut self, step: usize, expected: &Value, got: &Value) {
        mismatches(expected, got).into_iter().for_each(|fault| self.fault(step, fault));
    }

    fn step(&mut self, number: usize, step: &Value) {
        let times = step.get("times").map_or(1, |times| times.as_u64().unwrap());
        for n in 1..=times {
            self.saved.insert("n".into(), n.to_string());
            self.once(number, step);
            if !self.faults.is_empty() {
                return;
            }
        }
    }

    fn once(&mut self, number: usize, step: &Value) {
        let step = filled(step, &self.saved);
        let known = ["call", "clock", "wrap", "damage", "repeat", "times", "save", "expect", "title", "notes"];
        for name in step.as_object().unwrap().keys().filter(|name| !known.contains(&name.as_str())) {
            self.fault(number, format_args!("`{name}` is no member of a step"));
        }
        if let Some(clock) = step.get("clock") {
            let to = clock.as_str().unwrap().parse().unwrap();
            let refused = step.pointer("/expect/error").is_some();
            match self.kms.set_clock(to, &mut self.random) {
                Ok(_) if refused => self.fault(number, "time went by"),
                Ok(events) => {
                    let names: Value = events.iter().map(|event| json!(event.name)).collect();
                    if let Some(expected) = step.pointer("/expect/events") {
                        self.compare(number, expected, &names);
                    }
                }
                Err(_) if refused => {}
                Err(error) => self.fault(number, error),
            }
        } else if let Some(wrap) = step.get("wrap") {
            let get = |name: &str| wrap[name].as_str().unwrap_or_else(|| panic!("{}: wrap has no {name}", self.name));
            let public = Base64::decode_vec(get("publicKey")).unwrap();
            let specs = [KeySpec::Rsa2048, KeySpec::Rsa3072, KeySpec::Rsa4096];
            let public = specs.into_iter().find_map(|spec| VerifyingKey::from_der(spec, &public).ok()).unwrap();
            let algorithm = EncryptionAlgorithm::from_name(get("algorithm")).unwrap();
            let material = Base64::decode_vec(get("material")).unwrap();
            let wrapped = public.encrypt(algorithm, &material, &mut self.random).unwrap();
            self.secrets.push(get("material").into());
            self.saved.insert(get("save").into(), Base64::encode_string(&wrapped));
        } else if let Some(damage) = step.get("damage") {
            let mut blob = Base64::decode_vec(damage["blob"].as_str().unwrap()).unwrap();
            *blob.last_mut().unwrap() ^= 1;
            self.saved.insert(damage["save"].as_str().unwrap().into(), Base64::encode_string(&blob));
        } else if let Some(repeat) = step.get("repeat") {
            let times = usize::try_from(repeat["times"].as_u64().unwrap()).unwrap();
            let text = repeat["text"].as_str().unwrap().repeat(times);
            self.saved.insert(repeat["save"].as_str().unwrap().into(), text);
        } else {
            self.call(number, &step);
        }
    }

    /// What a life leaves behind is a whole world, without what was imported into it.
    fn end(&mut self) {
        let left = self.kms.scenario().to_owned();
        let opened = Kms::open(&left, Timestamp::UNIX_EPOCH);
        if opened.value.as_ref().map(Kms::scenario) != Some(&left) {
            self.faults.push(format!("{}: what is left does not open as it is: {:#?}", self.name, opened.problems));
        }
        for secret in self.secrets.iter().filter(|secret| left.contains(secret.as_str())) {
            self.faults.push(format!("{}: the scenario has the imported material {secret:?}", self.name));
        }
    }

    fn call(&mut self, number: usize, step: &Value) {
        let before = self.kms.scenario().to_owned();
        let reading = self.kms.call(&step["call"].to_string(), &mut self.random);
        let Some(reply) = reading.value else {
            self.fault(number, format_args!("the call is none: {:#?}", reading.problems));
            return;
        };
        if !matches!(reply.outcome, Outcome::Done(_)) && before != self.kms.scenario() {
            self.fault(number, "nothing was done, and the world is another");
        }
        let expect = step.get("expect").cloned().unwrap_or(json!({}));
        let wants = |name: &str| expect.get(name).is_some();
        for name in expect.as_object().unwrap().keys() {
            if !EXPECTED.contains(&name.as_str()) {
                self.fault(number, format_args!("`{name}` cannot be expected"));
            }
        }
        for record in &reply.records {
            let record = print::pretty(record, "", "");
            let result = if let Outcome::Done(result) = &reply.outcome { text(result) } else { Value::Null };
            let parameters = &step["call"]["parameters"];
            for secret in secrets(parameters).chain(secrets(&result)).filter(|secret| record.contains(secret)) {
                self.fault(number, format_args!("the record has the secret {secret:?}"));
            }
        }
        if let Some(expected) = expect.get("record") {
            match reply.records.first() {
                Some(record) => self.compare(number, expected, &text(record)),
                None => self.fault(number, "nothing was recorded"),
            }
        }
        match &reply.outcome {
            Outcome::Done(result) => {
                let result = text(result);
                if let Some(what) = ["error", "undetermined", "notModelled"].into_iter().find(|name| wants(name)) {
                    self.fault(number, format_args!("expected {what} {}, but it was done: {result}", expect[what]));
                }
                if let Some(expected) = expect.get("result") {
                    self.compare(number, expected, &result);
                }
                for pointer in expect.get("absent").and_then(Value::as_array).into_iter().flatten() {
                    if let Some(there) = result.pointer(pointer.as_str().unwrap()) {
                        self.fault(number, format_args!("{pointer} is there: {there}"));
                    }
                }
                for (pointer, expected) in members(&expect, "begins") {
                    let begins = |value: &Value| value.as_str()?.starts_with(expected.as_str()?).then_some(());
                    if result.pointer(pointer).and_then(begins).is_none() {
                        self.fault(number, format_args!("{pointer} does not begin with {expected}: {result}"));
                    }
                }
                for (pointer, expected) in members(&expect, "bytes") {
                    let bytes =
                        result.pointer(pointer).map(|value| Base64::decode_vec(value.as_str().unwrap()).unwrap());
                    let got = bytes.map(|bytes| bytes.len() as u64);
                    if got != expected.as_u64() {
                        self.fault(number, format_args!("{pointer}: expected {expected} bytes, got {got:?}"));
                    }
                }
                for (pointer, expected) in members(&expect, "json") {
                    let inner = result.pointer(pointer).and_then(|value| serde_json::from_str(value.as_str()?).ok());
                    self.compare(number, expected, &inner.unwrap_or(Value::Null));
                }
                // Grant tokens are not secret, and a world has to know them.
                let secret_to_the_world =
                    |secret: &&str| result.pointer("/GrantToken").is_none_or(|token| token != secret);
                let left = self.kms.scenario();
                for secret in secrets(&result).filter(secret_to_the_world).filter(|secret| left.contains(secret)) {
                    self.faults.push(format!("{}, step {number}: the scenario has {secret:?}", self.name));
                }
                for (pointer, other) in members(&expect, "differs") {
                    if result.pointer(pointer).is_none_or(|value| value == other) {
                        self.fault(number, format_args!("{pointer} does not differ from {other}"));
                    }
                }
                for (name, pointer) in members(step, "save") {
                    match result.pointer(pointer.as_str().unwrap()) {
                        Some(Value::String(text)) => drop(self.saved.insert(name.clone(), text.clone())),
                        Some(other) => drop(self.saved.insert(name.clone(), other.to_string())),
                        None => self.fault(number, format_args!("{pointer} is not in {result}")),
                    }
                }
            }
            Outcome::Refused { error, cause } => {
                let expected = expect.get("error").and_then(Value::as_str);
                if expected != Some("<any>") && expected != Some(error.name.as_str()) {
                    let expected = expect.get("error").map_or("a result".into(), ToString::to_string);
                    self.fault(number, format_args!("expected {expected}, got {error} ({cause})"));
                }
                if let Some(expected) = expect.get("message").filter(|expected| **expected != json!(error.message)) {
                    self.fault(number, format_args!("expected the message {expected}, got {:?}", error.message));
                }
                let cause = cause.to_string();
                if let Some(expected) = expect.get("cause").filter(|part| !cause.contains(part.as_str().unwrap())) {
                    self.fault(number, format_args!("expected the cause {expected}, got {cause:?}"));
                }
            }
            Outcome::Undetermined if expect.get("undetermined") == Some(&json!(true)) => {}
            Outcome::NotModelled(_) if expect.get("notModelled") == Some(&json!(true)) => {}
            other => self.fault(number, format_args!("expected {expect}, got {other:?}")),
        }
    }
}

fn lived(name: &str, life: &Value) -> Vec<String> {
    let world = match &life["scenario"] {
        Value::String(world) => fs::read_to_string(folder().join("worlds").join(format!("{world}.json"))).unwrap(),
        world => world.to_string(),
    };
    let opened = Kms::open(&world, Timestamp::UNIX_EPOCH);
    let Some(kms) = opened.value else { return vec![format!("{name}: no world: {:#?}", opened.problems)] };
    let random = Drawn(fastrand::Rng::with_seed(name.bytes().fold(7, |sum, byte| sum * 31 % 65_537 + u64::from(byte))));
    let mut lived = Life { kms, random, saved: BTreeMap::new(), secrets: Vec::new(), faults: Vec::new(), name };
    for (number, step) in life["steps"].as_array().unwrap().iter().enumerate() {
        lived.step(number, step);
        // What comes after a surprise is none.
        if !lived.faults.is_empty() {
            return lived.faults;
        }
    }
    lived.end();
    lived.faults
}

#[test]
fn every_life_goes_as_expected() {
    let lives = lives();
    let faults: Vec<String> = in_parallel(&lives, |(name, life)| lived(name, life)).into_iter().flatten().collect();
    println!(
        "{} lives, {} steps",
        lives.len(),
        lives.iter().map(|(_, life)| life["steps"].as_array().unwrap().len()).sum::<usize>()
    );
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_life_names_its_page_and_standing() {
    for (name, life) in lives() {
        let of = |member: &str| life[member].as_str().unwrap_or_default();
        assert!(of("doc").starts_with("https://docs.aws.amazon.com/"), "{name}: no page");
        assert!(["documented", "observed", "inferred"].contains(&of("standing")), "{name}: no standing");
        assert!(!of("title").is_empty(), "{name}: no title");
    }
}
