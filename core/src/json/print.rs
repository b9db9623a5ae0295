//! Values as text.

use alloc::string::String;
use core::fmt::Write as _;

use super::{Kind, Member, Value};

/// Arrays of strings and numbers stay on one line up to this column.
const WIDTH: usize = 100;

/// Writes a value over several lines, indented by `unit` for each level.
///
/// The first line has no indentation; `margin` begins every other line. The order of members,
/// repeated names and the spelling of numbers are kept, and so the text reads back as the same value.
///
/// ```
/// use keytrace::json::{self, Source, print};
/// use keytrace::problem::Problems;
///
/// let text = r#"{"Action":["kms:Decrypt","kms:Encrypt"],"Principal":{"AWS":"*"}}"#;
/// let value = json::parse(&Source::plain(text), &mut Problems::new(text)).unwrap();
/// assert_eq!(
///     print::pretty(&value, "", "  "),
///     r#"{
///   "Action": ["kms:Decrypt", "kms:Encrypt"],
///   "Principal": {
///     "AWS": "*"
///   }
/// }"#,
/// );
/// ```
#[must_use]
pub fn pretty(value: &Value, margin: &str, unit: &str) -> String {
    let mut printer = Printer { text: String::new(), indentation: margin.into(), unit };
    printer.value(value);
    printer.text
}

/// Writes a value on one line, without a space between its parts: a line of a log.
///
/// ```
/// use keytrace::json::{Value, print};
///
/// let record = Value::object([("eventName", Value::text("Decrypt")), ("readOnly", Value::boolean(true))]);
/// assert_eq!(print::compact(&record), r#"{"eventName":"Decrypt","readOnly":true}"#);
/// ```
#[must_use]
pub fn compact(value: &Value) -> String {
    let mut text = String::new();
    push_compact(&mut text, value);
    text
}

/// Writes a string with its quotes, escaped where JSON asks for it.
#[must_use]
pub fn quoted(content: &str) -> String {
    let mut text = String::with_capacity(content.len() + 2);
    push_quoted(&mut text, content);
    text
}

struct Printer<'u> {
    text: String,
    indentation: String,
    unit: &'u str,
}

impl Printer<'_> {
    fn value(&mut self, value: &Value) {
        match &value.kind {
            Kind::Array(elements) if !elements.is_empty() => {
                if elements.iter().any(is_nested) || !self.on_one_line(elements) {
                    self.lines('[', elements, ']', Self::value);
                }
            }
            Kind::Object(members) if !members.is_empty() => self.lines('{', members, '}', Self::member),
            _ => push_flat(&mut self.text, value),
        }
    }

    fn member(&mut self, member: &Member) {
        push_quoted(&mut self.text, &member.name);
        self.text.push_str(": ");
        self.value(&member.value);
    }

    fn lines<Item>(&mut self, open: char, items: &[Item], close: char, print: fn(&mut Self, &Item)) {
        let outside = self.indentation.len();
        self.indentation.push_str(self.unit);
        self.text.push(open);
        for (index, item) in items.iter().enumerate() {
            self.text.push_str(if index == 0 { "\n" } else { ",\n" });
            self.text.push_str(&self.indentation);
            print(self, item);
        }
        self.indentation.truncate(outside);
        self.text.push('\n');
        self.text.push_str(&self.indentation);
        self.text.push(close);
    }

    /// Writes the elements behind each other, unless the line would become too long.
    fn on_one_line(&mut self, elements: &[Value]) -> bool {
        let before = self.text.len();
        self.text.push('[');
        for (index, element) in elements.iter().enumerate() {
            self.text.push_str(if index == 0 { "" } else { ", " });
            push_flat(&mut self.text, element);
        }
        self.text.push(']');
        let line = self.text.rsplit('\n').next().unwrap_or_default();
        let fits = line.chars().count() <= WIDTH;
        if !fits {
            self.text.truncate(before);
        }
        fits
    }
}

fn is_nested(value: &Value) -> bool {
    matches!(&value.kind, Kind::Array(_) | Kind::Object(_))
}

fn push_compact(text: &mut String, value: &Value) {
    match &value.kind {
        Kind::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                push_compact(text, element);
            }
            text.push(']');
        }
        Kind::Object(members) => {
            text.push('{');
            for (index, member) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                push_quoted(text, &member.name);
                text.push(':');
                push_compact(text, &member.value);
            }
            text.push('}');
        }
        _ => push_flat(text, value),
    }
}

/// Writes what fits on one line whatever its length: scalars, and what is empty.
fn push_flat(text: &mut String, value: &Value) {
    match &value.kind {
        Kind::Null => text.push_str("null"),
        Kind::Bool(true) => text.push_str("true"),
        Kind::Bool(false) => text.push_str("false"),
        Kind::Number(spelled) => text.push_str(spelled),
        Kind::String(content) => push_quoted(text, content),
        Kind::Array(_) => text.push_str("[]"),
        Kind::Object(_) => text.push_str("{}"),
    }
}

fn push_quoted(text: &mut String, content: &str) {
    text.push('"');
    for character in content.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if control < ' ' => {
                // Writing to a `String` cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Source, Span, parse};
    use crate::problem::Problems;
    use alloc::{boxed::Box, vec::Vec};

    fn read(text: &str) -> Value {
        let mut problems = Problems::new(text);
        let value = parse(&Source::plain(text), &mut problems).unwrap();
        assert_eq!(problems.into_list(), [], "{text}");
        value
    }

    /// The value alone: where it stood does not matter.
    fn bare(value: &Value) -> Value {
        let kind = match &value.kind {
            Kind::Array(elements) => Kind::Array(elements.iter().map(bare).collect()),
            Kind::Object(members) => Kind::Object(
                members
                    .iter()
                    .map(|member| Member {
                        name: member.name.clone(),
                        name_span: Span::default(),
                        value: bare(&member.value),
                    })
                    .collect(),
            ),
            scalar => scalar.clone(),
        };
        Value { span: Span::default(), kind }
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same() {
        let texts = [
            r#"{"b": 1.50, "a": [1e3, -0, [], {}, [[1], {"x": null}]], "b": true, "": false}"#,
            r#"["\u0000\u001f\t\r\n\"\\\/é😀\u2028", ""]"#,
            "\"text\"",
            "[]",
        ];
        for text in texts {
            let value = read(text);
            for (margin, unit) in [("", "  "), ("    ", "\t"), ("\t", "    ")] {
                assert_eq!(bare(&read(&pretty(&value, margin, unit))), bare(&value), "{text}");
            }
        }
    }

    #[test]
    fn long_arrays_are_broken_and_short_ones_are_not() {
        let fits = r#"["arn:aws:iam::111122223333:user/Alice", "arn:aws:iam::111122223333:user/Bob"]"#;
        assert_eq!(pretty(&read(fits), "", "  "), fits);
        let long: Vec<Box<str>> = (100_000..100_020).map(|n| alloc::format!("{n}").into()).collect();
        let printed = pretty(&read(&["[", &long.join(", "), "]"].concat()), "  ", "  ");
        assert_eq!(printed.lines().count(), 22);
        assert!(printed.starts_with("[\n    100000,\n") && printed.ends_with("    100019\n  ]"));
    }

    #[test]
    fn a_line_has_no_space_and_no_break() {
        let text = "{\"a\":[1,\"x\\ny\",{},[]],\"b\":{\"c\":null}}";
        assert_eq!(compact(&read(text)), text);
    }

    #[test]
    fn the_margin_begins_every_line_but_the_first() {
        let printed = pretty(&read(r#"{"a": {"b": [{}]}}"#), "  ", "  ");
        assert_eq!(printed, "{\n    \"a\": {\n      \"b\": [\n        {}\n      ]\n    }\n  }");
    }
}
