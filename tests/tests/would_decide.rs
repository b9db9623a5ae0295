//! What is said to decide an undetermined request decides it, and no part of it does.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

use keytrace::{
    answer,
    evaluate::Told,
    scenario::{self, DecisionName, Scenario},
};
use keytrace_tests::{in_parallel, worlds};

/// The decision of one permission once these are told. A grant's age cannot be told.
fn with(scenario: &Scenario, request: usize, authorization: usize, told: &[Told]) -> DecisionName {
    let mut scenario = scenario.clone();
    let given = &mut scenario.requests[request].request.given;
    for one in told {
        let Told::Key { name, value } = one else { panic!("a grant") };
        given.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        given.push((name.clone(), value.clone()));
    }
    answer(&scenario, request).unwrap().authorizations[authorization].decision.into()
}

fn faults(seed: u64) -> (usize, Vec<String>) {
    let scenario = scenario::read(&serde_json::to_string(&worlds::world(seed)).unwrap()).value.unwrap();
    let (mut sets, mut faults) = (0, Vec::new());
    for request in 0..scenario.requests.len() {
        let asked = answer(&scenario, request).unwrap();
        for (authorization, decided) in asked.authorizations.iter().enumerate() {
            let Some(found) = &decided.would_decide else { continue };
            let sides = [(true, &found.allowing), (false, &found.denying)];
            for (allows, set) in sides.into_iter().flat_map(|(allows, sets)| sets.iter().map(move |set| (allows, set)))
            {
                // What a parameter says cannot be given by hand as well.
                let written = |told: &Told| match told {
                    Told::Key { name, .. } => name.starts_with("kms:EncryptionContext:"),
                    Told::Grant { .. } => true,
                };
                if set.iter().any(written) {
                    continue;
                }
                sets += 1;
                let decision = with(&scenario, request, authorization, set);
                if (decision == DecisionName::Allowed) != allows || decision == DecisionName::Undetermined {
                    faults.push(format!("world {seed}, request {request}: {set:?} makes it {decision:?}"));
                }
                for left_out in 0..set.len() {
                    let mut part = set.clone();
                    part.remove(left_out);
                    if with(&scenario, request, authorization, &part) != DecisionName::Undetermined {
                        faults.push(format!("world {seed}, request {request}: {part:?} decides without {left_out}"));
                    }
                }
            }
        }
    }
    (sets, faults)
}

#[test]
fn what_would_decide_decides_and_no_part_of_it() {
    let seeds: Vec<u64> = (0..400).collect();
    let found = in_parallel(&seeds, |seed| faults(*seed));
    let sets: usize = found.iter().map(|(sets, _)| sets).sum();
    println!("{sets} sets");
    let faults: Vec<String> = found.into_iter().flat_map(|(_, faults)| faults).collect();
    assert!(faults.is_empty(), "{} of {sets}\n{}", faults.len(), faults[..faults.len().min(10)].join("\n"));
    assert!(sets > 500);
}
