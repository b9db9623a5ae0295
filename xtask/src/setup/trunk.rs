//! Trunk, which bundles the playground.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::cache;
use crate::process::{capture, cargo, run_counted};
use crate::report::{Failure, Outcome, say, span};

const VERSION: &str = "0.22.1";

/// The folder of a Trunk of exactly our version.
pub fn prepare() -> Outcome<PathBuf> {
    let cache = cache::folder()?;
    let home = cache.join(format!("tools/trunk-{VERSION}"));
    let folder = home.join("bin");
    if fits(&folder) {
        return Ok(folder);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(found) = std::env::split_paths(&path).find(|folder| fits(folder)) {
        return Ok(found);
    }
    build(&cache, &home)?;
    if fits(&folder) {
        return Ok(folder);
    }
    Err(format!("trunk was built but does not run; delete {} and try again", home.display()).into())
}

fn fits(folder: &Path) -> bool {
    let trunk = folder.join("trunk");
    trunk.is_file()
        && capture(Command::new(trunk).arg("--version")).is_ok_and(|answer| answer == format!("trunk {VERSION}"))
}

fn build(cache: &Path, home: &Path) -> Outcome {
    say(format_args!("building trunk {VERSION}: once, 4 to 12 minutes on two cores, then kept in {}", home.display()));
    let started = Instant::now();
    // Kept until the build is through, so that one that was interrupted goes on where it stopped.
    let scratch = cache.join(format!("build/trunk-{VERSION}"));
    let mut install = cargo();
    // Trunk asks for a newer Rust than it needs; it builds and runs with ours.
    install.args(["install", "trunk", "--version", VERSION, "--locked", "--ignore-rust-version"]);
    install.args(["--no-default-features", "--features", "rustls", "--root"]).arg(home);
    install.env("CARGO_TARGET_DIR", &scratch);
    // A tool for ourselves: quick to build rather than quick to run.
    install.env("CARGO_PROFILE_RELEASE_LTO", "off");
    install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    run_counted(&mut install, &cache.join("log/trunk.log"), "trunk").map_err(|failure| {
        Failure::from(format!(
            "trunk {VERSION} could not be built: {failure}; fix that and try again, it goes on there"
        ))
    })?;
    // What is left over costs space and nothing else.
    let _ = fs::remove_dir_all(scratch);
    say(format_args!("built trunk {VERSION} in {}", span(started.elapsed())));
    Ok(())
}
