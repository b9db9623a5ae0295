//! The values of one unknown key that its conditions tell apart.

use alloc::{boxed::Box, collections::BTreeMap, string::ToString, vec::Vec};
use core::net::IpAddr;

use base64ct::{Base64, Encoding};
use ipnet::IpNet;
use jiff::SignedDuration;
use rust_decimal::Decimal;

use super::text::{Glyph, TextPattern, distinguished};
use crate::{
    assumption::WildcardsInVariableValues,
    compile::{CompiledCondition, SlotVariable},
    evaluate::Question,
    pattern::{Pattern, Piece},
    policy::condition::{Comparison, Operand},
    request::ContextValue,
};

/// More kinds of values than are combined, where a key can have several at once.
const MOST_KINDS: usize = 5;

/// What tells the values of a key apart.
pub(super) struct Distinguished<'c> {
    /// The key is in every request.
    pub always: bool,
    /// It may have several values at once.
    pub several: bool,
    /// The conditions that ask for it.
    pub conditions: &'c [&'c CompiledCondition],
    /// What grants compare it with.
    pub of_grants: &'c [Vec<Glyph>],
}

/// What kind of values an operator compares; `None` for `Null`, which compares none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Number,
    Date,
    Bool,
    Address,
    Binary,
}

const fn family(comparison: Comparison) -> Option<Family> {
    match comparison {
        Comparison::String | Comparison::StringIgnoreCase | Comparison::StringLike | Comparison::Arn => {
            Some(Family::Text)
        }
        Comparison::Numeric(_) => Some(Family::Number),
        Comparison::Date(_) => Some(Family::Date),
        Comparison::Bool => Some(Family::Bool),
        Comparison::IpAddress => Some(Family::Address),
        Comparison::Binary => Some(Family::Binary),
        Comparison::Null => None,
    }
}

impl Distinguished<'_> {
    /// One value of every kind, absence among them if that is possible. `None` if the conditions compare the
    /// key in ways that do not go together.
    pub fn values(&self, question: &Question<'_>) -> Option<Vec<ContextValue>> {
        let mut families: Vec<Family> =
            self.conditions.iter().filter_map(|condition| family(condition.operator.comparison)).collect();
        if !self.of_grants.is_empty() {
            families.push(Family::Text);
        }
        families.dedup();
        let kinds = match families.as_slice() {
            [] => Vec::from(["x".into()]),
            [Family::Text] => self.texts(question)?,
            [Family::Number] => self.numbers(),
            [Family::Date] => self.dates(),
            [Family::Bool] => Vec::from(["true".into(), "false".into()]),
            [Family::Address] => self.addresses(),
            [Family::Binary] => self.bytes(),
            _ => return None,
        };
        let mut values = Vec::new();
        if !self.always {
            values.push(ContextValue::Absent);
        }
        if !self.several {
            values.extend(kinds.into_iter().map(ContextValue::one));
        } else if kinds.len() > MOST_KINDS {
            return None;
        } else {
            for set in 1_usize..1 << kinds.len() {
                let chosen = kinds.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1);
                values.push(ContextValue::several(chosen.map(|(_, value)| value.clone()).collect()));
            }
        }
        Some(values)
    }

    fn operands(&self) -> impl Iterator<Item = (&CompiledCondition, &Operand<SlotVariable>)> {
        self.conditions.iter().flat_map(|condition| condition.operands.iter().map(move |operand| (*condition, operand)))
    }

    fn texts(&self, question: &Question<'_>) -> Option<Vec<Box<str>>> {
        let mut patterns = Vec::new();
        for (condition, operand) in self.operands() {
            let ignores_case = condition.operator.comparison == Comparison::StringIgnoreCase;
            let wildcards = condition.operator.comparison == Comparison::StringLike;
            let glyphs = match operand {
                Operand::Text(pattern) => glyphs(pattern, wildcards, question)?,
                Operand::Arn(components) => arn(components, question)?,
                _ => continue,
            };
            patterns.extend(glyphs.map(|glyphs| TextPattern { glyphs, ignores_case }));
        }
        patterns.extend(self.of_grants.iter().cloned().map(|glyphs| TextPattern { glyphs, ignores_case: false }));
        Some(distinguished(&patterns)?.into_iter().map(|(_, text)| text).collect())
    }

    /// Each number of a policy, one between any two, one below and one above them all.
    fn numbers(&self) -> Vec<Box<str>> {
        let number = |(_, operand): (_, &Operand<SlotVariable>)| match operand {
            Operand::Number(number) => Some(*number),
            _ => None,
        };
        let mut numbers: Vec<Decimal> = self.operands().filter_map(number).collect();
        numbers.sort();
        numbers.dedup();
        let mut values = Vec::new();
        let (first, last) = (numbers.first().copied(), numbers.last().copied());
        values.extend(first.and_then(|first| first.checked_sub(Decimal::ONE)));
        for (index, number) in numbers.iter().enumerate() {
            values.push(*number);
            let next = numbers.get(index.saturating_add(1));
            let middle = next.and_then(|next| number.checked_add(*next)).and_then(|sum| sum.checked_div(Decimal::TWO));
            values.extend(middle);
        }
        values.extend(last.and_then(|last| last.checked_add(Decimal::ONE)));
        if values.is_empty() {
            values.push(Decimal::ONE);
        }
        values.iter().map(|value| value.to_string().into()).collect()
    }

    /// The same of dates, to the second.
    fn dates(&self) -> Vec<Box<str>> {
        let date = |(_, operand): (_, &Operand<SlotVariable>)| match operand {
            Operand::Date(date) => Some(*date),
            _ => None,
        };
        let second = SignedDuration::from_secs(1);
        let mut values: Vec<jiff::Timestamp> = Vec::new();
        for date in self.operands().filter_map(date) {
            values.extend(
                [date.checked_sub(second).ok(), Some(date), date.checked_add(second).ok()].into_iter().flatten(),
            );
        }
        values.sort();
        values.dedup();
        if values.is_empty() {
            values.push(jiff::Timestamp::UNIX_EPOCH);
        }
        values.iter().map(|value| value.to_string().into()).collect()
    }

    /// The bytes of each value, and others.
    fn bytes(&self) -> Vec<Box<str>> {
        let bytes = |(_, operand): (_, &Operand<SlotVariable>)| match operand {
            Operand::Binary(bytes) => Some(bytes.clone()),
            _ => None,
        };
        let mut values: Vec<Vec<u8>> = self.operands().filter_map(bytes).collect();
        // Longer than all of them.
        values.push(values.concat().into_iter().chain([0]).collect());
        values.sort();
        values.dedup();
        values.iter().map(|bytes| Base64::encode_string(bytes).into()).collect()
    }

    /// Ranges lie in each other or apart. Whatever lies in a range and in none inside it lies beside one of
    /// those, or at the range's beginning.
    fn addresses(&self) -> Vec<Box<str>> {
        let range = |(_, operand): (_, &Operand<SlotVariable>)| match operand {
            Operand::Ip(range) => Some(*range),
            _ => None,
        };
        let ranges: Vec<IpNet> = self.operands().filter_map(range).collect();
        let mut values: Vec<IpAddr> = Vec::from([IpAddr::from([0; 4]), IpAddr::from([0; 16])]);
        for range in &ranges {
            values.push(range.network());
            values.extend(beside(range));
        }
        let kind =
            |value: &IpAddr| (value.is_ipv4(), ranges.iter().map(|range| range.contains(value)).collect::<Vec<_>>());
        let kinds: BTreeMap<(bool, Vec<bool>), IpAddr> = values.iter().map(|value| (kind(value), *value)).collect();
        kinds.into_values().map(|value| value.to_string().into()).collect()
    }
}

/// The addresses next to a range.
fn beside(range: &IpNet) -> Vec<IpAddr> {
    match range {
        IpNet::V4(range) => {
            let (first, last) = (range.network().to_bits(), range.broadcast().to_bits());
            let beside = [first.checked_sub(1), last.checked_add(1)];
            beside.into_iter().flatten().map(|bits| IpAddr::V4(bits.into())).collect()
        }
        IpNet::V6(range) => {
            let (first, last) = (range.network().to_bits(), range.broadcast().to_bits());
            let beside = [first.checked_sub(1), last.checked_add(1)];
            beside.into_iter().flatten().map(|bits| IpAddr::V6(bits.into())).collect()
        }
    }
}

/// The characters of six components with colons between them. Wildcards of the first five stay within theirs.
/// `Some(None)` if a variable has no value; `None` if the value of one is not known.
fn arn(components: &[Pattern<SlotVariable>], question: &Question<'_>) -> Option<Option<Vec<Glyph>>> {
    let mut all = Vec::new();
    for (index, component) in components.iter().enumerate() {
        let Some(glyphs) = glyphs(component, true, question)? else { return Some(None) };
        if index > 0 {
            all.push(Glyph::Literal(':'));
        }
        let last = index.saturating_add(1) == components.len();
        all.extend(glyphs.into_iter().map(|glyph| match glyph {
            Glyph::Any if !last => Glyph::AnyWithin,
            Glyph::Run if !last => Glyph::RunWithin,
            other => other,
        }));
    }
    Some(Some(all))
}

/// The characters of a pattern, its variables replaced. `Some(None)` if one has no value, so that it matches
/// nothing; `None` if the value of one is not known.
fn glyphs(pattern: &Pattern<SlotVariable>, wildcards: bool, question: &Question<'_>) -> Option<Option<Vec<Glyph>>> {
    let mut glyphs = Vec::new();
    let wildcards =
        wildcards && question.assumptions.wildcards_in_variable_values == WildcardsInVariableValues::Wildcards;
    for piece in pattern.pieces() {
        match piece {
            Piece::Literal(text) => glyphs.extend(text.chars().map(Glyph::Literal)),
            Piece::AnyRun => glyphs.push(Glyph::Run),
            Piece::AnyCharacter => glyphs.push(Glyph::Any),
            Piece::Variable(variable) => {
                let text = match question.value(variable.slot) {
                    ContextValue::Unknown => return None,
                    _ if variable.multivalued => return Some(None),
                    ContextValue::Values(values) => match values.as_slice() {
                        [value] => value,
                        _ => return Some(None),
                    },
                    ContextValue::Absent => match &variable.default {
                        Some(default) => default,
                        None => return Some(None),
                    },
                };
                glyphs.extend(text.chars().map(|character| Glyph::new(character, wildcards)));
            }
        }
    }
    Some(Some(glyphs))
}
