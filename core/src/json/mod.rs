//! JSON that knows where it stands.
//!
//! Policies are judged by their authors in the text that they wrote, so every value keeps the byte
//! range that it came from, objects keep their members in order and keep repeated names, and numbers
//! keep their spelling. Reading goes on after a fault and reports each one.
//!
//! A policy often arrives as text inside a string (`aws kms get-key-policy` prints it escaped, IAM
//! URL-encodes it). [`Source::embedded`] opens such a string; positions inside it still point into
//! the outermost text.
//!
//! Grammar: RFC 8259. Bounds: [`MAX_BYTES`] of text, [`MAX_DEPTH`] levels of nesting.
//!
//! ```
//! use keytrace::json::{self, Kind, Source};
//! use keytrace::problem::Problems;
//!
//! let text = r#"{"Effect": "Allow", "Effect": "Deny"}"#;
//! let mut problems = Problems::new(text);
//! let value = json::parse(&Source::plain(text), &mut problems).unwrap();
//! let Kind::Object(members) = &value.kind else { panic!() };
//! assert_eq!(members.len(), 2); // both are seen
//! assert_eq!(members[1].value.span.of(text), Some("\"Deny\""));
//! ```

pub mod edit;
mod parse;
pub mod print;
mod source;

pub(crate) use parse::parse_at;
pub use parse::{MAX_BYTES, MAX_DEPTH, parse};
pub use source::Source;

use alloc::{boxed::Box, string::String, string::ToString, vec::Vec};
use core::fmt;

/// A half-open range of bytes in the outermost text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to, but without, `end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The part of `text` that this range covers, if it lies inside it.
    #[must_use]
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.start as usize..self.end as usize)
    }
}

/// A JSON value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The bytes of the value, quotes and brackets included.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// The six kinds of JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is spelled.
    Number(Box<str>),
    /// A string, unescaped.
    String(Box<str>),
    /// An array.
    Array(Vec<Value>),
    /// An object: its members in order, repeated names kept.
    Object(Vec<Member>),
}

/// One `"name": value` of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name, unescaped.
    pub name: Box<str>,
    /// The bytes of the name, quotes included.
    pub name_span: Span,
    /// The value.
    pub value: Value,
}

impl Member {
    /// Name and value together.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.name_span.start, self.value.span.end)
    }
}

/// As the JSON that it is. A number that no float of 64 bits holds exactly loses digits.
#[cfg(feature = "serde")]
impl serde::Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.kind {
            Kind::Null => serializer.serialize_unit(),
            Kind::Bool(boolean) => serializer.serialize_bool(*boolean),
            Kind::Number(spelled) => match (spelled.parse::<i32>(), spelled.parse::<f64>()) {
                (Ok(whole), _) => serializer.serialize_i32(whole),
                (Err(_), Ok(number)) => serializer.serialize_f64(number),
                (Err(_), Err(_)) => serializer.serialize_str(spelled),
            },
            Kind::String(text) => serializer.serialize_str(text),
            Kind::Array(elements) => serializer.collect_seq(elements),
            Kind::Object(members) => serializer.collect_map(members.iter().map(|one| (&*one.name, &one.value))),
        }
    }
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        Self { span: Span::default(), kind }
    }
}

impl Value {
    /// A string that stands in no text.
    #[must_use]
    pub fn text(content: &str) -> Self {
        Kind::String(content.into()).into()
    }

    /// A whole number that stands in no text.
    #[must_use]
    pub fn number(number: impl Into<i64>) -> Self {
        Kind::Number(number.into().to_string().into()).into()
    }

    /// A Boolean that stands in no text.
    #[must_use]
    pub fn boolean(truth: bool) -> Self {
        Kind::Bool(truth).into()
    }

    /// `null`, in no text.
    #[must_use]
    pub fn null() -> Self {
        Kind::Null.into()
    }

    /// An array that stands in no text.
    #[must_use]
    pub fn array(elements: impl IntoIterator<Item = Value>) -> Self {
        Kind::Array(elements.into_iter().collect()).into()
    }

    /// An object that stands in no text.
    #[must_use]
    pub fn object<'n>(members: impl IntoIterator<Item = (&'n str, Value)>) -> Self {
        let member = |(name, value): (&str, Value)| Member { name: name.into(), name_span: Span::default(), value };
        Kind::Object(members.into_iter().map(member).collect()).into()
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The members of an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&[Member]> {
        match &self.kind {
            Kind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The value of the first member of that name, if this is an object that has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_object()?.iter().find(|member| &*member.name == name).map(|member| &member.value)
    }

    /// The kind in words, for messages: `a string`, `an object`.
    #[must_use]
    pub const fn kind_in_words(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a Boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }
}

/// The way to a value, as a JSON pointer (RFC 6901) in the making. Lives on the stack while a
/// document is read; becomes text only when there is a problem to report.
///
/// A step into a string that holds a document is written like any other step.
#[derive(Clone, Copy, Debug)]
pub enum Path<'a> {
    /// The whole text.
    Root,
    /// A member of an object.
    Member(&'a Path<'a>, &'a str),
    /// An element of an array.
    Element(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    /// The way to the member `name` of the value here.
    #[must_use]
    pub const fn member(&'a self, name: &'a str) -> Path<'a> {
        Path::Member(self, name)
    }

    /// The way to the element `index` of the value here.
    #[must_use]
    pub const fn element(&'a self, index: usize) -> Path<'a> {
        Path::Element(self, index)
    }

    /// This way as a JSON pointer.
    #[must_use]
    pub fn pointer(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Member(parent, name) => {
                write!(f, "{parent}/")?;
                name.chars().try_for_each(|character| match character {
                    '~' => f.write_str("~0"),
                    '/' => f.write_str("~1"),
                    other => write!(f, "{other}"),
                })
            }
            Path::Element(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}
