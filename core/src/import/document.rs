use crate::json::{Kind, Source, Value, parse};
use crate::problem::Problems;

/// A policy document, taken out of the string that it may have come in. A string that holds no
/// object stays one: the reader of the scenario says what is wrong with it.
pub(super) fn document(value: &Value, text: &str) -> Value {
    embedded(value, text).unwrap_or_else(|| value.clone())
}

/// The object inside a string.
pub(super) fn embedded(value: &Value, text: &str) -> Option<Value> {
    value.as_str()?;
    let mut problems = Problems::new(text);
    let inside = parse(&Source::embedded(text, value.span), &mut problems)?;
    (problems.errors() == 0 && matches!(inside.kind, Kind::Object(_))).then_some(inside)
}

/// Whether a document is meant for a resource, such as a key: its statements say to whom they apply.
pub(super) fn names_principals(document: &Value) -> bool {
    let Some(statement) = document.get("Statement") else { return false };
    let statements = statement.as_array().unwrap_or(core::slice::from_ref(statement));
    statements.iter().any(|statement| statement.get("Principal").or(statement.get("NotPrincipal")).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::edit;

    #[test]
    fn documents_come_out_of_strings() {
        for text in [
            r#""{\n  \"Version\" : \"2012-10-17\"\n}""#,
            "\"%7B%22Version%22%3A%20%222012-10-17%22%7D\"",
            r#"{"Version": "2012-10-17"}"#,
        ] {
            let found = document(&edit::read(text).unwrap(), text);
            assert_eq!(found.get("Version").and_then(Value::as_str), Some("2012-10-17"), "{text}");
        }
        let text = "\"{not json\"";
        assert_eq!(document(&edit::read(text).unwrap(), text).as_str(), Some("{not json"));
    }

    #[test]
    fn resource_policies_name_principals() {
        for (text, expected) in [
            (r#"{"Statement": {"NotPrincipal": {"AWS": "*"}}}"#, true),
            (r#"{"Statement": [{"Effect": "Allow"}, {"Principal": "*"}]}"#, true),
            (r#"{"Statement": [{"Effect": "Allow"}]}"#, false),
            (r#"{"Principal": "*"}"#, false),
        ] {
            assert_eq!(names_principals(&edit::read(text).unwrap()), expected, "{text}");
        }
    }
}
