//! `Resource` and `NotResource`, and the values of policy variables.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use super::{Assumption, Observer, Question, Spoils};
use crate::{
    compile::{CompiledElement, SlotVariable},
    decision::Match,
    pattern::{Pattern, Substitute},
    request::ContextValue,
    trace::{ElementKind, Reason, ValueTrace},
};

pub(super) fn resource<O: Observer>(
    element: &CompiledElement<Pattern<SlotVariable>>,
    question: &Question<'_>,
    observer: &mut O,
) -> Match {
    let (entries, negated, reason) = match element {
        CompiledElement::Absent => (&[][..], false, Reason::NoResourceElement),
        CompiledElement::Is(entries) => (&**entries, false, Reason::ResourceNotListed),
        CompiledElement::IsNot(entries) => (&**entries, true, Reason::ResourceListedInNotResource),
    };
    let mut listed = Match::No;
    let mut spoilt = false;
    let mut only_unresolved = !entries.is_empty();
    for (index, pattern) in entries.iter().enumerate() {
        let values = Values::of(pattern.variables(), question, observer);
        // An entry whose variable has no value matches no resource. Under `NotResource` it excepts nothing.
        let outcome = match values {
            Values::Missing => Match::No,
            _ => values.outcome(pattern.matches(&question.resource, &|variable| substitute(variable, question))),
        };
        let unresolved = values == Values::Missing;
        spoilt |= unresolved && question.assumptions.unresolved_variable == Spoils::Statement;
        only_unresolved &= unresolved;
        listed = listed | outcome;
        if O::WATCHING {
            let reason = unresolved.then_some(Reason::VariableWithoutValue);
            observer.value(ValueTrace { index, outcome, reason, form: None });
        } else if listed == Match::Yes && !spoilt {
            break;
        }
    }
    let outcome = match element {
        _ if spoilt => Match::No,
        CompiledElement::Absent => Match::No,
        _ if negated => !listed,
        _ => listed,
    };
    let reason = if spoilt || only_unresolved && !negated { Reason::VariableWithoutValue } else { reason };
    observer.element_ends(ElementKind::Resource, outcome, (outcome == Match::No).then_some(reason));
    outcome
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
    pub(super) fn of<'v, O: Observer>(
        variables: impl Iterator<Item = &'v SlotVariable>,
        question: &Question<'_>,
        observer: &mut O,
    ) -> Self {
        let mut all = Values::Known;
        for variable in variables {
            match question.value(variable.slot) {
                _ if variable.multivalued => all = Values::Missing,
                ContextValue::Values(values) => match &**values {
                    [value] if value.contains(['*', '?']) => observer.assumes(Assumption::WildcardsInVariableValues),
                    [_] => {}
                    _ => all = Values::Missing,
                },
                ContextValue::Unknown if all != Values::Missing => all = Values::Unknown,
                ContextValue::Absent if variable.default.is_none() => all = Values::Missing,
                ContextValue::Absent | ContextValue::Unknown => {}
            }
        }
        if all == Values::Missing {
            observer.assumes(Assumption::UnresolvedVariable);
        }
        all
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
pub(super) fn substitute<'q>(variable: &'q SlotVariable, question: &'q Question<'_>) -> Substitute<'q> {
    let text = match question.value(variable.slot) {
        ContextValue::Unknown => return Substitute::Anything,
        ContextValue::Values(values) => values.first().map_or("", |value| &**value),
        ContextValue::Absent => variable.default.as_deref().unwrap_or_default(),
    };
    if question.assumptions.wildcards_in_variable_values { Substitute::Wildcards(text) } else { Substitute::Text(text) }
}
