//! `docs/model.md`: what is modelled, each row with AWS's page and the scenarios behind it. It is written from the
//! catalog and from what the corpus reaches: `UPDATE_MODEL=1 cargo test -p keytrace-tests --test model` rewrites
//! the file, and a person reads the difference.

mod assumptions;
mod condition_keys;
mod intro;
mod key_states;
mod markdown;
mod operations;
mod operators;
mod policies;

use std::{env, fs, path::Path};

use keytrace_tests::coverage::Coverage;

/// The whole page.
fn page(coverage: &Coverage) -> String {
    let sections = [
        intro::opening(coverage),
        policies::section(coverage),
        operations::section(coverage),
        condition_keys::section(coverage),
        operators::section(coverage),
        key_states::section(coverage),
        policies::grants(coverage),
        assumptions::section(coverage),
        assumptions::answers(coverage),
        intro::not_modelled(),
        intro::out_of_reach(),
    ];
    sections.join("\n")
}

#[test]
fn the_published_model_is_what_the_corpus_shows() {
    let text = page(&Coverage::gather().unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/model.md");
    if env::var_os("UPDATE_MODEL").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let before = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let differs = |(_, (old, new)): &(usize, (&str, &str))| old != new;
    let lines = before.lines().chain(["(the end)"]).zip(text.lines().chain(["(the end)"]));
    if let Some((index, (old, new))) = lines.enumerate().find(differs) {
        let number = index + 1;
        panic!("docs/model.md, line {number}, was\n{old}\nand would be\n{new}\n`UPDATE_MODEL=1` rewrites the file");
    }
}
