//! A compiler for wasm32-unknown-unknown: the one that cargo uses anyway, as rustup provides it, or,
//! where Rust's release server is out of reach, Debian's.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::Duration;

use super::{cache, debian_rust, target_dir};
use crate::process::run_within;
use crate::report::{Outcome, say};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Which compiler builds for wasm32.
pub enum WasmCompiler {
    /// The active toolchain does.
    Active,
    /// The `rustc` and `rustdoc` in this folder do.
    Sysroot(PathBuf),
}

impl WasmCompiler {
    /// Makes a command that calls cargo compile with it. Only builds for wasm32 are run like this:
    /// clippy and the host's tests stay with the active toolchain.
    pub fn select(&self, command: &mut Command) {
        if let WasmCompiler::Sysroot(folder) = self {
            command.env("RUSTC", folder.join("rustc")).env("RUSTDOC", folder.join("rustdoc"));
        }
    }
}

impl fmt::Display for WasmCompiler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WasmCompiler::Active => formatter.write_str("the active toolchain"),
            WasmCompiler::Sysroot(folder) => write!(formatter, "Debian's, with the library in {}", folder.display()),
        }
    }
}

/// Finds a compiler for wasm32, or gets one.
pub fn prepare() -> Outcome<WasmCompiler> {
    let way = std::env::var("KEYTRACE_WASM_VIA").unwrap_or_else(|_| "auto".to_owned());
    match way.as_str() {
        "auto" => prepare_somehow(),
        "rustup" if builds_for_wasm(Path::new("rustc")) => Ok(WasmCompiler::Active),
        "rustup" => ask_rustup(),
        "debian" => debian_rust::prepare().map(WasmCompiler::Sysroot),
        other => Err(format!("KEYTRACE_WASM_VIA is `{other}`; it may be auto, rustup or debian").into()),
    }
}

fn prepare_somehow() -> Outcome<WasmCompiler> {
    if builds_for_wasm(Path::new("rustc")) {
        return Ok(WasmCompiler::Active);
    }
    // What was built on an earlier day answers at once, with no look at the network.
    if let Some(folder) = debian_rust::find()? {
        return Ok(WasmCompiler::Sysroot(folder));
    }
    let refusal = match ask_rustup() {
        Ok(compiler) => return Ok(compiler),
        Err(refusal) => refusal,
    };
    say(format_args!("{refusal}; falling back to Debian's Rust"));
    debian_rust::prepare().map(WasmCompiler::Sysroot).map_err(|failure| {
        format!(
            "there is no compiler for {TARGET}: {refusal}, and Debian's Rust is no way out: {failure}; \
                 run `rustup target add {TARGET}` where Rust's release server can be reached, then try again"
        )
        .into()
    })
}

fn ask_rustup() -> Outcome<WasmCompiler> {
    let limit = std::env::var("KEYTRACE_RUSTUP_WAIT").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(90);
    say(format_args!("asking rustup for {TARGET}, at most {limit} s"));
    let log = cache::folder()?.join("log/rustup.log");
    let mut add = Command::new("rustup");
    add.args(["target", "add", TARGET]);
    run_within(Duration::from_secs(limit), &mut add, &log)
        .map_err(|failure| format!("rustup could not add {TARGET}: {failure}"))?;
    if builds_for_wasm(Path::new("rustc")) {
        return Ok(WasmCompiler::Active);
    }
    Err(format!("rustup has {TARGET}, but the rustc on PATH does not build for it").into())
}

/// Whether a small program compiles. It allocates and formats, so it takes core, alloc, std and a
/// linker: a target that is only half there does not pass.
pub fn builds_for_wasm(rustc: &Path) -> bool {
    const PROGRAM: &str = r#"
        #[unsafe(no_mangle)]
        pub extern "C" fn length(count: u32) -> usize {
            (0..count).map(|number| format!("{number}")).collect::<Vec<_>>().concat().len()
        }
    "#;
    let Ok(target) = target_dir() else {
        return false;
    };
    let folder = target.join(format!("probe-{}", process::id()));
    let source = folder.join("probe.rs");
    let wasm = folder.join("probe.wasm");
    if fs::create_dir_all(&folder).and_then(|()| fs::write(&source, PROGRAM)).is_err() {
        return false;
    }
    let mut compile = Command::new(rustc);
    compile.args(["--edition", "2024", "--crate-type", "cdylib", "--target", TARGET, "-o"]).arg(&wasm).arg(&source);
    let compiled = compile.output().is_ok_and(|output| output.status.success()) && wasm.is_file();
    // A temporary folder that cannot be deleted does not change the answer.
    let _ = fs::remove_dir_all(folder);
    compiled
}
