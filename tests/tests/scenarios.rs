//! Every scenario comes to what its author expects, by AWS's page. One alone:
//! `SCENARIO=delegation/bare-account-id cargo test -p keytrace-tests --test scenarios`.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use keytrace::{
    scenario::{self, Standing},
    trace::Reason,
};
use keytrace_tests::{File, corpus, silent};

fn chosen() -> io::Result<Vec<File>> {
    let chosen = std::env::var("SCENARIO").unwrap_or_default();
    let files: Vec<File> = corpus()?.into_iter().filter(|file| file.name.contains(&chosen)).collect();
    assert!(!files.is_empty(), "no scenario has `{chosen}` in its name");
    Ok(files)
}

#[test]
fn every_scenario_comes_to_what_is_expected() {
    let files = chosen().unwrap();
    let mut failures = String::new();
    for file in &files {
        for line in file.check() {
            failures += &format!("{}: {line}\n", file.name);
        }
    }
    println!("{} scenarios", files.len());
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn watching_does_not_change_the_decision() {
    for file in chosen().unwrap() {
        let Some(scenario) = scenario::read(&file.text).value else { continue };
        for index in 0..scenario.requests.len() {
            let answer = keytrace::answer(&scenario, index).unwrap();
            let watched: Vec<_> = answer.authorizations.iter().map(|authorized| authorized.decision).collect();
            assert_eq!(watched, silent(&scenario, index), "{}", file.name);
        }
    }
}

#[test]
fn every_scenario_names_its_page_and_standing_and_has_a_partner() {
    let mut rules: BTreeMap<String, usize> = BTreeMap::new();
    for file in corpus().unwrap() {
        let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder).to_string();
        *rules.entry(folder).or_default() += 1;
        if file.expected_problems().is_some() {
            continue;
        }
        let scenario = scenario::read(&file.text).value.unwrap_or_else(|| panic!("{} is refused", file.name));
        let doc = scenario.doc.unwrap_or_default();
        assert!(
            doc.starts_with("https://docs.aws.amazon.com/") || doc.starts_with("https://aws.amazon.com/"),
            "{}: {doc}",
            file.name
        );
        let standing: Option<Standing> = scenario.standing;
        assert!(standing.is_some() && scenario.title.is_some(), "{}", file.name);
    }
    let alone: Vec<_> = rules.iter().filter(|(rule, count)| **count < 2 && *rule != "examples").collect();
    assert!(alone.is_empty(), "a rule needs two scenarios that differ in one thing: {alone:?}");
}

#[test]
fn every_reason_of_a_trace_is_reached() {
    let mut unreached: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.name()).collect();
    // A key policy's statement without `Principal` is refused when it is read.
    unreached.remove("noPrincipalElement");
    for file in corpus().unwrap() {
        let Some(scenario) = scenario::read(&file.text).value else { continue };
        for index in 0..scenario.requests.len() {
            let answer = keytrace::answer(&scenario, index).unwrap();
            unreached.retain(|name| !Reason::ALL.iter().any(|reason| reason.name() == *name && answer.has(*reason)));
        }
    }
    assert!(unreached.is_empty(), "no scenario reaches {unreached:?}");
}
