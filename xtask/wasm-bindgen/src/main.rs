//! wasm-bindgen's command line, as far as Trunk and `cargo xtask` call it.

use std::path::PathBuf;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

const USAGE: &str = "wasm-bindgen --target=web --out-dir=DIR [--out-name=NAME] [--no-typescript] FILE.wasm";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("wasm-bindgen: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    // As the command line of wasm-bindgen has it.
    bindgen.typescript(true);
    let mut out_dir = None;
    for argument in arguments {
        match argument.split_once('=') {
            Some(("--target", "web")) => {
                bindgen.web(true).map_err(|error| format!("{error:#}"))?;
            }
            Some(("--out-dir", dir)) => out_dir = Some(PathBuf::from(dir)),
            Some(("--out-name", name)) => {
                bindgen.out_name(name);
            }
            _ if argument == "--no-typescript" => {
                bindgen.typescript(false);
            }
            _ if argument == "--version" => {
                println!("wasm-bindgen {}", wasm_bindgen_shared::version());
                return Ok(());
            }
            _ if argument.starts_with('-') => {
                return Err(format!("unknown flag `{argument}`; usage: {USAGE}"));
            }
            _ => {
                bindgen.input_path(argument);
            }
        }
    }
    let out_dir = out_dir.ok_or_else(|| format!("--out-dir is missing; usage: {USAGE}"))?;
    bindgen.generate(out_dir).map_err(|error| format!("{error:#}"))
}
