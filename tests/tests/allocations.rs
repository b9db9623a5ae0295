//! A decision that nobody watches allocates nothing: what does not depend on the request was compiled,
//! what does was prepared.

use keytrace::{
    assumption::Assumption,
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
        // Patterns that are put together when they are met; that is not the default.
        if scenario.assumptions.is_changed(Assumption::WildcardsInVariableValues)
            || scenario.assumptions.is_changed(Assumption::GrantSourceArn)
        {
            continue;
        }
        let compiled = CompiledWorld::new(&scenario.world);
        for case in &scenario.requests {
            for authorization in &case.request.authorizations {
                let (world, assumptions) = (&scenario.world, scenario.assumptions);
                let context = case.request.context(authorization, world, &assumptions);
                let question = Question::new(&case.request, authorization, &context, world, &compiled, assumptions);
                let allocations = allocation_counter::measure(|| {
                    evaluate(&compiled, &question, &mut Silent);
                });
                assert_eq!(allocations.count_total, 0, "{}", file.name);
            }
        }
    }
}
