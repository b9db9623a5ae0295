//! `Resource` and `NotResource`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>

use super::{
    Question,
    variable::{Values, Wildcards, substitute},
};
use crate::{
    assumption::UnresolvedVariable,
    compile::{CompiledElement, SlotVariable},
    decision::Match,
    pattern::Pattern,
    trace::{ElementKind, Observer, Reason, ValueTrace},
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
    let mut spoilt = Match::No;
    let mut only_unresolved = !entries.is_empty();
    for (index, pattern) in entries.iter().enumerate() {
        let values = Values::of(pattern.variables(), question);
        // An entry whose variable has no value matches no resource. Under `NotResource` it excepts nothing.
        let outcome = match values {
            Values::Missing => Match::No,
            _ => values.outcome(
                pattern.matches(&question.resource, &|variable| substitute(variable, Wildcards::Count, question)),
            ),
        };
        let unresolved = values == Values::Missing;
        spoilt = spoilt | values.spoil_statement(question);
        only_unresolved &= unresolved;
        listed = listed | outcome;
        if O::WATCHING {
            let reason = unresolved.then_some(Reason::VariableWithoutValue);
            observer.value(ValueTrace { index, outcome, reason, form: None });
        } else if listed == Match::Yes && question.assumptions.unresolved_variable == UnresolvedVariable::Value {
            break;
        }
    }
    let outcome = match element {
        CompiledElement::Absent => Match::No,
        _ if negated => !listed & !spoilt,
        _ => listed & !spoilt,
    };
    let reason =
        if spoilt == Match::Yes || only_unresolved && !negated { Reason::VariableWithoutValue } else { reason };
    observer.element_ends(ElementKind::Resource, outcome, (outcome == Match::No).then_some(reason));
    outcome
}
