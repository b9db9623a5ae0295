//! A decision that nobody watches allocates nothing: what does not depend on the request was compiled,
//! what does was prepared.

use keytrace::{
    compile::CompiledWorld,
    evaluate::{Question, evaluate},
    scenario,
    trace::Silent,
};
use keytrace_tests::corpus;

#[test]
fn a_silent_decision_allocates_nothing() {
    for file in corpus().unwrap() {
        let Some(scenario) = scenario::read(&file.text).value else { continue };
        // Values whose wildcards count are put together when they are met; that is not the default.
        if scenario.assumptions.wildcards_in_variable_values {
            continue;
        }
        let compiled = CompiledWorld::new(&scenario.world);
        for case in &scenario.requests {
            let context = case.request.context(&scenario.world);
            let question = Question::new(&case.request, &context, &scenario.world, &compiled, scenario.assumptions);
            let allocations = allocation_counter::measure(|| {
                evaluate(&compiled, &question, &mut Silent);
            });
            assert_eq!(allocations.count_total, 0, "{}", file.name);
        }
    }
}
