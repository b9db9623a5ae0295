//! Reading objects whose fields are known, with every unknown one reported.

use alloc::{boxed::Box, collections::BTreeSet, format, string::String, vec::Vec};

use jiff::Timestamp;

use crate::{
    json::{Kind, Member, Path, Span, Value},
    policy::value::date,
    problem::{Code, Problems},
};

/// An object of the scenario format.
#[derive(Clone)]
pub(super) struct Fields<'v, 'p> {
    members: &'v [Member],
    span: Span,
    path: &'p Path<'p>,
}

impl<'v, 'p> Fields<'v, 'p> {
    /// Takes a value for an object with these fields. Other fields, and fields twice, are problems.
    pub fn of(value: &'v Value, known: &[&str], path: &'p Path<'p>, problems: &mut Problems<'_>) -> Option<Self> {
        let Kind::Object(members) = &value.kind else {
            let message = format!("an object was expected, but this is {}", value.kind_in_words());
            problems.push(Code::DataTypeMismatch, value.span, path, message);
            return None;
        };
        let mut seen = BTreeSet::new();
        for member in members {
            let here = path.member(&member.name);
            if !known.contains(&&*member.name) {
                let meant = known.iter().find(|known| known.eq_ignore_ascii_case(&member.name));
                let message = match meant {
                    Some(meant) => format!("`{}` is no field here; write `{meant}`", member.name),
                    None => format!("`{}` is no field here; there are: {}", member.name, known.join(", ")),
                };
                problems.push(Code::UnknownField, member.name_span, &here, message);
            } else if !seen.insert(&member.name) {
                problems.push(
                    Code::DuplicateKey,
                    member.name_span,
                    &here,
                    format!("`{}` again; keep one", member.name),
                );
            }
        }
        Some(Self { members, span: value.span, path })
    }

    pub fn get(&self, name: &str) -> Option<&'v Value> {
        self.members.iter().find(|member| &*member.name == name).map(|member| &member.value)
    }

    /// A field that must be there.
    pub fn required(&self, name: &'static str, example: &str, problems: &mut Problems<'_>) -> Option<&'v Value> {
        let found = self.get(name);
        if let Some(Value { kind: Kind::Null, span }) = found {
            let message = format!("`{name}` is null; write a value such as `{example}`");
            problems.push(Code::DataTypeMismatch, *span, &self.path.member(name), message);
            return None;
        }
        if found.is_none() {
            let message = format!("`{name}` is missing; add `\"{name}\": {example}`");
            problems.push(Code::MissingField, self.span, self.path, message);
        }
        found
    }

    /// A string, if the field is there. `null` is as good as absence.
    pub fn text(&self, name: &'static str, problems: &mut Problems<'_>) -> Option<&'v str> {
        let value = self.get(name).filter(|value| value.kind != Kind::Null)?;
        text(value, &self.path.member(name), problems)
    }

    /// A Boolean, if the field is there.
    pub fn boolean(&self, name: &'static str, problems: &mut Problems<'_>) -> Option<bool> {
        let value = self.get(name)?;
        match value.kind {
            Kind::Bool(boolean) => Some(boolean),
            _ => {
                let message = format!("`true` or `false` was expected, but this is {}", value.kind_in_words());
                problems.push(Code::DataTypeMismatch, value.span, &self.path.member(name), message);
                None
            }
        }
    }

    /// A time, if the field is there.
    pub fn time(&self, name: &'static str, problems: &mut Problems<'_>) -> Option<Timestamp> {
        let value = self.get(name).filter(|value| value.kind != Kind::Null)?;
        let time = time(value);
        if time.is_none() {
            self.invalid(name, "no time; write one such as `2026-11-23T12:00:00Z`".into(), problems);
        }
        time
    }

    /// The elements of a list, each with its way; nothing if the field is not there.
    pub fn list<T>(
        &self,
        name: &'static str,
        problems: &mut Problems<'_>,
        mut read: impl FnMut(&'v Value, &Path<'_>, &mut Problems<'_>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.get(name) else { return Vec::new() };
        let here = self.path.member(name);
        let Kind::Array(elements) = &value.kind else {
            let message = format!("a list was expected, but this is {}", value.kind_in_words());
            problems.push(Code::DataTypeMismatch, value.span, &here, message);
            return Vec::new();
        };
        let element = |(index, element)| read(element, &here.element(index), problems);
        elements.iter().enumerate().filter_map(element).collect()
    }

    /// One of a few words.
    pub fn word<T: Copy>(&self, name: &'static str, words: &[(&str, T)], problems: &mut Problems<'_>) -> Option<T> {
        let written = self.text(name, problems)?;
        let found = words.iter().find(|(word, _)| *word == written).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.invalid(name, format!("`{written}` is none of: {}", known.join(", ")), problems);
        }
        found
    }

    /// Reports the value of a field as one that does not fit.
    pub fn invalid(&self, name: &str, message: String, problems: &mut Problems<'_>) {
        self.report(Code::InvalidValue, name, message, problems);
    }

    /// Reports the value of a field.
    pub fn report(&self, code: Code, name: &str, message: String, problems: &mut Problems<'_>) {
        let span = self.get(name).map_or(self.span, |value| value.span);
        problems.push(code, span, &self.path.member(name), message);
    }
}

/// A string.
pub(super) fn text<'v>(value: &'v Value, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<&'v str> {
    let text = value.as_str();
    if text.is_none() {
        let message = format!("a string was expected, but this is {}", value.kind_in_words());
        problems.push(Code::DataTypeMismatch, value.span, path, message);
    }
    text
}

/// A time as the `aws` command prints it: ISO 8601, or seconds since 1970 with a fraction.
pub(crate) fn time(value: &Value) -> Option<Timestamp> {
    let written = scalar(value)?;
    let seconds = || {
        let whole = written.split_once('.').map_or(&*written, |(whole, _)| whole);
        whole.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok())
    };
    date(&written).or_else(seconds)
}

/// A string, number or Boolean as text.
pub(super) fn scalar(value: &Value) -> Option<Box<str>> {
    match &value.kind {
        Kind::String(text) => Some(text.clone()),
        Kind::Number(spelled) => Some(spelled.clone()),
        Kind::Bool(boolean) => Some(if *boolean { "true" } else { "false" }.into()),
        Kind::Null | Kind::Array(_) | Kind::Object(_) => None,
    }
}
