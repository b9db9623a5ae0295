//! Scenarios that nobody wrote: a small model that prints as a scenario file, and the ways to draw one.
//!
//! The model says no more than a property needs to take a scenario apart; what is read is always its text.

mod attachment;
mod cast;
mod decided;
mod draw;
pub mod mutate;
mod print;
mod small;
mod text;
mod world;

pub use attachment::{Attachment, allow_all, deny_all, fitting, with_principal};
pub use cast::{
    ACCOUNT, APP_SESSION, Caller, DANA, EVERY_CALLER, EVERYONE, KEY_ARN, KEY_PRINCIPALS, PARTNER_SESSION, Place, ROOT,
};
pub use decided::{Decided, decided_worlds, decisions, grounds, is_out_of_reach, reach};
pub use draw::{CONTEXT_KEYS, ContextKey, context_values, denying, identity_statement, key_statement, scenario};
pub use small::{SmallDraft, SmallGrant, SmallKey, SmallPlace, SmallStatement, small_drafts};
pub use text::{means, recased};
pub use world::WorldDraft;

use std::fmt;

use keytrace::{
    problem::Severity,
    scenario::{self, Scenario},
};

/// A scenario with one request of one caller for one key.
#[derive(Clone)]
pub struct Draft {
    /// Who asks.
    pub caller: &'static Caller,
    /// For what.
    pub operation: &'static str,
    /// The statements of the key policy.
    pub key_policy: Vec<Statement>,
    /// The statements of the identity policies, a list each; the last one is that of the user's group.
    pub identity_policies: Vec<Vec<Statement>>,
    /// The context that is given with the request.
    pub context: Vec<(String, Given)>,
    /// The unique id of the role, if it is told.
    pub role_id: Option<&'static str>,
    /// The assumptions that are not at their defaults.
    pub assumptions: Vec<(&'static str, &'static str)>,
}

/// What a request has for a condition key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Nothing.
    Absent,
    /// Nobody knows.
    Unknown,
    /// These values.
    Values(Vec<String>),
}

/// A statement of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Whether it denies.
    pub denies: bool,
    /// Whom it names; `None` in an identity policy.
    pub principal: Option<Element>,
    /// `Action` or `NotAction`
    pub action: Element,
    /// `Resource` or `NotResource`
    pub resource: Element,
    /// No two of one operator and key.
    pub conditions: Vec<Condition>,
}

/// An element with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Whether `Not` stands before its name.
    pub negated: bool,
    /// Its values.
    pub values: Vec<String>,
}

/// One operator with one key and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The operator, with set operator and `IfExists`.
    pub operator: String,
    /// The condition key.
    pub key: String,
    /// The values.
    pub values: Vec<String>,
}

impl Draft {
    /// The scenario that the text of this draft reads as.
    ///
    /// # Panics
    /// If the text has an error: a draft has none.
    #[must_use]
    #[expect(clippy::panic, reason = "a text that is refused is a fault of the generator")]
    pub fn read(&self) -> Scenario {
        let text = self.to_string();
        let reading = scenario::read(&text);
        reading.value.unwrap_or_else(|| {
            let problems = reading.problems.iter().filter(|problem| problem.severity() == Severity::Error);
            panic!("{:?} in\n{text}", problems.collect::<Vec<_>>())
        })
    }

    /// Every statement of every policy.
    pub fn statements_mut(&mut self) -> impl Iterator<Item = &mut Statement> {
        self.key_policy.iter_mut().chain(self.identity_policies.iter_mut().flatten())
    }
}

impl Element {
    /// The element without `Not`.
    #[must_use]
    pub fn of(values: &[&str]) -> Self {
        Self { negated: false, values: values.iter().map(|value| String::from(*value)).collect() }
    }
}

/// A draft that fails is shown as the file that one can keep.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
