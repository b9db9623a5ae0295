//! A sound document made ready to run: what does not depend on the request is done here, once.
//!
//! An element's actions become a bit set, condition keys become [`Slot`]s of the request context, and
//! policy variables point at slots too, so that a decision compares and never looks up a name.

mod slots;

pub use slots::{Slot, Slots};

use alloc::{boxed::Box, vec::Vec};

use crate::{
    catalog::{ActionSet, Presence, find_condition_key},
    decision::PolicyId,
    pattern::Pattern,
    policy::{
        Document, Effect, Element, Statement,
        condition::{Condition, ConditionOperator, Operand},
        principal::Principal,
        variable::Variable,
    },
    world::{ControlPolicy, IdentityPolicy, World},
};

/// All policies of a world.
#[derive(Clone, Debug)]
pub struct CompiledWorld {
    /// The condition keys that some policy or grant asks for.
    pub slots: Slots,
    /// The policy of each key.
    pub key_policies: Vec<CompiledPolicy>,
    /// The identity policies of each principal; those of its groups come after its own.
    pub identity_policies: Vec<Vec<(PolicyId, CompiledPolicy)>>,
    /// The permissions boundary of each principal.
    pub permissions_boundaries: Vec<Option<CompiledPolicy>>,
    /// The policies of each session.
    pub session_policies: Vec<Vec<CompiledPolicy>>,
    /// What is attached to the root, the units and the accounts of the organization.
    pub targets: Vec<CompiledTarget>,
    /// The policy of each VPC endpoint; `None` allows everything.
    pub endpoint_policies: Vec<Option<CompiledPolicy>>,
    /// `aws:SourceArn`, if the constraints of a grant ask for it.
    pub(crate) source_arn: Option<Slot>,
}

/// The control policies of one level; `None` is AWS's own that allows everything.
#[derive(Clone, Debug)]
pub struct CompiledTarget {
    /// Its service control policies.
    pub service_control_policies: Vec<Option<CompiledPolicy>>,
    /// Its resource control policies.
    pub resource_control_policies: Vec<Option<CompiledPolicy>>,
}

impl CompiledWorld {
    /// Compiles every policy of the world.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let mut slots = Slots::default();
        let slots = &mut slots;
        let key_policies = world.keys.iter().map(|key| CompiledPolicy::new(&key.policy, slots)).collect();
        let principals = world.principals.iter();
        let identity_policies = (0..principals.len()).map(|index| identity_policies(world, index, slots)).collect();
        let permissions_boundaries = principals
            .map(|principal| principal.permissions_boundary.as_ref())
            .map(|boundary| boundary.map(|boundary| CompiledPolicy::new(&boundary.document, slots)))
            .collect();
        let mut session = |policies: &Vec<IdentityPolicy>| {
            policies.iter().map(|policy| CompiledPolicy::new(&policy.document, slots)).collect()
        };
        let session_policies = world.session_policies.iter().map(&mut session).collect();
        let mut attached = |policies: &[ControlPolicy]| {
            let documents = policies.iter().map(|policy| policy.document.as_ref());
            documents.map(|document| document.map(|document| CompiledPolicy::new(document, slots))).collect()
        };
        let targets = world.organization.iter().flat_map(|organization| &organization.targets);
        let targets = targets
            .map(|target| CompiledTarget {
                service_control_policies: attached(&target.service_control_policies),
                resource_control_policies: attached(&target.resource_control_policies),
            })
            .collect();
        let endpoints = world.vpc_endpoints.iter().map(|endpoint| endpoint.policy.as_ref());
        let endpoint_policies =
            endpoints.map(|policy| policy.map(|policy| CompiledPolicy::new(policy, slots))).collect();
        let mut grants = world.keys.iter().flat_map(|key| &key.grants);
        let asks_for_source = grants.any(|grant| grant.constraints.source_arn.is_some());
        let source_arn = asks_for_source.then(|| slots.intern("aws:SourceArn"));
        Self {
            key_policies,
            identity_policies,
            permissions_boundaries,
            session_policies,
            targets,
            endpoint_policies,
            source_arn,
            slots: core::mem::take(slots),
        }
    }
}

/// The policies of a principal, and those of the groups that it is in.
fn identity_policies(world: &World, index: usize, slots: &mut Slots) -> Vec<(PolicyId, CompiledPolicy)> {
    let Some(principal) = world.principals.get(index) else { return Vec::new() };
    let groups = principal.groups.iter().filter_map(|name| world.group(&principal.arn, name));
    let mut policies = Vec::new();
    for owner in core::iter::once(index).chain(groups) {
        let Some(owned) = world.principals.get(owner) else { continue };
        for (policy, identity) in owned.policies.iter().enumerate() {
            let id = PolicyId::Identity { principal: owner, policy };
            policies.push((id, CompiledPolicy::new(&identity.document, slots)));
        }
    }
    policies
}

/// A policy that is ready to run.
#[derive(Clone, Debug)]
pub struct CompiledPolicy {
    /// Its statements, in the order of the document.
    pub statements: Vec<CompiledStatement>,
}

impl CompiledPolicy {
    /// Compiles a document; its condition keys get slots.
    #[must_use]
    pub fn new(document: &Document, slots: &mut Slots) -> Self {
        let statements = document.statements.iter().map(|statement| CompiledStatement::new(statement, slots));
        Self { statements: statements.collect() }
    }
}

/// A statement that is ready to run.
#[derive(Clone, Debug)]
pub struct CompiledStatement {
    /// What it does when it matches.
    pub effect: Effect,
    /// Whom it speaks of.
    pub principal: CompiledElement<Principal>,
    /// Which actions it speaks of, `NotAction` already turned round; empty if it has neither.
    pub actions: ActionSet,
    /// The entries of `Action` or `NotAction`, for a trace.
    pub action_entries: CompiledElement<ActionSet>,
    /// Which resources it speaks of.
    pub resource: CompiledElement<Pattern<SlotVariable>>,
    /// All of them must hold.
    pub conditions: Vec<CompiledCondition>,
}

/// One of these, none of these, or no such element.
#[derive(Clone, Debug)]
pub enum CompiledElement<T> {
    /// The element is not there.
    Absent,
    /// `Principal`, `Action`, `Resource`
    Is(Vec<T>),
    /// `NotPrincipal`, `NotAction`, `NotResource`
    IsNot(Vec<T>),
}

impl<T> CompiledElement<T> {
    fn new<S>(element: &Element<S>, compile: impl FnMut(&S) -> T) -> Self {
        match element {
            Element::Absent => Self::Absent,
            Element::Is(_, entries) => Self::Is(entries.iter().map(compile).collect()),
            Element::IsNot(_, entries) => Self::IsNot(entries.iter().map(compile).collect()),
        }
    }
}

impl CompiledStatement {
    fn new(statement: &Statement, slots: &mut Slots) -> Self {
        let listed = statement.action.entries().iter().fold(ActionSet::EMPTY, |set, entry| set.union(entry.actions));
        let actions = match &statement.action {
            Element::Absent => ActionSet::EMPTY,
            Element::Is(..) => listed,
            Element::IsNot(..) => listed.complement(),
        };
        Self {
            effect: statement.effect,
            principal: CompiledElement::new(&statement.principal, |entry| entry.principal.clone()),
            actions,
            action_entries: CompiledElement::new(&statement.action, |entry| entry.actions),
            resource: CompiledElement::new(&statement.resource, |entry| {
                entry.pattern.map(|variable| SlotVariable::new(variable, slots))
            }),
            conditions: statement.conditions.iter().map(|condition| CompiledCondition::new(condition, slots)).collect(),
        }
    }
}

/// A condition whose key is a slot.
#[derive(Clone, Debug)]
pub struct CompiledCondition {
    /// How the values are compared.
    pub operator: ConditionOperator,
    /// The key.
    pub slot: Slot,
    /// Whether AWS puts the key into every request that can carry it.
    pub in_every_request: bool,
    /// The values.
    pub operands: Vec<Operand<SlotVariable>>,
}

impl CompiledCondition {
    fn new(condition: &Condition, slots: &mut Slots) -> Self {
        let slot = slots.intern(&condition.key);
        let mut operand = |operand: &Operand<Variable>| operand.map(|variable| SlotVariable::new(variable, slots));
        let operands = condition.values.iter().map(|value| operand(&value.operand)).collect();
        let in_every_request =
            find_condition_key(&condition.key).is_some_and(|info| info.presence == Presence::EveryRequest);
        Self { operator: condition.operator, slot, in_every_request, operands }
    }
}

/// A policy variable whose key is a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotVariable {
    /// The key.
    pub slot: Slot,
    /// What it stands for when the request does not have the key.
    pub default: Option<Box<str>>,
    /// Whether the key is multivalued; such a key has no value as a variable.
    pub multivalued: bool,
}

impl SlotVariable {
    fn new(variable: &Variable, slots: &mut Slots) -> Self {
        Self {
            slot: slots.intern(&variable.key),
            default: variable.default.clone(),
            multivalued: find_condition_key(&variable.key).is_some_and(|info| info.multivalued),
        }
    }
}
