//! What CloudTrail records, held against AWS's samples. One alone:
//! `AUDIT=decrypt cargo test -p keytrace-tests --test audit`.
//!
//! A file under `tests/audit/` is a call and its records:
//!
//! | member | what |
//! |---|---|
//! | `title`, `doc`, `standing`, `notes` | as in a scenario |
//! | `world` | the name of a scenario under `tests/audit/worlds/`; `alice` if there is none |
//! | `metadata` | members of `KeyMetadata` that the first key of the world has instead of its own |
//! | `request` | a request, as in a scenario's `requests` |
//! | `result` | what the `aws` command prints; with it the request has to be allowed |
//! | `error` | `{"name", "message"}`: what an allowed request fails at then |
//! | `keyMaterialId` | of the key material that was used |
//! | `blockedByVpcEndpoint` | `true` if nothing but the policy of the VPC endpoint denies it |
//! | `internal` | instead of a request, what KMS does by itself: `{"name", "key"}` and its details |
//! | `time` | when |
//! | `records` | the records; as many as are written, each with the members that matter, in order |
//!
//! Without `result` and `error` it comes to what the engine answers. `"<any>"` is anything, `"<none>"` nothing.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use keytrace::{
    arn::KeyArn,
    audit::{Event, InternalOperation, ServiceEvent, records, service_event},
    catalog::KeyOrigin,
    check::{ErrorName, KmsError},
    json::{self, Source, print},
    problem::Problems,
    scenario,
};
use keytrace_tests::mismatches;
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("audit")
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cases() -> Vec<(String, Value)> {
    let chosen = env::var("AUDIT").unwrap_or_default();
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let named = files.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), read(&path)));
    let mut cases: Vec<_> = named.filter(|(name, _)| name.contains(&chosen)).collect();
    cases.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(!cases.is_empty(), "no case has `{chosen}` in its name");
    cases
}

fn parse(text: &str) -> json::Value {
    json::parse(&Source::plain(text), &mut Problems::new(text)).unwrap()
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

/// A world with this one request.
fn scenario_of(case: &Value) -> String {
    let world = text(case, "world").unwrap_or("alice");
    let mut world = read(&folder().join("worlds").join(format!("{world}.json")));
    for (name, value) in case.get("metadata").and_then(Value::as_object).into_iter().flatten() {
        world["keys"][0]["KeyMetadata"][name] = value.clone();
    }
    world["requests"] = json!([case["request"]]);
    world.to_string()
}

fn of_call(case: &Value) -> Result<Vec<json::Value>, String> {
    let text_of_scenario = scenario_of(case);
    let reading = scenario::read(&text_of_scenario);
    let scenario = reading.value.ok_or_else(|| format!("no scenario: {:#?}", reading.problems))?;
    let answer = keytrace::answer(&scenario, 0).unwrap();
    let written = parse(&text_of_scenario);
    let request = written.get("requests").and_then(json::Value::as_array).unwrap().first().unwrap();
    let result = case.get("result").map(|result| parse(&result.to_string()));
    let failed = case.get("error").map(|error| {
        let name = ErrorName::from_name(text(error, "name").unwrap()).unwrap();
        KmsError::new(name, text(error, "message").unwrap_or_default())
    });
    let error = answer.error.as_ref();
    let outcome = match (&result, &failed) {
        (Some(_), _) | (_, Some(_)) if error.is_some() => return Err(format!("it fails already: {error:?}")),
        (Some(result), _) => Ok(result),
        (None, Some(error)) => Err(error),
        (None, None) => Err(error.ok_or("it is allowed, and nothing says what comes of it")?),
    };
    Ok(records(&Event {
        request: &scenario.requests[0].request,
        parameters: request.get("parameters"),
        world: &scenario.world,
        time: text(case, "time").unwrap_or("2026-11-24T12:00:00Z").parse().unwrap(),
        outcome,
        key_material_id: text(case, "keyMaterialId"),
        blocked_by_vpc_endpoint: case.get("blockedByVpcEndpoint") == Some(&json!(true)),
        random: [7; 96],
    }))
}

fn of_kms(internal: &Value, case: &Value) -> json::Value {
    let operation = match text(internal, "name").unwrap() {
        "DeleteExpiredKeyMaterial" => {
            InternalOperation::DeleteExpiredKeyMaterial { key_material_id: text(internal, "keyMaterialId") }
        }
        "DeleteKey" => InternalOperation::DeleteKey,
        "RotateKey" => InternalOperation::RotateKey {
            rotation_type: text(internal, "rotationType").unwrap(),
            origin: KeyOrigin::from_name(text(internal, "keyOrigin").unwrap()).unwrap(),
            previous_key_material_id: text(internal, "previousKeyMaterialId"),
            current_key_material_id: text(internal, "currentKeyMaterialId"),
        },
        "SynchronizeMultiRegionKey" => InternalOperation::SynchronizeMultiRegionKey,
        other => panic!("`{other}` is nothing that KMS does by itself"),
    };
    let key = KeyArn::parse(text(internal, "key").unwrap()).unwrap();
    let time = text(case, "time").unwrap().parse().unwrap();
    service_event(&ServiceEvent { operation, key: &key, time, random: [7; 32] })
}

/// Members that are named come in the order in which they are named.
fn disorder(expected: &Value, got: &Value, pointer: &str, faults: &mut Vec<String>) {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            let wanted: Vec<&String> = expected.keys().filter(|name| got.contains_key(*name)).collect();
            let found: Vec<&String> = got.keys().filter(|name| expected.contains_key(*name)).collect();
            if wanted != found {
                faults.push(format!("{pointer}: expected the order {wanted:?}, got {found:?}"));
            }
            for (name, expected) in expected {
                disorder(expected, got.get(name).unwrap_or(&Value::Null), &format!("{pointer}/{name}"), faults);
            }
        }
        (Value::Array(expected), Value::Array(got)) => {
            for (index, (expected, got)) in expected.iter().zip(got).enumerate() {
                disorder(expected, got, &format!("{pointer}/{index}"), faults);
            }
        }
        _ => {}
    }
}

fn faults(case: &Value) -> Vec<String> {
    let written = match case.get("internal") {
        Some(internal) => vec![of_kms(internal, case)],
        None => match of_call(case) {
            Ok(records) => records,
            Err(fault) => return vec![fault],
        },
    };
    let got: Value = written.iter().map(|record| parse_line(&print::compact(record))).collect();
    let mut faults = mismatches(&case["records"], &got);
    disorder(&case["records"], &got, "", &mut faults);
    faults
}

fn parse_line(line: &str) -> Value {
    assert!(!line.contains('\n'), "a record is a line");
    serde_json::from_str(line).unwrap()
}

#[test]
fn records_are_those_of_the_samples() {
    let mut all = Vec::new();
    let cases = cases();
    for (name, case) in &cases {
        all.extend(faults(case).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    println!("{} records", cases.len());
    assert!(all.is_empty(), "\n{}\n", all.join("\n"));
}

#[test]
fn every_record_names_its_page_and_standing() {
    let known: BTreeSet<&str> = [
        "title",
        "doc",
        "standing",
        "notes",
        "world",
        "metadata",
        "request",
        "result",
        "error",
        "keyMaterialId",
        "blockedByVpcEndpoint",
        "internal",
        "time",
        "records",
    ]
    .into();
    for (name, case) in cases() {
        let of = |member: &str| text(&case, member).unwrap_or_default();
        assert!(of("doc").starts_with("https://docs.aws.amazon.com/"), "{name}: no page");
        assert!(["documented", "observed", "inferred"].contains(&of("standing")), "{name}: no standing");
        assert!(!of("title").is_empty(), "{name}: no title");
        for member in case.as_object().unwrap().keys() {
            assert!(known.contains(&**member), "{name}: `{member}` is no member of a case");
        }
    }
}
