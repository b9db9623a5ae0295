//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use alloc::{borrow::ToOwned, boxed::Box, format, string::String};

use super::Version;
use crate::{pattern::Pattern, problem::Code};

/// A policy variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The condition key whose value it stands for, as written; compared without case.
    pub key: Box<str>,
    /// What it stands for when the request does not have the key.
    pub default: Option<Box<str>>,
}

/// A `${` that is no policy variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub code: Code,
    pub message: String,
}

/// Whether `*` and `?` in the text are wildcards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wildcards {
    Count,
    AreLiteral,
}

/// Splits a text of a policy into literal text, wildcards and variables.
///
/// Under version 2008-10-17 a variable is plain text
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>).
pub(super) fn template(text: &str, version: Version, wildcards: Wildcards) -> Result<Pattern<Variable>, Fault> {
    let mut pattern = Pattern::default();
    let push = |pattern: &mut Pattern<Variable>, part: &str| match wildcards {
        Wildcards::Count => pattern.push_wildcards(part),
        Wildcards::AreLiteral => pattern.push_literal(part),
    };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${").filter(|_| version == Version::V2012) {
        push(&mut pattern, before);
        rest = variable(after, &mut pattern)?;
    }
    push(&mut pattern, rest);
    Ok(pattern)
}

/// Reads one variable, whose `${` is behind us; gives what follows its `}`.
fn variable<'t>(after: &'t str, pattern: &mut Pattern<Variable>) -> Result<&'t str, Fault> {
    let fault = |code, message: String| Err(Fault { code, message });
    let shown: String = after.chars().take(40).collect();
    let Some(end) = after.find([',', '}']) else {
        return fault(Code::MissingBraceInVariable, format!("`${{{shown}` has no closing `}}`"));
    };
    let (key, tail) = after.split_at(end);
    // The three special variables stand for characters that would mean something else.
    if let ("*" | "?" | "$", Some(rest)) = (key, tail.strip_prefix('}')) {
        pattern.push_literal(key);
        return Ok(rest);
    }
    if key.trim().is_empty() {
        let message = "`${}` names no condition key; write one, such as `${aws:username}`".to_owned();
        return fault(Code::EmptyVariable, message);
    }
    if key.contains(char::is_whitespace) {
        let message =
            format!("no space is allowed in `${{{key}`; only a default value follows one, as in `${{key, 'text'}}`");
        return fault(Code::UnsupportedSpaceInVariable, message);
    }
    if let Some(rest) = tail.strip_prefix('}') {
        pattern.push_variable(Variable { key: key.into(), default: None });
        return Ok(rest);
    }
    let Some((default, rest)) = tail.strip_prefix(", '").and_then(|quoted| quoted.split_once('\'')) else {
        let message =
            format!("a default value stands in single quotes after a comma and one space: `${{{key}, 'text'}}`");
        return fault(Code::MissingQuoteInVariable, message);
    };
    let Some(rest) = rest.strip_prefix('}') else {
        return fault(Code::MissingBraceInVariable, format!("`${{{key}, '{default}'` has no closing `}}`"));
    };
    pattern.push_variable(Variable { key: key.into(), default: Some(default.into()) });
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Piece;

    fn pieces(text: &str) -> alloc::vec::Vec<Piece<Variable>> {
        template(text, Version::V2012, Wildcards::Count).unwrap().pieces().to_vec()
    }

    #[test]
    fn every_form_of_variable() {
        let variable = |key: &str, default: Option<&str>| {
            Piece::Variable(Variable { key: key.into(), default: default.map(Box::from) })
        };
        assert_eq!(pieces("a${aws:username}"), [Piece::Literal("a".into()), variable("aws:username", None)]);
        assert_eq!(pieces("${aws:PrincipalTag/t, 'a b'}"), [variable("aws:PrincipalTag/t", Some("a b"))]);
        assert_eq!(pieces("${*}${?}${$}{x}"), [Piece::Literal("*?${x}".into())]);
        assert_eq!(pieces("$x*"), [Piece::Literal("$x".into()), Piece::AnyRun]);
    }

    #[test]
    fn the_old_version_has_none() {
        let pattern = template("${aws:username}", Version::V2008, Wildcards::AreLiteral).unwrap();
        assert_eq!(pattern.pieces(), [Piece::Literal("${aws:username}".into())]);
    }

    #[test]
    fn every_fault() {
        let code = |text| template(text, Version::V2012, Wildcards::Count).unwrap_err().code;
        assert_eq!(code("${aws:username"), Code::MissingBraceInVariable);
        assert_eq!(code("${}"), Code::EmptyVariable);
        assert_eq!(code("${aws: username}"), Code::UnsupportedSpaceInVariable);
        assert_eq!(code("${aws:username, text}"), Code::MissingQuoteInVariable);
        assert_eq!(code("${aws:username, 'text'"), Code::MissingBraceInVariable);
    }
}
