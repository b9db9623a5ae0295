//! Permissions that nothing in a world tells apart.

use alloc::{collections::BTreeMap, vec::Vec};

use crate::{
    catalog::{Action, find_condition_key},
    compile::{CompiledPolicy, CompiledWorld},
    world::World,
};

/// Which permissions are decided alike for whoever asks.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    of: Vec<usize>,
    count: usize,
}

impl Classes {
    /// Two actions are of one class if every statement and every grant speaks of both or of neither, requests for both
    /// carry the same of the condition keys that are asked for, and both or neither work across accounts.
    pub fn new(compiled: &CompiledWorld, world: &World) -> Self {
        let mut policies: Vec<&CompiledPolicy> = compiled.key_policies.iter().collect();
        policies.extend(compiled.identity_policies.iter().flatten().map(|(_, policy)| policy));
        policies.extend(compiled.permissions_boundaries.iter().flatten());
        policies.extend(compiled.session_policies.iter().flatten());
        for target in &compiled.targets {
            policies.extend(target.service_control_policies.iter().flatten());
            policies.extend(target.resource_control_policies.iter().flatten());
        }
        policies.extend(compiled.endpoint_policies.iter().flatten());
        let statements: Vec<_> = policies.into_iter().flat_map(|policy| &policy.statements).collect();
        let keys: Vec<_> = compiled.slots.names().filter_map(find_condition_key).collect();
        let grants: Vec<_> = world.keys.iter().flat_map(|key| &key.grants).collect();
        let mut classes: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
        let class = |action: &Action| {
            let spoken_of = statements.iter().map(|statement| statement.actions.contains(*action));
            let carried = keys.iter().map(|key| key.carried_by.contains(*action));
            let granted = grants.iter().map(|grant| grant.operations.contains(*action));
            let own = [action.cross_account(), action.grantable()];
            let signature = spoken_of.chain(carried).chain(granted).chain(own).collect();
            let next = classes.len();
            *classes.entry(signature).or_insert(next)
        };
        let of: Vec<usize> = Action::ALL.iter().map(class).collect();
        let count = of.iter().max().map_or(0, |last| last + 1);
        Self { of, count }
    }

    pub fn of(&self, action: Action) -> usize {
        self.of.get(action as usize).copied().unwrap_or(usize::MAX)
    }

    pub const fn count(&self) -> usize {
        self.count
    }
}
