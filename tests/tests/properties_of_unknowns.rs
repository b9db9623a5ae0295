//! What a decision is worth when something is unknown: it holds whatever that turns out to be, and what is
//! called undetermined is open.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};

use keytrace::{
    catalog::{Presence, ValueType, find_condition_key},
    compile::CompiledWorld,
    evaluate::{Question, evaluate},
    request::ContextValue,
    scenario::{self, DecisionName, Scenario},
    trace::Silent,
};
use keytrace_tests::{
    generate::{Decided, SmallDraft, WorldDraft, decided_worlds, grounds, mutate::Dice, reach, small_drafts},
    silent,
};
use proptest::{
    prelude::{prop_assert, prop_assert_eq, proptest},
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngSeed, TestRunner},
};
use serde_json::Value;

/// The same scenarios in every run, and no file of failures: one that is worth keeping becomes a scenario of
/// the corpus.
fn cases(cases: u32) -> Config {
    let times: u32 = std::env::var("TIMES").map_or(1, |times| times.parse().unwrap());
    Config {
        cases: cases * times,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_124),
        ..Config::default()
    }
}

type Given = Vec<(Box<str>, ContextValue)>;

/// Some drafts, one after the other.
fn drafts(count: u32) -> impl Iterator<Item = (SmallDraft, Scenario)> {
    let mut runner = TestRunner::new(cases(count));
    (0..runner.config().cases).map(move |_| {
        let draft = small_drafts().new_tree(&mut runner).unwrap().current();
        let scenario = read(&draft);
        (draft, scenario)
    })
}

fn read(draft: &SmallDraft) -> Scenario {
    let reading = scenario::read(&draft.to_string());
    reading.value.unwrap_or_else(|| panic!("{:?} in {draft}", reading.problems))
}

fn value(values: &[String]) -> ContextValue {
    ContextValue::several(values.iter().map(|value| value.as_str().into()).collect())
}

/// A grant that may be in effect or not, as one that is or one that is not.
fn settle_grants(draft: &SmallDraft, scenario: &mut Scenario, in_effect: bool) {
    if has_young_grant(draft) {
        let created = if in_effect { "2026-01-01T00:00:00Z" } else { "2027-01-01T00:00:00Z" };
        scenario.world.keys[0].grants[0].created = created.parse().ok();
    }
}

fn has_young_grant(draft: &SmallDraft) -> bool {
    draft.grant.as_ref().is_some_and(|grant| grant.young)
}

/// Every way in which the unknown keys can turn out.
fn completions(draft: &SmallDraft) -> impl Iterator<Item = Given> + use<> {
    let domains = draft.domains();
    let names: Vec<Box<str>> = draft.unknown.iter().map(|key| key.name.into()).collect();
    let count: usize = domains.iter().map(Vec::len).product();
    (0..count).map(move |mut number| {
        let mut given = Vec::new();
        for (name, domain) in names.iter().zip(&domains) {
            given.push((name.clone(), value(&domain[number % domain.len()])));
            number /= domain.len();
        }
        given
    })
}

/// What becomes of the request under each of them, and with a young grant in effect and not. A look at each
/// statement by itself is enough: nothing is unknown.
fn completed(draft: &SmallDraft, scenario: &Scenario) -> Vec<DecisionName> {
    let mut found = Vec::new();
    for in_effect in [true, false].into_iter().take(if has_young_grant(draft) { 2 } else { 1 }) {
        let mut settled = scenario.clone();
        settle_grants(draft, &mut settled, in_effect);
        let compiled = CompiledWorld::new(&settled.world);
        found.extend(completions(draft).map(|given| at_first_look(&settled, &compiled, given)));
    }
    found
}

fn at_first_look(scenario: &Scenario, compiled: &CompiledWorld, given: Given) -> DecisionName {
    let mut request = scenario.requests[0].request.clone();
    request.given = given;
    let (world, assumptions) = (&scenario.world, scenario.assumptions);
    let authorization = &request.authorizations[0];
    let context = request.context(authorization, world, &assumptions);
    let question = Question::new(&request, authorization, &context, world, compiled, assumptions);
    evaluate(compiled, &question, &mut Silent).into()
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

    /// Nor do the grounds of a decision depend on where statements and unknown keys stand.
    #[test]
    fn order_does_not_matter(draft in small_drafts()) {
        let mut turned = draft.clone();
        turned.statements.reverse();
        turned.statements.iter_mut().for_each(|statement| statement.conditions.reverse());
        turned.unknown.reverse();
        let decide = |draft: &SmallDraft| grounds(silent(&read(draft), 0)[0]);
        prop_assert_eq!(decide(&draft), decide(&turned));
    }
}

/// What holds for small drafts says little if nothing is open in them, or nothing that only seems so.
#[test]
fn small_drafts_come_to_every_decision() {
    let (mut seen, mut settled) = ([0; 4], 0);
    for (_, scenario) in drafts(1_000) {
        let decision = silent(&scenario, 0)[0];
        seen[usize::from(reach(decision))] += 1;
        let compiled = CompiledWorld::new(&scenario.world);
        let first = at_first_look(&scenario, &compiled, scenario.requests[0].request.given.clone());
        settled += usize::from(reach(first) == 2 && reach(decision) != 2);
    }
    assert!(seen.iter().all(|count| *count >= 15) && settled > 20, "{seen:?}, {settled}");
}

/// Who knows all that an undetermined decision hangs on, knows the decision, but for a grant that may be in
/// effect or not.
#[test]
fn an_undetermined_decision_names_all_that_it_hangs_on() {
    for (draft, scenario) in drafts(200) {
        let answer = keytrace::answer(&scenario, 0).unwrap();
        let hangs_on = &answer.authorizations[0].hangs_on;
        assert!(reach(answer.decision) == 2 || hangs_on.is_empty(), "{draft}");
        if reach(answer.decision) != 2 {
            continue;
        }
        let mut told = BTreeSet::new();
        for given in completions(&draft) {
            let named = |(name, value): (Box<str>, ContextValue)| {
                let value = if hangs_on.contains(&name) { value } else { ContextValue::Unknown };
                (name, value)
            };
            let given: Given = given.into_iter().map(named).collect();
            if told.insert(format!("{given:?}")) {
                for in_effect in [true, false] {
                    let mut scenario = scenario.clone();
                    settle_grants(&draft, &mut scenario, in_effect);
                    scenario.requests[0].request.given.clone_from(&given);
                    let decision = silent(&scenario, 0)[0];
                    assert!(reach(decision) != 2, "with {given:?} {decision:?} in {draft}");
                }
            }
        }
    }
}

/// The condition keys that a world asks for, with the values that it compares them with.
fn asked_for(draft: &WorldDraft) -> BTreeMap<String, Vec<String>> {
    let mut asked = BTreeMap::new();
    let mut ask = |name: &str, values: Vec<String>| {
        asked.entry(name.to_lowercase()).or_insert_with(Vec::new).extend(values);
    };
    for (_, pointer) in draft.documents() {
        let statements = draft.0.pointer(&pointer).unwrap()["Statement"].as_array().unwrap();
        for condition in statements.iter().filter_map(|statement| statement.get("Condition")) {
            for (_, keys) in condition.as_object().unwrap() {
                keys.as_object().unwrap().iter().for_each(|(name, value)| ask(name, texts(value)));
            }
        }
        for variable in draft.0.pointer(&pointer).unwrap().to_string().split("${").skip(1) {
            ask(variable.split([',', '}']).next().unwrap(), Vec::new());
        }
    }
    for key in draft.places("/keys") {
        for grant in draft.places(&format!("{key}/Grants")) {
            let constraints = &draft.0.pointer(&grant).unwrap()["Constraints"];
            ask("aws:SourceArn", constraints.get("SourceArn").map_or_else(Vec::new, texts));
            ask("kms:EncryptionContextKeys", Vec::new());
            for name in ["EncryptionContextEquals", "EncryptionContextSubset"] {
                for (name, value) in constraints.get(name).and_then(Value::as_object).into_iter().flatten() {
                    ask(&format!("kms:EncryptionContext:{name}"), texts(value));
                }
            }
        }
    }
    asked
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// Something that a request may have for a key: of its type, often what a policy asks for.
fn some_value(name: &str, listed: &[String], dice: &mut Dice) -> ContextValue {
    let info = find_condition_key(name);
    if info.is_none_or(|info| info.presence != Presence::EveryRequest) && dice.below(4) == 0 {
        return ContextValue::Absent;
    }
    let mut pool: Vec<String> = match info.map(|info| info.value) {
        Some(ValueType::Bool) => vec!["true".into(), "false".into()],
        Some(ValueType::Numeric | ValueType::DateOrNumeric) => {
            let number = |text: &String| text.parse::<f64>().ok();
            let numbers = listed.iter().filter_map(number).chain([1.0]);
            numbers.flat_map(|number| [number - 0.5, number, number + 0.5]).map(|number| number.to_string()).collect()
        }
        Some(ValueType::Date) => ["2026-11-22", "2026-11-23T10:00:00Z", "2028-01-01"].map(String::from).into(),
        Some(ValueType::Ip) => ["203.0.113.7", "203.0.113.9", "10.0.0.1", "2001:db8::1"].map(String::from).into(),
        Some(ValueType::Arn) => vec!["arn:aws:s3:::other".into()],
        Some(ValueType::String) | None => vec!["other".into()],
    };
    if info.is_none_or(|info| matches!(info.value, ValueType::String | ValueType::Arn)) {
        let filled = |text: &String| text.replace("${", "").replace('*', "x").replace('?', "y");
        pool.extend(listed.iter().map(filled).filter(|text| !text.is_empty()));
    }
    let several = info.is_some_and(|info| info.multivalued);
    let values = (0..if several { 1 + dice.below(3) } else { 1 }).map(|_| pool[dice.below(pool.len())].clone());
    value(&values.collect::<Vec<_>>())
}

/// Tells unique ids, and whether young grants are in effect.
fn tell_the_rest(world: &Decided, dice: &mut Dice) -> Scenario {
    let mut scenario = world.scenario.clone();
    for principal in &mut scenario.world.principals {
        let prefix = if principal.arn.as_str().contains(":user/") { "AIDA" } else { "AROA" };
        let ids = ["EXAMPLEDANA000001", "EXAMPLEAPP0000001", "EXAMPLEOTHER00001"];
        principal.unique_id.get_or_insert_with(|| format!("{prefix}{}", dice.choose(&ids)).into());
    }
    // Without a time no grant is young.
    let timed = world.draft.0.get("now").is_some();
    for grant in scenario.world.keys.iter_mut().flat_map(|key| &mut key.grants).filter(|_| timed) {
        // As old as the worlds' grants are that may be in effect or not.
        let created = grant.created.is_some_and(|created| created.to_string() == "2026-11-23T11:57:30Z");
        let deleted = grant.deleted.is_some_and(|deleted| deleted.to_string() == "2026-11-23T11:58:00Z");
        let long_ago = "2026-01-01T00:00:00Z".parse().ok();
        if deleted {
            grant.deleted = if dice.below(2) == 0 { long_ago } else { None };
        }
        // With its token it is effective at once, whoever has it.
        if created {
            let late = grant.token.is_none() && dice.below(2) == 0;
            grant.created = if late { "2027-01-01T00:00:00Z".parse().ok() } else { long_ago };
        }
    }
    scenario
}

/// What is decided although something is unknown stays so, whatever the unknown turns out to be; and who
/// knows everything has a decision.
#[test]
fn what_is_decided_stays_decided() {
    let (mut filled, mut decided) = (0, [0; 4]);
    for world in decided_worlds(40_000, 100) {
        let asked = asked_for(&world.draft);
        let mut dice = Dice::new(world.seed);
        for round in 0..8 {
            let mut scenario = tell_the_rest(&world, &mut dice);
            for (request, case) in world.requests() {
                for (index, authorization) in case.request.authorizations.iter().enumerate() {
                    let (given, unknown) = {
                        let request = &scenario.requests[request].request;
                        let context = request.context(authorization, &scenario.world, &scenario.assumptions);
                        let is_unknown = |name: &&String| context.look_up(name).0 == ContextValue::Unknown;
                        (case.request.given.clone(), asked.keys().filter(is_unknown).cloned().collect::<Vec<_>>())
                    };
                    // Either all turns out at once, or only some.
                    let all = round % 2 == 0;
                    let told: Vec<&String> = unknown.iter().filter(|_| all || dice.below(2) == 0).collect();
                    let rest =
                        given.into_iter().filter(|(name, _)| !told.iter().any(|told| name.eq_ignore_ascii_case(told)));
                    let told =
                        told.iter().map(|name| ((**name).as_str().into(), some_value(name, &asked[*name], &mut dice)));
                    scenario.requests[request].request.given = rest.chain(told).collect();
                    let found = silent(&scenario, request)[index];
                    let before = world.decisions[request][index];
                    let fits = match reach(before) {
                        0 | 3 => reach(found) == reach(before),
                        1 => reach(found) < 2,
                        _ => true,
                    };
                    let given = &scenario.requests[request].request.given;
                    let seed = world.seed;
                    assert!(
                        fits,
                        "world {seed}, request {request}.{index}: {before:?} became {found:?} with {given:?}"
                    );
                    assert!(
                        !all || reach(found) != 2,
                        "world {seed}, request {request}.{index}: {found:?} with {given:?}"
                    );
                    filled += usize::from(!unknown.is_empty());
                    decided[usize::from(reach(before))] += 1;
                    scenario.requests[request].request.given.clone_from(&case.request.given);
                }
            }
        }
    }
    assert!(filled > 1_000 && decided.iter().all(|count| *count > 500), "{filled}, {decided:?}");
}
