//! Whole worlds that nobody wrote: scenario files with everything that the format has, drawn from a number.
//!
//! A world is drawn around a plan: a few callers, operations and condition keys of which its
//! policies and its requests both speak, so that the one often decides the other. Nothing here knows how a
//! request is decided, and nothing here is taken from the engine: the files are its input and that of
//! whatever it is compared with.

mod cast;
mod conditions;
mod context_keys;
mod dice;
mod documents;
mod endpoints;
mod grants;
mod keys;
mod operations;
mod organization;
mod parameters;
mod plan;
mod requests;
mod statements;

use serde_json::Value;

use dice::{Dice, Object};
use plan::Plan;

/// The scenario of this number: any principals, keys, grants, policies of every type, and 5 to 20 requests.
#[must_use]
pub fn world(seed: u64) -> Value {
    print(&mut Dice::new(seed), false, &format!("world {seed}"))
}

/// The scenario of this number, of what other simulators can express too: no grants, key states, root
/// users, service-linked roles, unknown values or operations with several authorizations.
#[must_use]
pub fn comparable_world(seed: u64) -> Value {
    print(&mut Dice::new(seed), true, &format!("comparable world {seed}"))
}

/// Assumptions, with a value that is not the default.
const ASSUMPTIONS: &[(&str, &str)] = &[
    ("plainOperatorOnSeveralValues", "all"),
    ("unresolvedVariable", "statement"),
    ("grantsUnderBoundaries", "limited"),
    ("accountGrantee", "rootUserOnly"),
    ("ownerIssuedGrant", "suffices"),
    ("grantContextKeyCase", "sensitive"),
    ("grantSourceArn", "pattern"),
    ("omittedNumbers", "absent"),
    ("accountInEndpointPolicy", "rootUserOnly"),
    ("severalSessionPolicies", "all"),
    ("pendingDeletionError", "DisabledException"),
    ("reEncryptOnRelatedKeys", "same"),
];
const SWITCHES: &[&str] = &["wildcardsInVariableValues", "emptyStringIsNull", "ifExistsBeatsForAnyValue"];

fn print(dice: &mut Dice, comparable: bool, title: &str) -> Value {
    let plan = Plan::new(dice, comparable);
    let now = comparable || dice.percent(85);
    // Without an organization nobody knows of whose a service's source is.
    let organized = dice.percent(65) || (comparable && plan.by_services);
    let organization = organized.then(|| organization::organization(dice, &plan));
    let principals = documents::principals(dice, &plan);
    let mut keys = Vec::new();
    for key in &plan.keys {
        let policy = documents::key_policy(dice, &plan, key);
        keys.push(key.print(policy, dice));
    }
    let endpoints = endpoints::endpoints(dice, &plan);
    let count = dice.between(5, 20);
    let requests: Vec<Value> = (0..count).map(|_| requests::request(dice, &plan)).collect();
    let assumptions = (!comparable && dice.percent(15)).then(|| assumptions(dice));
    Object::with("keytrace", 1)
        .and("title", title)
        .and_if("now", now.then_some("2026-11-23T12:00:00Z"))
        .and_if("organization", organization)
        .and("principals", principals)
        .and("keys", keys)
        .and_if("vpcEndpoints", (!endpoints.is_empty()).then_some(endpoints))
        .and("requests", requests)
        .and_if("assumptions", assumptions)
        .into()
}

fn assumptions(dice: &mut Dice) -> Object {
    let count = dice.between(1, 2);
    let mut changed = Object::default();
    for (name, value) in dice.some(ASSUMPTIONS, count) {
        changed = changed.and(name, value);
    }
    for name in dice.some(SWITCHES, usize::from(count == 1)) {
        changed = changed.and(name, true);
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_always_draws_the_same_world() {
        for seed in 0..100 {
            assert_eq!(world(seed).to_string(), world(seed).to_string());
            assert_eq!(comparable_world(seed).to_string(), comparable_world(seed).to_string());
        }
    }

    #[test]
    fn every_world_has_keys_callers_and_requests() {
        for seed in 0..500 {
            let world = world(seed);
            let count = |name: &str| world[name].as_array().map_or(0, Vec::len);
            assert!((5..=20).contains(&count("requests")), "world {seed}");
            assert!((1..=2).contains(&count("keys")), "world {seed}");
        }
    }

    #[test]
    fn what_others_cannot_express_is_in_no_comparable_world() {
        for seed in 0..500 {
            let text = comparable_world(seed).to_string();
            for absent in
                ["\"Disabled\"", "\"GrantId\"", "\"unknown\"", "\"unlisted\"", "aws-service-role", "\"ReEncrypt\""]
            {
                assert!(!text.contains(absent), "comparable world {seed} has {absent}");
            }
        }
    }
}
