//! Changes to a JSON text that leave the rest of it as its author wrote it.

use alloc::{borrow::Cow, string::String, vec, vec::Vec};
use core::fmt;

use super::{Kind, Member, Source, Span, Value, parse, print};
use crate::problem::{Problem, Problems, Severity};

/// A text after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The new text.
    pub text: String,
    /// Where in it the value stands that was put there.
    pub span: Span,
    /// Where the texts begin to differ, and the length of what differs in the old and the new.
    at: u32,
    removed: u32,
    added: u32,
}

impl Edited {
    /// Where something stands now that stood at `before` in the old text.
    #[must_use]
    pub const fn moved(&self, before: Span) -> Span {
        let start = if before.start >= self.at + self.removed { self.shifted(before.start) } else { before.start };
        let end = if before.end > self.at { self.shifted(before.end) } else { before.end };
        Span::new(start, end)
    }

    const fn shifted(&self, offset: u32) -> u32 {
        (offset + self.added).saturating_sub(self.removed)
    }
}

/// Why a text was left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// It is not JSON: its first error.
    NotJson(Problem),
    /// The pointer leads into a value that has no such step.
    NoSuchPlace {
        /// The step.
        step: String,
        /// What it should have led into, in words.
        inside: &'static str,
    },
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::NotJson(problem) => problem.fmt(f),
            EditError::NoSuchPlace { step, inside } => write!(f, "{inside} has no place for `{step}`"),
        }
    }
}

impl core::error::Error for EditError {}

/// Reads a text that is to be edited.
///
/// # Errors
///
/// Its first error, if it is not JSON.
pub fn read(text: &str) -> Result<Value, EditError> {
    let mut problems = Problems::new(text);
    let value = parse(&Source::plain(text), &mut problems);
    let error = problems.into_list().into_iter().find(|problem| problem.severity() == Severity::Error);
    match (value, error) {
        (_, Some(error)) => Err(EditError::NotJson(error)),
        (Some(value), None) => Ok(value),
        // A text without a value has a problem that says so.
        (None, None) => Err(EditError::NoSuchPlace { step: String::new(), inside: "an empty text" }),
    }
}

/// Puts `value` where `pointer` (RFC 6901) says: in place of the value there, as a new member, or for
/// the step `-` as a new element. What is missing on the way there is made: an array where the next
/// step is `-`, else an object.
///
/// Nothing else in the text changes. New lines are indented as their neighbours are.
///
/// # Errors
///
/// If the text is not JSON, or the pointer leads into a value that has no such step.
///
/// ```
/// use keytrace::json::edit;
///
/// let text = "{\n    \"keys\": [\n        {\"Arn\": \"a\"}\n    ],   \"x\": 1\n}";
/// let edited = edit::set(text, "/keys/-/Arn", &edit::read("\"b\"")?)?;
/// assert_eq!(
///     edited.text,
///     "{\n    \"keys\": [\n        {\"Arn\": \"a\"},\n        {\n            \"Arn\": \"b\"\n        }\n    ],   \"x\": 1\n}",
/// );
/// # Ok::<(), edit::EditError>(())
/// ```
pub fn set(text: &str, pointer: &str, value: &Value) -> Result<Edited, EditError> {
    let root = read(text)?;
    let steps: Vec<Cow<'_, str>> = pointer.split('/').skip(1).map(unescaped).collect();
    let mut place = &root;
    let mut missing = steps.as_slice();
    while let [step, rest @ ..] = missing {
        let Some(next) = child(place, step) else { break };
        place = next;
        missing = rest;
    }
    let editor = Editor { text, margin: margin(text, place.span.start), unit: unit(text, &root, place) };
    match (missing, &place.kind) {
        ([], _) => Ok(editor.replace(place.span, value)),
        ([name, rest @ ..], Kind::Object(members)) => {
            let name = print::quoted(name) + ": ";
            let neighbours = members.first().map(Member::span).zip(members.last().map(Member::span));
            Ok(editor.insert(place.span, neighbours, &name, &wrapped(value, rest)))
        }
        ([step, rest @ ..], Kind::Array(elements)) if step == "-" => {
            let neighbours = elements.first().map(|first| first.span).zip(elements.last().map(|last| last.span));
            Ok(editor.insert(place.span, neighbours, "", &wrapped(value, rest)))
        }
        ([step, ..], _) => {
            Err(EditError::NoSuchPlace { step: step.clone().into_owned(), inside: place.kind_in_words() })
        }
    }
}

/// Takes out the member or element that `pointer` (RFC 6901) leads to, with the comma beside it and the line
/// that it stood on. Nothing else in the text changes.
///
/// # Errors
///
/// If the text is not JSON, or nothing is there.
///
/// ```
/// use keytrace::json::edit;
///
/// let text = "{\n  \"a\": 1,\n  \"b\": [1, 2, 3]\n}";
/// assert_eq!(edit::remove(text, "/b/1")?.text, "{\n  \"a\": 1,\n  \"b\": [1, 3]\n}");
/// assert_eq!(edit::remove(text, "/b")?.text, "{\n  \"a\": 1\n}");
/// # Ok::<(), edit::EditError>(())
/// ```
pub fn remove(text: &str, pointer: &str) -> Result<Edited, EditError> {
    let root = read(text)?;
    let (way, step) = pointer.rsplit_once('/').unwrap_or_default();
    let step = unescaped(step);
    let missing = |inside| EditError::NoSuchPlace { step: step.clone().into_owned(), inside };
    let mut place = &root;
    for step in way.split('/').skip(1).map(unescaped) {
        let inside = place.kind_in_words();
        place = child(place, &step).ok_or(EditError::NoSuchPlace { step: step.into_owned(), inside })?;
    }
    let (siblings, position): (Vec<Span>, _) = match &place.kind {
        Kind::Object(members) => {
            (members.iter().map(Member::span).collect(), members.iter().position(|member| *member.name == *step))
        }
        Kind::Array(elements) => (elements.iter().map(|element| element.span).collect(), step.parse().ok()),
        _ => return Err(missing(place.kind_in_words())),
    };
    let at = position.filter(|at| *at < siblings.len()).ok_or(missing(place.kind_in_words()))?;
    let gone = |at: usize| siblings.get(at).copied().unwrap_or_default();
    let span = if at > 0 {
        Span::new(gone(at - 1).end, gone(at).end)
    } else if siblings.len() > 1 {
        Span::new(gone(0).start, gone(1).start)
    } else {
        Span::new(place.span.start + 1, place.span.end.saturating_sub(1))
    };
    let editor = Editor { text, margin: "", unit: "" };
    Ok(editor.splice(span, "", "", ""))
}

fn child<'v>(value: &'v Value, step: &str) -> Option<&'v Value> {
    match &value.kind {
        Kind::Array(elements) => elements.get(step.parse::<usize>().ok()?),
        _ => value.get(step),
    }
}

fn unescaped(step: &str) -> Cow<'_, str> {
    if step.contains('~') { step.replace("~1", "/").replace("~0", "~").into() } else { step.into() }
}

/// The value with the arrays and objects around it that `steps` ask for.
fn wrapped(value: &Value, steps: &[Cow<'_, str>]) -> Value {
    steps.iter().rfold(value.clone(), |inner, step| {
        let span = Span::default();
        let kind = match step.as_ref() {
            "-" => Kind::Array(vec![inner]),
            name => Kind::Object(vec![Member { name: name.into(), name_span: span, value: inner }]),
        };
        Value { span, kind }
    })
}

struct Editor<'t> {
    text: &'t str,
    /// What the line begins with on which the value stands that changes.
    margin: &'t str,
    unit: &'t str,
}

impl Editor<'_> {
    fn replace(&self, old: Span, value: &Value) -> Edited {
        self.splice(old, "", &print::pretty(value, self.margin, self.unit), "")
    }

    /// Adds a member or an element to the value at `container`, behind the last one.
    fn insert(&self, container: Span, neighbours: Option<(Span, Span)>, name: &str, value: &Value) -> Edited {
        let inner = [self.margin, self.unit].concat();
        let Some((first, last)) = neighbours else {
            let inside = Span::new(container.start + 1, container.end.saturating_sub(1));
            let value = print::pretty(value, &inner, self.unit);
            return self.splice(inside, &["\n", &inner, name].concat(), &value, &["\n", self.margin].concat());
        };
        let behind = Span::new(last.end, last.end);
        if Span::new(container.start, first.start).of(self.text).is_some_and(|between| between.contains('\n')) {
            let margin = margin(self.text, first.start);
            let value = print::pretty(value, margin, self.unit);
            return self.splice(behind, &[",\n", margin, name].concat(), &value, "");
        }
        let value = print::pretty(value, &inner, self.unit);
        // What needs several lines begins on one of its own.
        let start = if value.contains('\n') { [",\n", &inner, name].concat() } else { [", ", name].concat() };
        self.splice(behind, &start, &value, "")
    }

    fn splice(&self, old: Span, before: &str, value: &str, after: &str) -> Edited {
        let windows = self.text.contains("\r\n");
        let [before, value, after] =
            [before, value, after].map(|part| if windows { part.replace('\n', "\r\n") } else { part.into() });
        let head = Span::new(0, old.start).of(self.text).unwrap_or_default();
        let tail = self.text.get(old.end as usize..).unwrap_or_default();
        let start = old.start + length(&before);
        let added = length(&before) + length(&value) + length(&after);
        Edited {
            span: Span::new(start, start + length(&value)),
            at: old.start,
            removed: old.end - old.start,
            added,
            text: [head, &before, &value, &after, tail].concat(),
        }
    }
}

/// What is inserted is no longer than what can be read, and so its length fits.
fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// The white space that the line begins with in which byte `offset` stands.
fn margin(text: &str, offset: u32) -> &str {
    let line = Span::new(0, offset).of(text).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let content = line.trim_start_matches([' ', '\t']);
    line.get(..line.len() - content.len()).unwrap_or_default()
}

/// By how much the content of `place` is indented: as it is now, else as the outermost object's is,
/// else by two spaces.
fn unit<'t>(text: &'t str, root: &Value, place: &Value) -> &'t str {
    let used_in = |value: &Value| {
        let first = match &value.kind {
            Kind::Array(elements) => elements.first()?.span,
            Kind::Object(members) => members.first()?.span(),
            _ => return None,
        };
        margin(text, first.start).strip_prefix(margin(text, value.span.start)).filter(|unit| !unit.is_empty())
    };
    used_in(place).or_else(|| used_in(root)).unwrap_or("  ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::ToString};

    fn value(text: &str) -> Value {
        read(text).unwrap()
    }

    fn set_to(text: &str, pointer: &str, new: &str) -> String {
        set(text, pointer, &value(new)).unwrap().text
    }

    /// Every scalar of a value with the way to it.
    fn leaves(value: &Value, pointer: &str, found: &mut Vec<(String, Kind)>) {
        match &value.kind {
            Kind::Object(members) => {
                for member in members {
                    let step = member.name.replace('~', "~0").replace('/', "~1");
                    leaves(&member.value, &format!("{pointer}/{step}"), found);
                }
            }
            Kind::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    leaves(element, &format!("{pointer}/{index}"), found);
                }
            }
            scalar => found.push((pointer.to_string(), scalar.clone())),
        }
    }

    const TEXTS: [&str; 6] = [
        "{}",
        "{ }",
        r#"{"keys":[{"KeyMetadata":{"Arn":"a"},"Aliases":[]}],"title":"x"}"#,
        "{\n  \"title\": \"x\",\n  \"keys\": [\n    { \"KeyMetadata\": { \"Arn\": \"a\" },\n      \"Aliases\": [ \"b\" ] }\n  ]\n}\n",
        "{\r\n\t\"keys\": [\r\n\t],\r\n\t\"n\": 1.0,   \"n\": 2\r\n}",
        "\n{\"a/b\":{\"~\":0},\n   \"keys\" : [ [], {} ] }",
    ];
    const POINTERS: [&str; 10] = [
        "/title",
        "/n",
        "/keys",
        "/keys/-",
        "/keys/0",
        "/keys/0/KeyMetadata/Arn",
        "/keys/0/Aliases/-",
        "/keys/-/Policy/Statement/-/Sid",
        "/a~1b/~0",
        "/new/~1",
    ];
    const VALUES: [&str; 4] = ["\"é\\n\"", "[]", r#"["x", 1]"#, r#"{"Statement": [{"Effect": "Allow"}], "Id": ""}"#];

    /// The text reads as JSON, the value stands where the span says, and every value that the
    /// pointer does not lead to is as it was.
    #[test]
    fn only_the_place_changes() {
        let mut edits = 0;
        for text in TEXTS {
            for pointer in POINTERS {
                for new in VALUES {
                    let Ok(edited) = set(text, pointer, &value(new)) else { continue };
                    edits += 1;
                    let (mut before, mut after) = (Vec::new(), Vec::new());
                    leaves(&value(text), "", &mut before);
                    leaves(&value(&edited.text), "", &mut after);
                    let placed = value(edited.span.of(&edited.text).unwrap());
                    let mut expected = Vec::new();
                    leaves(&value(new), "", &mut expected);
                    let mut found = Vec::new();
                    leaves(&placed, "", &mut found);
                    assert!(expected.iter().all(|(_, leaf)| found.iter().any(|(_, other)| other == leaf)));
                    before.retain(|(at, _)| !at.starts_with(pointer));
                    for leaf in before {
                        assert!(after.contains(&leaf), "{leaf:?} is lost: {text} {pointer} {new} -> {}", edited.text);
                    }
                    assert_eq!(edited.text.contains('\r'), text.contains('\r'));
                }
            }
        }
        assert!(edits > 100, "{edits}");
    }

    #[test]
    fn spans_of_earlier_edits_move_along() {
        let text = "{\n  \"a\": 1,\n  \"b\": [2],\n  \"c\": 3\n}";
        let root = value(text);
        let edited = set(text, "/b/-", &value("{\"x\": null}")).unwrap();
        for name in ["a", "c"] {
            let before = root.get(name).unwrap().span;
            assert_eq!(edited.moved(before).of(&edited.text), before.of(text));
        }
        let around = edited.moved(root.get("b").unwrap().span);
        assert_eq!(around.of(&edited.text), Some("[2,\n    {\n      \"x\": null\n    }]"));
    }

    #[test]
    fn new_lines_look_like_their_neighbours() {
        assert_eq!(set_to("{}", "/a", "1"), "{\n  \"a\": 1\n}");
        assert_eq!(set_to("{\n\t\"a\": 1\n}", "/b/c", "[]"), "{\n\t\"a\": 1,\n\t\"b\": {\n\t\t\"c\": []\n\t}\n}");
        assert_eq!(set_to("{\"a\": 1}", "/b", "2"), "{\"a\": 1, \"b\": 2}");
        assert_eq!(
            set_to("[\n  { \"a\": 1,\n    \"b\": 2 }\n]", "/0/c", "{\"d\": 3}"),
            "[\n  { \"a\": 1,\n    \"b\": 2,\n    \"c\": {\n      \"d\": 3\n    } }\n]"
        );
        assert_eq!(set_to("{\r\n  \"a\": 1\r\n}", "/b", "2"), "{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}");
    }

    #[test]
    fn what_is_taken_out_leaves_no_trace() {
        let without = |text, pointer| remove(text, pointer).unwrap().text;
        assert_eq!(without("{\n  \"a\": 1,\n  \"b\": 2\n}", "/a"), "{\n  \"b\": 2\n}");
        assert_eq!(without("[ {\n\"a\": 1 } ]", "/0/a"), "[ {} ]");
        assert_eq!(without("[1,\n 2,\n 3]", "/2"), "[1,\n 2]");
        assert_eq!(without("{\"a/b\": [0]}", "/a~1b/0"), "{\"a/b\": []}");
        let refusal = |text, pointer| remove(text, pointer).unwrap_err().to_string();
        assert_eq!(refusal("[1]", "/1"), "an array has no place for `1`");
        assert_eq!(refusal("{\"a\": 1}", "/a/b"), "a number has no place for `b`");
        assert_eq!(refusal("{}", "/a/b"), "an object has no place for `a`");
        assert_eq!(refusal("[1]", ""), "an array has no place for ``");
    }

    /// Every value of every text is taken out in turn: what is left reads as JSON without just that.
    #[test]
    fn only_what_is_taken_out_is_gone() {
        for text in TEXTS {
            let mut before = Vec::new();
            leaves(&value(text), "", &mut before);
            for (pointer, _) in &before {
                let left = value(&remove(text, pointer).unwrap().text);
                let mut after = Vec::new();
                leaves(&left, "", &mut after);
                assert_eq!(after.len() + 1, before.len(), "{text} {pointer}");
            }
        }
    }

    #[test]
    fn what_cannot_be_edited_is_refused() {
        let refusal = |text, pointer| set(text, pointer, &value("1")).unwrap_err().to_string();
        assert_eq!(refusal("{\"a\": 1}", "/a/b"), "a number has no place for `b`");
        assert_eq!(refusal("[]", "/0"), "an array has no place for `0`");
        assert!(refusal("{\"a\": }", "/a").starts_with("1:7: JSON_SYNTAX_ERROR: "));
        assert!(refusal("", "/a").contains("missing"));
    }
}
