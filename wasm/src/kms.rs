//! A world that lives.

use keytrace::{
    problem::Reading,
    service::{self, Outcome, ServiceEvent, Timestamp},
};
use serde::Serialize;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use crate::{
    encode,
    random::Platform,
    view::{AnswerView, ErrorView, ProblemView},
};

/// KMS with the keys of a scenario: its operations change it, encrypt with it, and time goes by when it is told to.
#[wasm_bindgen]
pub struct Kms {
    kms: service::Kms,
}

/// What became of a call.
#[derive(Serialize)]
struct CallView<'a> {
    problems: Vec<ProblemView<'a>>,
    reply: Option<ReplyView>,
}

#[derive(Serialize)]
struct ReplyView {
    outcome: &'static str,
    result: Option<keytrace::json::Value>,
    error: Option<ErrorView>,
    cause: Option<String>,
    records: Vec<keytrace::json::Value>,
    answer: AnswerView,
    scenario: String,
}

#[derive(Serialize)]
struct EventView {
    name: &'static str,
    key: String,
    time: String,
    record: keytrace::json::Value,
}

#[wasm_bindgen]
impl Kms {
    /// Opens the world of a scenario, given as JSON text. Its clock stands at `now`, or at the time given here (ISO
    /// 8601) if the scenario does not say.
    ///
    /// # Errors
    /// If the scenario has an error, or the time is none.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario: &str, clock: Option<String>) -> Result<Self, JsError> {
        let clock = clock.map_or(Ok(Timestamp::UNIX_EPOCH), |clock| time(&clock))?;
        let Reading { value, problems } = service::Kms::open(scenario, clock);
        let first = || problems.iter().map(ToString::to_string).next().unwrap_or_default();
        value.map(|kms| Self { kms }).ok_or_else(|| JsError::new(&first()))
    }

    /// The world as it is now, as a scenario: the whole state but for secrets.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn scenario(&self) -> String {
        self.kms.scenario().to_owned()
    }

    /// The time of the world, in ISO 8601.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn clock(&self) -> String {
        self.kms.clock().to_string()
    }

    /// Lets time go by until `to` (ISO 8601), and says what KMS does by itself meanwhile.
    ///
    /// # Errors
    /// If the time is none, or it would go backward.
    #[wasm_bindgen(js_name = setClock, unchecked_return_type = "ServiceEvent[]")]
    pub fn set_clock(&mut self, to: &str) -> Result<JsValue, JsError> {
        let events = self.kms.set_clock(time(to)?, &mut Platform)?;
        let view = |event: &ServiceEvent| EventView {
            name: event.name,
            key: event.key.as_str().to_owned(),
            time: event.time.to_string(),
            record: event.record.clone(),
        };
        encode(&events.iter().map(view).collect::<Vec<_>>())
    }

    /// Calls KMS: a request as in a scenario's `requests`, given as JSON text, so that positions survive.
    ///
    /// # Errors
    /// Only if the result cannot be made into an object. Faults of the text are in `problems`.
    #[wasm_bindgen(unchecked_return_type = "Call")]
    pub fn call(&mut self, request: &str) -> Result<JsValue, JsError> {
        let Reading { value, problems } = self.kms.call(request, &mut Platform);
        let problems = problems.iter().map(ProblemView::from).collect();
        encode(&CallView { problems, reply: value.map(ReplyView::from) })
    }
}

fn time(text: &str) -> Result<Timestamp, JsError> {
    text.parse().map_err(|_| JsError::new(&format!("`{text}` is no time; write one such as `2026-11-24T12:00:00Z`")))
}

impl From<service::Reply> for ReplyView {
    fn from(reply: service::Reply) -> Self {
        let answer = AnswerView::new(&reply.asked, 0, reply.answer);
        let (outcome, result, error, cause) = match reply.outcome {
            Outcome::Done(result) => ("done", Some(result), None, None),
            Outcome::Refused { error, cause } => ("refused", None, Some(error.into()), Some(cause.to_string())),
            Outcome::Undetermined => ("undetermined", None, None, None),
            Outcome::NotModelled(what) => ("notModelled", None, None, Some(what)),
        };
        Self { outcome, result, error, cause, records: reply.records, answer, scenario: reply.scenario }
    }
}
