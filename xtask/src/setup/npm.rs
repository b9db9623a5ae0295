//! The packages of package-lock.json: the editor's parts, wasm-opt, and what drives the browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::target_dir;
use crate::process::{capture, run_logged};
use crate::report::{Outcome, say, span};

const LOCK: &str = "package-lock.json";
/// A copy of the lock, written when all that it names is in place.
const INSTALLED: &str = "node_modules/.installed-from";
/// What `engines` in package.json asks for.
const NODE: (u32, u32) = (20, 19);

/// The folder with the packages' programs.
pub fn prepare() -> Outcome<PathBuf> {
    check_node()?;
    let lock = fs::read(LOCK).map_err(|error| format!("cannot read {LOCK}: {error}"))?;
    if fs::read(INSTALLED).is_ok_and(|installed| installed == lock) {
        return programs();
    }
    say("installing npm packages, some seconds");
    let started = Instant::now();
    run_logged(Command::new("npm").args(["ci", "--no-progress"]), &target_dir()?.join("log/npm.log"))?;
    fs::write(INSTALLED, lock).map_err(|error| format!("cannot write {INSTALLED}: {error}"))?;
    say(format_args!("installed npm packages in {}", span(started.elapsed())));
    programs()
}

fn programs() -> Outcome<PathBuf> {
    std::path::absolute(Path::new("node_modules/.bin"))
        .map_err(|error| format!("cannot tell where node_modules lies: {error}").into())
}

fn check_node() -> Outcome {
    let (major, minor) = NODE;
    let version = capture(Command::new("node").arg("--version"))?;
    if parse(&version).is_some_and(|found| found >= NODE) {
        return Ok(());
    }
    Err(format!(
        "Node.js {major}.{minor} or later is needed and this is {version}; install a newer one, then try again"
    )
    .into())
}

fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_says_its_version() {
        assert_eq!(parse("v20.20.2"), Some((20, 20)));
        assert!(parse("v20.20.2") >= Some(NODE) && parse("v18.19.0") < Some(NODE));
        assert_eq!(parse("20"), None);
    }

    /// A lock that names where each package was downloaded from would only work there.
    #[test]
    fn no_lock_names_a_download_address() {
        for lock in [
            include_str!("../../../package-lock.json"),
            include_str!("../../../tests/bench/package-lock.json"),
            include_str!("../../../tests/foreign/package-lock.json"),
            include_str!("../../../tests/interop/package-lock.json"),
        ] {
            assert!(!lock.contains("\"resolved\""));
        }
    }
}
