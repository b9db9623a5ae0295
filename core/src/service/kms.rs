use alloc::{format, string::String, vec::Vec};
use core::fmt;

use jiff::Timestamp;

use super::{
    call::{Call, Seals, Stop},
    cause::Cause,
    clock::{self, ServiceEvent},
    draft::Draft,
    operation,
    parameters::Parameters,
    state::State,
    vault::Vault,
};
use crate::{
    answer::{Answer, Authorized, answer},
    check::{ErrorName, KmsError},
    decision::{self, Answers, Decision, decide},
    json::{self, Source, Value, edit},
    problem::{Problem, Problems, Reading, Severity},
    random::Random,
    scenario::{self, Scenario},
    seal::EncryptionContext,
};

/// A world that lives: KMS operations change it, encrypt with it, and time goes by when it is told to.
///
/// It is cheap to open and holds no more than the text of its scenario and the secrets of its keys.
pub struct Kms {
    draft: Draft,
    clock: Timestamp,
    seals: Seals,
}

/// More encryption contexts of ciphertexts are not kept.
const MOST_SEALS: usize = 10_000;

/// What becomes of a call.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What KMS answers with.
    pub outcome: Outcome,
    /// How it was authorized.
    pub answer: Answer,
    /// The call as a scenario: the world as it was, and this one request. The positions in [`Reply::answer`] are
    /// positions in it.
    pub scenario: String,
    /// The same, read.
    pub asked: Scenario,
    /// What CloudTrail records of it: see [`audit`](crate::audit). Of what is not done because it is undetermined or not modelled,
    /// nothing; nor of what only the policy of a VPC endpoint kept from being allowed.
    pub records: Vec<Value>,
}

/// What KMS answers with.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is done. What the `aws` command prints: bytes in base64, times in ISO 8601.
    Done(Value),
    /// It is not done, and the world is as before.
    Refused {
        /// What the caller gets.
        error: KmsError,
        /// What the person who debugs wants to know, and the caller does not learn.
        cause: Cause,
    },
    /// Whether it is authorized depends on what is unknown. Nothing is done.
    Undetermined,
    /// It is authorized, and the key is in order; but what KMS does then is not modelled. Nothing is done.
    NotModelled(String),
}

/// Why the clock does not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockError {
    /// Time goes forward only.
    Backward,
    /// A key rotates, and there are no random bytes; or the scenario would become too long. Nothing happened.
    Failed,
}

impl fmt::Display for ClockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Backward => "the clock goes forward only",
            Self::Failed => "what happens in the meantime cannot be done: there are no random bytes, or no space left",
        })
    }
}

impl core::error::Error for ClockError {}

impl fmt::Debug for Kms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kms").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl Kms {
    /// Opens the world of a scenario, which needs no request. Its clock stands at `now`, or at `clock` if the
    /// scenario does not say.
    ///
    /// The problems are those of the scenario; with an error among them there is no world.
    #[must_use]
    pub fn open(scenario: &str, clock: Timestamp) -> Reading<Self> {
        let Reading { value, mut problems } = scenario::read_world(scenario);
        let Some((read, mut state)) = value.zip(State::new(scenario)) else {
            return Reading { value: None, problems };
        };
        let now = state.get("now").and_then(scenario::time);
        if now.is_none() && state.set_now(clock).is_err() {
            return Reading { value: None, problems };
        }
        let mut draft = Draft { state, vault: Vault::default() };
        let mut own = Problems::new(scenario);
        draft.bring_material(&read.world, &mut own);
        let failed = own.errors() > 0;
        problems.extend(own.into_list());
        let kms = Self { draft, clock: now.unwrap_or(clock), seals: Seals::new() };
        Reading { value: (!failed).then_some(kms), problems }
    }

    /// The world as it is now, as a scenario: the whole state but for secrets.
    #[must_use]
    pub fn scenario(&self) -> &str {
        self.draft.state.text()
    }

    /// The time of the world.
    #[must_use]
    pub const fn clock(&self) -> Timestamp {
        self.clock
    }

    /// Lets time go by: keys are deleted, rotate, lose imported key material, and grants that were deleted go. What
    /// KMS does by itself meanwhile comes back in its order.
    ///
    /// # Errors
    ///
    /// When it would go backward, or something could not be done. The world is as before then.
    pub fn set_clock(&mut self, to: Timestamp, random: &mut dyn Random) -> Result<Vec<ServiceEvent>, ClockError> {
        if to < self.clock {
            return Err(ClockError::Backward);
        }
        let mut draft = self.draft.clone();
        let events = clock::advance(&mut draft, self.clock, to, random).map_err(|_| ClockError::Failed)?;
        self.draft = draft;
        self.clock = to;
        Ok(events)
    }

    /// Calls KMS: a request as in a scenario's `requests`.
    ///
    /// The problems are those of the request, with positions in its text; with an error among them nothing was
    /// asked.
    #[must_use]
    pub fn call(&mut self, request: &str, random: &mut dyn Random) -> Reading<Reply> {
        let mut problems = Problems::new(request);
        let written = json::parse(&Source::plain(request), &mut problems);
        let (Some(written), 0) = (written, problems.errors()) else { return problems.with(None) };
        let Some((text, offset)) = self.with_request(request) else { return problems.with(None) };
        let read = scenario::read_call(&text);
        for problem in read.problems {
            // What is wrong with the world was said when it was opened.
            if let Some(problem) = moved(problem, offset, &mut problems) {
                problems.adopt(problem);
            }
        }
        let Some(read) = read.value else { return problems.with(None) };
        let (Some(case), Some(answer)) = (read.requests.first(), answer(&read, 0)) else { return problems.with(None) };

        let mut call = Call {
            world: &read.world,
            request: &case.request,
            parameters: Parameters::new(&case.request, written.get("parameters")),
            draft: self.draft.clone(),
            now: self.clock,
            random,
            seals: &self.seals,
            sealed: Vec::new(),
            material: None,
            events: Vec::new(),
        };
        let outcome = outcome(&mut call, &answer);
        let records = match &outcome {
            Outcome::Done(result) => call.records(Ok(result), false),
            Outcome::Refused { error, .. } => call.records(Err(error), only_vpc_endpoint(&answer, &read)),
            Outcome::Undetermined | Outcome::NotModelled(_) => Vec::new(),
        };
        if let Outcome::Done(_) = outcome {
            let Call { draft, sealed, .. } = call;
            self.draft = draft;
            self.remember(sealed);
        }
        problems.with(Some(Reply { outcome, answer, scenario: text, asked: read, records }))
    }

    fn remember(&mut self, sealed: Vec<([u8; 28], EncryptionContext)>) {
        self.seals.extend(sealed);
        while self.seals.len() > MOST_SEALS {
            self.seals.pop_first();
        }
    }

    /// The world with this request as its only one, and where the request begins.
    fn with_request(&self, request: &str) -> Option<(String, u32)> {
        let text = self.draft.state.text();
        let edited = edit::set(text, "/requests", &Value::array([Value::null()])).ok()?.text;
        let span = edit::read(&edited).ok()?.get("requests")?.as_array()?.first()?.span;
        let (before, after) = (edited.get(..span.start as usize)?, edited.get(span.end as usize..)?);
        Some((format!("{before}{request}{after}"), span.start))
    }
}

/// A problem of the request as one of its own text.
fn moved(problem: Problem, offset: u32, problems: &mut Problems<'_>) -> Option<Problem> {
    let pointer = problem.pointer.strip_prefix("/requests/0").map(String::from);
    let inside = problem.span.start.checked_sub(offset).zip(problem.span.end.checked_sub(offset));
    match (pointer, inside) {
        (Some(pointer), Some((start, end))) if (end as usize) <= problems.text().len() => {
            let span = json::Span::new(start, end);
            let (line, column) = problems.position(start as usize);
            Some(Problem { pointer, span, line, column, ..problem })
        }
        // It hides nothing that keeps the call from being made.
        _ => Some(problem).filter(|problem| problem.severity() == Severity::Error),
    }
}

/// Whether a denied call would have been allowed, were it not for the policy of its VPC endpoint.
fn only_vpc_endpoint(answer: &Answer, asked: &Scenario) -> bool {
    let allowed = |decision| matches!(decision, Decision::Allowed { .. });
    let otherwise = |one: &Authorized| {
        let answers = Answers { vpc_endpoint_policy: decision::Answer::NOT_IN_PLAY, ..one.answers };
        allowed(decide(one.situation, &answers, &asked.assumptions))
    };
    !allowed(answer.decision) && answer.authorizations.iter().all(otherwise)
}

fn outcome(call: &mut Call<'_>, answer: &Answer) -> Outcome {
    let refused = |error: KmsError, call: &Call<'_>| {
        let cause = call.cause(&error);
        Outcome::Refused { error, cause }
    };
    match (answer.decision, &answer.error) {
        (Decision::Undetermined { .. }, _) => Outcome::Undetermined,
        // A dry run is a run whose outcome is thrown away.
        (_, Some(error)) if error.name == ErrorName::DryRunOperation => {
            let skipped = call.parameters.list("DryRunModifiers").iter().any(|one| &**one == "IGNORE_CIPHERTEXT");
            match if skipped { Ok(Value::null()) } else { operation::perform(call) } {
                Ok(_) | Err(Stop::NotModelled(_)) => refused(error.clone(), call),
                Err(Stop::Error(error, cause)) => {
                    let cause = cause.unwrap_or_else(|| call.cause(&error));
                    Outcome::Refused { error, cause }
                }
            }
        }
        (_, Some(error)) => refused(error.clone(), call),
        (_, None) => match operation::perform(call) {
            Ok(result) => Outcome::Done(result),
            Err(Stop::NotModelled(what)) => Outcome::NotModelled(what),
            Err(Stop::Error(error, cause)) => {
                let cause = cause.unwrap_or_else(|| call.cause(&error));
                Outcome::Refused { error, cause }
            }
        },
    }
}
