//! Prints a generated world, and what both evaluators say to one of its requests:
//! `cargo run -p keytrace-tests --example world -- 4711 3`.

use keytrace::{explain::Node, scenario};
use keytrace_tests::{reference::Reference, worlds};

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|number| number.parse::<u64>().ok());
    let seed = numbers.next().unwrap_or_default();
    let world = worlds::world(seed);
    let text = serde_json::to_string_pretty(&world).unwrap_or_default();
    let Some(request) = numbers.next().and_then(|request| usize::try_from(request).ok()) else {
        println!("{text}");
        return;
    };
    println!("{}", world.pointer(&format!("/requests/{request}")).map(ToString::to_string).unwrap_or_default());
    let answer = scenario::read(&text).value.and_then(|scenario| keytrace::answer(&scenario, request));
    if let Some(answer) = answer {
        println!("first: {}; {}", answer.explanation.verdict, answer.explanation.summary);
        answer
            .explanation
            .context
            .iter()
            .for_each(|line| println!("  {} = {} ({})", line.key, line.value, line.origin));
        answer.explanation.tree.iter().for_each(|node| print(node, 1));
    }
    println!("second: {:?}", Reference::read(&world).and_then(|reference| reference.decide(request)));
}

fn print(node: &Node, depth: usize) {
    println!("{:width$}[{:?}] {}: {}", "", node.sign, node.title, node.detail, width = depth * 2);
    node.children.iter().for_each(|child| print(child, depth + 1));
}
