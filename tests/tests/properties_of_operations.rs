//! Rules of AWS about whole operations: the permissions that one takes, the errors that it ends in, and the
//! assumptions that an answer rests on; tried on whole worlds that nobody wrote.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html>

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;

use keytrace::{
    Answer,
    assumption::Assumption,
    catalog::{KeyState, Operation},
    check::{self, ErrorName, KmsError},
    scenario::{DecisionName, Scenario},
};
use keytrace_tests::{
    generate::{WorldDraft, decided_worlds, reach},
    silent,
};
use serde_json::{Value, json};

fn answer(scenario: &Scenario, request: usize) -> Answer {
    keytrace::answer(scenario, request).unwrap()
}

fn answers(draft: &WorldDraft) -> Vec<Answer> {
    let scenario = draft.read().unwrap();
    (0..scenario.requests.len()).map(|request| answer(&scenario, request)).collect()
}

/// What the caller gets: whether it is authorized, and the error.
fn verdict(answer: &Answer) -> (DecisionName, Option<ErrorName>) {
    (answer.decision.into(), answer.error.as_ref().map(|error| error.name))
}

#[test]
fn watching_does_not_change_the_decision() {
    for world in decided_worlds(30_000, 60) {
        for (request, silent) in world.decisions.iter().enumerate() {
            let watched = answer(&world.scenario, request).authorizations;
            let watched: Vec<_> = watched.iter().map(|authorized| authorized.decision).collect();
            assert_eq!(watched, *silent, "world {}, request {request}", world.seed);
        }
    }
}

#[test]
fn an_answer_is_repeatable() {
    for world in decided_worlds(31_000, 20) {
        let again = world.draft.read().unwrap();
        for request in 0..world.decisions.len() {
            let (one, other) = (answer(&world.scenario, request), answer(&again, request));
            assert_eq!(format!("{one:?}"), format!("{other:?}"), "world {}, request {request}", world.seed);
        }
    }
}

/// "To use this operation, you need permission on each": the first that is missing decides.
#[test]
fn an_operation_is_allowed_only_if_each_of_its_permissions_is() {
    let mut several = [0; 4];
    for world in decided_worlds(32_000, 120) {
        for (request, each) in world.decisions.iter().enumerate() {
            let answer = answer(&world.scenario, request);
            let reaches: Vec<u8> = each.iter().map(|decision| reach(*decision)).collect();
            let first = |is: fn(u8) -> bool| reaches.iter().position(|reach| is(*reach));
            let deciding = first(|reach| reach < 2).or_else(|| first(|reach| reach == 2)).unwrap_or_default();
            assert_eq!(answer.deciding, deciding, "world {}, request {request}: {each:?}", world.seed);
            assert_eq!(answer.decision, each[deciding], "world {}, request {request}", world.seed);
            if each.len() > 1 {
                several[usize::from(reach(answer.decision))] += 1;
            }
        }
    }
    assert!(several.iter().all(|count| *count > 2), "{several:?}");
}

/// `ReEncrypt` is what `ReEncryptFrom` and `ReEncryptTo` are together.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html>
#[test]
fn the_halves_of_re_encrypt_are_decided_as_if_alone() {
    let mut compared = 0;
    for world in decided_worlds(33_000, 200) {
        let is_arn = |value: &Value| value.as_str().is_some_and(|id| id.contains(":key/"));
        for half in 0..2 {
            let after = world.after(|draft| {
                for request in draft.0["requests"].as_array_mut().unwrap() {
                    let parameters = &request["parameters"];
                    if request["operation"] == "ReEncrypt"
                        && is_arn(&parameters["SourceKeyId"])
                        && is_arn(&parameters["DestinationKeyId"])
                    {
                        request["operation"] = ["ReEncryptFrom", "ReEncryptTo"][half].into();
                    }
                }
            });
            let after = after.unwrap();
            for (request, case) in world.requests() {
                if case.request.operation == Operation::ReEncrypt && after[request].len() == 1 {
                    assert_eq!(
                        after[request][0], world.decisions[request][half],
                        "world {}, request {request}",
                        world.seed
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 50, "{compared}");
}

/// A key's id and its ARN are the same key.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id>
#[test]
fn a_key_id_stands_for_the_key_arn() {
    let mut respelled = 0;
    for world in decided_worlds(34_000, 150) {
        let arns: Vec<&str> = world.scenario.world.keys.iter().map(|key| key.arn.as_str()).collect();
        let after = world.after(|draft| {
            for request in draft.0["requests"].as_array_mut().unwrap() {
                let region = request.get("region").and_then(Value::as_str).unwrap_or_default().to_string();
                for (name, value) in request["parameters"].as_object_mut().unwrap() {
                    let id = value.as_str().unwrap_or_default();
                    let is_it = |arn: &&&str| arn.ends_with(&format!(":key/{id}")) && arn.contains(&region);
                    if name.ends_with("KeyId")
                        && !id.is_empty()
                        && let Some(arn) = arns.iter().find(is_it)
                    {
                        *value = (*arn).into();
                        respelled += 1;
                    }
                }
            }
        });
        world.compare(&after.unwrap(), "by ARN", |before, after| before == after);
    }
    assert!(respelled > 100, "{respelled}");
}

/// The state of a key is looked at once a request is authorized.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>
#[test]
fn the_state_of_a_key_never_changes_the_decision() {
    let mut errors = BTreeSet::new();
    for world in decided_worlds(35_000, 12) {
        for state in KeyState::ALL {
            let mut draft = world.draft.clone();
            for key in draft.places("/keys") {
                let metadata = draft.0.pointer_mut(&format!("{key}/KeyMetadata")).unwrap();
                metadata.as_object_mut().unwrap().remove("Enabled");
                metadata["KeyState"] = state.name().into();
            }
            for (request, (answer, before)) in answers(&draft).iter().zip(&world.decisions).enumerate() {
                assert_eq!(
                    answer.decision, before[answer.deciding],
                    "world {}, request {request}, {state:?}",
                    world.seed
                );
                errors.extend(answer.error.as_ref().map(|error| error.name));
            }
        }
    }
    assert!(errors.contains(&ErrorName::Disabled) && errors.contains(&ErrorName::KmsInvalidState), "{errors:?}");
}

/// `AccessDeniedException` is for those who are denied, and for nobody else; how an undetermined request ends
/// nobody knows.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html>
#[test]
fn a_denial_is_an_access_denied_exception() {
    for world in decided_worlds(36_000, 60) {
        for request in 0..world.decisions.len() {
            let (decision, error) = verdict(&answer(&world.scenario, request));
            let fits = match decision {
                DecisionName::Allowed => error != Some(ErrorName::AccessDenied),
                DecisionName::Undetermined => error.is_none(),
                DecisionName::ExplicitDeny | DecisionName::ImplicitDeny => error == Some(ErrorName::AccessDenied),
            };
            assert!(fits, "world {}, request {request}: {decision:?}, {error:?}", world.seed);
        }
    }
}

/// The operations with a parameter `DryRun`.
#[rustfmt::skip] // A list.
const TAKES_DRY_RUN: &[&str] = &[
    "CreateGrant", "Decapsulate", "Decrypt", "DeriveSharedSecret", "Encapsulate", "Encrypt", "GenerateDataKey",
    "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext", "GenerateMac",
    "ReEncrypt", "ReEncryptFrom", "ReEncryptTo", "RetireGrant", "RevokeGrant", "Sign", "Verify", "VerifyMac",
];

/// "Checks if your request will succeed": it ends as the request would, or in `DryRunOperationException`.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html>
#[test]
fn a_dry_run_tells_what_would_become_of_the_request() {
    let mut dry = 0;
    for world in decided_worlds(37_000, 30) {
        let with = |dry: bool| {
            let mut draft = world.draft.clone();
            for request in draft.0["requests"].as_array_mut().unwrap() {
                request["parameters"]["DryRun"] = dry.into();
            }
            answers(&draft)
        };
        for (request, (wet, dry_run)) in with(false).iter().zip(with(true)).enumerate() {
            let case = &world.scenario.requests[request].request;
            let takes_it = TAKES_DRY_RUN.contains(&case.operation.name());
            let (decision, error) = verdict(wet);
            let expected = match (decision, error) {
                (DecisionName::Allowed, None) if takes_it => Some(ErrorName::DryRunOperation),
                _ => error,
            };
            let found = verdict(&dry_run);
            let operation = case.operation.name();
            assert_eq!(found, (decision, expected), "world {}, request {request}, {operation}", world.seed);
            dry += usize::from(found.1 == Some(ErrorName::DryRunOperation));
        }
    }
    assert!(dry > 10, "{dry}");
}

/// An assumption that the answer does not name can be read the other way; one that it names cannot.
#[test]
fn an_answer_names_the_assumptions_that_it_rests_on() {
    let mut rested_on = BTreeSet::new();
    for world in decided_worlds(38_000, 60) {
        let switched = |assumption: Assumption| {
            let mut draft = world.draft.clone();
            let word = assumption.words()[usize::from(!world.scenario.assumptions.is_changed(assumption))];
            let assumptions = draft.0.as_object_mut().unwrap().entry("assumptions").or_insert_with(|| json!({}));
            assumptions[assumption.name()] = serde_json::from_str(word).unwrap_or_else(|_| word.into());
            draft.read().unwrap()
        };
        let others: Vec<Scenario> = Assumption::ALL.iter().map(|assumption| switched(*assumption)).collect();
        for request in 0..world.decisions.len() {
            let answer = answer(&world.scenario, request);
            for (assumption, other) in Assumption::ALL.iter().zip(&others) {
                let named = answer.assumptions.contains(assumption);
                let (seed, before, after) = (world.seed, verdict(&answer), unwatched(other, request));
                assert_eq!(
                    named,
                    before != after,
                    "world {seed}, request {request}, {assumption:?}: {before:?} {after:?}"
                );
                rested_on.extend(named.then_some(assumption.name()));
            }
        }
    }
    assert!(rested_on.len() >= 8, "{rested_on:?}");
}

/// The verdict without an explanation.
fn unwatched(scenario: &Scenario, request: usize) -> (DecisionName, Option<ErrorName>) {
    let decisions = silent(scenario, request);
    let first = |is: fn(u8) -> bool| decisions.iter().find(|decision| is(reach(**decision)));
    let deciding = first(|reach| reach < 2).or_else(|| first(|reach| reach == 2)).unwrap_or(&decisions[0]);
    let asked = &scenario.requests[request].request;
    let error = match DecisionName::from(*deciding) {
        DecisionName::Allowed => check::outcome(asked, &scenario.world, &scenario.assumptions).err(),
        DecisionName::Undetermined => None,
        DecisionName::ExplicitDeny | DecisionName::ImplicitDeny => Some(KmsError::new(ErrorName::AccessDenied, "")),
    };
    ((*deciding).into(), error.map(|error| error.name))
}
