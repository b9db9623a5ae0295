//! Rules of AWS that hold for every scenario, tried on scenarios that nobody wrote.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use keytrace::{
    catalog::Action,
    decision::{Decision, Match},
    pattern::Pattern,
    policy::Effect,
    request::ContextValue,
    scenario::{DecisionName, Scenario},
    trace::{StatementTrace, Trace},
};
use keytrace_tests::generate::{
    APP_SESSION, CONTEXT_KEYS, DANA, Draft, EVERY_CALLER, EVERYONE, Element, Given, KEY_ARN, PARTNER_SESSION, Place,
    Statement, context_values, denying, identity_statement, key_statement, means, mutate::Dice, reach, recased,
    scenario,
};
use keytrace_tests::silent;
use proptest::{
    prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest},
    sample::select,
    test_runner::{Config, RngSeed},
};

/// The same scenarios in every run, and no file of failures: one that is worth keeping becomes a
/// scenario of the corpus.
fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(20_261_124), ..Config::default() }
}

fn drafts() -> impl Strategy<Value = Draft> {
    scenario(&EVERY_CALLER)
}

fn decide(scenario: &Scenario) -> Decision {
    silent(scenario, 0)[0]
}

fn trace(draft: &Draft) -> Trace {
    keytrace::answer(&draft.read(), 0).unwrap().authorizations.remove(0).trace
}

fn decision(draft: &Draft) -> DecisionName {
    decide(&draft.read()).into()
}

fn statements(draft: &Draft) -> Vec<StatementTrace> {
    trace(draft).policies.into_iter().flat_map(|policy| policy.statements).collect()
}

fn statement(denies: bool, principal: Option<Element>, action: &str, resource: &str) -> Statement {
    let (action, resource) = (Element::of(&[action]), Element::of(&[resource]));
    Statement { denies, principal, action, resource, conditions: Vec::new() }
}

/// Lets the key policy's allows name only some of those whom they named; somebody else if nobody is left.
fn keep_allowed_principals(draft: &mut Draft, keep: impl Fn(&str) -> bool) {
    for statement in draft.key_policy.iter_mut().filter(|statement| !statement.denies) {
        let Some(principal) = &mut statement.principal else { continue };
        principal.values.retain(|name| keep(name));
        if principal.values.is_empty() {
            principal.values.push("arn:aws:iam::777788889999:root".into());
        }
    }
}

/// Takes every allow out of the identity policies.
fn silence_identity_policies(draft: &mut Draft) {
    draft.identity_policies.iter_mut().for_each(|policy| policy.retain(|statement| statement.denies));
}

/// Adds a statement to one of the policies, somewhere.
fn add(draft: &mut Draft, to_key_policy: bool, key: &Statement, identity: &Statement, at: usize) {
    let (policy, statement) =
        if to_key_policy { (&mut draft.key_policy, key) } else { (&mut draft.identity_policies[0], identity) };
    policy.insert(at % (policy.len() + 1), statement.clone());
}

fn names_principals(statement: &Statement) -> bool {
    statement.principal.as_ref().is_some_and(|principal| !principal.negated)
}

/// A text with a few wildcards in the place of some of its characters.
fn with_wildcards(text: &str, seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut pattern: Vec<char> = text.chars().collect();
    for _ in 0..=dice.below(3) {
        let start = dice.below(pattern.len());
        let end = (start + dice.below(6)).min(pattern.len());
        pattern.splice(start..end, dice.choose(&["*", "?", "??", "*?", "**"]).chars());
    }
    pattern.into_iter().collect()
}

/// What holds for every scenario says little if all scenarios are alike.
#[test]
fn generated_scenarios_come_to_every_decision() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::new(cases(0));
    let mut seen = [0; 4];
    for _ in 0..400 {
        let draft = drafts().new_tree(&mut runner).unwrap().current();
        seen[usize::from(reach(decision(&draft)))] += 1;
    }
    assert!(seen.iter().all(|count| *count >= 20), "{seen:?}");
}

proptest! {
    #![proptest_config(cases(300))]

    /// An explicit deny in any policy overrides every allow, and nothing else is called one.
    #[test]
    fn explicit_deny_overrides(draft in drafts()) {
        let outcomes = statements(&draft).into_iter().filter(|statement| statement.effect == Effect::Deny);
        let outcomes: Vec<Match> = outcomes.map(|statement| statement.outcome).collect();
        match decision(&draft) {
            // Some of those that depend may deny together, whatever is unknown.
            DecisionName::ExplicitDeny => prop_assert!(outcomes.iter().any(|outcome| *outcome != Match::No)),
            _ => prop_assert!(!outcomes.contains(&Match::Yes)),
        }
        let mut draft = draft;
        draft.key_policy.push(statement(true, Some(Element::of(&[EVERYONE])), "kms:*", "*"));
        prop_assert_eq!(decision(&draft), DecisionName::ExplicitDeny);
    }

    /// What no statement allows is denied.
    #[test]
    fn default_deny(draft in drafts()) {
        let could = |statement: &StatementTrace| statement.effect == Effect::Allow && statement.outcome != Match::No;
        if !statements(&draft).iter().any(could) {
            prop_assert!(reach(decision(&draft)) < 2);
        }
        let mut draft = draft;
        silence_identity_policies(&mut draft);
        draft.key_policy.retain(|statement| statement.denies);
        draft.key_policy.push(statement(true, Some(Element::of(&["arn:aws:iam::777788889999:root"])), "kms:*", "*"));
        prop_assert!(reach(decision(&draft)) < 2);
    }

    #[test]
    fn statement_order_is_irrelevant(draft in drafts(), turn in any::<usize>(), back in any::<bool>()) {
        let expected = decision(&draft);
        let mut draft = draft;
        for policy in std::iter::once(&mut draft.key_policy).chain(&mut draft.identity_policies) {
            let by = turn % policy.len().max(1);
            policy.rotate_left(by);
            if back {
                policy.reverse();
            }
        }
        prop_assert_eq!(decision(&draft), expected);
    }

    #[test]
    fn adding_a_deny_never_allows(
        draft in drafts(), to_key_policy in any::<bool>(), key in key_statement(), identity in identity_statement(),
        at in any::<usize>(),
    ) {
        let before = reach(decision(&draft));
        let mut draft = draft;
        add(&mut draft, to_key_policy, &denying(key), &denying(identity), at);
        let after = reach(decision(&draft));
        prop_assert!(after <= before, "from {before} to {after}");
    }

    #[test]
    fn adding_an_allow_never_denies(
        draft in drafts(), to_key_policy in any::<bool>(),
        key in key_statement().prop_filter("NotPrincipal only denies", names_principals),
        identity in identity_statement(), at in any::<usize>(),
    ) {
        let before = reach(decision(&draft));
        let mut draft = draft;
        let allowing = |statement| Statement { denies: false, ..statement };
        add(&mut draft, to_key_policy, &allowing(key), &allowing(identity), at);
        let after = reach(decision(&draft));
        prop_assert!(after >= before, "from {before} to {after}");
    }

    /// "Unless the key policy explicitly allows it, you cannot use IAM policies to allow access to a KMS key."
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>
    #[test]
    fn identity_allow_alone_is_never_enough(draft in drafts(), allow_all in any::<bool>()) {
        let mut draft = draft;
        let caller = draft.caller;
        keep_allowed_principals(&mut draft, |name| !caller.is_named_by(name));
        if allow_all {
            draft.identity_policies[0].push(statement(false, None, "*", "*"));
        }
        prop_assert!(reach(decision(&draft)) < 2);
    }

    /// A key policy that names the account lets its IAM policies decide; by itself it allows the root user only.
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
    #[test]
    fn delegation_needs_an_identity_allow(draft in drafts()) {
        let mut draft = draft;
        let caller = draft.caller;
        keep_allowed_principals(&mut draft, |name| caller.account_named_by.contains(&name));
        if let Some(account) = caller.account_named_by.first() {
            draft.key_policy.push(statement(false, Some(Element::of(&[account])), "kms:*", "*"));
        }
        let mut silent = draft.clone();
        silence_identity_policies(&mut silent);
        if caller.place != Place::Root {
            prop_assert!(reach(decision(&silent)) < 2);
        } else {
            prop_assert_eq!(decision(&silent), decision(&draft));
        }
    }

    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>
    #[test]
    fn cross_account_needs_both_sides(draft in scenario(&[&PARTNER_SESSION])) {
        let mut alone = draft.clone();
        silence_identity_policies(&mut alone);
        alone.key_policy.push(statement(false, Some(Element::of(PARTNER_SESSION.named_by)), "kms:*", "*"));
        prop_assert!(reach(decision(&alone)) < 2, "the key's side alone");
        let mut alone = draft;
        alone.identity_policies[0].push(statement(false, None, "kms:*", "*"));
        keep_allowed_principals(&mut alone, |name| !PARTNER_SESSION.is_named_by(name));
        prop_assert!(reach(decision(&alone)) < 2, "the caller's side alone");
    }

    /// The same, of the unique id that nobody told.
    #[test]
    fn an_unknown_role_id_decides_both_ways_or_not(draft in scenario(&[&APP_SESSION])) {
        let told = |role_id| decision(&Draft { role_id, ..draft.clone() });
        let firm = told(None);
        for role_id in ["AROAEXAMPLEAPP0000001", "AROAEXAMPLEAPP0000002"] {
            let found = told(Some(role_id));
            match firm {
                DecisionName::Undetermined => {}
                DecisionName::ImplicitDeny => prop_assert!(reach(found) < 2),
                _ => prop_assert_eq!(found, firm),
            }
        }
    }

    #[test]
    fn action_case_is_irrelevant(draft in drafts(), bits in any::<u64>()) {
        let mut other = draft.clone();
        for statement in other.statements_mut() {
            statement.action.values.iter_mut().for_each(|action| *action = recased(action, bits));
        }
        prop_assert_eq!(decision(&other), decision(&draft));
        prop_assert_eq!(trace(&other), trace(&draft));
    }

    #[test]
    fn condition_key_case_is_irrelevant(draft in drafts(), bits in any::<u64>()) {
        let mut other = draft.clone();
        for condition in other.statements_mut().flat_map(|statement| &mut statement.conditions) {
            condition.key = recased(&condition.key, bits);
            for value in &mut condition.values {
                *value = value.replace("${aws:username", &format!("${{{}", recased("aws:username", bits)));
            }
        }
        other.context.iter_mut().for_each(|(key, _)| *key = recased(key, bits.rotate_left(7)));
        prop_assert_eq!(decision(&other), decision(&draft));
        prop_assert_eq!(trace(&other), trace(&draft));
    }

    /// `NotAction` is `Action` with all the others.
    #[test]
    fn not_action_is_the_complement(draft in drafts()) {
        let mut other = draft.clone();
        for statement in other.statements_mut() {
            let listed = |action: &&Action| {
                let name = format!("kms:{}", action.name()).to_lowercase();
                statement.action.values.iter().any(|pattern| means(&pattern.to_lowercase(), &name))
            };
            let others = Action::ALL.iter().filter(|action| !listed(action));
            let others = others.map(|action| format!("kms:{}", action.name())).chain(["s3:GetObject".into()]).collect();
            statement.action = Element { negated: !statement.action.negated, values: others };
        }
        prop_assert_eq!(decide(&other.read()), decide(&draft.read()));
    }

    #[test]
    fn a_decision_is_repeatable(draft in drafts()) {
        let (one, other) = (keytrace::answer(&draft.read(), 0).unwrap(), keytrace::answer(&draft.read(), 0).unwrap());
        prop_assert_eq!(one.decision, other.decision);
        prop_assert_eq!(&one.authorizations[0].trace, &other.authorizations[0].trace);
        prop_assert_eq!(one.explanation, other.explanation);
    }
}

proptest! {
    #![proptest_config(cases(600))]

    /// What is decided although something is unknown stays so, whatever the unknown turns out to be; and
    /// when all is known, the decision is firm.
    #[test]
    fn an_unknown_decides_both_ways_or_not(draft in drafts(), seed in any::<u64>()) {
        let mut scenario = draft.read();
        let firm = reach(decide(&scenario));
        let request = &scenario.requests[0].request;
        let context = request.context(&request.authorizations[0], &scenario.world, &scenario.assumptions);
        let is_unknown = |name: &&str| context.look_up(name).0 == ContextValue::Unknown;
        let unknown: Vec<&str> = CONTEXT_KEYS.iter().map(|key| key.name).filter(is_unknown).collect();
        let mut known = scenario.requests[0].request.given.clone();
        known.retain(|(_, value)| *value != ContextValue::Unknown);
        let mut dice = Dice::new(seed);
        for round in 0..40 {
            // Either all turn out at once, or only some.
            let told: Vec<&str> = unknown.iter().copied().filter(|_| round % 4 != 0 || dice.below(2) == 0).collect();
            let mut given = known.clone();
            for name in &unknown {
                let value = if told.contains(name) {
                    let values: Vec<Given> = context_values(name).collect();
                    match &values[dice.below(values.len())] {
                        Given::Absent | Given::Unknown => ContextValue::Absent,
                        Given::Values(values) => {
                            ContextValue::several(values.iter().map(|value| value.as_str().into()).collect())
                        }
                    }
                } else {
                    ContextValue::Unknown
                };
                given.push(((*name).into(), value));
            }
            scenario.requests[0].request.given = given;
            let found = reach(decide(&scenario));
            let given = &scenario.requests[0].request.given;
            match firm {
                0 => prop_assert_eq!(found, 0, "{:?}", given),
                1 => prop_assert!(found < 2, "{:?}", given),
                3 => prop_assert_eq!(found, 3, "{:?}", given),
                _ => {}
            }
            if told.len() == unknown.len() && draft.role_id.is_some() {
                prop_assert!(found != 2, "still open with {:?}", given);
            }
        }
    }

    #[test]
    fn watching_does_not_change_the_decision(draft in drafts()) {
        let scenario = draft.read();
        prop_assert_eq!(keytrace::answer(&scenario, 0).unwrap().decision, decide(&scenario));
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn wildcards_match_what_a_literal_matcher_matches(pattern in "[abé*?]{0,9}", text in "[abé]{0,12}") {
        prop_assert_eq!(Pattern::wildcards(&pattern).matches_text(&text), means(&pattern, &text));
    }

    /// The same of whole policies: actions without case, resources with it.
    #[test]
    fn wildcards_of_policies_match_what_a_literal_matcher_matches(
        named in select(Action::ALL), operation in select(&["Decrypt", "Encrypt", "GenerateDataKey", "CreateGrant"][..]),
        seed in any::<u64>(), of_action in any::<bool>(),
    ) {
        let name = if seed % 3 == 0 { named.name() } else { operation };
        // AWS refuses what does not begin as an ARN.
        let (account, key) = KEY_ARN.split_at(KEY_ARN.find("key/").unwrap());
        let (action, resource) = if of_action {
            (format!("kms:{}", with_wildcards(name, seed)), "*".to_string())
        } else {
            ("*".to_string(), format!("{account}{}", with_wildcards(key, seed)))
        };
        let allow = statement(false, Some(Element::of(&[EVERYONE])), &action, &resource);
        let draft = Draft {
            caller: &DANA, operation, key_policy: vec![allow], identity_policies: vec![Vec::new()], context: Vec::new(),
            role_id: None, assumptions: Vec::new(),
        };
        let asked = format!("kms:{operation}").to_lowercase();
        let expected = means(&action.to_lowercase(), &asked) && means(&resource, KEY_ARN);
        prop_assert_eq!(decision(&draft) == DecisionName::Allowed, expected);
    }
}
