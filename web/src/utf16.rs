//! The one place where bytes become UTF-16 units.
//!
//! The engine counts bytes, browsers and editors count UTF-16 units: `é` is two of the former and one
//! of the latter, `😀` four and two.

use keytrace::json::Span;

/// Turns byte offsets of one text into UTF-16 offsets.
pub struct Utf16<'t> {
    text: &'t str,
    /// Where each line begins, in bytes and in UTF-16 units; empty if the two are the same everywhere.
    lines: Vec<(usize, usize)>,
}

impl<'t> Utf16<'t> {
    /// For offsets into `text`.
    pub fn new(text: &'t str) -> Self {
        if text.is_ascii() {
            return Self { text, lines: Vec::new() };
        }
        let lines = text
            .split_inclusive('\n')
            .scan((0, 0), |place, line| {
                let begin = *place;
                *place = (begin.0 + line.len(), begin.1 + line.encode_utf16().count());
                Some(begin)
            })
            .collect();
        Self { text, lines }
    }

    /// The UTF-16 offset of the byte offset `byte`; one beyond the text counts as its end, one inside a
    /// character as that character's beginning.
    pub fn offset(&self, byte: usize) -> u32 {
        let byte = self.text.floor_char_boundary(byte);
        let line = self.lines.partition_point(|(begin, _)| *begin <= byte).checked_sub(1);
        let (begin, units) = line.and_then(|line| self.lines.get(line)).copied().unwrap_or((0, 0));
        let within = match self.lines.is_empty() {
            true => byte,
            false => self.text.get(begin..byte).unwrap_or_default().encode_utf16().count(),
        };
        u32::try_from(units + within).unwrap_or(u32::MAX)
    }

    /// Both ends of `span`.
    pub fn range(&self, span: Span) -> (u32, u32) {
        (self.offset(span.start as usize), self.offset(span.end as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What JavaScript's `text.slice(from, to)` gives.
    fn slice(text: &str, (from, to): (u32, u32)) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        String::from_utf16(&units[from as usize..to as usize]).unwrap()
    }

    fn span_of(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap();
        Span::new(start as u32, (start + part.len()) as u32)
    }

    #[test]
    fn ascii_offsets_are_the_same_in_both_measures() {
        let text = "one\ntwo";
        assert_eq!(Utf16::new(text).range(span_of(text, "two")), (4, 7));
    }

    #[test]
    fn what_stands_after_wide_characters_is_found() {
        let text = "{\n  \"naïve é\": \"😀😀\",\n  \"é\": \"Effect 😀\", \"x\": 1\n}";
        for part in ["naïve é", "😀😀", "Effect 😀", "x", "1", "}"] {
            assert_eq!(slice(text, Utf16::new(text).range(span_of(text, part))), part);
        }
    }

    #[test]
    fn offsets_beyond_the_end_or_inside_a_character_stay_in_the_text() {
        let text = "é😀";
        let utf16 = Utf16::new(text);
        assert_eq!(utf16.offset(1), 0);
        assert_eq!(utf16.offset(4), 1);
        assert_eq!(utf16.offset(999), 3);
    }
}
