//! What fuzzing starts from: the corpus of scenarios, taken apart for each target.
//!
//! Nothing of it is kept in the repository twice: `KEYTRACE_FUZZ_SEEDS=FOLDER` makes a target write its
//! seeds there, the words of the language beside it into `FOLDER.dict`, and stop.

use std::{collections::BTreeSet, env, fs, path::PathBuf, process};

use keytrace::{
    catalog::{Action, condition_key},
    json::{Value, edit, print},
    scenario,
};
use keytrace_tests::File;

use crate::tree;

/// A target starts from about so many seeds.
const MOST: usize = 700;

/// Writes the seeds that `make` makes, if that is what this process was started for.
pub fn write_if_asked(make: fn(&[File]) -> Vec<Vec<u8>>) {
    let Some(folder) = env::var_os("KEYTRACE_FUZZ_SEEDS").map(PathBuf::from) else { return };
    fs::create_dir_all(&folder).expect("the folder for seeds can be made");
    let files = corpus();
    let seeds = make(&files);
    // Enough of them to begin with, and not so many that a short run only reads.
    for (number, seed) in seeds.iter().step_by(seeds.len().div_ceil(MOST)).enumerate() {
        fs::write(folder.join(format!("{number:05}")), seed).expect("a seed can be written");
    }
    fs::write(folder.with_extension("dict"), dictionary(&files)).expect("the dictionary can be written");
    process::exit(0);
}

/// The words that libFuzzer puts into inputs: every name that a scenario uses, what the catalog lists, and
/// what means something to a reader of JSON, of policies or of a terminal.
fn dictionary(files: &[File]) -> String {
    let mut words: BTreeSet<String> = SYNTAX.iter().map(|piece| (*piece).to_string()).collect();
    words.extend(Action::ALL.iter().map(|action| action.iam_name().to_string()));
    words.extend(condition_key::ALL.iter().map(|key| key.name.to_string()));
    for file in files {
        let Ok(root) = edit::read(&file.text) else { continue };
        tree::every(&root, &mut |value| {
            words.extend(value.as_object().unwrap_or_default().iter().map(|member| member.name.to_string()));
        });
    }
    let quoted = |word: &String| {
        let bytes = word.bytes().map(|byte| match byte {
            b'"' | b'\\' => format!("\\{}", char::from(byte)),
            b' '..=b'~' => char::from(byte).to_string(),
            _ => format!("\\x{byte:02X}"),
        });
        format!("\"{}\"\n", bytes.collect::<String>())
    };
    words.iter().filter(|word| (1..=60).contains(&word.len())).map(quoted).collect()
}

const SYNTAX: [&str; 40] = [
    "{}",
    "[]",
    "\"\"",
    "null",
    "true",
    "false",
    "-0",
    "1e999",
    "0.1e-9",
    "\\u0000",
    "\\ud83d\\ude00",
    "\u{feff}",
    "é",
    "😀",
    "\0",
    "\r\n",
    "\\\n",
    "//",
    "/*",
    "%7B",
    "%22",
    "${",
    "${aws:username}",
    "${aws:username, 'x'}",
    "${*}",
    "*",
    "?",
    "arn:aws:kms:us-west-2:111122223333:key/",
    "arn:aws:iam::111122223333:root",
    "Not",
    "IfExists",
    "ForAllValues:",
    "ForAnyValue:",
    "\"Statement\": [",
    "\"Effect\": \"Deny\"",
    "$ aws kms ",
    "--key-id ",
    "2026-11-23T12:00:00Z",
    "203.0.113.0/24",
    "2012-10-17",
];

/// The corpus of scenarios.
#[must_use]
pub fn corpus() -> Vec<File> {
    keytrace_tests::corpus().expect("the scenarios can be read")
}

/// The scenarios as they are.
#[must_use]
pub fn scenarios(files: &[File]) -> Vec<Vec<u8>> {
    files.iter().map(|file| file.text.clone().into_bytes()).collect()
}

/// Every policy document, once.
#[must_use]
pub fn policies(files: &[File]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for file in files {
        let Ok(root) = edit::read(&file.text) else { continue };
        tree::every(&root, &mut |value| {
            if value.get("Statement").is_some() {
                found.push(print::pretty(value, "", "  ").into_bytes());
            }
        });
    }
    found.sort();
    found.dedup();
    found
}

/// What the `aws` command would print of each scenario, with the commands, and the error that its caller saw.
#[must_use]
pub fn aws_outputs(files: &[File]) -> Vec<Vec<u8>> {
    let mut pastes: Vec<Vec<u8>> = files.iter().filter_map(|file| paste(&file.text)).map(String::into_bytes).collect();
    // Into an empty scenario, and into one that has something in it.
    for (paste, file) in pastes.iter_mut().zip(files).step_by(3) {
        paste.push(0);
        paste.extend(file.text.as_bytes());
    }
    pastes
}

fn paste(text: &str) -> Option<String> {
    let root = edit::read(text).ok()?;
    let list = |name| root.get(name).and_then(Value::as_array).unwrap_or_default();
    let pretty = |value: &Value| print::pretty(value, "", "    ");
    let mut paste = String::new();
    for key in list("keys") {
        let metadata = key.get("KeyMetadata")?;
        let id = metadata.get("Arn").and_then(Value::as_str).unwrap_or_default();
        paste += &format!("$ aws kms describe-key --key-id {id}\n{{ \"KeyMetadata\": {} }}\n", pretty(metadata));
        if let Some(policy) = key.get("Policy") {
            let policy = print::quoted(&pretty(policy));
            paste += &format!("$ aws kms get-key-policy --key-id {id}\n{{ \"Policy\": {policy} }}\n");
        }
        for (command, name) in [("list-grants", "Grants"), ("list-resource-tags", "Tags")] {
            if let Some(list) = key.get(name) {
                paste += &format!("$ aws kms {command} --key-id {id}\n{{ \"{name}\": {} }}\n", pretty(list));
            }
        }
    }
    for principal in list("principals") {
        let arn = principal.get("Arn").and_then(Value::as_str)?;
        let name = arn.rsplit('/').next()?;
        let (kind, option) = if arn.contains(":role/") { ("Role", "role") } else { ("User", "user") };
        paste += &format!("$ aws iam get-{option} --{option}-name {name}\n{{ \"{kind}\": {} }}\n", pretty(principal));
        for policy in principal.get("Policies").and_then(Value::as_array).unwrap_or_default() {
            paste += &format!(
                "$ aws iam get-{option}-policy --{option}-name {name} --policy-name P\n{{ \"{kind}Name\": \"{name}\", \
                 \"PolicyName\": \"P\", \"PolicyDocument\": {} }}\n",
                pretty(policy.get("PolicyDocument")?)
            );
        }
    }
    let scenario = scenario::read(text).value?;
    for (index, request) in list("requests").iter().enumerate() {
        let operation = request.get("operation").and_then(Value::as_str)?;
        if let Some(message) = keytrace::answer(&scenario, index)?.explanation.aws_message {
            paste += &format!(
                "An error occurred (AccessDeniedException) when calling the {operation} operation: {message}\n"
            );
        }
    }
    Some(paste)
}
