//! `cargo xtask test`: everything that has to pass before a change lands, in the order in which it
//! fails fastest.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::arguments::FuzzOptions;
use crate::fuzz;
use crate::playground;
use crate::process::{cargo, run};
use crate::report::{Outcome, say, span};
use crate::setup::{self, Tools};

/// One thing that has to pass.
struct Step {
    name: &'static str,
    about: &'static str,
    /// The steps whose results it uses.
    after: &'static [&'static str],
    run: fn(&mut Workshop) -> Outcome,
}

const STEPS: &[Step] = &[
    Step { name: "format", about: "rustfmt finds nothing to change", after: &[], run: format },
    Step { name: "clippy", about: "clippy finds nothing to say", after: &[], run: clippy },
    Step { name: "host", about: "unit tests, integration tests and examples in the docs", after: &[], run: host },
    Step { name: "fuzz", about: "any bytes, a little while each", after: &[], run: fuzz },
    Step { name: "docs", about: "rustdoc finds nothing to say", after: &[], run: docs },
    Step { name: "setup", about: "the tools for WebAssembly and the browser are there", after: &[], run: set_up },
    Step { name: "no-std", about: "the engine links without Rust's standard library", after: &[], run: no_std },
    Step { name: "wasm", about: "the engine for JavaScript builds, into target/wasm/", after: &[], run: wasm },
    Step { name: "node", about: "tests of that engine under Node.js", after: &["wasm"], run: node },
    Step { name: "foreign", about: "another simulator agrees, or AWS's page says why not", after: &[], run: foreign },
    Step { name: "interop", about: "the AWS Encryption SDK opens what was sealed, and back", after: &[], run: interop },
    Step { name: "playground", about: "the playground builds for release, into dist/", after: &[], run: playground },
    Step { name: "browser", about: "tests of that playground in Chromium", after: &["playground"], run: browser },
];

/// Runs every step, until one fails.
pub fn run_all() -> Outcome {
    run_steps(STEPS.iter().collect())
}

/// Runs one step, after those that it builds on.
pub fn run_one(name: &str) -> Outcome {
    let Some(wanted) = STEPS.iter().find(|step| step.name == name) else {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!("there is no step `{name}`; the steps are {}", names.join(", ")).into());
    };
    run_steps(STEPS.iter().filter(|step| step.name == name || wanted.after.contains(&step.name)).collect())
}

/// Names the steps.
pub fn list() {
    for step in STEPS {
        println!("{:<12}{}", step.name, step.about);
    }
}

fn run_steps(steps: Vec<&Step>) -> Outcome {
    let started = Instant::now();
    let mut workshop = Workshop::default();
    for (done, step) in steps.iter().enumerate() {
        let began = Instant::now();
        say(format_args!("step {} of {}, {}: {}", done + 1, steps.len(), step.name, step.about));
        if let Err(failure) = (step.run)(&mut workshop) {
            println!("steps: {done} passed, 1 failed, {} skipped", steps.len() - done - 1);
            let name = step.name;
            return Err(format!("step {name} failed: {failure}; `cargo xtask test {name}` runs it alone").into());
        }
        say(format_args!("{} passed in {}", step.name, span(began.elapsed())));
    }
    say(format_args!("all done in {}", span(started.elapsed())));
    println!("steps: {} passed, 0 failed", steps.len());
    Ok(())
}

/// What the steps share.
#[derive(Default)]
struct Workshop {
    tools: Option<Tools>,
}

impl Workshop {
    fn tools(&mut self) -> Outcome<&Tools> {
        let tools = match self.tools.take() {
            Some(tools) => tools,
            None => Tools::prepare()?,
        };
        Ok(self.tools.insert(tools))
    }
}

fn format(_: &mut Workshop) -> Outcome {
    run(cargo().args(["fmt", "--all", "--check"]))?;
    run(cargo().args(["fmt", "--manifest-path", fuzz::MANIFEST, "--check"]))
}

fn clippy(_: &mut Workshop) -> Outcome {
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn host(_: &mut Workshop) -> Outcome {
    run(cargo().args(["test", "--workspace"]))
}

fn fuzz(_: &mut Workshop) -> Outcome {
    fuzz::run(&FuzzOptions::default())
}

fn docs(_: &mut Workshop) -> Outcome {
    run(cargo().args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

fn set_up(workshop: &mut Workshop) -> Outcome {
    workshop.tools()?;
    setup::chromium().map(|_| ())
}

fn no_std(workshop: &mut Workshop) -> Outcome {
    run(&mut wasm_build(workshop.tools()?, "keytrace-no-std", "dev"))
}

fn wasm(workshop: &mut Workshop) -> Outcome {
    build_wasm(workshop.tools()?)
}

/// The engine for JavaScript, into `wasm/` of the folder of artefacts.
pub fn build_wasm(tools: &Tools) -> Outcome {
    let target = setup::target_dir()?;
    run(&mut wasm_build(tools, "keytrace-wasm", "release"))?;
    let mut bindgen = tools.command("wasm-bindgen");
    bindgen.args(["--target=web", "--out-name=keytrace"]);
    bindgen.arg(format!("--out-dir={}", target.join("wasm").display()));
    bindgen.arg(target.join("wasm32-unknown-unknown/release/keytrace_wasm.wasm"));
    run(&mut bindgen)
}

fn wasm_build(tools: &Tools, package: &str, profile: &str) -> Command {
    let mut build = tools.command(cargo().get_program());
    build.args(["build", "--target", "wasm32-unknown-unknown", "--package", package, "--profile", profile]);
    build
}

fn node(workshop: &mut Workshop) -> Outcome {
    run(node_tests(workshop.tools()?, "tests/node")?.env("KEYTRACE_WASM", setup::target_dir()?.join("wasm")))
}

/// Worlds that are compared with another simulator: about 25,000 requests.
const COMPARED_WORLDS: &str = "2000";

fn foreign(workshop: &mut Workshop) -> Outcome {
    let target = setup::target_dir()?;
    let decisions = target.join("foreign.ndjson");
    let mut write = cargo();
    write.args(["run", "--quiet", "--package", "keytrace-tests", "--example", "foreign", "--"]);
    run(write.arg(&decisions).arg(COMPARED_WORLDS))?;
    let mut node = workshop.tools()?.command("node");
    run(node.arg("tests/foreign/compare.mjs").arg(&decisions).arg(target.join("foreign")))
}

fn interop(workshop: &mut Workshop) -> Outcome {
    let target = setup::target_dir()?;
    run(cargo().args(["build", "--quiet", "--package", "keytrace-tests", "--example", "interop"]))?;
    let mut node = workshop.tools()?.command("node");
    run(node.arg("tests/interop/exchange.mjs").arg(target.join("debug/examples/interop")).arg(target.join("interop")))
}

fn playground(workshop: &mut Workshop) -> Outcome {
    playground::build(workshop.tools()?)
}

fn browser(workshop: &mut Workshop) -> Outcome {
    let chromium = setup::chromium()?;
    run(node_tests(workshop.tools()?, "tests/browser")?.env("CHROMIUM", chromium))
}

fn node_tests(tools: &Tools, folder: &str) -> Outcome<Command> {
    let files = test_files(Path::new(folder))?;
    if files.is_empty() {
        return Err(format!("{folder} holds no test, that is no file that ends in .test.mjs").into());
    }
    let mut node = tools.command("node");
    node.args(["--test", "--test-reporter=spec"]).args(files);
    Ok(node)
}

fn test_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let unreadable = |error| format!("cannot read {}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
