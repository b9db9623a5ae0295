//! From a request and the policies of a world to a decision.
//!
//! One file per element of a statement; the policy types are asked here, in AWS's order, and
//! [`decide`] draws the conclusion. Evaluation is generic over
//! an [`Observer`]: the silent one compiles away and stops at what is settled, a watching one sees every
//! statement of every policy, also when the decision is settled.

mod condition;
mod principal;
mod resource;
mod statement;
mod variable;

use alloc::{boxed::Box, vec::Vec};

use crate::{
    assumption::Assumptions,
    catalog::{Action, ResourceType},
    compile::{CompiledWorld, Slot},
    decision::{
        Answer, Answers, Decision, Finding, KeyPolicyAnswer, Match, PolicyId, PolicyType, Relation, Situation,
        StatementId, decide,
    },
    policy::Effect,
    request::{Caller, ContextValue, Identity, Request, RequestContext},
    trace::Observer,
    world::World,
};

/// A request that is ready to be decided against the policies of a compiled world.
#[derive(Clone, Debug)]
pub struct Question<'w> {
    caller: &'w Caller,
    world: &'w World,
    action: Action,
    key: Option<usize>,
    /// The ARN that `Resource` is compared with.
    resource: Box<str>,
    situation: Situation,
    /// The request context, in the order of the slots.
    context: Vec<ContextValue>,
    assumptions: Assumptions,
}

impl<'w> Question<'w> {
    /// Prepares a request.
    #[must_use]
    pub fn new(
        request: &'w Request,
        context: &RequestContext,
        world: &'w World,
        compiled: &CompiledWorld,
        assumptions: Assumptions,
    ) -> Self {
        let key = request.key.and_then(|key| world.keys.get(key));
        let caller = &request.caller;
        let relation = match (key, caller.arn()) {
            (None, _) => Relation::NoKey,
            (Some(_), None) => Relation::Service,
            (Some(key), Some(arn)) if arn.partition() != key.arn.partition() => Relation::OtherPartition,
            (Some(key), Some(arn)) if arn.account() != key.arn.account() => Relation::OtherAccount,
            (Some(_), Some(_)) => Relation::SameAccount,
        };
        Self {
            caller,
            world,
            action: request.action,
            key: request.key,
            resource: key.map_or(WITHOUT_KEY, |key| key.arn.as_str()).into(),
            situation: Situation {
                relation,
                root_user: matches!(caller.identity, Identity::Root(_)),
                works_across_accounts: request.action.cross_account(),
            },
            context: compiled.slots.names().map(|name| context.look_up(name).0).collect(),
            assumptions,
        }
    }

    /// The ARN that `Resource` is compared with.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// Who stands where.
    #[must_use]
    pub const fn situation(&self) -> Situation {
        self.situation
    }

    fn value(&self, slot: Slot) -> &ContextValue {
        self.context.get(slot.0 as usize).unwrap_or(&ContextValue::Absent)
    }
}

/// What `Resource` is compared with when an operation has no key: only a `*` of its own stands for that
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html>).
const WITHOUT_KEY: &str = "*";

/// Decides a request.
///
/// ```
/// use keytrace::{compile::CompiledWorld, decision::Decision, evaluate::{evaluate, Question}, scenario, trace::Silent};
///
/// let text = include_str!("../../../tests/scenarios/examples/01-default-key-policy-of-the-api.json");
/// let scenario = scenario::read(text).value.unwrap();
/// let compiled = CompiledWorld::new(&scenario.world);
/// let request = &scenario.requests[0].request;
/// let context = request.context(&scenario.world);
/// let question = Question::new(request, &context, &scenario.world, &compiled, scenario.assumptions);
/// assert!(matches!(evaluate(&compiled, &question, &mut Silent), Decision::Allowed { .. }));
/// ```
pub fn evaluate<O: Observer>(compiled: &CompiledWorld, question: &Question<'_>, observer: &mut O) -> Decision {
    decide(question.situation, &answers(compiled, question, observer))
}

/// Asks every policy type; [`decide`] makes a decision of the answers.
pub fn answers<O: Observer>(compiled: &CompiledWorld, question: &Question<'_>, observer: &mut O) -> Answers {
    let key_policy = key_policy(compiled, question, observer);
    let identity_policies = identity_policies(compiled, question, observer);
    Answers {
        resource_control_policies: Answer::NOT_IN_PLAY,
        service_control_policies: Answer::NOT_IN_PLAY,
        vpc_endpoint_policy: Answer::NOT_IN_PLAY,
        key_policy,
        grants: grants(question),
        identity_policies,
        permissions_boundary: Answer::NOT_IN_PLAY,
        session_policies: session_policies(question),
    }
}

fn key_policy<O: Observer>(compiled: &CompiledWorld, question: &Question<'_>, observer: &mut O) -> KeyPolicyAnswer {
    let mut answer = KeyPolicyAnswer::default();
    let Some(key) = question.key else { return answer };
    let Some(policy) = compiled.key_policies.get(key) else { return answer };
    let id = PolicyId::Key(key);
    observer.policy_begins(PolicyType::KeyPolicy, id);
    for (index, statement) in policy.statements.iter().enumerate() {
        let by = StatementId { policy: id, statement: index };
        let matched = statement::key_policy_statement(index, statement, question, observer);
        if statement.effect == Effect::Deny {
            answer.deny.take(matched.outcome, by);
            if !O::WATCHING && answer.deny.outcome == Match::Yes {
                break;
            }
            continue;
        }
        for (found, outcome) in answer.allow.iter_mut().zip(matched.by_form) {
            found.take(outcome, by);
        }
    }
    answer
}

/// Identity-based policies of the user or role, and of the user's groups.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html>
fn identity_policies<O: Observer>(compiled: &CompiledWorld, question: &Question<'_>, observer: &mut O) -> Answer {
    let mut answer = Answer::default();
    let policies = question.caller.entity().and_then(|entity| compiled.identity_policies.get(entity));
    for (id, policy) in policies.into_iter().flatten() {
        observer.policy_begins(PolicyType::IdentityPolicy, *id);
        for (index, statement) in policy.statements.iter().enumerate() {
            let by = StatementId { policy: *id, statement: index };
            let outcome = statement::identity_policy_statement(index, statement, question, observer);
            let found = if statement.effect == Effect::Deny { &mut answer.deny } else { &mut answer.allow };
            found.take(outcome, by);
            if !O::WATCHING && answer.deny.outcome == Match::Yes {
                return answer;
            }
        }
    }
    answer
}

/// A session of `GetFederationToken` for which no session policy was passed has no permissions but
/// those of a resource-based policy that names the session
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>).
fn session_policies(question: &Question<'_>) -> Answer {
    match question.caller.identity {
        Identity::FederatedUser { .. } => Answer { allow: Finding::default(), ..Answer::NOT_IN_PLAY },
        _ => Answer::NOT_IN_PLAY,
    }
}

/// Grants are read but not evaluated in this version: one that covers the operation leaves open whether
/// the request would be allowed.
fn grants(question: &Question<'_>) -> Match {
    let key = question.key.and_then(|key| question.world.keys.get(key));
    let covers = |key: &crate::world::KmsKey| key.grants.iter().any(|grant| grant.operations.contains(question.action));
    let could = question.action.resource() == ResourceType::Key && key.is_some_and(covers);
    if could { Match::Depends } else { Match::No }
}
