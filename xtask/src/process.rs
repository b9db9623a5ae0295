//! Other programs: started, watched, and spoken of in one sentence when they fail.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::report::{Counter, Failure, Outcome};

/// Cargo as it was called for this very run, so that the same toolchain answers.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program that shows its own output.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(failed(command, status)) }
}

/// Runs a program and hands over what it printed on standard output.
pub fn capture(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| cannot_start(command, &error))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    } else {
        Err(failed(command, output.status))
    }
}

/// Runs a program whose output only matters when it fails: then its last lines are shown.
pub fn run_logged(command: &mut Command, log: &Path) -> Outcome {
    let file = create(log)?;
    let copy = file.try_clone().map_err(|error| unwritable(log, &error))?;
    command.stdin(Stdio::null()).stdout(file).stderr(copy);
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    finish_logged(command, status, log)
}

/// Like [`run_logged`] for a build by cargo, counting the crates that are done.
pub fn run_counted(command: &mut Command, log: &Path, what: &'static str) -> Outcome {
    let mut file = create(log)?;
    // Cargo draws its bar also where it is not on a terminal, and says there how far it is.
    command.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "100");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| cannot_start(command, &error))?;
    if let Some(mut output) = child.stderr.take() {
        let mut counter = Counter::new(what);
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = output.read(&mut buffer) {
            let bytes = buffer.get(..length).unwrap_or_default();
            file.write_all(bytes).map_err(|error| unwritable(log, &error))?;
            if let Some((done, total)) = bar(&String::from_utf8_lossy(bytes)) {
                counter.show(done, total);
            }
        }
    }
    let status = child.wait().map_err(|error| cannot_start(command, &error))?;
    finish_logged(command, status, log)
}

/// Runs a program that may hang; `Err` holds what it complained of, or that it did not answer.
pub fn run_within(limit: Duration, command: &mut Command, log: &Path) -> Outcome {
    let file = create(log)?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
    let mut child = command.spawn().map_err(|error| cannot_start(command, &error))?;
    let started = Instant::now();
    loop {
        match child.try_wait().map_err(|error| cannot_start(command, &error))? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => {
                return Err(complaint(log).map_or_else(|| failed(command, status), Failure::from));
            }
            None if started.elapsed() > limit => {
                // It may have ended in between; either way it is gone then.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("`{}` did not answer in {} s", line(command), limit.as_secs()).into());
            }
            None => thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// How far cargo's progress bar has come, `Building [===>   ] 123/483: syn`, where the text holds one.
fn bar(text: &str) -> Option<(usize, usize)> {
    let (_, after) = text.rsplit_once("] ")?;
    let (done, rest) = after.split_once('/')?;
    let total: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((done.parse().ok()?, total.parse().ok()?))
}

fn complaint(log: &Path) -> Option<String> {
    let text = fs::read_to_string(log).ok()?;
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let error = lines.clone().find_map(|line| line.strip_prefix("error: "));
    error.or_else(|| lines.next_back()).map(str::to_owned)
}

fn create(log: &Path) -> Outcome<File> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    }
    File::create(log).map_err(|error| unwritable(log, &error))
}

fn finish_logged(command: &Command, status: ExitStatus, log: &Path) -> Outcome {
    if status.success() {
        return Ok(());
    }
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).replace('\r', "\n")).unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    for line in lines.iter().skip(lines.len().saturating_sub(20)) {
        eprintln!("    {line}");
    }
    Err(format!("{}; the whole log is {}", failed(command, status), log.display()).into())
}

fn failed(command: &Command, status: ExitStatus) -> Failure {
    match status.code() {
        Some(code) => format!("`{}` failed with exit code {code}", line(command)).into(),
        None => format!("`{}` was stopped", line(command)).into(),
    }
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    if error.kind() == ErrorKind::NotFound {
        return format!("`{program}` is not installed or not on PATH; {}", remedy(&program)).into();
    }
    format!("`{program}` could not be started: {error}").into()
}

fn remedy(program: &str) -> &'static str {
    match program {
        "node" | "npm" => "install Node.js 20.19 or later with npm, then try again",
        "rustc" | "rustup" | "cargo" => "install Rust with rustup, then try again",
        _ => "install it, then try again",
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    format!("cannot write {}: {error}", path.display()).into()
}

/// The command as one would type it.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_progress_bar_of_cargo_is_read() {
        assert_eq!(bar("    Building [====>      ] 123/483: syn, quote"), Some((123, 483)));
        assert_eq!(bar("   Compiling syn v2.0.0"), None);
        assert_eq!(bar("Building [=> ] 1/9: a\r    Building [==> ] 2/9: b\r"), Some((2, 9)));
    }

    #[test]
    fn a_missing_program_is_one_sentence() {
        let failure = capture(&mut Command::new("keytrace-has-no-such-program")).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "`keytrace-has-no-such-program` is not installed or not on PATH; install it, then try again"
        );
    }
}
