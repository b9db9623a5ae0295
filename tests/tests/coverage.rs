//! No part of the model is without a scenario: actions, condition keys, operators, reasons, policy types,
//! errors, key states, grants, assumptions in both readings.

use std::collections::BTreeSet;

use keytrace::decision::Match;
use keytrace_tests::coverage::{Coverage, Point, out_of_reach, required};

#[test]
fn every_point_of_the_model_is_reached() {
    let reached: BTreeSet<Point> = Coverage::gather().unwrap().points().collect();
    let required = required();
    let list = |points: &[&Point]| points.iter().map(|point| format!("\n  {point}")).collect::<String>();
    let (beyond, within): (Vec<&Point>, Vec<&Point>) = required.iter().partition(|point| out_of_reach(point).is_some());
    let count = within.len();
    let unreached: Vec<&Point> = within.into_iter().filter(|point| !reached.contains(point)).collect();
    assert!(
        unreached.is_empty(),
        "{} of {count} points are reached by no scenario:{}",
        unreached.len(),
        list(&unreached)
    );
    let mistaken: Vec<&Point> = beyond.into_iter().filter(|point| reached.contains(point)).collect();
    assert!(mistaken.is_empty(), "reached, though thought to be out of reach:{}", list(&mistaken));
    let foreseen = |point: &&Point| is_open(point) || required.contains(point);
    let unforeseen: Vec<&Point> = reached.iter().filter(|point| !foreseen(point)).collect();
    assert!(unforeseen.is_empty(), "reached, but missing from the list of what is required:{}", list(&unforeseen));
}

/// Points that are only counted: nobody lists them beforehand, or they are there only where something is unknown.
fn is_open(point: &Point) -> bool {
    matches!(point, Point::Permission(..) | Point::Origin(..) | Point::Situation(..))
        || matches!(point, Point::ConditionKey(_, Match::Depends) | Point::Operator(_, Match::Depends))
}
