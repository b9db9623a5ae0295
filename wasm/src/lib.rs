//! Keytrace for JavaScript: decode, call the engine, encode. No rule of AWS's is spelled here.
//!
//! What crosses is in `view.rs`, and in `types.d.ts` as TypeScript sees it.

#![forbid(unsafe_code)]

mod envelope;
mod kms;
mod random;
mod read;
mod view;
mod who_can;

use keytrace::{import, scenario};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use view::{AnswerView, Imported, Outcome, ProblemView};
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("types.d.ts");

/// Decides every request of a scenario, given as JSON text, so that positions survive.
///
/// # Errors
/// Only if the result cannot be made into an object. Faults of the text are in `problems`.
#[wasm_bindgen(unchecked_return_type = "Outcome")]
pub fn evaluate(scenario: &str) -> Result<JsValue, JsError> {
    let reading = scenario::read(scenario);
    let answer = |scenario, index| Some(AnswerView::new(scenario, index, keytrace::answer(scenario, index)?));
    let answers = reading
        .value
        .iter()
        .flat_map(|scenario| (0..scenario.requests.len()).filter_map(move |index| answer(scenario, index)));
    encode(&Outcome { problems: reading.problems.iter().map(ProblemView::from).collect(), answers: answers.collect() })
}

/// Puts what the `aws` command printed where it belongs in a scenario; an empty scenario becomes a new one.
///
/// # Errors
/// If nothing in the paste is recognised, or the scenario's text is no JSON object.
#[wasm_bindgen(js_name = importAws, unchecked_return_type = "Imported")]
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
