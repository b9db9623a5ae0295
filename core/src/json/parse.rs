use alloc::{borrow::ToOwned, boxed::Box, format, string::String, vec::Vec};

use super::{Kind, Member, Path, Source, Span, Value, source::next_character};
use crate::problem::{Code, Problems};

/// The longest text that is read: 64 MiB.
pub const MAX_BYTES: usize = 64 << 20;

/// The deepest nesting of arrays and objects that is read. A policy needs 6 levels.
pub const MAX_DEPTH: usize = 64;

/// Reads one JSON value. Every fault becomes a problem, and reading goes on behind it; `None` only if
/// there was nothing to read at all. A value that comes with problems is what could be understood.
pub fn parse(source: &Source<'_>, problems: &mut Problems<'_>) -> Option<Value> {
    parse_at(source, &Path::Root, problems)
}

/// As [`parse`], for a document that stands at `path` of a larger one.
pub(crate) fn parse_at(source: &Source<'_>, path: &Path<'_>, problems: &mut Problems<'_>) -> Option<Value> {
    let mut parser = Parser { source, at: 0, problems };
    if source.text().len() > MAX_BYTES {
        let message = format!("this text has {} bytes; at most {MAX_BYTES} are read", source.text().len());
        parser.report(Code::TooLarge, 0, 0, path, message);
        return None;
    }
    let value = parser.value(path, 0);
    parser.skip_blank(path);
    if value.is_some() && parser.at < source.text().len() {
        let rest = parser.at;
        parser.report(
            Code::JsonSyntaxError,
            rest,
            source.text().len(),
            path,
            "text after the end of the JSON value; a document is exactly one object",
        );
    }
    value
}

struct Parser<'s, 'p, 't> {
    source: &'s Source<'s>,
    at: usize,
    problems: &'p mut Problems<'t>,
}

impl Parser<'_, '_, '_> {
    fn rest(&self) -> &str {
        self.source.text().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.source.text().as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.source.offset(start), self.source.offset(self.at))
    }

    fn report(&mut self, code: Code, start: usize, end: usize, path: &Path<'_>, message: impl Into<String>) {
        let span = Span::new(self.source.offset(start), self.source.offset(end));
        self.problems.push(code, span, path, message);
    }

    fn syntax(&mut self, start: usize, end: usize, path: &Path<'_>, message: impl Into<String>) {
        self.report(Code::JsonSyntaxError, start, end, path, message);
    }

    /// White space, and comments, which JSON does not have.
    fn skip_blank(&mut self, path: &Path<'_>) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{feff}']).len();
            let start = self.at;
            let comment = match self.rest() {
                rest if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
                rest if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
                _ => return,
            };
            self.at += comment;
            self.syntax(start, self.at, path, "JSON has no comments; remove this one");
        }
    }

    fn value(&mut self, path: &Path<'_>, depth: usize) -> Option<Value> {
        self.skip_blank(path);
        let start = self.at;
        let Some(first) = self.peek() else {
            self.syntax(start, start, path, "a value is missing here");
            return None;
        };
        let kind = match first {
            b'{' | b'[' if depth == MAX_DEPTH => {
                let message = format!("nested deeper than {MAX_DEPTH} levels");
                self.report(Code::TooDeep, start, start + 1, path, message);
                self.at = self.source.text().len();
                return None;
            }
            b'{' => self.object(path, depth),
            b'[' => self.array(path, depth),
            b'"' | b'\'' => Kind::String(self.string(path)),
            b'-' | b'0'..=b'9' => self.number(path),
            b',' | b'}' | b']' | b':' => {
                self.syntax(start, start + 1, path, format!("a value is missing before `{}`", char::from(first)));
                return None;
            }
            _ => self.word(path)?,
        };
        Some(Value { span: self.span(start), kind })
    }

    fn object(&mut self, path: &Path<'_>, depth: usize) -> Kind {
        let open = self.at;
        self.at += 1;
        let mut members: Vec<Member> = Vec::new();
        loop {
            self.skip_blank(path);
            let start = self.at;
            match self.peek() {
                None => {
                    self.syntax(open, open + 1, path, "this `{` has no closing `}`");
                    break;
                }
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b']') => {
                    self.syntax(start, start + 1, path, "`]` where `}` was expected");
                    self.at += 1;
                    break;
                }
                Some(b',') => {
                    self.syntax(start, start + 1, path, "this comma has nothing before it; remove it");
                    self.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let Some(name) = self.name(path) else { continue };
            let name_span = self.span(start);
            let member = path.member(&name);
            self.skip_blank(&member);
            if !self.take(b':') {
                self.syntax(start, self.at, &member, format!("`\"{name}\"` needs a `:` and a value after it"));
                self.separator(path, b'}', "member");
                continue;
            }
            if let Some(value) = self.value(&member, depth + 1) {
                members.push(Member { name: name.clone(), name_span, value });
            }
            self.separator(path, b'}', "member");
        }
        Kind::Object(members)
    }

    fn array(&mut self, path: &Path<'_>, depth: usize) -> Kind {
        let open = self.at;
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            self.skip_blank(path);
            let start = self.at;
            match self.peek() {
                None => {
                    self.syntax(open, open + 1, path, "this `[` has no closing `]`");
                    break;
                }
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b'}') => {
                    // The array was not closed: the brace belongs to the object around it.
                    self.syntax(open, open + 1, path, "this `[` has no closing `]`");
                    break;
                }
                Some(b',' | b':') => {
                    self.syntax(start, start + 1, path, "a value is missing here; remove the comma or write the value");
                    self.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let element = path.element(elements.len());
            if let Some(value) = self.value(&element, depth + 1) {
                elements.push(value);
            }
            self.separator(path, b']', "element");
        }
        Kind::Array(elements)
    }

    /// Goes over the comma after a member or an element; sees one that is missing or too much.
    fn separator(&mut self, path: &Path<'_>, close: u8, what: &str) {
        let before = self.at;
        self.skip_blank(path);
        let comma = self.at;
        if self.take(b',') {
            self.skip_blank(path);
            if self.peek() == Some(close) {
                self.syntax(comma, comma + 1, path, format!("no comma after the last {what}; remove it"));
            }
        } else if !matches!(self.peek(), None | Some(b'}' | b']')) {
            self.syntax(before, before, path, format!("a `,` is missing between this {what} and the next"));
        }
    }

    /// The name of a member. Steps over what cannot be one.
    fn name(&mut self, path: &Path<'_>) -> Option<Box<str>> {
        let start = self.at;
        if matches!(self.peek(), Some(b'"' | b'\'')) {
            return Some(self.string(path));
        }
        let word: String = self.rest().chars().take_while(|c| c.is_alphanumeric() || "_-:.".contains(*c)).collect();
        let word = word.trim_end_matches(':');
        if word.is_empty() {
            let length = self.rest().chars().next().map_or(1, char::len_utf8);
            self.at += length;
            self.syntax(start, self.at, path, "a member name in double quotes was expected here");
            return None;
        }
        self.at += word.len();
        self.syntax(start, self.at, path, format!("write the name in double quotes: `\"{word}\"`"));
        Some(word.into())
    }

    fn string(&mut self, path: &Path<'_>) -> Box<str> {
        let start = self.at;
        let quote = self.peek().map_or('"', char::from);
        self.at += 1;
        if quote == '\'' {
            self.syntax(start, start + 1, path, "JSON strings stand in double quotes, not single ones");
        }
        let mut content = String::new();
        loop {
            let at = self.at;
            let Some((character, length)) = next_character(self.rest()) else {
                self.syntax(start, start + 1, path, "this string has no closing quote");
                break;
            };
            let escaped = self.peek() == Some(b'\\');
            if !escaped && character == quote {
                self.at += 1;
                break;
            }
            if !escaped && character == '\n' {
                self.syntax(start, start + 1, path, "this string is not closed before the end of its line");
                break;
            }
            self.at += length;
            if escaped && character == char::REPLACEMENT_CHARACTER {
                let written = self.source.text().get(at..self.at).unwrap_or("\\").to_owned();
                self.syntax(
                    at,
                    self.at,
                    path,
                    format!("`{written}` is not an escape of JSON; a backslash is written `\\\\`"),
                );
            } else if !escaped && character < ' ' && character != '\t' {
                let code = u32::from(character);
                self.syntax(at, self.at, path, format!("control character in a string; write `\\u{code:04x}`"));
            }
            content.push(character);
        }
        content.into()
    }

    fn number(&mut self, path: &Path<'_>) -> Kind {
        let start = self.at;
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(rest.len());
        let spelled: Box<str> = rest.get(..length).unwrap_or_default().into();
        self.at += length;
        if !is_number(&spelled) {
            self.syntax(
                start,
                self.at,
                path,
                format!("`{spelled}` is not a number of JSON; if it is text, put it in double quotes"),
            );
        }
        Kind::Number(spelled)
    }

    fn word(&mut self, path: &Path<'_>) -> Option<Kind> {
        let start = self.at;
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_alphanumeric() && !"_-:./*".contains(c)).unwrap_or(rest.len());
        let word: Box<str> = rest.get(..length).unwrap_or_default().into();
        match &*word {
            "true" | "false" => {
                self.at += length;
                Some(Kind::Bool(&*word == "true"))
            }
            "null" => {
                self.at += length;
                Some(Kind::Null)
            }
            "" => {
                let length = rest.chars().next().map_or(1, char::len_utf8);
                self.at += length;
                let found = self.source.text().get(start..self.at).unwrap_or_default().to_owned();
                self.syntax(start, self.at, path, format!("`{found}` does not begin a JSON value"));
                None
            }
            _ => {
                self.at += length;
                self.syntax(start, self.at, path, format!("write text in double quotes: `\"{word}\"`"));
                Some(Kind::String(word))
            }
        }
    }
}

/// The number grammar of RFC 8259, section 6.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn read(text: &str) -> (Option<Value>, Vec<(String, u32, u32)>) {
        let mut problems = Problems::new(text);
        let value = parse(&Source::plain(text), &mut problems);
        let found = problems.into_list();
        (value, found.into_iter().map(|problem| (problem.message, problem.line, problem.column)).collect())
    }

    #[test]
    fn sound_text_has_no_problems() {
        let (value, problems) = read(" {\"a\": [1, -2.5e3, true, null, \"\\u00e9\\n\"], \"a\": {}} \n");
        assert_eq!(problems, vec![]);
        assert_eq!(value.unwrap().as_object().unwrap().len(), 2);
    }

    #[test]
    fn every_fault_is_seen_and_the_rest_is_read() {
        let text = "{\n  \"a\": 1,\n  b: 'x',\n  \"c\": [1 2,],\n  // note\n  \"d\": 01,\n}";
        let (value, problems) = read(text);
        let lines: Vec<u32> = problems.iter().map(|problem| problem.1).collect();
        assert_eq!(lines, vec![3, 3, 4, 4, 5, 6, 6], "{problems:?}");
        let names: Vec<_> = value.unwrap().as_object().unwrap().iter().map(|member| member.name.clone()).collect();
        assert_eq!(names, ["a", "b", "c", "d"].map(Box::<str>::from));
    }

    #[test]
    fn half_typed_text_ends_reading_without_a_loop() {
        let text =
            r#"{"Statement": [{"Effect": "Allow", "Action": ["kms:*", "x"], "é": "\ud83d\ude00"}, {}], "n": -1.5}"#;
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let (_, problems) = read(&text[..end]);
            assert_eq!(problems.is_empty(), end == text.len(), "{}", &text[..end]);
        }
    }

    #[test]
    fn depth_is_bounded() {
        let (_, problems) = read(&"[".repeat(100_000));
        assert!(problems.iter().any(|problem| problem.0.contains("nested deeper")));
    }
}
