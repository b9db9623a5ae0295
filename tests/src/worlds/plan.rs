//! What a world is about. Policies and requests are drawn around one plan, so that they speak of the same
//! callers, operations and condition keys.

use super::{
    cast::{CALLERS, Caller, FROM_ELSEWHERE, Kind},
    context_keys::{CONTEXT_KEYS, ContextKey},
    dice::Dice,
    grants,
    keys::{Key, keys},
    operations::{is_without_key, operations},
};

/// What a world is about.
#[derive(Debug)]
pub(super) struct Plan {
    /// Only what other simulators can express.
    pub comparable: bool,
    pub keys: Vec<Key>,
    pub callers: Vec<&'static Caller>,
    pub operations: Vec<&'static str>,
    /// Whether sessions have session policies. Others cannot tell what a session policy leaves of what a
    /// key policy gives to a session by name: a comparable world has the one or the other.
    pub session_policies: bool,
    /// Interface endpoints for KMS, by number; see [`super::endpoints`].
    pub endpoints: usize,
    /// Whether one of the callers is a service.
    pub by_services: bool,
    condition_keys: Vec<&'static ContextKey>,
    every_condition_key: Vec<&'static ContextKey>,
}

impl Plan {
    pub(super) fn new(dice: &mut Dice, comparable: bool) -> Self {
        let keys = keys(dice, comparable);
        let pool: Vec<&Caller> = CALLERS.iter().filter(|caller| !comparable || is_known_to_others(caller)).collect();
        let count = dice.between(2, 4);
        let mut callers = dice.some(&pool, count);
        if !comparable && dice.percent(2) {
            callers.push(FROM_ELSEWHERE);
        }
        let operations = keys.first().map_or_else(Vec::new, |key| operations(dice, key, comparable));
        let by_services = callers.iter().any(|caller| caller.kind == Kind::Service);
        let known = |key: &&ContextKey| !comparable || key.is_known(by_services);
        let pool: Vec<&ContextKey> = CONTEXT_KEYS.iter().filter(known).collect();
        let condition_keys = condition_keys(dice, &operations, &pool);
        let session_policies = dice.percent(60);
        let endpoints = dice.pick(&[0, 0, 1, 2]);
        let every_condition_key = pool;
        let mut plan = Self {
            comparable,
            keys,
            callers,
            operations,
            session_policies,
            endpoints,
            by_services,
            condition_keys,
            every_condition_key,
        };
        if !comparable {
            grants::hand_out(dice, &mut plan);
        }
        plan
    }

    /// One of the callers.
    pub(super) fn caller(&self, dice: &mut Dice) -> &'static Caller {
        dice.pick(&self.callers)
    }

    /// A condition key that this world is about, or any.
    pub(super) fn condition_key(&self, dice: &mut Dice) -> &'static ContextKey {
        if dice.percent(92) { dice.pick(&self.condition_keys) } else { dice.pick(&self.every_condition_key) }
    }

    /// The condition keys that this world is about.
    pub(super) fn condition_keys(&self) -> &[&'static ContextKey] {
        &self.condition_keys
    }
}

/// Root users and service-linked roles are not; of a federated user others take the name for that of the
/// user who asked for the session.
fn is_known_to_others(caller: &Caller) -> bool {
    match caller.kind {
        Kind::Root | Kind::LinkedSession => false,
        Kind::Federated => caller.arn.rsplit('/').next() == caller.entity.rsplit(":user/").next(),
        Kind::User | Kind::Session | Kind::Service => true,
    }
}

/// Some that every request may have, and some that the operations carry.
fn condition_keys(dice: &mut Dice, operations: &[&str], pool: &[&'static ContextKey]) -> Vec<&'static ContextKey> {
    let (general, special): (Vec<_>, Vec<_>) = pool.iter().partition(|key| key.operations.is_empty());
    let carried = |key: &&ContextKey| operations.iter().any(|operation| key.is_carried_by(operation));
    let special: Vec<&ContextKey> = special.into_iter().filter(carried).collect();
    let count = if operations.iter().all(|operation| is_without_key(operation)) { 4 } else { 3 };
    let mut keys = dice.some(&general, count);
    keys.extend(dice.some(&special, 3));
    keys
}
