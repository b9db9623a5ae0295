//! Writes decisions for the foreign simulator to compare with its own, a line each:
//! `cargo run -p keytrace-tests --example foreign -- target/foreign.ndjson 2000`.

use std::{
    error::Error,
    fs::File,
    io::{BufWriter, Write},
};

use keytrace::scenario::{self, DecisionName};
use keytrace_tests::worlds;
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(count)) = (arguments.next(), arguments.next()) else {
        return Err("tell a file and a number of worlds".into());
    };
    let count = count.parse()?;
    let mut lines = BufWriter::new(File::create(file)?);
    for seed in 0..count {
        let world = worlds::comparable_world(seed);
        let reading = scenario::read(&world.to_string());
        let Some(scenario) = reading.value else {
            return Err(format!("world {seed} is refused: {:?}", reading.problems).into());
        };
        let mut told = false;
        for request in 0..scenario.requests.len() {
            let Some(answer) = keytrace::answer(&scenario, request) else { continue };
            let decision = DecisionName::from(answer.decision);
            if decision == DecisionName::Undetermined {
                continue;
            }
            // The scenario stands with the first of its requests only.
            let line = if told {
                json!({ "request": request, "decision": decision.as_str() })
            } else {
                json!({ "request": request, "decision": decision.as_str(), "scenario": world })
            };
            told = true;
            writeln!(lines, "{line}")?;
        }
    }
    Ok(lines.flush()?)
}
