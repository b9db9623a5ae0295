//! What holds for whatever the engine says about a text.

use std::fmt::{self, Write};

use keytrace::{
    decision::Decision,
    explain::{Explanation, Node, NodeKind},
    json::Span,
    problem::Problem,
    scenario::{self, Scenario},
};

use crate::bounds::{ANSWERING, READING};

/// Start and end lie in the text, in this order, between characters.
pub fn span(span: Span, text: &str) {
    assert!(span.start <= span.end && span.of(text).is_some(), "{span:?} of {} bytes", text.len());
}

/// Every problem says something about a place in the text, as byte, line and column alike.
pub fn problems(problems: &[Problem], text: &str) {
    // Line and column are checked by counting, once for each place.
    let mut counted: Option<(u32, u32, u32)> = None;
    for problem in problems {
        span(problem.span, text);
        let place = (problem.span.start, problem.line, problem.column);
        if counted != Some(place) {
            let before = &text[..problem.span.start as usize];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
            assert_eq!((problem.line as usize, problem.column as usize), (line, column), "{problem:?}");
            counted = Some(place);
        }
        assert!(!problem.message.trim().is_empty(), "{problem:?}");
        assert!(problem.pointer.is_empty() || problem.pointer.starts_with('/'), "{problem:?}");
        print(format_args!("{problem}"));
    }
}

/// Every sentence says something, and every place lies in the text.
pub fn explanation(explanation: &Explanation, text: &str) {
    for reason in explanation.reasons.iter().chain(&explanation.assumptions) {
        assert!(!reason.text.is_empty() && reason.page.starts_with("https://"), "{reason:?}");
        reason.span.into_iter().for_each(|place| span(place, text));
    }
    assert!(!explanation.summary.is_empty() && !explanation.verdict.is_empty() && !explanation.question.is_empty());
    explanation.tree.iter().for_each(|child| node(child, text));
}

fn node(node: &Node, text: &str) {
    // A value may be the empty text.
    assert!(!node.title.is_empty() || node.kind == NodeKind::Value, "{node:?}");
    node.span.into_iter().for_each(|place| span(place, text));
    node.children.iter().for_each(|child| self::node(child, text));
}

/// What the requests of a scenario come to: a decision on each permission that each of them takes; or the
/// problems of a text that is none.
pub type Decisions = Result<Vec<Vec<Decision>>, Vec<Problem>>;

/// Reads a text as a scenario and answers every request of it, watched and silent.
pub fn answers(text: &str) -> Decisions {
    let scenario = scenario(text)?;
    print(format_args!("{scenario:?}"));
    assert!(keytrace::answer(&scenario, scenario.requests.len()).is_none());
    Ok((0..scenario.requests.len()).map(|index| answer(&scenario, index, text)).collect())
}

/// The same with nobody watching, which is quicker.
pub fn silent(text: &str) -> Decisions {
    let scenario = scenario(text)?;
    Ok((0..scenario.requests.len()).map(|index| keytrace_tests::silent(&scenario, index)).collect())
}

fn scenario(text: &str) -> Result<Scenario, Vec<Problem>> {
    let reading = READING.hold(text.len(), || scenario::read(text));
    problems(&reading.problems, text);
    assert!(reading.value.is_some() || !reading.problems.is_empty(), "refused without a word");
    reading.value.ok_or(reading.problems)
}

fn answer(scenario: &Scenario, index: usize, text: &str) -> Vec<Decision> {
    let answer = ANSWERING.hold(text.len(), || keytrace::answer(scenario, index)).expect("there is such a request");
    explanation(&answer.explanation, text);
    let decisions: Vec<_> = answer.authorizations.iter().map(|authorized| authorized.decision).collect();
    assert_eq!(decisions, keytrace_tests::silent(scenario, index), "watched and silent disagree");
    assert_eq!(decisions[answer.deciding], answer.decision);
    let expect = scenario.requests[index].expect.as_ref();
    let mismatches = expect.map(|expect| expect.mismatches(scenario, index, &answer));
    print(format_args!("{answer:?} {mismatches:?}"));
    decisions
}

/// Prints to nowhere: printing comes to an end and does not fail either.
fn print(text: fmt::Arguments<'_>) {
    struct Nowhere;
    impl Write for Nowhere {
        fn write_str(&mut self, _: &str) -> fmt::Result {
            Ok(())
        }
    }
    Nowhere.write_fmt(text).expect("what is printed to nowhere fits");
}
