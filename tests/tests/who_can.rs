//! Who can do what: the matrix against single decisions, on generated worlds.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

use std::env;

use keytrace::{
    advise::who_can::{Cell, Condition, Way, WhoCan, permissions},
    answer,
    catalog::Action,
    scenario::{self, DecisionName, Scenario},
};
use keytrace_tests::{in_parallel, worlds};

fn read(text: &str) -> Scenario {
    let reading = scenario::read(text);
    reading.value.unwrap_or_else(|| panic!("{:#?}", reading.problems))
}

fn name(cell: &Cell) -> &'static str {
    match cell {
        Cell::Allowed(_) => "allowed",
        Cell::Denied(_) => "denied",
        Cell::Depends(_) => "depends",
    }
}

/// What a single decision says of a way.
fn decided(who_can: &WhoCan, (subject, action, key): (usize, Action, usize), way: &Way) -> DecisionName {
    let asked = who_can.witness(subject, action, key, way).unwrap();
    answer(&asked, 0).unwrap().decision.into()
}

const fn bare() -> Way {
    Way { identity_policy: false, told: Vec::new() }
}

const fn full() -> Way {
    Way { identity_policy: true, told: Vec::new() }
}

/// Where cells and single decisions are not of one mind.
fn disagreements(scenario: &Scenario) -> (usize, usize, Vec<String>) {
    let who_can = WhoCan::new(scenario);
    let (mut cells, mut depending, mut faults) = (0, 0, Vec::new());
    for key in 0..scenario.world.keys.len() {
        for subject in 0..who_can.subjects().len() {
            let row = who_can.row(subject, key);
            for (action, cell) in permissions().zip(row) {
                cells += 1;
                let at = (subject, action, key);
                let mut fault = |what: String| {
                    faults.push(format!("{:?}, {}, key {key}: {what}", who_can.subjects()[subject], action.name()));
                };
                if cell != who_can.cell(subject, action, key) {
                    fault("the row has another cell".into());
                }
                let (least, most) = (decided(&who_can, at, &bare()), decided(&who_can, at, &full()));
                let denied = |name| matches!(name, DecisionName::ImplicitDeny | DecisionName::ExplicitDeny);
                let fits = match &cell {
                    Cell::Allowed(_) => least == DecisionName::Allowed,
                    Cell::Denied(_) => denied(most),
                    Cell::Depends(_) => least != DecisionName::Allowed && !denied(most),
                };
                if !fits {
                    fault(format!("{} but {least:?} with nothing and {most:?} with everything", name(&cell)));
                }
                if let Cell::Depends(Condition { ways, denying, complete }) = &cell {
                    depending += 1;
                    for way in ways {
                        let decision = decided(&who_can, at, way);
                        if decision != DecisionName::Allowed {
                            fault(format!("{way:?} is {decision:?}"));
                        }
                    }
                    for way in denying {
                        let decision = decided(&who_can, at, way);
                        if !denied(decision) {
                            fault(format!("{way:?} was to deny, and is {decision:?}"));
                        }
                    }
                    if *complete && (ways.is_empty() || denying.is_empty()) {
                        // Sets of more than three are not told.
                        let told = ways.iter().chain(denying).map(|way| way.told.len()).max();
                        if told != Some(3) && !(ways.is_empty() && denying.is_empty()) {
                            fault(format!("no witness for one side: {ways:?} {denying:?}"));
                        }
                    }
                }
            }
        }
    }
    (cells, depending, faults)
}

#[test]
fn the_matrix_agrees_with_single_decisions() {
    let count: u64 = env::var("WORLDS").map_or(12, |count| count.parse().unwrap());
    let seeds: Vec<u64> = (0..count).collect();
    let found = in_parallel(&seeds, |seed| {
        let text = serde_json::to_string(&worlds::world(*seed)).unwrap();
        let (cells, depending, faults) = disagreements(&read(&text));
        (cells, depending, faults.into_iter().map(|fault| format!("world {seed}: {fault}")).collect::<Vec<_>>())
    });
    let cells: usize = found.iter().map(|(cells, ..)| cells).sum();
    let depending: usize = found.iter().map(|(_, depending, _)| depending).sum();
    println!("{cells} cells of {count} worlds, {depending} depend");
    let faults: Vec<&String> = found.iter().flat_map(|(.., faults)| faults).collect();
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.iter().take(20).map(|fault| fault.as_str()).collect::<Vec<_>>().join("\n")
    );
    assert!(depending * 20 > cells);
}
