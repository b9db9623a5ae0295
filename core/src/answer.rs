use alloc::{boxed::Box, vec::Vec};

use crate::{
    compile::CompiledWorld,
    decision::{Answers, Decision, Match, PolicyType, PrincipalForm, Relation, Situation, decide},
    evaluate::{self, Question},
    explain::{self, Explanation},
    policy::{
        Effect,
        condition::{Condition, Operand},
        variable::Variable,
    },
    request::{ContextValue, RequestContext},
    scenario::Scenario,
    trace::{ElementKind, StatementTrace, Trace, Watcher},
};

/// A request's decision, how it came about, and both in words.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The decision.
    pub decision: Decision,
    /// How it came about.
    pub trace: Trace,
    /// The request context.
    pub context: RequestContext,
    /// The condition keys that an undetermined decision hangs on, in the order of evaluation.
    pub hangs_on: Vec<Box<str>>,
    /// In words.
    pub explanation: Explanation,
}

/// Decides one request of a scenario, watched; `None` if it has no request of that number.
#[must_use]
pub fn answer(scenario: &Scenario, request: usize) -> Option<Answer> {
    let world = &scenario.world;
    let asked = &scenario.requests.get(request)?.request;
    let compiled = CompiledWorld::new(world);
    let context = asked.context(world);
    let question = Question::new(asked, &context, world, &compiled, scenario.assumptions);
    let mut watcher = Watcher::default();
    let answers = evaluate::answers(&compiled, &question, &mut watcher);
    let decision = decide(question.situation(), &answers);
    let trace = watcher.into_trace();
    let hangs_on = hangs_on(scenario, decision, question.situation(), &answers, &trace, &context);
    let subject = explain::Subject {
        scenario,
        request: asked,
        question: &question,
        answers: &answers,
        decision,
        trace: &trace,
        context: &context,
        asked: &compiled.slots,
        hangs_on: &hangs_on,
    };
    let explanation = explain::explain(&subject);
    Some(Answer { decision, trace, context, hangs_on, explanation })
}

fn hangs_on(
    scenario: &Scenario,
    decision: Decision,
    situation: Situation,
    answers: &Answers,
    trace: &Trace,
    context: &RequestContext,
) -> Vec<Box<str>> {
    let mut keys: Vec<Box<str>> = Vec::new();
    let Decision::Undetermined { effect, .. } = decision else { return keys };
    let mut note = |key: &str| {
        if context.look_up(key).0 == ContextValue::Unknown && !keys.iter().any(|known| known.eq_ignore_ascii_case(key))
        {
            keys.push(key.into());
        }
    };
    for policy in &trace.policies {
        let Some(document) = scenario.world.document(policy.policy) else { continue };
        let open = |statement: &&StatementTrace| {
            let matters = match statement.effect {
                Effect::Deny => true,
                // Where only a deny is open, no allow matters any more.
                Effect::Allow => {
                    effect == Effect::Allow && allow_matters(policy.policy_type, statement, situation, answers)
                }
            };
            statement.outcome == Match::Depends && matters
        };
        for traced in policy.statements.iter().filter(open) {
            let Some(statement) = document.statements.get(traced.index) else { continue };
            for element in traced.elements.iter().filter(|element| element.outcome == Match::Depends) {
                match element.element {
                    // A unique id that nobody told is the first half of this key.
                    ElementKind::Principal => note("aws:userid"),
                    ElementKind::Action => {}
                    ElementKind::Resource => {
                        let entries = statement.resource.entries();
                        entries
                            .iter()
                            .flat_map(|entry| entry.pattern.variables())
                            .for_each(|variable| note(&variable.key));
                    }
                    ElementKind::Condition(index) => {
                        let Some(condition) = statement.conditions.get(index) else { continue };
                        note(&condition.key);
                        variables(condition).for_each(|variable| note(&variable.key));
                    }
                }
            }
        }
    }
    keys
}

/// Whether an open allow could still change the decision: its policy type is not settled yet, and the
/// other side of the same way is not shut.
fn allow_matters(kind: PolicyType, statement: &StatementTrace, situation: Situation, answers: &Answers) -> bool {
    let key_policy = &answers.key_policy;
    let identity = answers.identity_policies.allow.outcome;
    let own_account = situation.relation == Relation::SameAccount;
    match kind {
        PolicyType::IdentityPolicy => {
            let delegated = key_policy.allow(PrincipalForm::Account).outcome;
            let way = if own_account { delegated } else { key_policy.names_caller() | answers.grants };
            identity == Match::Depends && (way != Match::No || situation.relation == Relation::NoKey)
        }
        PolicyType::KeyPolicy if own_account => {
            let principal = statement.elements.iter().find(|element| element.element == ElementKind::Principal);
            let forms = principal.into_iter().flat_map(|element| &element.values).filter_map(|value| value.form);
            // A statement that only delegates needs an IAM policy behind it.
            let useful = |form| form != PrincipalForm::Account || situation.root_user || identity != Match::No;
            forms.into_iter().any(|form| key_policy.allow(form).outcome == Match::Depends && useful(form))
        }
        PolicyType::KeyPolicy => key_policy.names_caller() == Match::Depends,
        _ => true,
    }
}

fn variables(condition: &Condition) -> impl Iterator<Item = &Variable> {
    condition.values.iter().map(|value| &value.operand).flat_map(Operand::variables)
}
