//! Fuzzing, `tests/fuzz/`: any bytes as what people paste and type, guided by what the compiled engine does
//! with them. libFuzzer does that, and the stable compiler can prepare code for it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use crate::arguments::FuzzOptions;
use crate::process::{self, capture, cargo, run_counted, run_logged};
use crate::report::{Failure, Outcome, say, span};
use crate::setup;

/// The package with the targets, in a workspace of its own.
pub const MANIFEST: &str = "tests/fuzz/Cargo.toml";

/// What fuzzing found beyond the scenarios, a folder for each target.
const CORPUS: &str = "tests/fuzz/corpus";
/// What a target may keep there.
const MOST_FILES: usize = 200;
const MOST_BYTES: u64 = 300_000;

/// How the compiler prepares code that tells libFuzzer which way it took. `cargo fuzz` does the same, with
/// nightly for the sanitizers on top; without unsafe code there is little for them to find.
const RUSTFLAGS: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    // Branches stay apart, and comparisons of texts remain calls that libFuzzer listens to.
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "-Cllvm-args=-max-loads-per-memcmp=0",
];

struct Target {
    name: &'static str,
    about: &'static str,
    /// The longest input worth trying.
    bytes: u32,
}

const TARGETS: &[Target] = &[
    Target { name: "policy", about: "any bytes as a policy of each kind", bytes: 4096 },
    Target { name: "scenario", about: "any bytes as a scenario, and every answer", bytes: 8192 },
    Target { name: "decision", about: "scenarios put together from parts of the corpus", bytes: 192 },
    Target { name: "aws_output", about: "any bytes as a paste from a terminal", bytes: 12288 },
    Target { name: "edit", about: "any bytes as a text that is edited and printed", bytes: 6144 },
    Target { name: "blob", about: "any bytes as a ciphertext blob, and blobs that were changed", bytes: 1024 },
    Target { name: "envelope", about: "any bytes as a sealed message, and messages that were changed", bytes: 2048 },
    Target { name: "life", about: "calls to a world that lives, in any order", bytes: 768 },
    Target { name: "growth", about: "effort grows with the length of a text only", bytes: 6144 },
];

/// `cargo xtask fuzz`.
pub fn run(options: &FuzzOptions) -> Outcome {
    let targets = chosen(options.target.as_deref())?;
    let workshop = Workshop::build()?;
    if !options.files.is_empty() {
        return targets.iter().try_for_each(|target| workshop.replay(target, &options.files));
    }
    for target in &targets {
        workshop.write_seeds(target)?;
    }
    workshop.fuzz_side_by_side(&targets, options.seconds)?;
    if options.keep {
        return targets.iter().try_for_each(|target| workshop.keep(target));
    }
    Ok(())
}

fn chosen(name: Option<&str>) -> Outcome<Vec<&'static Target>> {
    let targets: Vec<_> = TARGETS.iter().filter(|target| name.is_none_or(|name| name == target.name)).collect();
    match name {
        Some(name) if targets.is_empty() => {
            let known: Vec<String> =
                TARGETS.iter().map(|target| format!("{} ({})", target.name, target.about)).collect();
            Err(format!("there is nothing to fuzz called `{name}`; there are {}", known.join(", ")).into())
        }
        _ => Ok(targets),
    }
}

/// Where the programs lie, and what they find.
struct Workshop {
    programs: PathBuf,
    folder: PathBuf,
    logs: PathBuf,
}

impl Workshop {
    fn build() -> Outcome<Self> {
        setup::cxx()?;
        let host = host()?;
        let target = setup::target_dir()?;
        let (folder, logs) = (target.join("fuzz"), target.join("log"));
        let mut build = cargo();
        // The flags are for the engine, not for what runs while it is built: naming the host keeps them apart.
        build.args(["build", "--locked", "--release", "--bins", "--manifest-path", MANIFEST, "--target", &host]);
        build.arg("--target-dir").arg(&folder).env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\u{1f}"));
        build.env_remove("RUSTFLAGS");
        let started = Instant::now();
        say("building the fuzz targets, about a minute when new");
        run_counted(&mut build, &logs.join("fuzz-build.log"), "fuzz targets")?;
        say(format_args!("built the fuzz targets in {}", span(started.elapsed())));
        Ok(Self { programs: folder.join(host).join("release"), folder, logs })
    }

    fn program(&self, target: &Target) -> Command {
        let mut command = Command::new(self.programs.join(target.name));
        // The message says what is wrong; the way there is seen with RUST_BACKTRACE=1.
        if std::env::var_os("RUST_BACKTRACE").is_none() {
            command.env("RUST_BACKTRACE", "0");
        }
        // A hang is an input that takes seconds; the targets themselves count memory and time more closely.
        command.args(["-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"]);
        command.arg(format!("-max_len={}", target.bytes));
        command
    }

    /// The folder of that kind for a target, made if it is not there.
    fn place(&self, kind: &str, target: &Target) -> Outcome<PathBuf> {
        let folder = self.folder.join(kind).join(target.name);
        fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        Ok(folder)
    }

    fn write_seeds(&self, target: &Target) -> Outcome {
        let seeds = self.place("seeds", target)?;
        fs::remove_dir_all(&seeds).map_err(|error| format!("cannot clear {}: {error}", seeds.display()))?;
        let log = self.logs.join(format!("fuzz-{}-seeds.log", target.name));
        run_logged(self.program(target).env("KEYTRACE_FUZZ_SEEDS", seeds), &log)
    }

    /// Every target for so many seconds, as many at once as there are cores.
    fn fuzz_side_by_side(&self, targets: &[&Target], seconds: u64) -> Outcome {
        let cores = thread::available_parallelism().map_or(1, usize::from).min(targets.len());
        let waiting = Mutex::new(targets.iter());
        let failures = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(|| {
                    while let Some(target) = waiting.lock().ok().and_then(|mut waiting| waiting.next()) {
                        if let (Err(failure), Ok(mut failures)) = (self.fuzz(target, seconds), failures.lock()) {
                            failures.push(failure);
                        }
                    }
                });
            }
        });
        let failures = failures.into_inner().unwrap_or_default();
        let sentences: Vec<String> = failures.iter().map(Failure::to_string).collect();
        if sentences.is_empty() { Ok(()) } else { Err(sentences.join("\n").into()) }
    }

    fn fuzz(&self, target: &Target, seconds: u64) -> Outcome {
        let found = self.place("found", target)?;
        let crashes = self.place("crashes", target)?;
        let mut fuzz = self.program(target);
        fuzz.arg(format!("-max_total_time={seconds}"));
        fuzz.arg(option("-artifact_prefix=", &crashes.join("")));
        fuzz.arg(option("-dict=", &self.folder.join("seeds").join(format!("{}.dict", target.name))));
        // New inputs go to the first folder.
        fuzz.arg(found).args(self.known(target));
        let log = self.logs.join(format!("fuzz-{}.log", target.name));
        let started = Instant::now();
        let passed = logged(&mut fuzz, &log)?;
        let text = fs::read(&log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let (name, log) = (target.name, log.display());
        if passed {
            let inputs = statistic(&text, "number_of_executed_units");
            let new = statistic(&text, "new_units_added");
            say(format_args!("{name} passed in {}: {inputs} inputs, {new} went new ways", span(started.elapsed())));
            return Ok(());
        }
        let again = match text.lines().find_map(|line| line.split_once("Test unit written to ")) {
            Some((_, input)) => format!("`cargo xtask fuzz {name} {input}` runs that input again"),
            None => "no input was written".to_owned(),
        };
        Err(format!("{name} failed: {}; {again}, and the whole log is {log}", complaint(&text)).into())
    }

    /// What is known before fuzzing begins: the seeds, and what earlier fuzzing found.
    fn known(&self, target: &Target) -> Vec<PathBuf> {
        let corpus = Path::new(CORPUS).join(target.name);
        [self.folder.join("seeds").join(target.name), corpus].into_iter().filter(|folder| folder.is_dir()).collect()
    }

    /// Runs a target on inputs that are there, once.
    fn replay(&self, target: &Target, files: &[String]) -> Outcome {
        process::run(self.program(target).args(files))
    }

    /// Takes over into the repository what was found and reaches code that nothing there reaches.
    fn keep(&self, target: &Target) -> Outcome {
        let merged = self.place("merged", target)?;
        fs::remove_dir_all(&merged).map_err(|error| format!("cannot clear {}: {error}", merged.display()))?;
        let merged = self.place("merged", target)?;
        let copy = |from: &Path, to: &Path| {
            fs::copy(from, to).map_err(|error| format!("cannot copy {} to {}: {error}", from.display(), to.display()))
        };
        for file in self.known(target).iter().map(|folder| files(folder)).collect::<Outcome<Vec<_>>>()?.concat() {
            copy(&file, &merged.join(file.file_name().unwrap_or_default()))?;
        }
        let before: BTreeSet<PathBuf> = files(&merged)?.into_iter().collect();
        let mut merge = self.program(target);
        // Only code that is new counts, not how often it ran: that keeps a few dozen inputs.
        merge.args(["-set_cover_merge=1", "-use_counters=0"]).arg(&merged).arg(self.place("found", target)?);
        run_logged(&mut merge, &self.logs.join(format!("fuzz-{}-merge.log", target.name)))?;

        let corpus = Path::new(CORPUS).join(target.name);
        fs::create_dir_all(&corpus).map_err(|error| format!("cannot make {}: {error}", corpus.display()))?;
        let size = |file: &PathBuf| fs::metadata(file).map_or(0, |about| about.len());
        let mut new: Vec<PathBuf> = files(&merged)?.into_iter().filter(|file| !before.contains(file)).collect();
        // Where not all fit, the small ones say most for their size. What is there stays.
        new.sort_by_key(size);
        let kept = files(&corpus)?;
        let (mut count, mut bytes) = (kept.len(), kept.iter().map(size).sum::<u64>());
        for file in &new {
            if count == MOST_FILES || bytes + size(file) > MOST_BYTES {
                break;
            }
            copy(file, &corpus.join(file.file_name().unwrap_or_default()))?;
            (count, bytes) = (count + 1, bytes + size(file));
        }
        let added = count - kept.len();
        let (name, corpus) = (target.name, corpus.display());
        say(format_args!("{name} takes over {added} of {} inputs; {corpus} has {count} of {bytes} bytes", new.len()));
        Ok(())
    }
}

/// Runs a program whose output is long and goes to a file; says whether it ended well.
fn logged(command: &mut Command, log: &Path) -> Outcome<bool> {
    let unwritable = |error| format!("cannot write {}: {error}", log.display());
    let file = File::create(log).map_err(unwritable)?;
    command.stdin(Stdio::null()).stdout(file.try_clone().map_err(unwritable)?).stderr(file);
    let program = command.get_program().to_owned();
    let status = command.status().map_err(|error| format!("cannot start {}: {error}", program.display()))?;
    Ok(status.success())
}

/// A number that libFuzzer counted.
fn statistic<'l>(log: &'l str, name: &str) -> &'l str {
    let value = |line: &'l str| line.strip_prefix("stat::")?.strip_prefix(name)?.strip_prefix(':');
    log.lines().find_map(value).map_or("?", str::trim)
}

/// The platform that the compiler runs on.
fn host() -> Outcome<String> {
    let about = capture(Command::new("rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "`rustc -vV` names no host".into())
}

/// The sentence of a panic, or what libFuzzer says.
fn complaint(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let panic = lines.iter().position(|line| line.contains(" panicked at "));
    let sentence = panic.and_then(|at| lines.get(at + 1)).or_else(|| lines.iter().find(|line| line.contains("ERROR:")));
    sentence.map_or_else(|| "it stopped without a word".to_owned(), |line| line.chars().take(300).collect())
}

fn option(name: &str, path: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(path);
    option
}

/// The files in a folder.
fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let unreadable = |error| format!("cannot read {}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_in_its_own_words() {
        let log = "#12 pulse\n\nthread '<unnamed>' (7) panicked at src/sound.rs:20:5:\nSpan { start: 1 }\nnote: run\n";
        assert_eq!(complaint(log), "Span { start: 1 }");
        assert_eq!(complaint("==7== ERROR: libFuzzer: timeout\n"), "==7== ERROR: libFuzzer: timeout");
    }

    #[test]
    fn statistics_are_read() {
        let log = "stat::number_of_executed_units: 2774\nstat::new_units_added:          325\n";
        assert_eq!((statistic(log, "new_units_added"), statistic(log, "peak")), ("325", "?"));
    }

    #[test]
    fn every_target_has_a_program() {
        let manifest = include_str!("../../tests/fuzz/Cargo.toml");
        for target in TARGETS {
            assert!(manifest.contains(&format!("path = \"targets/{}.rs\"", target.name)), "{}", target.name);
        }
    }
}
