//! Any bytes as a policy of each kind. It means the same as an object of a scenario, in a string there, and
//! URL-encoded in a string.

#![no_main]

use keytrace::{
    json::{Kind, edit},
    policy::{self, PolicyKind},
    problem::{Code, Problem},
};
use keytrace_fuzz::{bounds::READING, policies, seeds, sound, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: seeds::write_if_asked(seeds::policies),
    |bytes: &[u8]| {
        let text = text(bytes);
        let is_object = edit::read(&text).is_ok_and(|value| matches!(value.kind, Kind::Object(_)));
        for kind in policies::kinds() {
            let reading = READING.hold(text.len(), || policy::read_text(&text, kind));
            sound::problems(&reading.problems, &text);
            assert!(reading.value.is_some() || !reading.problems.is_empty(), "refused without a word");
            for statement in reading.value.iter().flat_map(|document| &document.statements) {
                sound::span(statement.span, &text);
            }
            if is_object {
                however_it_is_written(kind, &text);
            }
        }
    }
);

fn however_it_is_written(kind: PolicyKind, policy: &str) {
    let [object, string, encoded] = policies::written(policy).map(|policy| policies::scenario(kind, &policy));
    let object = sound::silent(&object).map_err(|problems| told(&problems));
    // A document in a string may be as deep as a text of its own.
    if object.as_ref().is_err_and(|problems| problems.iter().any(|(code, ..)| *code == Code::TooDeep)) {
        return;
    }
    for (text, how) in [(string, "in a string"), (encoded, "URL-encoded")] {
        assert_eq!(object, sound::silent(&text).map_err(|problems| told(&problems)), "{how}");
    }
}

/// What the problems are, without their places in the text.
fn told(problems: &[Problem]) -> Vec<(Code, String, String)> {
    problems.iter().map(|problem| (problem.code, problem.pointer.clone(), problem.message.clone())).collect()
}
