//! Conditions: what an operator makes of a key's values, of their absence, and of not knowing them.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>

use alloc::boxed::Box;

use super::{
    Question,
    variable::{Values, Wildcards, substitute},
};
use crate::{
    assumption::{EmptyStringIsNull, IfExistsBeatsForAnyValue, SeveralValues, UnresolvedVariable},
    compile::{CompiledCondition, SlotVariable},
    decision::Match,
    pattern::Pattern,
    policy::{
        condition::{Comparison, Operand, SetOperator},
        value,
    },
    request::ContextValue,
    trace::{ElementKind, Observer, Reason, ValueTrace},
};

/// Whether a condition holds.
pub(super) fn condition<O: Observer>(
    index: usize,
    condition: &CompiledCondition,
    question: &Question<'_>,
    observer: &mut O,
) -> Match {
    let values = question.value(condition.slot);
    let spoilt = spoils_statement(condition, question);
    let outcome = match condition.operator.comparison {
        _ if spoilt == Match::Yes => Match::No,
        Comparison::Null => null(condition, values, question),
        _ => compared(condition, values, question) & !spoilt,
    };
    if O::WATCHING {
        let mut reason = None;
        for (index, operand) in condition.operands.iter().enumerate() {
            let (outcome, why) = seen(condition, operand, values, question);
            observer.value(ValueTrace { index, outcome, reason: why, form: None });
            reason = reason.or(why);
        }
        let reason =
            if spoilt == Match::Yes { Some(Reason::VariableWithoutValue) } else { why_not(condition, values, reason) };
        observer.element_ends(ElementKind::Condition(index), outcome, reason.filter(|_| outcome == Match::No));
    }
    outcome
}

/// `Null` asks whether the key is there. With a set operator it is constant.
fn null(condition: &CompiledCondition, values: &ContextValue, question: &Question<'_>) -> Match {
    match condition.operator.set {
        Some(SetOperator::ForAllValues) => return Match::Yes,
        Some(SetOperator::ForAnyValue) => return Match::No,
        None => {}
    }
    let asked = condition.operands.iter();
    asked.fold(Match::No, |so_far, operand| so_far | null_operand(condition, operand, values, question))
}

fn null_operand(
    condition: &CompiledCondition,
    operand: &Operand<SlotVariable>,
    values: &ContextValue,
    question: &Question<'_>,
) -> Match {
    let absent = match values {
        ContextValue::Absent => Match::Yes,
        // Nobody knows the value, but it is there.
        ContextValue::Unknown if condition.in_every_request => Match::No,
        ContextValue::Unknown => Match::Depends,
        ContextValue::Values(values) if values.iter().all(|value| value.is_empty()) => {
            Match::from(question.assumptions.empty_string_is_null == EmptyStringIsNull::Yes)
        }
        ContextValue::Values(_) => Match::No,
    };
    match operand {
        Operand::Bool(true) => absent,
        Operand::Bool(false) => !absent,
        _ => Match::No,
    }
}

/// Every operator but `Null`: the table of what is missing first, then the values.
fn compared(condition: &CompiledCondition, values: &ContextValue, question: &Question<'_>) -> Match {
    let operator = condition.operator;
    let values = match values {
        ContextValue::Unknown => return Match::Depends,
        ContextValue::Values(values) => &**values,
        ContextValue::Absent => match operator.set {
            // The set operator decides, not the negation.
            Some(SetOperator::ForAllValues) => return Match::Yes,
            Some(SetOperator::ForAnyValue) => {
                let lets_pass = question.assumptions.if_exists_beats_for_any_value == IfExistsBeatsForAnyValue::Yes;
                return Match::from(operator.if_exists && lets_pass);
            }
            None => return Match::from(operator.if_exists || operator.negated),
        },
    };
    let single = |value: &str| {
        let hit = any_operand(condition, value, question);
        if operator.negated { !hit } else { hit }
    };
    // A value that is null (an empty text) is not in the set.
    let set = || values.iter().filter(|value| !value.is_empty());
    match (operator.set, values) {
        (Some(SetOperator::ForAllValues), _) => set().fold(Match::Yes, |so_far, value| so_far & single(value)),
        (Some(SetOperator::ForAnyValue), _) => set().fold(Match::No, |so_far, value| so_far | single(value)),
        (None, [value]) => single(value),
        (None, _) => {
            let hits = values.iter().map(|value| any_operand(condition, value, question));
            let hit = match question.assumptions.plain_operator_on_several_values {
                SeveralValues::Any => hits.fold(Match::No, |so_far, hit| so_far | hit),
                SeveralValues::All => hits.fold(Match::Yes, |so_far, hit| so_far & hit),
            };
            if operator.negated { !hit } else { hit }
        }
    }
}

/// Whether one value of the request is one of the policy's, the negation left out.
fn any_operand(condition: &CompiledCondition, value: &str, question: &Question<'_>) -> Match {
    let mut hit = Match::No;
    for operand in &condition.operands {
        hit = hit | compare(condition.operator.comparison, operand, value, question);
        if hit == Match::Yes {
            break;
        }
    }
    hit
}

/// Compares one value of the request with one of the policy.
fn compare(comparison: Comparison, operand: &Operand<SlotVariable>, value: &str, question: &Question<'_>) -> Match {
    let wildcards = Wildcards::of(comparison);
    let known = Values::of(operand.variables(), question);
    if known == Values::Missing {
        return Match::No;
    }
    let holds = match (comparison, operand) {
        (Comparison::StringIgnoreCase, Operand::Text(pattern)) => {
            pattern.matches_ignoring_case(value, &|variable| substitute(variable, wildcards, question))
        }
        (_, Operand::Text(pattern)) => pattern.matches(value, &|variable| substitute(variable, wildcards, question)),
        (_, Operand::Arn(components)) => arn_matches(components, value, question),
        (Comparison::Numeric(relation), Operand::Number(number)) => {
            value::number(value).is_some_and(|value| relation.holds(&value, number))
        }
        (Comparison::Date(relation), Operand::Date(date)) => {
            value::date(value).is_some_and(|value| relation.holds(&value, date))
        }
        (_, Operand::Bool(boolean)) => value::boolean(value) == Some(*boolean),
        (_, Operand::Ip(range)) => value::ip_address(value).is_some_and(|address| range.contains(&address)),
        (_, Operand::Binary(bytes)) => value::binary_equals(value, bytes) == Some(true),
        _ => false,
    };
    known.outcome(holds)
}

/// ARN operators compare component by component: a `*` does not cross a colon before the sixth.
fn arn_matches(components: &[Pattern<SlotVariable>], value: &str, question: &Question<'_>) -> bool {
    let wildcards = Wildcards::Count;
    let mut parts = value.splitn(6, ':');
    let fit = components.iter().all(|component| {
        parts.next().is_some_and(|part| component.matches(part, &|variable| substitute(variable, wildcards, question)))
    });
    fit && parts.next().is_none()
}

/// Under [`UnresolvedVariable::Statement`] one variable without a value keeps the statement from applying.
fn spoils_statement(condition: &CompiledCondition, question: &Question<'_>) -> Match {
    if question.assumptions.unresolved_variable == UnresolvedVariable::Value {
        return Match::No;
    }
    let values = condition.operands.iter().map(|operand| Values::of(operand.variables(), question));
    values.fold(Match::No, |so_far, values| so_far | values.spoil_statement(question))
}

/// What a watcher sees of one value of the policy: whether some value of the request hits it, and what
/// kept it from being hit.
fn seen(
    condition: &CompiledCondition,
    operand: &Operand<SlotVariable>,
    values: &ContextValue,
    question: &Question<'_>,
) -> (Match, Option<Reason>) {
    if condition.operator.comparison == Comparison::Null {
        return (null_operand(condition, operand, values, question), None);
    }
    let values: &[Box<str>] = match values {
        ContextValue::Absent => return (Match::No, None),
        ContextValue::Unknown => return (Match::Depends, None),
        ContextValue::Values(values) => values,
    };
    let comparison = condition.operator.comparison;
    let hits = values.iter().map(|value| compare(comparison, operand, value, question));
    let outcome = hits.fold(Match::No, |so_far, hit| so_far | hit);
    if outcome != Match::No {
        return (outcome, None);
    }
    let missing = Values::of(operand.variables(), question) == Values::Missing;
    let malformed = matches!(operand, Operand::Malformed) || values.iter().any(|value| !readable(comparison, value));
    let reason = if missing {
        Some(Reason::VariableWithoutValue)
    } else if malformed {
        Some(Reason::ValueMalformed)
    } else if values.iter().any(|value| differs_in_case_only(operand, value, question)) {
        Some(Reason::ValueDiffersInCaseOnly)
    } else {
        None
    };
    (outcome, reason)
}

fn readable(comparison: Comparison, value: &str) -> bool {
    match comparison {
        Comparison::Numeric(_) => value::number(value).is_some(),
        Comparison::Date(_) => value::date(value).is_some(),
        Comparison::Bool => value::boolean(value).is_some(),
        Comparison::Binary => value::binary_equals(value, &[]).is_some(),
        Comparison::IpAddress => value::ip_address(value).is_some(),
        Comparison::Arn => value.splitn(6, ':').count() == 6,
        Comparison::String | Comparison::StringIgnoreCase | Comparison::StringLike | Comparison::Null => true,
    }
}

fn differs_in_case_only(operand: &Operand<SlotVariable>, value: &str, question: &Question<'_>) -> bool {
    let wildcards = Wildcards::AreLiteral;
    match operand {
        Operand::Text(pattern) => {
            pattern.matches_ignoring_case(value, &|variable| substitute(variable, wildcards, question))
        }
        _ => false,
    }
}

/// Why a condition that does not hold does not, in one word.
fn why_not(condition: &CompiledCondition, values: &ContextValue, of_values: Option<Reason>) -> Option<Reason> {
    let operator = condition.operator;
    if operator.comparison == Comparison::Null {
        return Some(match values {
            ContextValue::Absent => Reason::KeyAbsent,
            _ => Reason::KeyPresent,
        });
    }
    Some(match (values, operator.set) {
        (ContextValue::Absent, _) => Reason::KeyAbsent,
        _ if operator.negated => Reason::ValueListed,
        (_, Some(set)) => match (of_values, set) {
            (Some(reason @ (Reason::VariableWithoutValue | Reason::ValueMalformed)), _) => reason,
            (_, SetOperator::ForAllValues) => Reason::SomeValueNotListed,
            (_, SetOperator::ForAnyValue) => Reason::NoValueListed,
        },
        (_, None) => of_values.unwrap_or(Reason::ValueDiffers),
    })
}
