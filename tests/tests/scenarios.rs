//! Every scenario comes to what its author expects, by AWS's page. One alone:
//! `SCENARIO=delegation/bare-account-id cargo test -p keytrace-tests --test scenarios`.

use std::{collections::BTreeMap, env, io, sync::LazyLock};

use keytrace_tests::{File, Run, corpus, in_parallel};

/// What one look at a file finds, a line for each fault.
struct Findings {
    mismatches: Vec<String>,
    watched_otherwise: Vec<String>,
    unsettled: Vec<String>,
}

/// The chosen files, each read and answered once for all tests.
fn findings() -> Result<&'static [Findings], &'static io::Error> {
    static FINDINGS: LazyLock<io::Result<Vec<Findings>>> = LazyLock::new(|| {
        let files = corpus()?;
        let chosen: Vec<&File> = files.iter().filter(|file| file.name.contains(&chosen())).collect();
        Ok(in_parallel(&chosen, |file| Findings::of(&Run::new(file))))
    });
    let found = FINDINGS.as_ref()?;
    assert!(!found.is_empty(), "no scenario has `{}` in its name", chosen());
    Ok(found)
}

fn chosen() -> String {
    env::var("SCENARIO").unwrap_or_default()
}

impl Findings {
    fn of(run: &Run<'_>) -> Self {
        let named = |faults: Vec<String>| faults.iter().map(|fault| format!("{}: {fault}", run.file.name)).collect();
        let unwatched = run.watched_otherwise().into_iter().map(|index| format!("request {index}"));
        Self {
            mismatches: named(run.mismatches()),
            watched_otherwise: named(unwatched.collect()),
            unsettled: named(unsettled(run)),
        }
    }
}

/// What keeps a reader from knowing what settles it.
fn unsettled(run: &Run<'_>) -> Vec<String> {
    let Some(scenario) = run.scenario() else { return Vec::new() };
    let page = scenario.doc.as_deref().unwrap_or("no page");
    let of_aws = ["https://docs.aws.amazon.com/", "https://aws.amazon.com/"].iter().any(|site| page.starts_with(site));
    let faults =
        [(!of_aws, page), (scenario.standing.is_none(), "no standing"), (scenario.title.is_none(), "no title")];
    faults.into_iter().filter(|(is_fault, _)| *is_fault).map(|(_, fault)| fault.into()).collect()
}

fn assert_none<'f>(faults: impl Iterator<Item = &'f String>) {
    let faults: Vec<&str> = faults.map(String::as_str).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_scenario_comes_to_what_is_expected() {
    println!("{} scenarios", findings().unwrap().len());
    assert_none(findings().unwrap().iter().flat_map(|found| &found.mismatches));
}

#[test]
fn watching_does_not_change_the_decision() {
    assert_none(findings().unwrap().iter().flat_map(|found| &found.watched_otherwise));
}

#[test]
fn every_scenario_names_its_page_and_standing() {
    assert_none(findings().unwrap().iter().flat_map(|found| &found.unsettled));
}

#[test]
fn every_scenario_has_a_partner() {
    let mut rules: BTreeMap<String, usize> = BTreeMap::new();
    for file in corpus().unwrap() {
        let rule = file.name.rsplit_once('/').map_or("", |(rule, _)| rule);
        *rules.entry(rule.into()).or_default() += 1;
    }
    let alone: Vec<_> = rules.iter().filter(|(rule, count)| **count < 2 && *rule != "examples").collect();
    assert!(alone.is_empty(), "a rule needs two scenarios that differ in one thing: {alone:?}");
}
