//! `cargo xtask`: every chore of Keytrace, so that nobody has to remember a command line.

mod arguments;
mod bench;
mod fuzz;
mod playground;
mod process;
mod report;
mod setup;
mod suite;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arguments::Chore;
use report::Outcome;
use setup::Tools;

fn main() -> ExitCode {
    let chore = match arguments::read(std::env::args().skip(1)) {
        Ok(chore) => chore,
        Err(problem) => {
            eprintln!("xtask: {problem}; see `cargo xtask --help`");
            return ExitCode::from(2);
        }
    };
    match perform(chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn perform(chore: Chore) -> Outcome {
    std::env::set_current_dir(root()).map_err(|error| format!("cannot enter {}: {error}", root().display()))?;
    match chore {
        Chore::Help => {
            println!("{}", arguments::HELP);
            Ok(())
        }
        Chore::Setup => setup::everything(),
        Chore::Build => playground::build(&Tools::prepare()?),
        Chore::Serve(options) => playground::serve(&options),
        Chore::Test { step: None } => suite::run_all(),
        Chore::Test { step: Some(name) } => suite::run_one(&name),
        Chore::Fuzz(options) => fuzz::run(&options),
        Chore::Bench(options) => bench::run(&options),
        Chore::Announce { port } => playground::announce(port),
        Chore::ListSteps => {
            suite::list();
            Ok(())
        }
    }
}

/// The folder that holds the workspace.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}
