use serde_json::Value;

/// Where a value is not as expected, a line each: every member that is named is so, and lists have the same length.
/// `"<any>"` is anything, `"<none>"` nothing.
#[must_use]
pub fn mismatches(expected: &Value, got: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    compare(expected, Some(got), "", &mut faults);
    faults
}

fn compare(expected: &Value, got: Option<&Value>, pointer: &str, faults: &mut Vec<String>) {
    match (expected, got) {
        (Value::String(word), None) if word == "<none>" => {}
        (Value::String(word), Some(_)) if word == "<any>" => {}
        (Value::Object(members), Some(got @ Value::Object(_))) => {
            for (name, expected) in members {
                compare(expected, got.get(name), &format!("{pointer}/{name}"), faults);
            }
        }
        (Value::Array(expected), Some(Value::Array(got))) if expected.len() == got.len() => {
            for (index, (expected, got)) in expected.iter().zip(got).enumerate() {
                compare(expected, Some(got), &format!("{pointer}/{index}"), faults);
            }
        }
        (expected, Some(got)) if expected == got => {}
        (expected, got) => {
            let got = got.map_or("nothing".into(), ToString::to_string);
            faults.push(format!("{pointer}: expected {expected}, got {got}"));
        }
    }
}
