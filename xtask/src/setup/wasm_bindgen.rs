//! wasm-bindgen's program, which must be of the same version as the crate: a member of this workspace,
//! so that Cargo.lock sees to it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::{dev_artefacts, target_dir};
use crate::process::{cargo, run_counted, run_logged};
use crate::report::{Outcome, say};

/// The folder in which it is called `wasm-bindgen`, as Trunk expects.
pub fn prepare() -> Outcome<PathBuf> {
    let program = dev_artefacts()?.join("xtask-wasm-bindgen");
    let target = target_dir()?;
    let log = target.join("log/wasm-bindgen.log");
    let mut build = cargo();
    build.args(["build", "--package", "xtask-wasm-bindgen"]);
    if program.exists() {
        // Most often there is nothing to do, and never much.
        run_logged(&mut build, &log)?;
    } else {
        say("building wasm-bindgen, about a minute");
        run_counted(&mut build, &log, "wasm-bindgen")?;
    }

    let folder = target.join("tools");
    let link = folder.join("wasm-bindgen");
    if fs::read_link(&link).is_ok_and(|aim| aim == program) {
        return Ok(folder);
    }
    // A link from an earlier place of the checkout may be in the way; where there is none, all the better.
    let _ = fs::remove_file(&link);
    fs::create_dir_all(&folder)
        .and_then(|()| symlink(&program, &link))
        .map_err(|error| format!("cannot write {}: {error}", link.display()))?;
    Ok(folder)
}
