//! Text with holes: `*` for any run of characters, `?` for exactly one, and policy variables.
//!
//! A pattern is split into pieces once and then matched as often as needed, without allocating. The
//! match is greedy, segment by segment, and never looks back past the last `*`: the work is linear in
//! pattern and text as long as the segments are plain text, and at most their product otherwise. No
//! input makes it exponential.
//!
//! Wildcards: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>.
//!
//! ```
//! use keytrace::pattern::Pattern;
//!
//! let pattern = Pattern::wildcards("arn:aws:kms:*:111122223333:key/????");
//! assert!(pattern.matches_text("arn:aws:kms:us-west-2:111122223333:key/1234"));
//! assert!(!pattern.matches_text("arn:aws:kms:us-west-2:111122223333:key/12345"));
//! ```

use alloc::{boxed::Box, string::String, vec::Vec};
use core::convert::Infallible;

/// One piece of a [`Pattern`]. `V` is what stands for a policy variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<V> {
    /// This text.
    Literal(Box<str>),
    /// `*`: any run of characters, the empty one too.
    AnyRun,
    /// `?`: exactly one character.
    AnyCharacter,
    /// The value of a policy variable.
    Variable(V),
}

/// What a variable stands for when a pattern is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Substitute<'v> {
    /// Exactly this text.
    Text(&'v str),
    /// This text, in which `*` and `?` are wildcards.
    Wildcards(&'v str),
    /// Nobody knows: any text. A match then means "may match"; no match is certain.
    Anything,
}

/// Pieces, one after the other, that must cover the whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern<V> {
    pieces: Vec<Piece<V>>,
}

impl<V> Default for Pattern<V> {
    fn default() -> Self {
        Self { pieces: Vec::new() }
    }
}

impl Pattern<Infallible> {
    /// A pattern without variables.
    #[must_use]
    pub fn wildcards(text: &str) -> Self {
        let mut pattern = Self::default();
        pattern.push_wildcards(text);
        pattern
    }

    /// Whether the whole of `text` fits.
    #[must_use]
    pub fn matches_text(&self, text: &str) -> bool {
        self.matches(text, &|variable| match *variable {})
    }
}

impl<V> Pattern<V> {
    /// Appends text that stands for itself.
    pub fn push_literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Piece::Literal(last)) = self.pieces.last_mut() {
            let mut joined = String::from(core::mem::take(last));
            joined.push_str(text);
            *last = joined.into();
        } else {
            self.pieces.push(Piece::Literal(text.into()));
        }
    }

    /// Appends text in which `*` and `?` are wildcards.
    pub fn push_wildcards(&mut self, text: &str) {
        for part in text.split_inclusive(['*', '?']) {
            self.push_literal(part.trim_end_matches(['*', '?']));
            match part.bytes().last() {
                Some(b'*') if !matches!(self.pieces.last(), Some(Piece::AnyRun)) => self.pieces.push(Piece::AnyRun),
                Some(b'?') => self.pieces.push(Piece::AnyCharacter),
                _ => {}
            }
        }
    }

    /// Appends a variable.
    pub fn push_variable(&mut self, variable: V) {
        self.pieces.push(Piece::Variable(variable));
    }

    /// The pieces in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece<V>] {
        &self.pieces
    }

    /// The variables in order.
    pub fn variables(&self) -> impl Iterator<Item = &V> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(variable) => Some(variable),
            _ => None,
        })
    }

    /// Whether a wildcard is in it.
    #[must_use]
    pub fn has_wildcards(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::AnyRun | Piece::AnyCharacter))
    }

    /// The same pattern with other variables.
    #[must_use]
    pub fn map<W>(&self, mut variable: impl FnMut(&V) -> W) -> Pattern<W> {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Literal(text) => Piece::Literal(text.clone()),
            Piece::AnyRun => Piece::AnyRun,
            Piece::AnyCharacter => Piece::AnyCharacter,
            Piece::Variable(v) => Piece::Variable(variable(v)),
        });
        Pattern { pieces: pieces.collect() }
    }

    /// Whether the whole of `text` fits, with `substitute` for each variable.
    pub fn matches<'v>(&'v self, text: &str, substitute: &dyn Fn(&'v V) -> Substitute<'v>) -> bool {
        let has_inner_wildcards = self.variables().any(|variable| match substitute(variable) {
            Substitute::Wildcards(value) => value.contains(['*', '?']),
            _ => false,
        });
        if has_inner_wildcards {
            return self.expanded(substitute).matches(text, &|()| Substitute::Anything);
        }
        self.matches_pieces(text, substitute)
    }

    fn matches_pieces<'v>(&'v self, text: &str, substitute: &dyn Fn(&'v V) -> Substitute<'v>) -> bool {
        // Where to go on after a mismatch: the piece after the last run, and how far that run reaches.
        let mut last_run: Option<(usize, usize)> = None;
        let (mut piece, mut at) = (0, 0);
        loop {
            let rest = text.get(at..).unwrap_or_default();
            let step = match self.pieces.get(piece) {
                None if rest.is_empty() => return true,
                None => None,
                Some(Piece::Literal(literal)) => rest.starts_with(&**literal).then_some(literal.len()),
                Some(Piece::AnyCharacter) => rest.chars().next().map(char::len_utf8),
                Some(Piece::Variable(variable)) => match substitute(variable) {
                    Substitute::Text(value) | Substitute::Wildcards(value) => {
                        rest.starts_with(value).then_some(value.len())
                    }
                    Substitute::Anything => {
                        last_run = Some((piece + 1, at));
                        Some(0)
                    }
                },
                Some(Piece::AnyRun) => {
                    let Some(next) = self.candidate(text, piece + 1, at) else { return false };
                    last_run = Some((piece + 1, next));
                    Some(next - at)
                }
            };
            if let Some(length) = step {
                piece += 1;
                at += length;
                continue;
            }
            let Some((after_run, reached)) = last_run else { return false };
            let Some(character) = text.get(reached..).and_then(|rest| rest.chars().next()) else { return false };
            let Some(next) = self.candidate(text, after_run, reached + character.len_utf8()) else { return false };
            last_run = Some((after_run, next));
            (piece, at) = (after_run, next);
        }
    }

    /// The first place from `from` on where the piece after a run can begin.
    fn candidate(&self, text: &str, piece: usize, from: usize) -> Option<usize> {
        match self.pieces.get(piece) {
            None => Some(text.len()),
            Some(Piece::Literal(literal)) if piece + 1 == self.pieces.len() => {
                let begin = text.len().checked_sub(literal.len())?;
                (begin >= from && text.ends_with(&**literal)).then_some(begin)
            }
            Some(Piece::Literal(literal)) => text.get(from..)?.find(&**literal).map(|found| from + found),
            Some(_) => Some(from),
        }
    }

    /// Whether the whole of `text` fits when case is ignored. Wildcards match nothing but themselves:
    /// there is no operator that has both.
    pub fn matches_ignoring_case<'v>(&'v self, text: &str, substitute: &dyn Fn(&'v V) -> Substitute<'v>) -> bool {
        let mut rest = text.chars().flat_map(char::to_lowercase);
        for piece in &self.pieces {
            let expected = match piece {
                Piece::Literal(literal) => literal,
                Piece::AnyRun => "*",
                Piece::AnyCharacter => "?",
                Piece::Variable(variable) => match substitute(variable) {
                    Substitute::Text(value) | Substitute::Wildcards(value) => value,
                    Substitute::Anything => return true,
                },
            };
            if !expected.chars().flat_map(char::to_lowercase).all(|character| rest.next() == Some(character)) {
                return false;
            }
        }
        rest.next().is_none()
    }

    /// Values whose wildcards count become pieces of the pattern; `()` stands for what nobody knows.
    fn expanded<'v>(&'v self, substitute: &dyn Fn(&'v V) -> Substitute<'v>) -> Pattern<()> {
        let mut expanded = Pattern::default();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => expanded.push_literal(text),
                Piece::AnyRun => expanded.push_wildcards("*"),
                Piece::AnyCharacter => expanded.push_wildcards("?"),
                Piece::Variable(variable) => match substitute(variable) {
                    Substitute::Text(value) => expanded.push_literal(value),
                    Substitute::Wildcards(value) => expanded.push_wildcards(value),
                    Substitute::Anything => expanded.push_variable(()),
                },
            }
        }
        expanded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a pattern means, written down without any cleverness.
    fn literal_meaning(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some((b'*', rest)), None) => literal_meaning(rest, text),
            (Some((b'*', rest)), Some((_, shorter))) => {
                literal_meaning(rest, text) || literal_meaning(pattern, shorter)
            }
            (Some((b'?', rest)), Some((_, shorter))) => literal_meaning(rest, shorter),
            (Some((expected, rest)), Some((found, shorter))) => expected == found && literal_meaning(rest, shorter),
            _ => false,
        }
    }

    #[test]
    fn agrees_with_the_literal_meaning_on_every_short_input() {
        // Every word of these letters, up to a length.
        let words = |letters: &[u8], longest: usize| {
            let mut all = alloc::vec![Vec::new()];
            let mut last: Vec<Vec<u8>> = all.clone();
            for _ in 0..longest {
                let longer = |word: &Vec<u8>| {
                    let word = word.clone();
                    letters.iter().map(move |letter| [&word[..], &[*letter]].concat()).collect::<Vec<_>>()
                };
                last = last.iter().flat_map(longer).collect();
                all.extend(last.iter().cloned());
            }
            all
        };
        let texts = words(b"ab", 6);
        for pattern in words(b"ab*?", 5) {
            let compiled = Pattern::wildcards(core::str::from_utf8(&pattern).unwrap());
            for text in &texts {
                let found = compiled.matches_text(core::str::from_utf8(text).unwrap());
                assert_eq!(found, literal_meaning(&pattern, text), "{pattern:?} {text:?}");
            }
        }
    }

    #[test]
    fn a_hostile_pattern_ends() {
        let text = "a".repeat(100_000);
        assert!(!Pattern::wildcards(&"*a".repeat(200)).matches_text(&"b".repeat(100_000)));
        assert!(!Pattern::wildcards(&("*a".repeat(2_000) + "b")).matches_text(&text));
    }

    #[test]
    fn characters_are_not_bytes() {
        assert!(Pattern::wildcards("?é?").matches_text("😀éé"));
        assert!(!Pattern::wildcards("??").matches_text("é"));
    }

    #[test]
    fn variables_are_literal_unless_said_otherwise() {
        let mut pattern: Pattern<&str> = Pattern::default();
        pattern.push_literal("team/");
        pattern.push_variable("team");
        pattern.push_wildcards("/*");
        assert!(pattern.matches("team/a*/x", &|_| Substitute::Text("a*")));
        assert!(!pattern.matches("team/ab/x", &|_| Substitute::Text("a*")));
        assert!(pattern.matches("team/ab/x", &|_| Substitute::Wildcards("a*")));
        assert!(pattern.matches("team/ab/x", &|_| Substitute::Anything));
        assert!(!pattern.matches("group/ab/x", &|_| Substitute::Anything));
    }
}
