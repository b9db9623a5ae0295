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
//! | `"save": {"name": "/pointer"}` | parts of the result, which `${name}` stands for in the steps behind |
//! | `"expect": {…}` | what it comes to |
//!
//! | expected | what |
//! |---|---|
//! | `result` | every member that is named is so; lists have the same length; `"<any>"` is anything, `"<none>"` nothing |
//! | `error`, `message`, `cause` | the refusal; of the cause a part |
//! | `undetermined`, `notModelled`: `true` | nobody knows; KMS would do it |
//! | `differs` | `{"/pointer": "text"}`: what the result is not |
//! | `record` | of the audit record, as `result` |
//! | `events` | what KMS does by itself as time goes by |
//!
//! A call without `expect` has to be done.

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

struct Life<'l> {
    kms: Kms,
    random: Drawn,
    saved: BTreeMap<String, String>,
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
        let step = filled(step, &self.saved);
        let known = ["call", "clock", "wrap", "damage", "save", "expect", "title", "notes"];
        for name in step.as_object().unwrap().keys().filter(|name| !known.contains(&name.as_str())) {
            self.fault(number, format_args!("`{name}` is no member of a step"));
        }
        if let Some(clock) = step.get("clock") {
            let to = clock.as_str().unwrap().parse().unwrap();
            match self.kms.set_clock(to, &mut self.random) {
                Ok(events) => {
                    let names: Value = events.iter().map(|event| json!(event.name)).collect();
                    if let Some(expected) = step.pointer("/expect/events") {
                        self.compare(number, expected, &names);
                    }
                }
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
            self.saved.insert(get("save").into(), Base64::encode_string(&wrapped));
        } else if let Some(damage) = step.get("damage") {
            let mut blob = Base64::decode_vec(damage["blob"].as_str().unwrap()).unwrap();
            *blob.last_mut().unwrap() ^= 1;
            self.saved.insert(damage["save"].as_str().unwrap().into(), Base64::encode_string(&blob));
        } else {
            self.call(number, &step);
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
            let known =
                ["result", "error", "message", "cause", "undetermined", "notModelled", "differs", "record", "absent"];
            if !known.contains(&name.as_str()) {
                self.fault(number, format_args!("`{name}` cannot be expected"));
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
                for (pointer, other) in expect.get("differs").and_then(Value::as_object).into_iter().flatten() {
                    if result.pointer(pointer).is_none_or(|value| value == other) {
                        self.fault(number, format_args!("{pointer} does not differ from {other}"));
                    }
                }
                for (name, pointer) in step.get("save").and_then(Value::as_object).into_iter().flatten() {
                    match result.pointer(pointer.as_str().unwrap()) {
                        Some(Value::String(text)) => drop(self.saved.insert(name.clone(), text.clone())),
                        Some(other) => drop(self.saved.insert(name.clone(), other.to_string())),
                        None => self.fault(number, format_args!("{pointer} is not in {result}")),
                    }
                }
            }
            Outcome::Refused { error, cause } => {
                if expect.get("error").and_then(Value::as_str) != Some(error.name.as_str()) {
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
    let mut lived = Life { kms, random, saved: BTreeMap::new(), faults: Vec::new(), name };
    for (number, step) in life["steps"].as_array().unwrap().iter().enumerate() {
        lived.step(number, step);
        // What comes after a surprise is none.
        if !lived.faults.is_empty() {
            break;
        }
    }
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
