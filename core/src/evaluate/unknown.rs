//! What becomes of an undetermined decision when everything unknown is told, in every way that policies
//! can tell apart.
//!
//! Kleene's logic looks at each statement by itself: of two allows, one for a value and one for every other,
//! both depend, and so would the decision. Here every unknown key gets one value of each kind that the
//! policies distinguish, and the decision is made anew for each. Where they agree the decision was never
//! open; where they do not, it is, and nothing else is called undetermined. Values that cannot be told apart
//! completely leave the decision as it was.

mod deciding;
mod text;
mod values;

pub use deciding::{Deciding, Told, deciding};

use alloc::{boxed::Box, vec::Vec};

use super::{Question, evaluate, statement};
use crate::{
    assumption::GrantSourceArn,
    catalog::find_condition_key,
    compile::{CompiledCondition, CompiledElement, CompiledPolicy, CompiledStatement, CompiledWorld, Slot},
    decision::{Decision, Match},
    policy::condition::Operand,
    request::{ContextValue, Resource},
    trace::Silent,
    world::Grant,
};
use text::Glyph;
use values::Distinguished;

/// The family of condition keys for pairs of the encryption context.
const PAIR: &str = "kms:EncryptionContext:";

/// More ways to fill in what is unknown than are tried.
const MOST_COMPLETIONS: usize = 5_000;

/// The decision, once more: what was found to be open although it is not is decided.
#[must_use]
pub fn settle(compiled: &CompiledWorld, question: &Question<'_>, decision: Decision) -> Decision {
    // An implicit denial may be an explicit one under every completion.
    if !matches!(decision, Decision::Undetermined { .. } | Decision::ImplicitDeny { .. }) {
        return decision;
    }
    match Unknowns::of(compiled, question) {
        Some(unknowns) if !unknowns.is_empty() => unknowns.agreed(compiled, question).unwrap_or(decision),
        _ => decision,
    }
}

/// What a decision can hang on, each with all values that make a difference.
#[derive(Default)]
struct Unknowns {
    keys: Vec<(Option<Slot>, Box<str>, Vec<ContextValue>)>,
    /// Positions of grants that may be in effect or not.
    grants: Vec<usize>,
}

impl Unknowns {
    /// `None` if something unknown has values that cannot be told apart completely.
    fn of(compiled: &CompiledWorld, question: &Question<'_>) -> Option<Self> {
        let open: Vec<&CompiledStatement> = open_statements(compiled, question);
        let grants = open_grants(compiled, question)?;
        let mut unknowns = Self { keys: Vec::new(), grants: grants.iter().filter_map(|grant| grant.young).collect() };
        for (slot, name) in unknown_keys(compiled, question) {
            let conditions = open.iter().flat_map(|statement| &statement.conditions);
            let asked: Vec<&CompiledCondition> = conditions.filter(|one| Some(one.slot) == slot).collect();
            let mut of_grants = Vec::new();
            for open in &grants {
                of_grants.extend(grant_values(open.grant, &name, question));
            }
            if open.iter().any(|statement| slot.is_some_and(|slot| has_variable(statement, slot))) {
                return None;
            }
            // A pair that no grant asks for is one too many for a constraint on all pairs.
            let pair = slot.is_none() && grants.iter().any(|grant| grant.asks_for_context);
            if asked.is_empty() && of_grants.is_empty() && !pair {
                continue;
            }
            let info = find_condition_key(&name);
            let distinguished = Distinguished {
                always: asked.iter().any(|condition| condition.in_every_request),
                several: info.is_none_or(|info| info.multivalued),
                conditions: &asked,
                of_grants: &of_grants,
            };
            unknowns.keys.push((slot, name.clone(), distinguished.values(question)?));
        }
        // A principal by a unique id that nobody told, or an encryption context of which nobody knows the pairs.
        let other = question.encryption_context.open && grants.iter().any(|grant| grant.asks_for_context);
        let ids = open.iter().any(|statement| names_unknown_id(statement, question));
        let ways = unknowns.keys.iter().map(|(.., values)| values.len()).chain(unknowns.grants.iter().map(|_| 2));
        let ways = ways.fold(1_usize, usize::saturating_mul);
        (!other && !ids && ways <= MOST_COMPLETIONS).then_some(unknowns)
    }

    fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.grants.is_empty()
    }

    /// What every completion comes to; `None` if some allow and some deny.
    fn agreed(&self, compiled: &CompiledWorld, question: &Question<'_>) -> Option<Decision> {
        let mut filled = question.clone();
        let mut turns: Vec<(usize, usize)> = self.keys.iter().map(|(.., values)| (0, values.len())).collect();
        turns.extend(self.grants.iter().map(|_| (0, 2)));
        let mut agreed = None;
        loop {
            self.fill(&turns, question, &mut filled);
            agreed = Some(together(agreed, evaluate(compiled, &filled, &mut Silent))?);
            if !turn(&mut turns) {
                return agreed;
            }
        }
    }

    fn fill(&self, turns: &[(usize, usize)], open: &Question<'_>, filled: &mut Question<'_>) {
        filled.grants_in_effect.clear();
        for (index, (at, _)) in turns.iter().enumerate() {
            let Some((slot, name, values)) = self.keys.get(index) else {
                let grant = index.checked_sub(self.keys.len()).and_then(|index| self.grants.get(index));
                filled.grants_in_effect.extend(grant.map(|grant| (*grant, *at == 1)));
                continue;
            };
            let Some(value) = values.get(*at) else { continue };
            if let Some(place) = slot.and_then(|slot| filled.context.get_mut(slot.0 as usize)) {
                place.clone_from(value);
            }
            let pairs = open.encryption_context.pairs.iter().zip(&mut filled.encryption_context.pairs);
            for ((pair, asked), found) in pairs {
                let same = name.get(PAIR.len()..).is_some_and(|name| name.to_lowercase() == pair.to_lowercase());
                if *asked == ContextValue::Unknown && same && name.to_lowercase().starts_with(&PAIR.to_lowercase()) {
                    found.1.clone_from(value);
                }
            }
        }
    }
}

/// Goes on to the next way, like the digits of a counter; `false` if this was the last.
fn turn(turns: &mut [(usize, usize)]) -> bool {
    let Some(digit) = turns.iter().position(|(at, count)| at.saturating_add(1) < *count) else { return false };
    for (index, (at, _)) in turns.iter_mut().enumerate().take(digit.saturating_add(1)) {
        *at = if index == digit { at.saturating_add(1) } else { 0 };
    }
    true
}

/// The keys whose value nobody knows: those that a policy asks for, and pairs of the encryption context that
/// only grants see.
fn unknown_keys(compiled: &CompiledWorld, question: &Question<'_>) -> Vec<(Option<Slot>, Box<str>)> {
    let mut keys: Vec<(Option<Slot>, Box<str>)> = Vec::new();
    for (index, name) in compiled.slots.names().enumerate() {
        let slot = Slot(u32::try_from(index).unwrap_or(u32::MAX));
        if *question.value(slot) == ContextValue::Unknown {
            keys.push((Some(slot), name.into()));
        }
    }
    for (name, value) in &question.encryption_context.pairs {
        let name = alloc::format!("{PAIR}{name}");
        let known = keys.iter().any(|(_, other)| other.to_lowercase() == name.to_lowercase());
        if *value == ContextValue::Unknown && !known {
            keys.push((None, name.into()));
        }
    }
    keys
}

/// What two completions come to together: of denials the weaker one, of two alike the one whose grounds come
/// first in AWS's order, so that the order of a policy's statements does not matter.
fn together(so_far: Option<Decision>, other: Decision) -> Option<Decision> {
    use Decision::{Allowed, ExplicitDeny, ImplicitDeny, Undetermined};
    match (so_far, other) {
        (_, Undetermined { .. }) => None,
        (None, other) => Some(other),
        (Some(Allowed { by: first }), Allowed { by: second }) => Some(Allowed { by: first.min(second) }),
        (Some(Allowed { .. }), _) | (Some(_), Allowed { .. }) => None,
        (Some(ImplicitDeny { missing: first }), ImplicitDeny { missing: second }) => {
            Some(ImplicitDeny { missing: first.min(second) })
        }
        (Some(ExplicitDeny { policy_type: first, by }), ExplicitDeny { policy_type: second, by: other }) => {
            let (policy_type, by) = (first, by).min((second, other));
            Some(ExplicitDeny { policy_type, by })
        }
        (Some(ExplicitDeny { .. }), implicit) => Some(implicit),
        (Some(denied), _) => Some(denied),
    }
}

/// The statements that take part and depend on what is unknown.
fn open_statements<'c>(compiled: &'c CompiledWorld, question: &Question<'_>) -> Vec<&'c CompiledStatement> {
    let mut open = Vec::new();
    let mut take = |policy: &'c CompiledPolicy, names_principals: bool| {
        for (index, statement) in policy.statements.iter().enumerate() {
            let outcome = if names_principals {
                statement::resource_policy_statement(index, statement, question, &mut Silent).outcome
            } else {
                statement::identity_policy_statement(index, statement, question, &mut Silent)
            };
            if outcome == Match::Depends {
                open.push(statement);
            }
        }
    };
    if let Resource::Key(key) = *question.on {
        compiled.key_policies.get(key).into_iter().for_each(|policy| take(policy, true));
    }
    if let Some(endpoint) = question.request.vpc_endpoint {
        compiled.endpoint_policies.get(endpoint).into_iter().flatten().for_each(|policy| take(policy, true));
    }
    if let Some(entity) = question.caller.entity() {
        let identity = compiled.identity_policies.get(entity).into_iter().flatten();
        identity.for_each(|(_, policy)| take(policy, false));
        compiled.permissions_boundaries.get(entity).into_iter().flatten().for_each(|policy| take(policy, false));
    }
    if let Some(session) = question.caller.session.policies {
        compiled.session_policies.get(session).into_iter().flatten().for_each(|policy| take(policy, false));
    }
    if let Ok((organization, account)) = question.bound_by_service_control_policies() {
        let levels = organization.levels(account).filter_map(|level| compiled.targets.get(level));
        levels.flat_map(|level| &level.service_control_policies).flatten().for_each(|policy| take(policy, false));
    }
    if let Ok((organization, account)) = question.bound_by_resource_control_policies() {
        let levels = organization.levels(account).filter_map(|level| compiled.targets.get(level));
        levels.flat_map(|level| &level.resource_control_policies).flatten().for_each(|policy| take(policy, true));
    }
    open
}

fn has_variable(statement: &CompiledStatement, slot: Slot) -> bool {
    let operands = statement.conditions.iter().flat_map(|condition| &condition.operands).flat_map(Operand::variables);
    let resources = match &statement.resource {
        CompiledElement::Absent => &[][..],
        CompiledElement::Is(entries) | CompiledElement::IsNot(entries) => entries,
    };
    let resources = resources.iter().flat_map(|pattern| pattern.variables());
    operands.chain(resources).any(|variable| variable.slot == slot)
}

fn names_unknown_id(statement: &CompiledStatement, question: &Question<'_>) -> bool {
    use crate::policy::principal::Principal;
    let (CompiledElement::Is(entries) | CompiledElement::IsNot(entries)) = &statement.principal else { return false };
    let entity = question.caller.principal(question.world);
    entity.is_some_and(|entity| entity.unique_id.is_none())
        && entries.iter().any(|entry| matches!(entry, Principal::UniqueId(_)))
}

/// A grant that may allow, depending on what is unknown.
struct OpenGrant<'w> {
    grant: &'w Grant,
    /// Its position, if nobody knows whether it is in effect.
    young: Option<usize>,
    asks_for_context: bool,
}

/// `None` if one of them names its grantee by a unique id that nobody told.
fn open_grants<'w>(compiled: &CompiledWorld, question: &Question<'w>) -> Option<Vec<OpenGrant<'w>>> {
    let mut open = Vec::new();
    let Some(key) = question.on.kms_key(question.world) else { return Some(open) };
    for (position, grant) in key.grants.iter().enumerate() {
        let (outcome, effective, named) = super::grant::seen(position, key, compiled, question);
        if outcome != Match::Depends {
            continue;
        }
        if named == Match::Depends {
            return None;
        }
        open.push(OpenGrant {
            grant,
            young: (effective == Match::Depends).then_some(position),
            asks_for_context: grant.constraints.encryption_context.is_some(),
        });
    }
    Some(open)
}

/// What a grant compares a key with.
fn grant_values(grant: &Grant, name: &str, question: &Question<'_>) -> Vec<Vec<Glyph>> {
    if name.eq_ignore_ascii_case("aws:SourceArn") {
        let wildcards = question.assumptions.grant_source_arn == GrantSourceArn::Pattern;
        let source = grant.constraints.source_arn.iter();
        return source.map(|source| source.chars().map(|glyph| Glyph::new(glyph, wildcards)).collect()).collect();
    }
    let Some((prefix, pair)) = name.split_at_checked(PAIR.len()) else { return Vec::new() };
    if !prefix.eq_ignore_ascii_case(PAIR) {
        return Vec::new();
    }
    let pairs = grant.constraints.encryption_context.as_ref().map(|constraint| constraint.pairs()).unwrap_or_default();
    let of_pair = pairs.iter().filter(|(other, _)| other.to_lowercase() == pair.to_lowercase());
    of_pair.map(|(_, value)| value.chars().map(Glyph::Literal).collect()).collect()
}
