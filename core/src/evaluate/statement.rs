use super::{Question, condition, principal, resource};
use crate::{
    compile::{CompiledElement, CompiledStatement},
    decision::Match,
    trace::{ElementKind, Observer, Reason, ValueTrace},
};

/// How a statement that names principals matches.
pub(super) struct ResourcePolicyMatch {
    /// In whatever form.
    pub outcome: Match,
    /// By the form in which it names the caller.
    pub by_form: [Match; 8],
}

/// A statement matches if all of its elements do. One without `Action` or `Resource` matches nothing.
pub(super) fn resource_policy_statement<O: Observer>(
    index: usize,
    statement: &CompiledStatement,
    question: &Question<'_>,
    observer: &mut O,
) -> ResourcePolicyMatch {
    observer.statement_begins(index, statement.effect);
    let mut by_form = [Match::No; 8];
    let mut outcome = Match::No;
    if O::WATCHING || statement.actions.contains(question.action) {
        let named = principal::principal(&statement.principal, question, observer);
        outcome = named.outcome & rest(statement, named.outcome, question, observer);
        by_form = named.by_form.map(|form| form & outcome);
    }
    observer.statement_ends(outcome);
    ResourcePolicyMatch { outcome, by_form }
}

/// As above, without `Principal`: an identity policy speaks of whoever it is attached to.
pub(super) fn identity_policy_statement<O: Observer>(
    index: usize,
    statement: &CompiledStatement,
    question: &Question<'_>,
    observer: &mut O,
) -> Match {
    observer.statement_begins(index, statement.effect);
    let outcome = rest(statement, Match::Yes, question, observer);
    observer.statement_ends(outcome);
    outcome
}

/// `Action`, `Resource` and conditions. `so_far` is what the elements before came to.
fn rest<O: Observer>(statement: &CompiledStatement, so_far: Match, question: &Question<'_>, observer: &mut O) -> Match {
    let mut outcome = so_far;
    if O::WATCHING || outcome != Match::No {
        outcome = outcome & action(statement, question, observer);
    }
    if O::WATCHING || outcome != Match::No {
        outcome = outcome & resource::resource(&statement.resource, question, observer);
    }
    for (index, compiled) in statement.conditions.iter().enumerate() {
        if !O::WATCHING && outcome == Match::No {
            break;
        }
        outcome = outcome & condition::condition(index, compiled, question, observer);
    }
    outcome
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>
fn action<O: Observer>(statement: &CompiledStatement, question: &Question<'_>, observer: &mut O) -> Match {
    let outcome = Match::from(statement.actions.contains(question.action));
    if O::WATCHING {
        let (entries, reason) = match &statement.action_entries {
            CompiledElement::Absent => (&[][..], Reason::NoActionElement),
            CompiledElement::Is(entries) => (&**entries, Reason::ActionNotListed),
            CompiledElement::IsNot(entries) => (&**entries, Reason::ActionListedInNotAction),
        };
        for (index, entry) in entries.iter().enumerate() {
            let outcome = Match::from(entry.contains(question.action));
            observer.value(ValueTrace { index, outcome, reason: None, form: None });
        }
        observer.element_ends(ElementKind::Action, outcome, (outcome == Match::No).then_some(reason));
    }
    outcome
}
