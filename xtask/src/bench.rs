//! `cargo xtask bench`: how long something takes, natively and as WebAssembly, beside others that do it. It is never
//! part of the tests: a machine that is busy would fail them.

use crate::arguments::BenchOptions;
use crate::process::{self, cargo, run_counted};
use crate::report::{Outcome, say};
use crate::setup::{self, Tools};
use crate::suite;

struct Bench {
    name: &'static str,
    about: &'static str,
    /// What Node.js runs.
    script: &'static str,
}

const BENCHES: &[Bench] =
    &[Bench { name: "seal", about: "seal and open data under a data key", script: "tests/bench/seal.mjs" }];

/// Builds everything first and measures then, so that the machine is as idle as it gets.
pub fn run(options: &BenchOptions) -> Outcome {
    let benches = chosen(options.name.as_deref())?;
    let tools = Tools::prepare()?;
    suite::build_wasm(&tools)?;
    let target = setup::target_dir()?;
    let mut build = cargo();
    build.args(["build", "--profile", "bench", "--package", "keytrace-tests", "--example", "bench"]);
    run_counted(&mut build, &target.join("log/bench.log"), "native program")?;
    for bench in benches {
        say(format_args!("measuring: {}; leave the machine alone meanwhile", bench.about));
        let mut node = tools.command("node");
        node.arg(bench.script).arg(target.join("release/examples/bench")).arg(target.join("bench"));
        process::run(node.arg(options.samples.to_string()).env("KEYTRACE_WASM", target.join("wasm")))?;
    }
    Ok(())
}

fn chosen(name: Option<&str>) -> Outcome<Vec<&'static Bench>> {
    let benches: Vec<_> = BENCHES.iter().filter(|bench| name.is_none_or(|name| name == bench.name)).collect();
    match name {
        Some(name) if benches.is_empty() => {
            let known: Vec<String> = BENCHES.iter().map(|bench| format!("{} ({})", bench.name, bench.about)).collect();
            Err(format!("there is nothing to measure called `{name}`; there are {}", known.join(", ")).into())
        }
        _ => Ok(benches),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bench_is_found_by_its_name() {
        assert_eq!(chosen(None).unwrap().len(), BENCHES.len());
        assert_eq!(chosen(Some("seal")).unwrap().len(), 1);
        let failure = chosen(Some("sael")).map(|_| ()).unwrap_err();
        assert!(failure.to_string().starts_with("there is nothing to measure called `sael`; there are seal ("));
    }
}
