//! Tables, and links to scenarios and pages.

use keytrace::scenario::Standing;
use keytrace_tests::coverage::{Coverage, Evidence, Point};

/// A table with its heading; a cell that has a bar in it would break it.
pub fn table(heading: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(&heading.iter().map(|cell| String::from(*cell)).collect::<Vec<_>>());
    text += &format!("|{}\n", "---|".repeat(heading.len()));
    for row in rows {
        assert!(row.len() == heading.len() && row.iter().all(|cell| !cell.contains(['|', '\n'])), "{row:?}");
        text += &line(&row);
    }
    text
}

/// A link.
pub fn link(text: &str, to: &str) -> String {
    format!("[{text}]({to})")
}

/// How many scenarios reach any of these points, linked to one of them.
pub fn count(coverage: &Coverage, points: impl IntoIterator<Item = Point>) -> String {
    let evidence = coverage.of(points);
    shown(&evidence, &evidence.count().to_string())
}

/// The text, linked to a scenario if there is one.
pub fn shown(evidence: &Evidence<'_>, text: &str) -> String {
    match evidence.example() {
        Some(scenario) => link(text, &format!("../tests/scenarios/{}", scenario.name)),
        None => text.into(),
    }
}

/// The same, with how many of them say what no sentence of AWS's does.
pub fn standing(coverage: &Coverage, points: impl IntoIterator<Item = Point>) -> String {
    let evidence = coverage.of(points);
    let beside = [(Standing::Observed, "observed"), (Standing::Inferred, "inferred")];
    let beside = beside.map(|(standing, word)| (evidence.standing(standing), word));
    let beside: Vec<String> =
        beside.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let count = shown(&evidence, &evidence.count().to_string());
    if beside.is_empty() { count } else { format!("{count} ({})", beside.join(", ")) }
}
