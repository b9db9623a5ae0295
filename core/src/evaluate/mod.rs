//! From a request and the policies of a world to a decision.
//!
//! A file for each element of a statement, one for grants, one for the policies that only narrow; the
//! policy types are asked here, in AWS's order, and [`decide`] draws the conclusion. Evaluation is generic
//! over an [`Observer`]: the silent one compiles away and stops at what is settled, a watching one sees
//! every statement of every policy, also when the decision is settled.

mod condition;
mod grant;
mod guardrail;
mod identity;
mod principal;
mod resource;
mod statement;
mod unknown;
mod variable;

pub use guardrail::NotInPlay;
pub use unknown::{Deciding, Told, deciding, settle};

use alloc::{boxed::Box, vec::Vec};

use crate::{
    arn::{AccountId, Arn},
    assumption::Assumptions,
    catalog::Action,
    compile::{CompiledWorld, Slot},
    decision::{
        Answers, Decision, KeyPolicyAnswer, Match, PolicyId, PolicyType, Relation, Situation, StatementId, decide,
    },
    policy::Effect,
    request::{
        Authorization, Caller, ContextValue, Identity, Request, RequestContext, RequestedEncryptionContext, Resource,
    },
    trace::Observer,
    world::World,
};

/// One authorization of a request, ready to be decided against the policies of a compiled world.
#[derive(Clone, Debug)]
pub struct Question<'w> {
    request: &'w Request,
    caller: &'w Caller,
    world: &'w World,
    action: Action,
    on: &'w Resource,
    /// The ARN that `Resource` is compared with.
    resource: Box<str>,
    situation: Situation,
    /// The request context, in the order of the slots.
    context: Vec<ContextValue>,
    /// As the constraints of grants see it.
    encryption_context: RequestedEncryptionContext,
    /// Which of the grants that may be in effect or not are taken to be.
    grants_in_effect: Vec<(usize, bool)>,
    assumptions: Assumptions,
}

impl<'w> Question<'w> {
    /// Prepares one authorization of a request.
    #[must_use]
    pub fn new(
        request: &'w Request,
        authorization: &'w Authorization,
        context: &RequestContext,
        world: &'w World,
        compiled: &CompiledWorld,
        assumptions: Assumptions,
    ) -> Self {
        let caller = &request.caller;
        let Authorization { action, resource, .. } = authorization;
        let relation = match (resource, resource.kms_key(world), caller.arn()) {
            (_, Some(key), Some(arn)) if arn.partition() != key.arn.partition() => Relation::OtherPartition,
            (Resource::Grant { .. }, ..) => Relation::Retiring,
            // Of a grant that is not there, nobody is the retiring principal.
            (Resource::Missing(_), ..) if *action == Action::RetireGrant => Relation::Retiring,
            (Resource::Missing(missing), ..) => relation_to_missing(missing, caller),
            (_, None, _) => Relation::IamOnly,
            (_, Some(_), None) => Relation::Service,
            (_, Some(key), Some(arn)) if arn.account() != key.arn.account() => Relation::OtherAccount,
            (_, Some(_), Some(_)) => Relation::SameAccount,
        };
        Self {
            request,
            caller,
            world,
            action: *action,
            on: resource,
            resource: resource.arn(world).into(),
            situation: Situation {
                relation,
                root_user: matches!(caller.identity, Identity::Root(_)),
                works_across_accounts: action.cross_account(),
            },
            context: compiled.slots.names().map(|name| context.look_up(name).0).collect(),
            encryption_context: request.encryption_context(*action),
            grants_in_effect: Vec::new(),
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

    /// How it reads what AWS does not document.
    #[must_use]
    pub const fn assumptions(&self) -> &Assumptions {
        &self.assumptions
    }

    /// Where the resource is, unless the operation has none.
    fn partition_of_resource(&self) -> Option<&str> {
        self.resource.split(':').nth(1)
    }

    fn value(&self, slot: Slot) -> &ContextValue {
        self.context.get(slot.0 as usize).unwrap_or(&ContextValue::Absent)
    }
}

/// Of a key that is not there, KMS tells nobody outside of its account that it is not: there the key's side
/// would have to allow. In its own account nothing but the caller's policies could speak of it.
fn relation_to_missing(missing: &str, caller: &Caller) -> Relation {
    let arn = Arn::parse(missing).filter(|arn| AccountId::parse(arn.account).is_some());
    match (arn, caller.arn()) {
        (_, None) => Relation::Service,
        (Some(arn), Some(caller)) if arn.partition != caller.partition() => Relation::OtherPartition,
        (Some(arn), Some(caller)) if AccountId::parse(arn.account) != Some(caller.account()) => Relation::OtherAccount,
        _ => Relation::IamOnly,
    }
}

/// Decides a request.
///
/// ```
/// use keytrace::{compile::CompiledWorld, decision::Decision, evaluate::{evaluate, Question}, scenario, trace::Silent};
///
/// let text = include_str!("../../../tests/scenarios/examples/01-default-key-policy-of-the-api.json");
/// let scenario = scenario::read(text).value.unwrap();
/// let compiled = CompiledWorld::new(&scenario.world);
/// let request = &scenario.requests[0].request;
/// let authorization = &request.authorizations[0];
/// let context = request.context(authorization, &scenario.world, &scenario.assumptions);
/// let question =
///     Question::new(request, authorization, &context, &scenario.world, &compiled, scenario.assumptions);
/// assert!(matches!(evaluate(&compiled, &question, &mut Silent), Decision::Allowed { .. }));
/// ```
pub fn evaluate<O: Observer>(compiled: &CompiledWorld, question: &Question<'_>, observer: &mut O) -> Decision {
    decide(question.situation, &answers(compiled, question, observer), &question.assumptions)
}

/// Asks every policy type; [`decide`] makes a decision of the answers.
pub fn answers<O: Observer>(compiled: &CompiledWorld, question: &Question<'_>, observer: &mut O) -> Answers {
    Answers {
        resource_control_policies: guardrail::resource_control_policies(compiled, question, observer),
        service_control_policies: guardrail::service_control_policies(compiled, question, observer),
        vpc_endpoint_policy: guardrail::vpc_endpoint_policy(compiled, question, observer),
        key_policy: key_policy(compiled, question, observer),
        grants: grant::grants(compiled, question, observer),
        identity_policies: identity::identity_policies(compiled, question, observer),
        permissions_boundary: identity::permissions_boundary(compiled, question, observer),
        session_policies: identity::session_policies(compiled, question, observer),
    }
}

/// The key policy. `kms:RetireGrant` has no effect in it
/// (<https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html>).
fn key_policy<O: Observer>(compiled: &CompiledWorld, question: &Question<'_>, observer: &mut O) -> KeyPolicyAnswer {
    let mut answer = KeyPolicyAnswer::default();
    let Resource::Key(key) = *question.on else { return answer };
    let Some(policy) = compiled.key_policies.get(key) else { return answer };
    let id = PolicyId::Key(key);
    observer.policy_begins(PolicyType::KeyPolicy, id);
    for (index, statement) in policy.statements.iter().enumerate() {
        let by = StatementId { policy: id, statement: index };
        let matched = statement::resource_policy_statement(index, statement, question, observer);
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
