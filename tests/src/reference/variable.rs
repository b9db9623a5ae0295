//! Policy variables: `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for these characters.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>. They exist in
//! documents of version 2012-10-17 only; elsewhere the same characters are plain text.

use std::borrow::Cow;

use super::context::View;
use super::pattern::{self, Token};

/// A text of a policy in which variables may stand.
#[derive(Clone, Debug)]
pub(super) struct Template {
    /// As it is written.
    pub written: String,
    parts: Vec<Part>,
    /// The pattern that it comes to, if nothing in it is to be replaced.
    pattern: Option<Vec<Token>>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    /// `${*}`, `${?}` or `${$}`: the character itself, never a wildcard.
    Escaped(char),
    Variable(Variable),
}

/// `${key}` or `${key, 'default'}`.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    /// The condition key, in lower case: case does not matter.
    pub key: String,
    default: Option<String>,
}

impl Template {
    /// `text` as a document with that answer about variables writes it.
    pub fn read(text: &str, has_variables: bool) -> Template {
        let mut parts = Vec::new();
        let mut rest = text;
        while has_variables && let Some((before, after)) = rest.split_once("${") {
            let Some((part, after)) = variable(after) else { break };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(part);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        let plain = parts.iter().all(|part| matches!(part, Part::Text(_)));
        let pattern = plain.then(|| pattern::tokens(text));
        Template { written: text.to_owned(), parts, pattern }
    }

    /// The variables in it, in order.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(variable) => Some(variable),
            _ => None,
        })
    }

    /// Whether something to be replaced, an escaped character included, stands before the fifth colon of
    /// the text. In `Resource` variables are allowed only after it.
    pub fn variable_before_fifth_colon(&self) -> bool {
        let mut colons = 0;
        self.parts.iter().any(|part| match part {
            Part::Text(text) => {
                colons += text.matches(':').count();
                false
            }
            _ => colons < 5,
        })
    }

    /// The text with its variables replaced, or nothing if one has neither value nor default.
    pub fn text(&self, view: &View) -> Option<Cow<'_, str>> {
        if self.pattern.is_some() {
            return Some(Cow::Borrowed(&self.written));
        }
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Escaped(char) => text.push(*char),
                Part::Variable(variable) => text.push_str(variable.value(view)?),
            }
        }
        Some(Cow::Owned(text))
    }

    /// The same as a pattern. Stars and question marks that stand in the policy are wildcards; those that
    /// come in with a value are if the assumption says so.
    pub fn tokens(&self, view: &View) -> Option<Cow<'_, [Token]>> {
        if let Some(pattern) = &self.pattern {
            return Some(Cow::Borrowed(pattern));
        }
        let mut tokens = Vec::new();
        for part in &self.parts {
            match part {
                Part::Text(plain) => tokens.extend(pattern::tokens(plain)),
                Part::Escaped(char) => tokens.push(Token::Char(*char)),
                Part::Variable(variable) => {
                    let value = variable.value(view)?;
                    let wild = view.assumptions().wildcards_in_variable_values;
                    tokens.extend(if wild { pattern::tokens(value) } else { pattern::literally(value) });
                }
            }
        }
        Some(Cow::Owned(tokens))
    }

    /// What `variable` would have to be for this text to come to `wanted`, as far as the text next to the
    /// variable tells: the search for candidates asks, no decision does.
    pub fn solve(&self, variable: &str, wanted: &str, view: &View) -> Vec<String> {
        let mut before = String::new();
        let mut after = String::new();
        let mut found = false;
        for part in &self.parts {
            let side = if found { &mut after } else { &mut before };
            match part {
                Part::Variable(this) if this.key == variable => found = true,
                Part::Variable(other) => side.push_str(other.value(view).unwrap_or("*")),
                Part::Text(text) => side.push_str(text),
                Part::Escaped(char) => side.push(*char),
            }
        }
        if !found {
            return Vec::new();
        }
        let wild = |char| char == '*' || char == '?';
        let before = before.rsplit(wild).next().unwrap_or_default();
        let after = after.split(wild).next().unwrap_or_default();
        let mut solutions = Vec::new();
        for (start, _) in wanted.match_indices(before) {
            let Some(tail) = wanted.get(start + before.len()..) else { continue };
            let end = if after.is_empty() { tail.len() } else { tail.find(after).unwrap_or(tail.len()) };
            solutions.extend(tail.get(..end).map(str::to_owned));
            if before.is_empty() {
                break;
            }
        }
        solutions
    }
}

impl Variable {
    /// The value of the key, if the request has one and only one; else the default.
    ///
    /// Only single-valued keys can be variables. AWS does not say what another one comes to: nothing.
    fn value<'view>(&'view self, view: &View<'view>) -> Option<&'view str> {
        let default = self.default.as_deref();
        match view.values(&self.key) {
            Some([value]) if !super::keys::is_multivalued(&self.key) => Some(value),
            _ => default,
        }
    }
}

/// What `${` begins, and what follows its `}`.
fn variable(text: &str) -> Option<(Part, &str)> {
    let end = text.find('}')?;
    let (inside, after) = (text.get(..end)?, text.get(end + 1..)?);
    let mut chars = inside.chars();
    if let (Some(char @ ('*' | '?' | '$')), None) = (chars.next(), chars.next()) {
        return Some((Part::Escaped(char), after));
    }
    let Some((key, _)) = inside.split_once(", '") else {
        return Some((Part::Variable(Variable { key: inside.to_ascii_lowercase(), default: None }), after));
    };
    // The default may hold a closing brace, so it ends where its quotation mark is followed by one.
    let (default, after) = text.get(key.len() + 3..)?.split_once("'}")?;
    Some((Part::Variable(Variable { key: key.to_ascii_lowercase(), default: Some(default.to_owned()) }), after))
}
