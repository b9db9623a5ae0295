use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

use super::*;
use crate::{
    json::{Kind, Span},
    request::{Caller, Identity, Session, Unlisted},
    scenario::PARAMETERS,
};

/// Parameters whose values are never recorded: plaintext and what comes of it, key material, tokens and passwords, and
/// bytes that are too long to be of use.
const NEVER: [&str; 15] = [
    "CiphertextBlob",
    "EncryptedKeyMaterial",
    "GrantToken",
    "GrantTokens",
    "ImportToken",
    "KeyStorePassword",
    "Mac",
    "Message",
    "Plaintext",
    "PublicKey",
    "Recipient",
    "SharedSecretCiphertextBlob",
    "Signature",
    "TrustAnchorCertificate",
    "XksProxyAuthenticationCredential",
];

/// Members of results that are never recorded.
const NEVER_ANSWERED: [&str; 16] = [
    "CiphertextBlob",
    "CiphertextForRecipient",
    "EncapsulatedSharedSecret",
    "GrantToken",
    "ImportToken",
    "Mac",
    "MacValid",
    "Plaintext",
    "Policy",
    "PrivateKeyCiphertextBlob",
    "PrivateKeyPlaintext",
    "PublicKey",
    "SharedSecret",
    "SharedSecretCiphertextBlob",
    "Signature",
    "SignatureValid",
];

fn operations() -> impl Iterator<Item = Operation> {
    Action::ALL.iter().copied().map(Operation::Of).chain([Operation::ReEncrypt])
}

fn request(operation: Operation) -> Request {
    let identity = Identity::Service("logs.us-west-2.amazonaws.com".into());
    Request {
        span: Span::default(),
        caller: Caller { span: Span::default(), identity, session: Session::default() },
        operation,
        authorizations: [crate::request::Authorization {
            action: Action::Decrypt,
            resource: Resource::Key(0),
            request_alias: None,
            region: None,
            fault: None,
        }]
        .into(),
        parameters: Vec::new(),
        via: None,
        vpc_endpoint: None,
        now: None,
        given: Vec::new(),
        unlisted: Unlisted::default(),
    }
}

fn world() -> World {
    let text = r#"{ "keytrace": 1, "keys": [{
        "KeyMetadata": { "Arn": "arn:aws:kms:us-west-2:111122223333:key/1" },
        "Policy": { "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "kms:*", "Resource": "*",
            "Principal": "*" } } }] }"#;
    crate::scenario::read_world(text).value.unwrap().world
}

/// The record of an operation with these parameters and this result, as a line.
fn line(operation: Operation, parameters: &Value, outcome: Result<&Value, &KmsError>) -> String {
    let (request, world) = (request(operation), world());
    let records = records(&Event {
        request: &request,
        parameters: Some(parameters),
        world: &world,
        time: Timestamp::UNIX_EPOCH,
        outcome,
        key_material_id: None,
        blocked_by_vpc_endpoint: false,
        random: [1; 96],
    });
    records.iter().map(crate::json::print::compact).collect::<Vec<_>>().join("\n")
}

/// Whatever the shape in which somebody writes it.
fn shaped(shape: usize, name: &str) -> Value {
    let text = || Value::text(&marker(name));
    let hidden = || Value::object([("Plaintext", text())]);
    match shape {
        0 => text(),
        1 => Value::array([text()]),
        2 => Value::object([("pair", text())]),
        3 => Value::array([hidden(), Value::object([("TagKey", text()), ("TagValue", hidden())])]),
        _ => Value::object([("EncryptionContextSubset", Value::object([("pair", hidden())])), ("Other", text())]),
    }
}

fn marker(name: &str) -> String {
    format!("marker of {name}.")
}

#[test]
fn no_secret_parameter_is_ever_recorded() {
    assert!(NEVER.iter().all(|name| PARAMETERS.contains(name)), "a parameter that is none");
    let error = KmsError::new(ErrorName::KmsInvalidState, "");
    for operation in operations() {
        for shape in 0..5 {
            let parameters = Value::object(PARAMETERS.iter().map(|name| (*name, shaped(shape, name))));
            for outcome in [Ok(&Value::object([])), Err(&error)] {
                let line = line(operation, &parameters, outcome);
                assert!(line.contains(operation.name()) || line.contains("ReEncrypt"));
                for name in NEVER {
                    assert!(!line.contains(&marker(name)), "{}: {line}", operation.name());
                }
            }
        }
    }
}

#[test]
fn every_other_parameter_is_recorded_by_some_operation() {
    let mut seen = BTreeSet::new();
    for operation in operations() {
        seen.extend(Row::of(operation).parameters);
    }
    // The pages of the operations that are here do not have it.
    let silent = NEVER.iter().chain(&["ResourceOwners"]);
    let silent: BTreeSet<&str> = silent.copied().collect();
    assert_eq!(seen.intersection(&silent).count(), 0);
    let all: BTreeSet<&str> = seen.union(&silent).copied().collect();
    assert_eq!(all, PARAMETERS.iter().copied().collect(), "a parameter is to be shown, or said to be silent");
}

#[test]
fn no_secret_of_a_result_is_ever_recorded() {
    let parameters = Value::object([]);
    for operation in operations() {
        for shape in 0..5 {
            let result = Value::object(NEVER_ANSWERED.map(|name| (name, shaped(shape, name))));
            let line = line(operation, &parameters, Ok(&result));
            assert!(!line.contains("marker of"), "{}: {line}", operation.name());
        }
    }
}

#[test]
fn what_changes_nothing_answers_nothing() {
    for operation in operations() {
        let row = Row::of(operation);
        assert!(!row.read_only || (row.results.is_empty() && !row.key_arn), "{}", operation.name());
    }
}

#[test]
fn a_denied_call_shows_neither_parameters_nor_results() {
    let error = KmsError::new(ErrorName::AccessDenied, "User: … is not authorized to perform: …");
    let parameters = Value::object([("KeyId", Value::text("marker"))]);
    for operation in operations() {
        let line = line(operation, &parameters, Err(&error));
        assert!(line.contains(r#""errorCode":"AccessDenied","errorMessage":"User: "#), "{line}");
        assert!(line.contains(r#""requestParameters":null,"responseElements":null"#), "{line}");
    }
}

#[test]
fn records_are_told_apart_by_their_ids() {
    let (mut request, world) = (request(Operation::Of(Action::Decrypt)), world());
    let arn = crate::arn::PrincipalArn::parse("arn:aws:iam::444455556666:root").unwrap();
    request.caller.identity = Identity::Root(arn);
    let mut random = [0; 96];
    random.iter_mut().zip(0..).for_each(|(byte, number)| *byte = number);
    let result = Value::object([]);
    let event = Event {
        request: &request,
        parameters: None,
        world: &world,
        time: Timestamp::UNIX_EPOCH,
        outcome: Ok(&result),
        key_material_id: None,
        blocked_by_vpc_endpoint: false,
        random,
    };
    let both = records(&event);
    let id = |record: usize, name: &str| both.get(record).unwrap().get(name).unwrap().as_str().unwrap();
    assert_eq!(both.len(), 2);
    assert_eq!(id(0, "requestID"), id(1, "requestID"));
    assert_eq!(id(0, "sharedEventID"), id(1, "sharedEventID"));
    let ids: BTreeSet<&str> = [id(0, "requestID"), id(0, "sharedEventID"), id(0, "eventID"), id(1, "eventID")].into();
    assert_eq!(ids.len(), 4);
    assert!(records(&Event { blocked_by_vpc_endpoint: true, ..event }).is_empty());
}

#[test]
fn a_record_has_each_member_once() {
    let error = KmsError::new(ErrorName::Disabled, "…");
    for operation in operations() {
        let (request, world) = (request(operation), world());
        for record in records(&Event {
            request: &request,
            parameters: None,
            world: &world,
            time: Timestamp::UNIX_EPOCH,
            outcome: Err(&error),
            key_material_id: Some("1"),
            blocked_by_vpc_endpoint: false,
            random: [1; 96],
        }) {
            let Kind::Object(members) = record.kind else { panic!("a record is an object") };
            let names: BTreeSet<&str> = members.iter().map(|member| &*member.name).collect();
            assert_eq!(names.len(), members.len());
        }
    }
}
