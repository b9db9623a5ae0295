//! The tools that a fresh machine lacks. Each part finds what is there and fits, and gets the rest.

mod apt;
mod cache;
mod chromium;
mod cxx;
mod debian_rust;
mod npm;
mod trunk;
mod wasm_bindgen;
mod wasm_compiler;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

pub use chromium::chromium;
pub use cxx::cxx;
use wasm_compiler::WasmCompiler;

use crate::report::{Outcome, say};

/// What it takes to build for the browser, ready to run.
pub struct Tools {
    compiler: WasmCompiler,
    search_path: OsString,
}

impl Tools {
    /// Finds each tool, or gets it. Where nothing is missing this takes a second.
    pub fn prepare() -> Outcome<Tools> {
        let compiler = wasm_compiler::prepare()?;
        let mut folders = vec![wasm_bindgen::prepare()?, npm::prepare()?, trunk::prepare()?];
        // Ours come first: a tool of another version elsewhere on PATH would fail late and in riddles.
        folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let search_path =
            std::env::join_paths(folders).map_err(|error| format!("cannot put our tools on PATH: {error}"))?;
        Ok(Tools { compiler, search_path })
    }

    /// A program that finds our tools first and compiles for wasm32 if it calls cargo.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("PATH", &self.search_path);
        self.compiler.select(&mut command);
        command
    }
}

/// `cargo xtask setup`: everything that any chore needs, and what it found.
pub fn everything() -> Outcome {
    let tools = Tools::prepare()?;
    say(format_args!("compiler for wasm32: {}", tools.compiler));
    let chromium = chromium()?;
    say(format_args!("browser for the tests: {}", chromium.display()));
    say("all set: `cargo xtask serve` starts the playground, `cargo xtask test` tests everything");
    Ok(())
}

/// The folder of Cargo's artefacts, found from where this program lies in it.
pub fn target_dir() -> Outcome<PathBuf> {
    parent(&dev_artefacts()?)
}

/// The folder that holds this program, and so every other one that is built the same way.
fn dev_artefacts() -> Outcome<PathBuf> {
    let own = std::env::current_exe().map_err(|error| format!("cannot tell where xtask itself lies: {error}"))?;
    parent(&own)
}

fn parent(path: &Path) -> Outcome<PathBuf> {
    path.parent().map(Path::to_owned).ok_or_else(|| format!("{} lies in no folder", path.display()).into())
}
