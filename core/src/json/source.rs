use alloc::{borrow::Cow, string::String, vec::Vec};

use super::Span;

/// Text to parse, and where each of its bytes stands in the outermost text.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    text: Cow<'a, str>,
    /// For embedded text: the outer offset of each byte, and of the end. Empty for plain text.
    offsets: Vec<u32>,
}

impl<'a> Source<'a> {
    /// The outermost text itself.
    #[must_use]
    pub const fn plain(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), offsets: Vec::new() }
    }

    /// The document inside a string value of `outer`, whose bytes are `string` (quotes included):
    /// unescaped, and URL-decoded if that is how it is written.
    ///
    /// IAM returns policy documents URL-encoded according to RFC 3986
    /// (<https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html>).
    #[must_use]
    pub fn embedded(outer: &'a str, string: Span) -> Source<'static> {
        let unescaped = unescape(outer, string);
        if unescaped.text.trim_start().starts_with('%') { unescaped.url_decoded() } else { unescaped }
    }

    /// The text to parse.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where byte `index` of this text stands in the outermost text.
    #[must_use]
    pub fn offset(&self, index: usize) -> u32 {
        match self.offsets.get(index.min(self.text.len())) {
            Some(&offset) => offset,
            None => u32::try_from(index).unwrap_or(u32::MAX),
        }
    }

    fn url_decoded(&self) -> Source<'static> {
        let mut decoded = Vec::with_capacity(self.text.len());
        let mut offsets = Vec::with_capacity(self.text.len());
        let bytes = self.text.as_bytes();
        let mut index = 0;
        while let Some(&byte) = bytes.get(index) {
            offsets.push(self.offset(index));
            let escaped = (byte == b'%').then(|| bytes.get(index + 1..index + 3)).flatten().and_then(hex_pair);
            decoded.push(escaped.unwrap_or(byte));
            index += if escaped.is_some() { 3 } else { 1 };
        }
        offsets.push(self.offset(bytes.len()));
        match String::from_utf8(decoded) {
            Ok(text) => Source { text: Cow::Owned(text), offsets },
            // Not URL-encoded UTF-8 after all: what was written stands.
            Err(_) => Source { text: Cow::Owned(self.text.clone().into_owned()), offsets: self.offsets.clone() },
        }
    }
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    u8::from_str_radix(core::str::from_utf8(pair).ok().filter(|text| !text.starts_with('+'))?, 16).ok()
}

/// The content of a JSON string that was parsed before, with the outer offset of each byte.
fn unescape(outer: &str, string: Span) -> Source<'static> {
    let mut text = String::new();
    let mut offsets = Vec::new();
    // What stands there without quotes was read as a string all the same.
    let written = string.of(outer).unwrap_or_default();
    let quote = written.chars().next().filter(|first| "\"'".contains(*first));
    let start = string.start + u32::from(quote.is_some());
    let inside = quote.map_or(written, |quote| {
        let inside = written.strip_prefix(quote).unwrap_or_default();
        inside.strip_suffix(quote).unwrap_or(inside)
    });
    let mut rest = inside;
    while let Some((character, length)) = next_character(rest) {
        let offset = start + u32::try_from(inside.len() - rest.len()).unwrap_or_default();
        text.push(character);
        offsets.extend(core::iter::repeat_n(offset, character.len_utf8()));
        rest = rest.get(length..).unwrap_or_default();
    }
    offsets.push(start + u32::try_from(inside.len()).unwrap_or_default());
    Source { text: Cow::Owned(text), offsets }
}

/// The first character of the inside of a JSON string, escapes undone, and how many bytes it took.
/// A lone surrogate or an unknown escape reads as U+FFFD; the parser reports it.
pub(super) fn next_character(rest: &str) -> Option<(char, usize)> {
    let mut characters = rest.chars();
    let first = characters.next()?;
    if first != '\\' {
        return Some((first, first.len_utf8()));
    }
    // A text that was cut off may end in the middle of an escape.
    let Some(escape) = characters.next() else { return Some((char::REPLACEMENT_CHARACTER, 1)) };
    let simple = match escape {
        '"' | '\\' | '/' => escape,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let Some(high) = hex4(rest, 2) else { return Some((char::REPLACEMENT_CHARACTER, 2)) };
            if let Some(character) = char::from_u32(high) {
                return Some((character, 6));
            }
            let low = rest.get(6..8).filter(|escape| *escape == "\\u").and_then(|_| hex4(rest, 8));
            return Some(match low {
                Some(low @ 0xDC00..=0xDFFF) if (0xD800..0xDC00).contains(&high) => {
                    let scalar = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                    (char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
                }
                _ => (char::REPLACEMENT_CHARACTER, 6),
            });
        }
        _ => return Some((char::REPLACEMENT_CHARACTER, 1 + escape.len_utf8())),
    };
    Some((simple, 2))
}

fn hex4(rest: &str, from: usize) -> Option<u32> {
    let digits = rest.get(from..from + 4)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_text_points_into_the_outer_text() {
        let outer = r#"{"Policy": "{\"Id\": \"\u00e9\ud83d\ude00\"}"}"#;
        let start = u32::try_from(outer.find("\"{").unwrap()).unwrap();
        let source = Source::embedded(outer, Span::new(start, u32::try_from(outer.len()).unwrap() - 1));
        assert_eq!(source.text(), "{\"Id\": \"é😀\"}");
        let id = source.text().find("Id").unwrap();
        assert_eq!(&outer[source.offset(id) as usize..][..2], "Id");
        let close = source.text().len() - 1;
        assert_eq!(&outer[source.offset(close) as usize..], "}\"}");
    }

    #[test]
    fn an_escape_that_is_cut_off_takes_no_more_than_is_there() {
        assert_eq!(next_character("\\"), Some((char::REPLACEMENT_CHARACTER, 1)));
        assert_eq!(next_character("\\u12"), Some((char::REPLACEMENT_CHARACTER, 2)));
    }

    #[test]
    fn url_encoded_text_is_decoded() {
        let outer = "\"%7B%22Version%22%3A%222012-10-17%22%7D\"";
        let source = Source::embedded(outer, Span::new(0, u32::try_from(outer.len()).unwrap()));
        assert_eq!(source.text(), r#"{"Version":"2012-10-17"}"#);
        assert_eq!(&outer[source.offset(2) as usize..][..7], "Version");
    }
}
