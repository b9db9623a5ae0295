use alloc::{borrow::Cow, string::String, vec::Vec};
use core::mem;

use crate::json::Span;

/// A part of a paste that may be an output.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'t> {
    pub span: Span,
    pub text: &'t str,
    pub form: Form,
    /// The command whose output it probably is: the one above it.
    pub command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A JSON object or string.
    Json,
    /// The beginning of one, whose end was not pasted.
    CutOffJson,
    /// One line of something else.
    Line,
}

/// A command line of the `aws` command: `aws kms get-key-policy --key-id alias/orders`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    words: Vec<String>,
}

impl Command {
    /// The command that a line of a terminal holds, whatever the prompt before it.
    fn of_line(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace().skip_while(|word| *word != "aws");
        let words: Vec<String> = words.by_ref().map(|word| word.trim_matches(['"', '\'']).into()).collect();
        words
            .iter()
            .any(|word| matches!(word.as_str(), "kms" | "iam" | "sts" | "organizations" | "ec2"))
            .then_some(Self { words })
    }

    /// The value of an option of the command for that operation, unless the shell would have put
    /// something else in its place.
    pub fn option(&self, operation: &str, name: &str) -> Option<&str> {
        let mut words = self.words.iter();
        words.find(|word| *word == operation)?;
        let value = words.find_map(|word| match word.strip_prefix(name) {
            Some("") => Some(None),
            Some(rest) => rest.strip_prefix('=').map(Some),
            None => None,
        })?;
        let value = match value {
            Some(value) => value.trim_matches(['"', '\'']),
            None => words.next()?,
        };
        (!value.is_empty() && !value.contains(['$', '`', '<', '('])).then_some(value)
    }
}

/// Takes a paste apart: JSON values, lines between them, and the commands that a terminal shows.
pub(super) fn pieces(paste: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut command = Command::default();
    let mut rest = paste;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']);
        let start = paste.len() - rest.len();
        if rest.is_empty() {
            return pieces;
        }
        let (length, form) = if rest.starts_with(['{', '"']) {
            match json_length(rest) {
                Some(length) => (length, Form::Json),
                None => (rest.len(), Form::CutOffJson),
            }
        } else {
            let (line, length) = command_line(rest);
            if let Some(found) = Command::of_line(&line) {
                command = found;
                rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            (rest.find('\n').unwrap_or(rest.len()), Form::Line)
        };
        let (text, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let text = text.trim_end();
        let span = Span::new(offset(start), offset(start + text.len()));
        // What a command prints as JSON is the end of its output.
        let command = if form == Form::Line { command.clone() } else { mem::take(&mut command) };
        pieces.push(Piece { span, text, form, command });
        // `--output text` prints the other members of the output behind the first, after tabs.
        let tail = after.find('\n').unwrap_or(after.len());
        let of_this = form == Form::Json && after.starts_with('\t');
        rest = if of_this { after.get(tail..).unwrap_or_default() } else { after };
    }
}

fn offset(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// A command has no more lines than this. Without a bound, a paste of nothing but continued lines would be
/// read once for each of them.
const MOST_LINES: usize = 100;

/// A line, with the lines that continue it, and how long they are. Shells continue a line that ends
/// in `\`, PowerShell one that ends in a backtick, and the Windows command prompt one in `^`.
fn command_line(text: &str) -> (Cow<'_, str>, usize) {
    let mut joined = Cow::Borrowed("");
    let mut length = 0;
    for line in text.split_inclusive('\n').take(MOST_LINES) {
        length += line.len();
        let line = line.trim_end();
        match line.strip_suffix(['\\', '`', '^']) {
            Some(continued) => joined += continued,
            None => return (joined + line, length),
        }
    }
    (joined, length)
}

/// How long the JSON object or string is that the text begins with; `None` if it has no end.
fn json_length(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 && !in_string {
            return Some(index + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_taken_apart() {
        let paste = "[alice@host ~]$ aws kms describe-key \\\n    --key-id 'alias/a{}'\n{ \"KeyMetadata\": \"}\\\"\" }\n\
            PS> aws kms get-key-policy --key-id=1234 --policy-name default --output text\n\
            {\n  \"Statement\": []\n}\tdefault\nsome text\n\"half\n";
        let found = pieces(paste);
        let texts: Vec<_> = found.iter().map(|piece| (piece.text, piece.form)).collect();
        let expected = [
            ("{ \"KeyMetadata\": \"}\\\"\" }", Form::Json),
            ("{\n  \"Statement\": []\n}", Form::Json),
            ("some text", Form::Line),
            ("\"half", Form::CutOffJson),
        ];
        assert_eq!(texts, expected);
        let key = |index: usize, operation| found[index].command.option(operation, "--key-id");
        assert_eq!(key(0, "describe-key"), Some("alias/a{}"));
        assert_eq!(key(0, "get-key-policy"), None);
        assert_eq!(key(1, "get-key-policy"), Some("1234"));
        assert_eq!(key(2, "get-key-policy"), None);
        for piece in pieces(paste) {
            assert_eq!(piece.span.of(paste), Some(piece.text));
        }
    }

    #[test]
    fn options_that_the_shell_fills_in_are_not_known() {
        let option = |line| {
            Command::of_line(line).and_then(|command| command.option("list-grants", "--key-id").map(String::from))
        };
        assert_eq!(option("$ aws kms list-grants --key-id $KEY"), None);
        assert_eq!(option("aws kms list-grants --key-id"), None);
        assert_eq!(option("aws --profile prod kms list-grants --key-id \"a\" --x"), Some("a".into()));
        assert_eq!(Command::of_line("the aws documentation"), None);
    }

    #[test]
    fn any_cut_of_a_paste_ends() {
        let paste = "$ aws kms x \\\n --y\n{\"a\": [\"\\\"\", {}]}\tdefault\nUser: é ^\n}{]";
        for end in (0..=paste.len()).filter(|end| paste.is_char_boundary(*end)) {
            pieces(&paste[..end]);
        }
    }
}
