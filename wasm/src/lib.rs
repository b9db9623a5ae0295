//! Keytrace for JavaScript: decode, call the engine, encode. No rule of AWS's is spelled here.

#![forbid(unsafe_code)]

use keytrace::{
    explain::Explanation,
    import,
    json::Span,
    problem::{Problem, Severity},
    scenario::{self, DecisionName},
};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

/// What a scenario comes to.
#[derive(Serialize)]
struct Outcome<'a> {
    problems: Vec<ProblemView<'a>>,
    /// One for each request; none if a problem is an error.
    answers: Vec<AnswerView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProblemView<'a> {
    code: &'static str,
    severity: &'static str,
    pointer: &'a str,
    span: Span,
    line: u32,
    column: u32,
    message: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnswerView {
    decision: &'static str,
    explanation: Explanation,
    /// What the scenario's `expect` wanted otherwise; `None` if it expects nothing.
    mismatches: Option<Vec<MismatchView>>,
}

#[derive(Serialize)]
struct MismatchView {
    what: &'static str,
    expected: String,
    found: String,
}

/// A paste that was put where it belongs.
#[derive(Serialize)]
struct Imported {
    text: String,
    summary: Vec<String>,
    notes: Vec<String>,
}

impl<'a> From<&'a Problem> for ProblemView<'a> {
    fn from(problem: &'a Problem) -> Self {
        Self {
            code: problem.code.as_str(),
            severity: match problem.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            pointer: &problem.pointer,
            span: problem.span,
            line: problem.line,
            column: problem.column,
            message: &problem.message,
        }
    }
}

/// Decides every request of a scenario, given as JSON text, so that positions survive.
///
/// # Errors
/// Only if the result cannot be made into an object. Faults of the text are in `problems`.
#[wasm_bindgen]
pub fn evaluate(scenario: &str) -> Result<JsValue, JsError> {
    let reading = scenario::read(scenario);
    let mut answers = Vec::new();
    if let Some(scenario) = &reading.value {
        for (index, case) in scenario.requests.iter().enumerate() {
            let Some(answer) = keytrace::answer(scenario, index) else { continue };
            let mismatches = case.expect.as_ref().map(|expect| {
                let mismatches = expect.mismatches(scenario, index, &answer).into_iter();
                let view = |found: scenario::Mismatch| MismatchView {
                    what: found.what,
                    expected: found.expected,
                    found: found.found,
                };
                mismatches.map(view).collect()
            });
            let decision = DecisionName::from(answer.decision).as_str();
            answers.push(AnswerView { decision, explanation: answer.explanation, mismatches });
        }
    }
    encode(&Outcome { problems: reading.problems.iter().map(ProblemView::from).collect(), answers })
}

/// Puts what the `aws` command printed where it belongs in a scenario; an empty scenario becomes a new one.
///
/// # Errors
/// If nothing in the paste is recognised, or the scenario's text is no JSON object.
#[wasm_bindgen(js_name = importAws)]
pub fn import_aws(paste: &str, scenario: &str) -> Result<JsValue, JsError> {
    let outputs = import::recognise(paste)?;
    let placed = import::place(&outputs, scenario)?;
    encode(&Imported { text: placed.text, summary: placed.summary, notes: placed.notes })
}

/// The version of the engine, as its package says it.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

fn encode(value: &impl Serialize) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
