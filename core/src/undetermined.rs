//! What an undetermined decision hangs on.

use alloc::{boxed::Box, vec::Vec};

use crate::{
    decision::{Answers, Decision, Match, PolicyType, PrincipalForm, Relation, Situation},
    policy::{
        Effect, Statement,
        condition::{Condition, Operand},
        variable::Variable,
    },
    request::{ContextValue, RequestContext},
    trace::{ElementKind, ElementTrace, GrantCheck, GrantTrace, StatementTrace, Trace},
    world::World,
};

/// The condition keys whose value nobody knows and could still change the decision, in the order of
/// evaluation; none if it is decided.
pub(crate) fn hangs_on(
    world: &World,
    decision: Decision,
    situation: Situation,
    answers: &Answers,
    trace: &Trace,
    context: &RequestContext,
) -> Vec<Box<str>> {
    let mut keys = Keys { context, found: Vec::new() };
    let Decision::Undetermined { effect, .. } = decision else { return keys.found };
    for policy in &trace.policies {
        let Some(document) = world.document(policy.policy) else { continue };
        for traced in &policy.statements {
            let matters = match traced.effect {
                Effect::Deny => true,
                // Where only a deny is open, no allow matters any more.
                Effect::Allow => {
                    effect == Effect::Allow && allow_matters(policy.policy_type, traced, situation, answers)
                }
            };
            if let Some(statement) = document.statements.get(traced.index)
                && traced.outcome == Match::Depends
                && matters
            {
                traced.elements.iter().for_each(|element| keys.element(statement, element));
            }
        }
    }
    if effect == Effect::Allow {
        trace.grants.iter().filter(|grant| grant.outcome == Match::Depends).for_each(|grant| keys.grant(grant));
    }
    keys.found
}

struct Keys<'c> {
    context: &'c RequestContext,
    found: Vec<Box<str>>,
}

impl Keys<'_> {
    fn note(&mut self, key: &str) {
        let known = self.found.iter().any(|known| known.eq_ignore_ascii_case(key));
        if !known && self.context.look_up(key).0 == ContextValue::Unknown {
            self.found.push(key.into());
        }
    }

    fn element(&mut self, statement: &Statement, traced: &ElementTrace) {
        if traced.outcome != Match::Depends {
            return;
        }
        match traced.element {
            // A unique id that nobody told is the first half of this key.
            ElementKind::Principal => self.note("aws:userid"),
            ElementKind::Action => {}
            ElementKind::Resource => {
                let entries = statement.resource.entries().iter();
                entries.flat_map(|entry| entry.pattern.variables()).for_each(|variable| self.note(&variable.key));
            }
            ElementKind::Condition(index) => {
                let Some(condition) = statement.conditions.get(index) else { return };
                self.note(&condition.key);
                variables(condition).for_each(|variable| self.note(&variable.key));
            }
        }
    }

    fn grant(&mut self, traced: &GrantTrace) {
        for check in traced.checks.iter().filter(|check| check.outcome == Match::Depends) {
            match check.check {
                GrantCheck::SourceArn => self.note("aws:SourceArn"),
                GrantCheck::EncryptionContext => {
                    self.note("kms:EncryptionContextKeys");
                    let context = self.context;
                    let pairs = context.entries().map(|entry| &*entry.name);
                    pairs
                        .filter(|name| name.to_lowercase().starts_with("kms:encryptioncontext:"))
                        .for_each(|name| self.note(name));
                }
                GrantCheck::Grantee | GrantCheck::RetiringPrincipal => self.note("aws:userid"),
                GrantCheck::Operations | GrantCheck::Chain | GrantCheck::Effective => {}
            }
        }
    }
}

/// Whether an open allow could still change the decision: its policy type is not settled yet, and the
/// other side of the same way is not shut.
fn allow_matters(kind: PolicyType, statement: &StatementTrace, situation: Situation, answers: &Answers) -> bool {
    let key_policy = &answers.key_policy;
    let identity = answers.identity_policies.allow.outcome;
    let to_account = answers.grants.to_account.outcome;
    let open = |outcome| outcome == Match::Depends;
    match kind {
        PolicyType::IdentityPolicy => {
            let way = match situation.relation {
                Relation::IamOnly => Match::Yes,
                Relation::SameAccount => key_policy.allow(PrincipalForm::Account).outcome | to_account,
                Relation::Retiring => to_account,
                _ => key_policy.names_caller() | answers.grants.to_caller.outcome | to_account,
            };
            open(identity) && way != Match::No
        }
        PolicyType::KeyPolicy if situation.relation == Relation::SameAccount => {
            let principal = statement.elements.iter().find(|element| element.element == ElementKind::Principal);
            let forms = principal.into_iter().flat_map(|element| &element.values).filter_map(|value| value.form);
            // A statement that only delegates needs an IAM policy behind it.
            let useful = |form| form != PrincipalForm::Account || situation.root_user || identity != Match::No;
            forms.into_iter().any(|form| open(key_policy.allow(form).outcome) && useful(form))
        }
        PolicyType::KeyPolicy => open(key_policy.names_caller()),
        PolicyType::ResourceControlPolicy => open(answers.resource_control_policies.allow.outcome),
        PolicyType::ServiceControlPolicy => open(answers.service_control_policies.allow.outcome),
        PolicyType::VpcEndpointPolicy => open(answers.vpc_endpoint_policy.allow.outcome),
        PolicyType::PermissionsBoundary => open(answers.permissions_boundary.allow.outcome),
        PolicyType::SessionPolicy => open(answers.session_policies.allow.outcome),
        PolicyType::Grant => true,
    }
}

fn variables(condition: &Condition) -> impl Iterator<Item = &Variable> {
    condition.values.iter().map(|value| &value.operand).flat_map(Operand::variables)
}
