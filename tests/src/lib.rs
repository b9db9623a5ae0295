//! The corpus: every scenario under `tests/scenarios/`, read once and run by every door.

#![forbid(unsafe_code)]

pub mod generate;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use keytrace::{
    compile::CompiledWorld,
    decision::Decision,
    evaluate::{Question, evaluate},
    json::{self, Source, Value},
    problem::Problems,
    scenario::{self, Scenario},
    trace::Silent,
};

/// A file of the corpus.
pub struct File {
    /// Its path below `tests/scenarios/`, with `/`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A problem that a scenario expects.
#[derive(Debug)]
pub struct ExpectedProblem {
    /// Its code.
    pub code: String,
    /// Where, if the author pinned that.
    pub pointer: Option<String>,
}

/// Where the scenarios are.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// Every scenario, by name.
///
/// # Errors
/// If the folder or a file of it cannot be read.
pub fn corpus() -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    gather(&folder(), "", &mut files)?;
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

fn gather(folder: &Path, prefix: &str, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &format!("{name}/"), files)?;
        } else if name.ends_with(".json") {
            files.push(File { name, text: fs::read_to_string(entry.path())? });
        }
    }
    Ok(())
}

/// What each authorization of a request comes to when nobody watches.
#[must_use]
pub fn silent(scenario: &Scenario, request: usize) -> Vec<Decision> {
    let Some(request) = scenario.requests.get(request).map(|case| &case.request) else { return Vec::new() };
    let (world, assumptions) = (&scenario.world, scenario.assumptions);
    let compiled = CompiledWorld::new(world);
    let decide = |authorization| {
        let context = request.context(authorization, world, &assumptions);
        let question = Question::new(request, authorization, &context, world, &compiled, assumptions);
        evaluate(&compiled, &question, &mut Silent)
    };
    request.authorizations.iter().map(decide).collect()
}

impl File {
    /// The problems that it is expected to have; `None` if it is expected to run.
    #[must_use]
    pub fn expected_problems(&self) -> Option<Vec<ExpectedProblem>> {
        let value = json::parse(&Source::plain(&self.text), &mut Problems::new(&self.text))?;
        let text = |value: &Value, name| value.get(name).and_then(Value::as_str).map(String::from);
        let expected = value.get("expectProblems")?.as_array()?;
        let problem =
            |value| ExpectedProblem { code: text(value, "code").unwrap_or_default(), pointer: text(value, "pointer") };
        Some(expected.iter().map(problem).collect())
    }

    /// What came out other than expected, a line each; nothing if all is as it should be.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let reading = scenario::read(&self.text);
        if let Some(expected) = self.expected_problems() {
            let found = |expected: &ExpectedProblem| {
                reading.problems.iter().any(|problem| {
                    problem.code.as_str() == expected.code
                        && expected.pointer.as_ref().is_none_or(|pointer| *pointer == problem.pointer)
                })
            };
            let missed = expected.iter().filter(|problem| !found(problem));
            let seen: Vec<String> =
                reading.problems.iter().map(|problem| format!("{} at {}", problem.code, problem.pointer)).collect();
            return missed.map(|problem| format!("expected {problem:?}, found {seen:?}")).collect();
        }
        let Some(scenario) = &reading.value else {
            return reading
                .problems
                .iter()
                .map(|problem| format!("refused: {problem} ({})", problem.pointer))
                .collect();
        };
        let mut lines = Vec::new();
        for (index, case) in scenario.requests.iter().enumerate() {
            let Some(answer) = keytrace::answer(scenario, index) else { continue };
            let Some(expect) = &case.expect else {
                lines.push(format!("request {index} expects nothing"));
                continue;
            };
            for mismatch in expect.mismatches(scenario, index, &answer) {
                lines.push(format!("{}: expected `{}`, found `{}`", mismatch.what, mismatch.expected, mismatch.found));
            }
        }
        lines
    }
}
