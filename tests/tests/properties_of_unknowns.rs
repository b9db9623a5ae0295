//! What a decision is worth when something is unknown: it holds whatever that turns out to be, and what is
//! called undetermined is open.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use keytrace::{
    compile::CompiledWorld,
    decision::Decision,
    evaluate::{Question, evaluate},
    request::ContextValue,
    scenario::{self, DecisionName, Scenario},
    trace::Silent,
};
use keytrace_tests::{
    generate::{SmallDraft, small_drafts},
    silent,
};
use proptest::{
    prelude::{prop_assert, prop_assert_eq, proptest},
    test_runner::{Config, RngSeed},
};

/// The same scenarios in every run, and no file of failures: one that is worth keeping becomes a scenario of
/// the corpus.
fn cases(cases: u32) -> Config {
    let times: u32 = std::env::var("TIMES").map_or(1, |times| times.parse().unwrap());
    Config { cases: cases * times, failure_persistence: None, rng_seed: RngSeed::Fixed(20_261_124), ..Config::default() }
}

fn read(draft: &SmallDraft) -> Scenario {
    let text = draft.to_string();
    let reading = scenario::read(&text);
    reading.value.unwrap_or_else(|| panic!("{:?}", reading.problems))
}

fn value(values: &[String]) -> ContextValue {
    ContextValue::several(values.iter().map(|value| value.as_str().into()).collect())
}

/// A grant that may be in effect or not, as one that is or one that is not.
fn settle_grants(scenario: &mut Scenario, in_effect: bool) {
    let created = if in_effect { "2026-01-01T00:00:00Z" } else { "2027-01-01T00:00:00Z" };
    scenario.world.keys[0].grants.iter_mut().for_each(|grant| grant.created = created.parse().ok());
}

/// Every way in which what is unknown can turn out.
fn completions(draft: &SmallDraft) -> impl Iterator<Item = (Vec<Vec<String>>, bool)> + use<> {
    let domains = draft.domains();
    let young = draft.grant.as_ref().is_some_and(|grant| grant.young);
    let count: usize = domains.iter().map(Vec::len).product();
    (0..count).flat_map(move |mut number| {
        let mut chosen = Vec::new();
        for domain in &domains {
            chosen.push(domain[number % domain.len()].clone());
            number /= domain.len();
        }
        (0..=usize::from(young)).map(move |late| (chosen.clone(), late == 0))
    })
}

/// What becomes of the request under each of them.
fn completed(draft: &SmallDraft, scenario: &Scenario) -> Vec<DecisionName> {
    let young = draft.grant.as_ref().is_some_and(|grant| grant.young);
    let mut settled = [scenario.clone(), scenario.clone()];
    if young {
        settle_grants(&mut settled[0], false);
        settle_grants(&mut settled[1], true);
    }
    let compiled = [CompiledWorld::new(&settled[0].world), CompiledWorld::new(&settled[1].world)];
    let mut found = Vec::new();
    for (values, in_effect) in completions(draft) {
        let at = usize::from(in_effect);
        let mut request = settled[at].requests[0].request.clone();
        request.given = draft.unknown.iter().zip(&values).map(|(key, values)| (key.name.into(), value(values))).collect();
        let (world, assumptions) = (&settled[at].world, settled[at].assumptions);
        let authorization = &request.authorizations[0];
        let context = request.context(authorization, world, &assumptions);
        let question = Question::new(&request, authorization, &context, world, &compiled[at], assumptions);
        found.push(evaluate(&compiled[at], &question, &mut Silent).into());
    }
    found
}

/// What many decisions come to: of denials the weaker one; open if some allow and some deny.
fn together(found: &[DecisionName]) -> DecisionName {
    let is = |name: DecisionName| found.contains(&name);
    match (is(DecisionName::Allowed), is(DecisionName::ImplicitDeny), is(DecisionName::ExplicitDeny)) {
        (true, false, false) => DecisionName::Allowed,
        (true, ..) => DecisionName::Undetermined,
        (false, true, _) => DecisionName::ImplicitDeny,
        (false, false, _) => DecisionName::ExplicitDeny,
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    /// Undetermined is exactly: some of what the unknown can turn out to be allows, and some denies.
    #[test]
    fn undetermined_is_what_some_completion_allows_and_some_denies(draft in small_drafts()) {
        let scenario = read(&draft);
        let found = completed(&draft, &scenario);
        prop_assert!(!found.contains(&DecisionName::Undetermined));
        let decision: DecisionName = silent(&scenario, 0)[0].into();
        prop_assert_eq!(decision, together(&found), "of {} completions", found.len());
    }
}

#[test]
fn small_drafts_come_to_every_decision() {
    use proptest::{strategy::{Strategy, ValueTree}, test_runner::TestRunner};
    let mut runner = TestRunner::new(cases(0));
    let (mut seen, mut settled, mut most) = ([0; 4], 0, 0);
    for _ in 0..1000 {
        let draft = small_drafts().new_tree(&mut runner).unwrap().current();
        let scenario = read(&draft);
        let decision = silent(&scenario, 0)[0];
        seen[DecisionName::from(decision) as usize] += 1;
        most = most.max(completions(&draft).count());
        let _ = Decision::Undetermined { on: keytrace::decision::PolicyType::Grant, effect: keytrace::policy::Effect::Allow };
        settled += 1;
    }
    println!("{seen:?} {settled} {most}");
}
