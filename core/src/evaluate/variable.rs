//! The values of policy variables in a request.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use super::Question;
use crate::{
    assumption::{UnresolvedVariable, WildcardsInVariableValues},
    compile::SlotVariable,
    decision::Match,
    pattern::Substitute,
    policy::condition::Comparison,
    request::ContextValue,
};

/// Whether the place where a variable stands has wildcards at all: `StringEquals` has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wildcards {
    Count,
    AreLiteral,
}

impl Wildcards {
    pub(super) const fn of(comparison: Comparison) -> Self {
        match comparison {
            Comparison::StringLike | Comparison::Arn => Self::Count,
            _ => Self::AreLiteral,
        }
    }
}

/// What is known of the variables of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// All of them have a value.
    Known,
    /// At least one is unknown, so that a match is possible at most.
    Unknown,
    /// At least one has neither value nor default.
    Missing,
}

impl Values {
    pub(super) fn of<'v>(variables: impl Iterator<Item = &'v SlotVariable>, question: &Question<'_>) -> Self {
        let mut all = Values::Known;
        for variable in variables {
            match question.value(variable.slot) {
                _ if variable.multivalued => all = Values::Missing,
                ContextValue::Values(values) if values.len() != 1 => all = Values::Missing,
                ContextValue::Unknown if all != Values::Missing => all = Values::Unknown,
                ContextValue::Absent if variable.default.is_none() => all = Values::Missing,
                ContextValue::Values(_) | ContextValue::Absent | ContextValue::Unknown => {}
            }
        }
        all
    }

    /// Whether a value with such variables keeps its statement from applying; one that is unknown may turn
    /// out to have no value.
    pub(super) fn spoil_statement(self, question: &Question<'_>) -> Match {
        match (question.assumptions.unresolved_variable, self) {
            (UnresolvedVariable::Value, _) | (UnresolvedVariable::Statement, Values::Known) => Match::No,
            (UnresolvedVariable::Statement, Values::Unknown) => Match::Depends,
            (UnresolvedVariable::Statement, Values::Missing) => Match::Yes,
        }
    }

    /// A match against unknown values is only possible, a mismatch is certain.
    pub(super) const fn outcome(self, matches: bool) -> Match {
        match (self, matches) {
            (Values::Known, true) => Match::Yes,
            (Values::Unknown, true) => Match::Depends,
            _ => Match::No,
        }
    }
}

/// What a variable stands for in this request.
pub(super) fn substitute<'q>(
    variable: &'q SlotVariable,
    wildcards: Wildcards,
    question: &'q Question<'_>,
) -> Substitute<'q> {
    let text = match question.value(variable.slot) {
        ContextValue::Unknown => return Substitute::Anything,
        ContextValue::Values(values) => values.first().map_or("", |value| &**value),
        ContextValue::Absent => variable.default.as_deref().unwrap_or_default(),
    };
    if wildcards == Wildcards::Count
        && question.assumptions.wildcards_in_variable_values == WildcardsInVariableValues::Wildcards
    {
        Substitute::Wildcards(text)
    } else {
        Substitute::Text(text)
    }
}
