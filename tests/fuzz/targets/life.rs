//! Calls to a world that lives, in any order, with parameters that are right, wrong, or were somebody else's. Whatever
//! is called, the world stays a scenario without an error, what is refused changes nothing, and no secret shows.

#![no_main]

use arbitrary::{Result, Unstructured};
use keytrace::{
    catalog::Action,
    json::{Kind, Value, print},
    service::{Kms, Outcome, Timestamp},
};
use keytrace_fuzz::{
    sealing::Counted,
    seeds,
    splice::{self, chosen},
};
use libfuzzer_sys::fuzz_target;

const MOST_CALLS: usize = 24;

/// What is worth trying as a value, beside what calls have answered.
const TEXTS: &[&str] = &[
    "alias/a",
    "alias/b",
    "us-west-2",
    "us-east-1",
    "EXTERNAL",
    "HMAC_256",
    "GENERATE_VERIFY_MAC",
    "HMAC_SHA_256",
    "AES_256",
    "ECC_NIST_P256",
    "SIGN_VERIFY",
    "ECDSA_SHA_256",
    "RSAES_OAEP_SHA_256",
    "KEY_MATERIAL_DOES_NOT_EXPIRE",
    "NEW_KEY_MATERIAL",
    "ALL_KEY_MATERIAL",
    "2026-12-01T00:00:00Z",
    "arn:aws:iam::111122223333:role/App",
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"kms:*\",\"Resource\":\"*\"}}",
    "aGVsbG8=",
    "",
    "\u{0}\"\\\u{10ffff}",
];

const PARAMETERS: &[&str] = &[
    "KeyId",
    "KeyId",
    "KeyId",
    "TargetKeyId",
    "DestinationKeyId",
    "SourceKeyId",
    "AliasName",
    "Plaintext",
    "CiphertextBlob",
    "EncryptionContext",
    "SourceEncryptionContext",
    "GranteePrincipal",
    "RetiringPrincipal",
    "Operations",
    "GrantId",
    "GrantToken",
    "GrantTokens",
    "Name",
    "Constraints",
    "Policy",
    "Tags",
    "TagKeys",
    "KeySpec",
    "KeyUsage",
    "Origin",
    "MultiRegion",
    "ReplicaRegion",
    "PrimaryRegion",
    "NumberOfBytes",
    "PendingWindowInDays",
    "RotationPeriodInDays",
    "Message",
    "Mac",
    "MacAlgorithm",
    "ImportToken",
    "ExpirationModel",
    "ValidTo",
    "Limit",
    "Marker",
    "IncludeKeyMaterial",
    "BypassPolicyLockoutSafetyCheck",
    "DryRun",
    "DryRunModifiers",
    "Description",
    "KeyMaterialId",
];

const WORLD: &str = include_str!("../../lives/worlds/account.json");

fuzz_target!(
    init: seeds::write_if_asked(|_| splice::plain_choices()),
    |bytes: &[u8]| {
        let mut choices = Unstructured::new(bytes);
        let _ = lived(&mut choices, bytes);
    }
);

fn lived(choices: &mut Unstructured<'_>, bytes: &[u8]) -> Result<()> {
    let world = if choices.ratio(1, 4)? { print::pretty(&chosen(bytes), "", " ") } else { WORLD.into() };
    let Some(mut kms) = Kms::open(&world, Timestamp::UNIX_EPOCH).value else { return Ok(()) };
    let mut random = Counted(7);
    let mut seen: Vec<String> = TEXTS.iter().map(|text| (*text).into()).collect();
    for _ in 0..choices.int_in_range(1..=MOST_CALLS)? {
        if choices.ratio(1, 8)? {
            let later = kms.clock() + core::time::Duration::from_secs(choices.int_in_range(0..=40 * 86_400)?);
            kms.set_clock(later, &mut random).expect("time goes forward");
            sound(&kms);
            continue;
        }
        let request = request(choices, &seen)?;
        let before = kms.scenario().to_owned();
        let Some(reply) = kms.call(&request, &mut random).value else { continue };
        match reply.outcome {
            Outcome::Done(result) => gather(&result, &mut seen),
            _ => assert_eq!(before, kms.scenario(), "{request}"),
        }
        sound(&kms);
    }
    Ok(())
}

/// Whatever happened, what is left can be opened again.
fn sound(kms: &Kms) {
    let again = Kms::open(kms.scenario(), Timestamp::UNIX_EPOCH);
    assert!(again.value.is_some(), "{:#?}\n{}", again.problems, kms.scenario());
}

fn request(choices: &mut Unstructured<'_>, seen: &[String]) -> Result<String> {
    let action = choices.choose(Action::ALL)?.name();
    let operation = if action.starts_with("ReEncrypt") { "ReEncrypt" } else { action };
    let mut parameters = Vec::new();
    for _ in 0..choices.int_in_range(0..=6)? {
        let name = *choices.choose(PARAMETERS)?;
        parameters.push((name, parameter(name, choices, seen)?));
    }
    let role = choices.choose(&["Admin", "Admin", "App"])?;
    let caller = format!("arn:aws:sts::111122223333:assumed-role/{role}/session");
    let request = Value::object([
        ("principal", Value::text(&caller)),
        ("operation", Value::text(operation)),
        ("region", Value::text(choices.choose(&["us-west-2", "us-east-1"])?)),
        ("parameters", Value::object(parameters)),
    ]);
    Ok(print::pretty(&request, "", ""))
}

fn parameter(name: &str, choices: &mut Unstructured<'_>, seen: &[String]) -> Result<Value> {
    let mut text = || choices.choose(seen).map(|text| Value::text(text));
    Ok(match name {
        "EncryptionContext" | "SourceEncryptionContext" => Value::object([("a", text()?)]),
        "Constraints" => Value::object([("EncryptionContextSubset", Value::object([("a", text()?)]))]),
        "Operations" => Value::array([Value::text(choices.choose(Action::ALL)?.name()), Value::text("Decrypt")]),
        "GrantTokens" | "TagKeys" => Value::array([text()?]),
        "DryRunModifiers" => Value::array([Value::text("IGNORE_CIPHERTEXT")]),
        "Tags" => Value::array([Value::object([("TagKey", text()?), ("TagValue", text()?)])]),
        "MultiRegion" | "DryRun" | "BypassPolicyLockoutSafetyCheck" => Value::boolean(choices.arbitrary()?),
        "NumberOfBytes" | "PendingWindowInDays" | "RotationPeriodInDays" | "Limit" => {
            Value::number(choices.int_in_range(-1_i64..=3000)?)
        }
        _ => text()?,
    })
}

/// Every text of a result may be a parameter of what comes next.
fn gather(value: &Value, seen: &mut Vec<String>) {
    match &value.kind {
        Kind::String(text) if seen.len() < 500 => seen.push(text.to_string()),
        Kind::Array(elements) => elements.iter().for_each(|element| gather(element, seen)),
        Kind::Object(members) => members.iter().for_each(|member| gather(&member.value, seen)),
        _ => {}
    }
}
