//! What a reader of each example sees, kept as text: `UPDATE_SNAPSHOTS=1 cargo test -p keytrace-tests
//! --test explanations` rewrites the files, and a person reads the difference.

use std::{
    env,
    fmt::{self, Write},
    fs,
    path::Path,
};

use keytrace::{
    explain::{Explanation, Node, Sign},
    scenario,
};
use keytrace_tests::corpus;

/// The explanation as plain text.
fn told(explanation: &Explanation) -> Result<String, fmt::Error> {
    let mut text = String::new();
    writeln!(text, "{}\n\n{}: {}", explanation.question, explanation.verdict, explanation.summary)?;
    if let Some(message) = &explanation.aws_message {
        writeln!(text, "AWS: {message}")?;
    }
    writeln!(text)?;
    for reason in &explanation.reasons {
        let mark = if reason.reported { "*" } else { "-" };
        writeln!(text, "{mark} {}\n  {}", reason.text, reason.page)?;
    }
    for reason in &explanation.would_decide {
        writeln!(text, "? {}\n  {}", reason.text, reason.page)?;
    }
    writeln!(text)?;
    for node in &explanation.tree {
        branch(&mut text, node, 0)?;
    }
    writeln!(text)?;
    for line in &explanation.context {
        let asked = if line.asked { "*" } else { " " };
        writeln!(text, "{asked} {} = {} ({})", line.key, line.value, line.origin)?;
    }
    Ok(text)
}

fn branch(text: &mut String, node: &Node, depth: usize) -> fmt::Result {
    let sign = match node.sign {
        Sign::Allows => "allows",
        Sign::Denies => "denies",
        Sign::Silent => "silent",
        Sign::Matches => "yes",
        Sign::DoesNotMatch => "no",
        Sign::Depends => "depends",
        Sign::NotApplicable => "no part",
    };
    let detail = if node.detail.is_empty() { String::new() } else { format!(": {}", node.detail) };
    writeln!(text, "{}[{sign}] {}{detail}", "  ".repeat(depth), node.title)?;
    node.children.iter().try_for_each(|child| branch(text, child, depth + 1))
}

#[test]
fn the_examples_read_as_before() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let mut differences = Vec::new();
    for file in corpus().unwrap() {
        let Some(name) = file.name.strip_prefix("examples/").and_then(|name| name.strip_suffix(".json")) else {
            continue;
        };
        let scenario = scenario::read(&file.text).value.unwrap();
        let text = told(&keytrace::answer(&scenario, 0).unwrap().explanation).unwrap();
        let path = folder.join(format!("{name}.txt"));
        if env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &text).unwrap();
        }
        let before = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        if before != text {
            differences.push(format!("{name}\n{text}"));
        }
    }
    assert!(differences.is_empty(), "these read otherwise than their snapshots:\n{}", differences.join("\n"));
}
