//! Texts that a set of patterns tells apart: one for every way to match some of them and not the others.

use alloc::{
    boxed::Box,
    collections::{BTreeMap, BTreeSet, VecDeque},
    string::String,
    vec::Vec,
};

/// A character of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glyph {
    /// This one.
    Literal(char),
    /// Any one.
    Any,
    /// Any run.
    Run,
    /// Any one within a component of an ARN.
    AnyWithin,
    /// Any run within a component of an ARN.
    RunWithin,
}

impl Glyph {
    /// What a character of a policy or a grant stands for.
    pub const fn new(character: char, wildcards: bool) -> Self {
        match character {
            '*' if wildcards => Self::Run,
            '?' if wildcards => Self::Any,
            other => Self::Literal(other),
        }
    }
}

/// A pattern, and whether letter case counts.
#[derive(Clone, Debug)]
pub(super) struct TextPattern {
    pub glyphs: Vec<Glyph>,
    pub ignores_case: bool,
}

/// More steps than are walked.
const MOST_STATES: usize = 3_000;

/// The positions in each pattern that a text can have led to, as bits.
type State = Vec<u128>;

impl TextPattern {
    /// Runs take no character: what can be reached without one.
    fn closed(&self, mut positions: u128) -> u128 {
        for (index, glyph) in self.glyphs.iter().enumerate() {
            if matches!(glyph, Glyph::Run | Glyph::RunWithin) && positions >> index & 1 == 1 {
                positions |= 1_u128 << index.saturating_add(1);
            }
        }
        positions
    }

    fn step(&self, positions: u128, next: char) -> u128 {
        let mut reached = 0;
        for (index, glyph) in self.glyphs.iter().enumerate() {
            if positions >> index & 1 == 0 {
                continue;
            }
            let after = 1_u128 << index.saturating_add(1);
            reached |= match glyph {
                Glyph::Literal(expected) if self.same(*expected, next) => after,
                Glyph::Any => after,
                Glyph::Run => 1_u128 << index,
                Glyph::AnyWithin if next != ':' => after,
                Glyph::RunWithin if next != ':' => 1_u128 << index,
                Glyph::Literal(_) | Glyph::AnyWithin | Glyph::RunWithin => 0,
            };
        }
        self.closed(reached)
    }

    fn same(&self, one: char, other: char) -> bool {
        one == other || self.ignores_case && one.to_lowercase().eq(other.to_lowercase())
    }

    fn accepts(&self, positions: u128) -> bool {
        positions >> self.glyphs.len() & 1 == 1
    }
}

/// One text for each set of patterns that a text can match, with that set. The empty text only where a
/// pattern is empty itself: AWS gives no key an empty value. `None` if there is too much to walk through.
pub(super) fn distinguished(patterns: &[TextPattern]) -> Option<Vec<(Vec<bool>, Box<str>)>> {
    if patterns.iter().any(|pattern| pattern.glyphs.len() > 120) {
        return None;
    }
    let alphabet = alphabet(patterns);
    let start: State = patterns.iter().map(|pattern| pattern.closed(1)).collect();
    let mut seen = BTreeSet::from([start.clone()]);
    let mut found: BTreeMap<Vec<bool>, Box<str>> = BTreeMap::new();
    let mut next = VecDeque::from([(start, String::new())]);
    while let Some((state, text)) = next.pop_front() {
        let with_empty = patterns.iter().any(|pattern| pattern.glyphs.is_empty());
        if !text.is_empty() || with_empty {
            let accepted =
                patterns.iter().zip(&state).map(|(pattern, positions)| pattern.accepts(*positions)).collect();
            found.entry(accepted).or_insert_with(|| text.as_str().into());
        }
        for character in &alphabet {
            let reached: State =
                patterns.iter().zip(&state).map(|(pattern, positions)| pattern.step(*positions, *character)).collect();
            if seen.len() >= MOST_STATES {
                return None;
            }
            if seen.insert(reached.clone()) {
                let mut longer = text.clone();
                longer.push(*character);
                next.push_back((reached, longer));
            } else if text.is_empty() {
                // The state of the empty text can be that of a longer one, which counts.
                let accepted =
                    patterns.iter().zip(&reached).map(|(pattern, positions)| pattern.accepts(*positions)).collect();
                let mut one = String::new();
                one.push(*character);
                found.entry(accepted).or_insert_with(|| one.into());
            }
        }
    }
    Some(found.into_iter().collect())
}

/// The characters that patterns speak of, in both cases where one ignores it, and one of which none speaks.
fn alphabet(patterns: &[TextPattern]) -> BTreeSet<char> {
    let mut alphabet = BTreeSet::new();
    let any_ignores = patterns.iter().any(|pattern| pattern.ignores_case);
    for glyph in patterns.iter().flat_map(|pattern| &pattern.glyphs) {
        if let Glyph::Literal(character) = glyph {
            alphabet.insert(*character);
            if any_ignores {
                alphabet.extend(character.to_lowercase().chain(character.to_uppercase()));
            }
        }
    }
    let strange = ('0'..='9').chain('A'..='z').chain('\u{a1}'..).find(|character| {
        !alphabet.contains(character)
            && !patterns.iter().flat_map(|pattern| &pattern.glyphs).any(
                |glyph| matches!(glyph, Glyph::Literal(other) if other.to_lowercase().eq(character.to_lowercase())),
            )
    });
    alphabet.extend(strange);
    alphabet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str, ignores_case: bool) -> TextPattern {
        let glyph = |character| match character {
            '*' => Glyph::Run,
            '?' => Glyph::Any,
            other => Glyph::Literal(other),
        };
        TextPattern { glyphs: text.chars().map(glyph).collect(), ignores_case }
    }

    fn kinds(patterns: &[(&str, bool)]) -> Vec<(Vec<bool>, Box<str>)> {
        let patterns: Vec<TextPattern> = patterns.iter().map(|(text, ignores)| pattern(text, *ignores)).collect();
        distinguished(&patterns).unwrap()
    }

    #[test]
    fn a_text_for_every_way_to_match() {
        let sets =
            |patterns: &[(&str, bool)]| kinds(patterns).into_iter().map(|(accepted, _)| accepted).collect::<Vec<_>>();
        assert_eq!(sets(&[("*", false)]), [[true]]);
        assert_eq!(sets(&[("a", false), ("b", false)]), [[false, false], [false, true], [true, false]]);
        // Whatever is an `a` with case is one without; not the other way round.
        assert_eq!(sets(&[("a", false), ("a", true)]), [[false, false], [false, true], [true, true]]);
        assert_eq!(sets(&[("o-*", false), ("*-x", false)]).len(), 4);
        assert_eq!(sets(&[("a*", false), ("ab*", false)]), [[false, false], [true, false], [true, true]]);
    }

    #[test]
    fn the_empty_text_counts_where_a_pattern_is_empty() {
        assert!(kinds(&[("a", false)]).iter().all(|(_, text)| !text.is_empty()));
        assert!(kinds(&[("", false)]).iter().any(|(accepted, text)| *accepted == [true] && text.is_empty()));
    }
}
