//! The corpus: every scenario under `tests/scenarios/`, read once and run by every door.

#![forbid(unsafe_code)]

mod compare;
pub mod coverage;
pub mod generate;
mod parallel;
pub mod reference;
mod run;
pub mod worlds;

pub use compare::mismatches;
pub use parallel::in_parallel;
pub use run::{Run, silent};

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use keytrace::{
    json::{self, Source, Value},
    problem::Problems,
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
}
