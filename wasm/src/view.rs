//! What crosses into JavaScript: plain data. `types.d.ts` says the same in TypeScript, and a test holds
//! the two against each other.

use keytrace::{
    Answer,
    assumption::Assumption,
    check::KmsError,
    explain::Explanation,
    json::Span,
    problem::{Problem, Severity},
    scenario::{DecisionName, Mismatch, Scenario},
};
use serde::Serialize;

/// What a scenario comes to.
#[derive(Serialize)]
pub struct Outcome<'a> {
    /// What is wrong or doubtful, in the order of the text.
    pub problems: Vec<ProblemView<'a>>,
    /// One for each request; none if a problem is an error.
    pub answers: Vec<AnswerView>,
}

/// Something wrong or doubtful in a text.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProblemView<'a> {
    code: &'static str,
    severity: &'static str,
    pointer: &'a str,
    span: Span,
    line: u32,
    column: u32,
    message: &'a str,
}

/// What becomes of a request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerView {
    /// Whether it is authorized.
    decision: &'static str,
    /// What the caller gets instead of an answer. An authorized request may end in one too.
    error: Option<ErrorView>,
    /// Every permission that the operation takes.
    authorizations: Vec<AuthorizationView>,
    /// The position of the one that settles the request.
    deciding: usize,
    /// What AWS does not document and the verdict rests on.
    assumptions: Vec<AssumptionView>,
    /// All of it in words.
    explanation: Explanation,
    /// What the scenario's `expect` wanted otherwise; `None` if it expects nothing.
    mismatches: Option<Vec<MismatchView>>,
}

/// An error as the caller gets it.
#[derive(Serialize)]
pub struct ErrorView {
    name: &'static str,
    message: String,
}

#[derive(Serialize)]
struct AuthorizationView {
    action: &'static str,
    resource: String,
    decision: &'static str,
}

#[derive(Serialize)]
struct AssumptionView {
    name: &'static str,
    reading: Reading,
    other: Reading,
}

/// A reading of an assumption as a scenario writes it.
#[derive(Serialize)]
#[serde(untagged)]
enum Reading {
    Switch(bool),
    Word(&'static str),
}

#[derive(Serialize)]
struct MismatchView {
    what: &'static str,
    expected: String,
    found: String,
}

/// A paste that was put where it belongs.
#[derive(Serialize)]
pub struct Imported {
    /// The scenario's text.
    pub text: String,
    /// What was done.
    pub summary: Vec<String>,
    /// What had to be assumed or is still missing.
    pub notes: Vec<String>,
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

impl AnswerView {
    /// The answer to one request of a scenario.
    pub fn new(scenario: &Scenario, index: usize, answer: Answer) -> Self {
        let case = scenario.requests.get(index);
        let expect = case.and_then(|case| case.expect.as_ref());
        let mismatches = expect.map(|expect| expect.mismatches(scenario, index, &answer).into_iter());
        let asked = case.map(|case| &*case.request.authorizations).unwrap_or_default();
        let authorizations = asked.iter().zip(&answer.authorizations).map(|(asked, decided)| AuthorizationView {
            action: asked.action.iam_name(),
            resource: asked.resource.arn(&scenario.world).to_owned(),
            decision: DecisionName::from(decided.decision).as_str(),
        });
        let assumption = |assumption: &Assumption| {
            let [first, second] = assumption.words().map(Reading::from);
            let changed = scenario.assumptions.is_changed(*assumption);
            let (reading, other) = if changed { (second, first) } else { (first, second) };
            AssumptionView { name: assumption.name(), reading, other }
        };
        Self {
            decision: DecisionName::from(answer.decision).as_str(),
            authorizations: authorizations.collect(),
            deciding: answer.deciding,
            assumptions: answer.assumptions.iter().map(assumption).collect(),
            mismatches: mismatches.map(|found| found.map(MismatchView::from).collect()),
            error: answer.error.map(ErrorView::from),
            explanation: answer.explanation,
        }
    }
}

impl From<KmsError> for ErrorView {
    fn from(error: KmsError) -> Self {
        Self { name: error.name.as_str(), message: error.message }
    }
}

impl From<&'static str> for Reading {
    fn from(word: &'static str) -> Self {
        word.parse().map_or(Self::Word(word), Self::Switch)
    }
}

impl From<Mismatch> for MismatchView {
    fn from(Mismatch { what, expected, found }: Mismatch) -> Self {
        Self { what, expected, found }
    }
}
