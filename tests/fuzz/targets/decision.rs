//! Scenarios put together from parts of the corpus. What has no meaning has none: the order of statements,
//! the order of members, white space.

#![no_main]

use keytrace::{
    decision::Decision,
    json::{Value, print},
    scenario::DecisionName,
};
use keytrace_fuzz::{
    seeds, sound,
    splice::{self, chosen, with_members_turned, with_statements_turned},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: seeds::write_if_asked(|_| splice::plain_choices()),
    |bytes: &[u8]| {
        let scenario = chosen(bytes);
        let Ok(decisions) = sound::answers(&print::pretty(&scenario, "", "  ")) else { return };
        assert_eq!(silent(&scenario, "\t"), decisions, "white space");
        let turned = silent(&with_statements_turned(&scenario), "");
        assert_eq!(names(&turned), names(&decisions), "order of statements");
        if let Some(turned) = with_members_turned(&scenario) {
            assert_eq!(names(&silent(&turned, "")), names(&decisions), "order of members");
        }
    }
);

fn silent(scenario: &Value, unit: &str) -> Vec<Vec<Decision>> {
    sound::silent(&print::pretty(scenario, "", unit)).expect("it was read before")
}

/// The decisions without their grounds: which of two statements is named may hang on their order.
fn names(decisions: &[Vec<Decision>]) -> Vec<Vec<DecisionName>> {
    decisions.iter().map(|request| request.iter().map(|decision| DecisionName::from(*decision)).collect()).collect()
}
