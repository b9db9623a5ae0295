//! Prints what becomes of the requests of a scenario file, in a line each, and what the second evaluator says:
//! `cargo run -p keytrace-tests --example explain -- scenario.json`.

use std::process::ExitCode;

use keytrace::scenario;
use keytrace_tests::reference::Reference;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("which file?");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let reading = scenario::read(&text);
    reading.problems.iter().for_each(|problem| println!("{path}:{problem}"));
    let Some(scenario) = reading.value else { return ExitCode::FAILURE };
    let world = serde_json::from_str(&text).unwrap_or_default();
    for request in 0..scenario.requests.len() {
        let Some(answer) = keytrace::answer(&scenario, request) else { continue };
        println!("{request}: {}; {}", answer.explanation.verdict, answer.explanation.summary);
        answer.explanation.would_decide.iter().for_each(|reason| println!("   {}", reason.text));
        answer.error.iter().for_each(|error| println!("   {error}"));
        let second = Reference::read(&world).and_then(|reference| reference.decide(request));
        println!("   {second:?}");
    }
    ExitCode::SUCCESS
}
