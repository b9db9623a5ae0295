//! What would decide an undetermined request, in words.

use alloc::{format, string::String, vec::Vec};

use super::{Reason, grants};
use crate::{
    advise::who_can::Way,
    catalog::find_condition_key,
    compile::{CompiledPolicy, CompiledWorld},
    decision::GrantId,
    evaluate::{Deciding, Told},
    pattern::{Pattern, Substitute},
    policy::{condition::Operand, value},
    request::{ContextValue, Request},
    world::World,
};

/// More lines for one side would not be read.
const MOST: usize = 6;

/// Sentences for the sets, those that allow first.
pub(super) fn would_decide(
    sets: &Deciding,
    request: &Request,
    authorization: usize,
    world: &World,
    compiled: &CompiledWorld,
) -> Vec<Reason> {
    let key = request.authorizations.get(authorization).and_then(|one| one.resource.key());
    let line = |verdict: &str, line: &Line<'_>| {
        let told: Vec<String> = line.iter().map(|told| words(told, key, world, compiled)).collect();
        let page = line.iter().find_map(|told| match told {
            Alternatives::Key { name, .. } => find_condition_key(name).map(|info| info.page),
            Alternatives::Grant { .. } => None,
        });
        let page = page.unwrap_or("https://docs.aws.amazon.com/kms/latest/developerguide/grants.html");
        Reason { text: format!("{verdict} if {}", told.join(" and ")), span: None, page, reported: false }
    };
    let side =
        |verdict, sets: &[Vec<Told>]| lines(sets).iter().take(MOST).map(|set| line(verdict, set)).collect::<Vec<_>>();
    let mut told = side("allowed", &sets.allowing);
    told.extend(side("denied", &sets.denying));
    told
}

/// The ways to a permission in words, such as "an IAM policy of theirs allows it".
pub(crate) fn ways(ways: &[Way], key: usize, world: &World, compiled: &CompiledWorld) -> Vec<String> {
    let mut told = Vec::new();
    for identity_policy in [true, false] {
        let sets: Vec<Vec<Told>> =
            ways.iter().filter(|way| way.identity_policy == identity_policy).map(|way| way.told.clone()).collect();
        for line in lines(&sets) {
            let policy = identity_policy.then(|| String::from("an IAM policy of theirs allows it"));
            let rest = line.iter().map(|told| words(told, Some(key), world, compiled));
            told.push(policy.into_iter().chain(rest).collect::<Vec<_>>().join(" and "));
        }
    }
    told
}

/// Sets that differ in one value only, told together.
type Line<'s> = Vec<Alternatives<'s>>;

/// One thing that is told, with every value that does.
#[derive(Clone, PartialEq, Eq)]
enum Alternatives<'s> {
    Key { name: &'s str, values: Vec<&'s ContextValue> },
    Grant { position: usize, in_effect: bool },
}

fn lines(sets: &[Vec<Told>]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for set in sets {
        let next: Line<'_> = set
            .iter()
            .map(|told| match told {
                Told::Key { name, value } => Alternatives::Key { name, values: [value].into() },
                Told::Grant { position, in_effect } => {
                    Alternatives::Grant { position: *position, in_effect: *in_effect }
                }
            })
            .collect();
        if !lines.iter_mut().any(|line| join(line, &next)) {
            lines.push(next);
        }
    }
    lines
}

/// Takes a line into another that differs from it in the values of one key.
fn join<'s>(line: &mut Line<'s>, next: &Line<'s>) -> bool {
    if line.len() != next.len() {
        return false;
    }
    let mut different = line.iter_mut().zip(next).filter(|(one, other)| *one != *other);
    let (Some((one, other)), None) = (different.next(), different.next()) else { return false };
    match (one, other) {
        (Alternatives::Key { name, values }, Alternatives::Key { name: same, values: more }) if name == same => {
            values.extend(more);
            true
        }
        _ => false,
    }
}

/// What no policy names.
const OTHER: &str = "something else";

fn words(told: &Alternatives<'_>, key: Option<usize>, world: &World, compiled: &CompiledWorld) -> String {
    match told {
        Alternatives::Key { name, values } => {
            let mut alternatives: Vec<String> =
                values.iter().map(|value| value_in_words(name, value, compiled)).collect();
            // Of all that no policy names, one example will do.
            let other = alternatives.iter().position(|one| one.starts_with(OTHER));
            let mut at = 0..alternatives.len();
            alternatives.retain(|one| at.next() == other || !one.starts_with(OTHER));
            alternatives.sort_by_key(|one| (one.starts_with(OTHER), one.len()));
            format!("`{name}` is {}", alternatives.join(" or "))
        }
        Alternatives::Grant { position, in_effect } => {
            let grant = GrantId { key: key.unwrap_or(usize::MAX), grant: *position };
            let verb = if *in_effect { "is in effect" } else { "is not in effect" };
            format!("{} {verb}", grants::grant_name(world, grant))
        }
    }
}

fn value_in_words(name: &str, value: &ContextValue, compiled: &CompiledWorld) -> String {
    let values = match value {
        ContextValue::Absent => return "not there".into(),
        ContextValue::Unknown => return "anything".into(),
        ContextValue::Values(values) => values,
    };
    let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    let quoted = quoted.join(" and ");
    match values.iter().map(|value| named(name, value, compiled)).min().unwrap_or(Named::Not) {
        // A letter that tells values apart tells a reader nothing.
        Named::Not if values.iter().all(|value| value.chars().count() < 4) => OTHER.into(),
        Named::Not => format!("{OTHER}, such as {quoted}"),
        Named::ByPattern => format!("what a policy matches, such as {quoted}"),
        Named::Exactly => quoted,
    }
}

/// How the policies speak of a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Not,
    ByPattern,
    Exactly,
}

fn named(name: &str, value: &str, compiled: &CompiledWorld) -> Named {
    let slot = compiled.slots.get(name);
    let by_operand = |operand: &Operand<_>| match operand {
        Operand::Text(pattern) => {
            let matches = pattern.matches(value, &|_| Substitute::Anything)
                || pattern.matches_ignoring_case(value, &|_| Substitute::Anything);
            by_pattern(matches, pattern.has_wildcards())
        }
        Operand::Arn(components) => {
            let parts: Vec<&str> = value.splitn(6, ':').collect();
            let mut pairs = components.iter().zip(&parts);
            let matches = parts.len() == components.len()
                && pairs.all(|(pattern, part)| pattern.matches(part, &|_| Substitute::Anything));
            by_pattern(matches, components.iter().any(Pattern::has_wildcards))
        }
        Operand::Ip(range) => {
            by_pattern(value::ip_address(value).is_some_and(|address| range.contains(&address)), true)
        }
        Operand::Number(number) => by_pattern(value::number(value).as_ref() == Some(number), false),
        Operand::Date(date) => by_pattern(value::date(value).as_ref() == Some(date), false),
        // Bytes and truths say what they are; what is malformed matches nothing.
        Operand::Bool(_) | Operand::Binary(_) => Named::Exactly,
        Operand::Malformed => Named::Not,
    };
    let by_policy = |policy: &CompiledPolicy| {
        let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions);
        let of_key = conditions.filter(|one| Some(one.slot) == slot);
        of_key.flat_map(|condition| &condition.operands).map(by_operand).max()
    };
    let targets = compiled.targets.iter();
    let guardrails =
        targets.flat_map(|target| target.service_control_policies.iter().chain(&target.resource_control_policies));
    let all = compiled
        .key_policies
        .iter()
        .chain(compiled.identity_policies.iter().flatten().map(|(_, policy)| policy))
        .chain(compiled.permissions_boundaries.iter().flatten())
        .chain(compiled.session_policies.iter().flatten())
        .chain(compiled.endpoint_policies.iter().flatten())
        .chain(guardrails.flatten());
    // What only grants speak of is compared with the whole value.
    all.filter_map(by_policy).max().unwrap_or(Named::Exactly)
}

const fn by_pattern(matches: bool, has_wildcards: bool) -> Named {
    match (matches, has_wildcards) {
        (false, _) => Named::Not,
        (true, true) => Named::ByPattern,
        (true, false) => Named::Exactly,
    }
}
