//! `Condition`: operators, keys and values.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use alloc::{boxed::Box, format, vec::Vec};

use ipnet::IpNet;
use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{
    Version, value,
    variable::{Variable, Wildcards, template},
};
use crate::{
    json::{Path, Span},
    pattern::Pattern,
    problem::{Code, Problems},
};

/// One operator with one key and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The bytes of key and values.
    pub span: Span,
    /// How the values are compared.
    pub operator: ConditionOperator,
    /// The operator as written: `ArnEquals` and `ArnLike` are one operator.
    pub operator_name: Box<str>,
    /// The condition key as written; compared without case, tag keys and context keys included.
    pub key: Box<str>,
    /// The values.
    pub values: Vec<ConditionValue>,
}

/// One value of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionValue {
    /// The bytes of the value.
    pub span: Span,
    /// As written, without quotes.
    pub text: Box<str>,
    /// Ready to compare.
    pub operand: Operand<Variable>,
}

/// A value of a policy, read as what its operator compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand<V> {
    /// String operators.
    Text(Pattern<V>),
    /// ARN operators: a pattern for each of the six components.
    Arn(Vec<Pattern<V>>),
    /// Numeric operators.
    Number(Decimal),
    /// Date operators.
    Date(Timestamp),
    /// `Bool` and `Null`.
    Bool(bool),
    /// IP address operators.
    Ip(IpNet),
    /// `BinaryEquals`.
    Binary(Vec<u8>),
    /// Not of the operator's type.
    ///
    /// UNDOCUMENTED what AWS makes of one; here it matches nothing.
    Malformed,
}

impl<V> Operand<V> {
    /// The same value with other variables.
    #[must_use]
    pub fn map<W>(&self, mut variable: impl FnMut(&V) -> W) -> Operand<W> {
        match self {
            Operand::Text(pattern) => Operand::Text(pattern.map(variable)),
            Operand::Arn(components) => {
                Operand::Arn(components.iter().map(|component| component.map(&mut variable)).collect())
            }
            Operand::Number(number) => Operand::Number(*number),
            Operand::Date(date) => Operand::Date(*date),
            Operand::Bool(boolean) => Operand::Bool(*boolean),
            Operand::Ip(range) => Operand::Ip(*range),
            Operand::Binary(bytes) => Operand::Binary(bytes.clone()),
            Operand::Malformed => Operand::Malformed,
        }
    }

    /// The variables in it.
    pub fn variables(&self) -> impl Iterator<Item = &V> {
        let patterns = match self {
            Operand::Text(pattern) => core::slice::from_ref(pattern),
            Operand::Arn(components) => components,
            _ => &[],
        };
        patterns.iter().flat_map(Pattern::variables)
    }
}

/// A condition operator, taken apart once: `ForAnyValue:StringNotLikeIfExists`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionOperator {
    /// `ForAllValues:` or `ForAnyValue:`
    pub set: Option<SetOperator>,
    /// What is compared, and how.
    pub comparison: Comparison,
    /// The `Not` in it.
    pub negated: bool,
    /// The `IfExists` behind it.
    pub if_exists: bool,
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperator {
    /// Every value of the request.
    ForAllValues,
    /// At least one value of the request.
    ForAnyValue,
}

/// The families of condition operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `StringEquals`, `StringNotEquals`
    String,
    /// `StringEqualsIgnoreCase`, `StringNotEqualsIgnoreCase`
    StringIgnoreCase,
    /// `StringLike`, `StringNotLike`
    StringLike,
    /// `Numeric…`
    Numeric(Relation),
    /// `Date…`
    Date(Relation),
    /// `Bool`
    Bool,
    /// `BinaryEquals`
    Binary,
    /// `IpAddress`, `NotIpAddress`
    IpAddress,
    /// `ArnEquals` and `ArnLike`, which do the same
    Arn,
    /// `Null`
    Null,
}

/// How numbers and dates are compared: value of the request first, value of the policy second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `…Equals`
    Equals,
    /// `…LessThan`
    LessThan,
    /// `…LessThanEquals`
    LessThanEquals,
    /// `…GreaterThan`
    GreaterThan,
    /// `…GreaterThanEquals`
    GreaterThanEquals,
}

impl Relation {
    /// Whether `left` stands in this relation to `right`.
    #[must_use]
    pub fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Relation::Equals => left == right,
            Relation::LessThan => left < right,
            Relation::LessThanEquals => left <= right,
            Relation::GreaterThan => left > right,
            Relation::GreaterThanEquals => left >= right,
        }
    }
}

/// The plain operators: name, family, negated.
const OPERATORS: &[(&str, Comparison, bool)] = &[
    ("StringEquals", Comparison::String, false),
    ("StringNotEquals", Comparison::String, true),
    ("StringEqualsIgnoreCase", Comparison::StringIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", Comparison::StringIgnoreCase, true),
    ("StringLike", Comparison::StringLike, false),
    ("StringNotLike", Comparison::StringLike, true),
    ("NumericEquals", Comparison::Numeric(Relation::Equals), false),
    ("NumericNotEquals", Comparison::Numeric(Relation::Equals), true),
    ("NumericLessThan", Comparison::Numeric(Relation::LessThan), false),
    ("NumericLessThanEquals", Comparison::Numeric(Relation::LessThanEquals), false),
    ("NumericGreaterThan", Comparison::Numeric(Relation::GreaterThan), false),
    ("NumericGreaterThanEquals", Comparison::Numeric(Relation::GreaterThanEquals), false),
    ("DateEquals", Comparison::Date(Relation::Equals), false),
    ("DateNotEquals", Comparison::Date(Relation::Equals), true),
    ("DateLessThan", Comparison::Date(Relation::LessThan), false),
    ("DateLessThanEquals", Comparison::Date(Relation::LessThanEquals), false),
    ("DateGreaterThan", Comparison::Date(Relation::GreaterThan), false),
    ("DateGreaterThanEquals", Comparison::Date(Relation::GreaterThanEquals), false),
    ("Bool", Comparison::Bool, false),
    ("BinaryEquals", Comparison::Binary, false),
    ("IpAddress", Comparison::IpAddress, false),
    ("NotIpAddress", Comparison::IpAddress, true),
    ("ArnEquals", Comparison::Arn, false),
    ("ArnLike", Comparison::Arn, false),
    ("ArnNotEquals", Comparison::Arn, true),
    ("ArnNotLike", Comparison::Arn, true),
    ("Null", Comparison::Null, false),
];

impl ConditionOperator {
    /// Takes an operator's name apart; `None` if AWS has no such operator.
    /// `NullIfExists` is taken apart too, and is refused when a document is read.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (set, rest) = match name.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(SetOperator::ForAllValues), rest),
            Some(("ForAnyValue", rest)) => (Some(SetOperator::ForAnyValue), rest),
            Some(_) => return None,
            None => (None, name),
        };
        let (plain, if_exists) = rest.strip_suffix("IfExists").map_or((rest, false), |plain| (plain, true));
        let (_, comparison, negated) = *OPERATORS.iter().find(|(known, ..)| *known == plain)?;
        Some(Self { set, comparison, negated, if_exists })
    }

    /// The operator that was probably meant, if the name is close to one.
    pub(super) fn meant(name: &str) -> Option<&'static str> {
        let plain = name.rsplit(':').next().unwrap_or(name);
        let plain = plain.strip_suffix("IfExists").unwrap_or(plain);
        let letters = |text: &str| -> alloc::string::String {
            text.trim_end_matches(['s', 'S']).chars().filter(char::is_ascii_alphabetic).collect()
        };
        let close = |known: &str| letters(known).eq_ignore_ascii_case(&letters(plain));
        OPERATORS.iter().map(|(known, ..)| *known).find(|known| close(known))
    }
}

/// Reads one value as what the operator compares; says so if it cannot be read.
pub(super) fn operand(
    operator: ConditionOperator,
    text: &str,
    version: Version,
    span: Span,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Operand<Variable> {
    let mut malformed = |code, expected: &str| {
        problems.push(code, span, path, format!("`{text}` is {expected}, so it matches nothing"));
        Operand::Malformed
    };
    match operator.comparison {
        Comparison::String | Comparison::StringIgnoreCase => {
            text_operand(text, version, Wildcards::AreLiteral, span, path, problems)
        }
        Comparison::StringLike => text_operand(text, version, Wildcards::Count, span, path, problems),
        Comparison::Arn => {
            let components: Vec<&str> = components(text, version);
            if components.len() != 6 {
                return malformed(Code::TypeMismatchArn, "no ARN: it needs six parts between colons");
            }
            let read = |component: &&str| template(component, version, Wildcards::Count);
            match components.iter().map(read).collect() {
                Ok(patterns) => Operand::Arn(patterns),
                Err(fault) => {
                    problems.push(fault.code, span, path, fault.message);
                    Operand::Malformed
                }
            }
        }
        Comparison::Numeric(_) => {
            value::number(text).map_or_else(|| malformed(Code::TypeMismatchNumber, "no number"), Operand::Number)
        }
        Comparison::Date(_) => value::date(text).map_or_else(
            || malformed(Code::TypeMismatchDate, "no date of ISO 8601, such as `2026-11-23T10:00:00Z`"),
            Operand::Date,
        ),
        Comparison::Bool | Comparison::Null => value::boolean(text)
            .map_or_else(|| malformed(Code::TypeMismatchBoolean, "neither `true` nor `false`"), Operand::Bool),
        Comparison::Binary => {
            value::binary(text).map_or_else(|| malformed(Code::TypeMismatchBinary, "not base64"), Operand::Binary)
        }
        Comparison::IpAddress => match value::ip_range(text) {
            Some(range) => Operand::Ip(range),
            None => {
                let message = format!(
                    "`{text}` is no IP range; write CIDR notation, such as `203.0.113.0/24` or `2001:db8::/32`"
                );
                problems.push(Code::TypeMismatchIpRange, span, path, message);
                Operand::Malformed
            }
        },
    }
}

fn text_operand(
    text: &str,
    version: Version,
    wildcards: Wildcards,
    span: Span,
    path: &Path<'_>,
    problems: &mut Problems<'_>,
) -> Operand<Variable> {
    template(text, version, wildcards).map_or_else(
        |fault| {
            problems.push(fault.code, span, path, fault.message);
            Operand::Malformed
        },
        Operand::Text,
    )
}

/// The components of an ARN. A colon inside a policy variable does not part them, the sixth keeps its colons.
fn components(text: &str, version: Version) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut begin = 0;
    let mut inside_variable = false;
    for (at, character) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        match character {
            '$' if version == Version::V2012 && rest.starts_with("${") => inside_variable = true,
            '}' => inside_variable = false,
            ':' if !inside_variable && parts.len() < 5 => {
                parts.extend(text.get(begin..at));
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(begin..));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_taken_apart() {
        let operator = ConditionOperator::parse("ForAnyValue:StringNotLikeIfExists").unwrap();
        assert_eq!(operator.set, Some(SetOperator::ForAnyValue));
        assert_eq!((operator.comparison, operator.negated, operator.if_exists), (Comparison::StringLike, true, true));
        assert_eq!(ConditionOperator::parse("ArnEquals"), ConditionOperator::parse("ArnLike"));
        for name in
            ["StringEqual", "stringequals", "StringLikeIgnoreCase", "ForSomeValues:StringLike", "NumericNotLessThan"]
        {
            assert_eq!(ConditionOperator::parse(name), None, "{name}");
        }
        assert_eq!(ConditionOperator::meant("stringequal"), Some("StringEquals"));
    }

    #[test]
    fn a_colon_in_a_variable_does_not_part_an_arn() {
        assert_eq!(
            components("arn:aws:iam::${aws:PrincipalAccount}:role/a:b", Version::V2012)[4..],
            ["${aws:PrincipalAccount}", "role/a:b"]
        );
        assert_eq!(components("arn:aws:iam::${aws:PrincipalAccount}:role/a", Version::V2008)[4], "${aws");
        assert_eq!(components("arn:aws:iam", Version::V2012).len(), 3);
    }
}
