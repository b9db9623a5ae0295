//! Finds a place of one text again in a later edit of it.

use keytrace::json::Span;

/// Where `span` of `before` is in `after`, the text that an edit made of it.
///
/// What lies beside the edit keeps its text, what encloses it grows or shrinks with it. A span that the
/// edit cut through is given the whole of what was written there.
pub fn relocate(span: Span, before: &str, after: &str) -> Span {
    let shorter = before.len().min(after.len());
    let head = before.bytes().zip(after.bytes()).take_while(|(old, new)| old == new).count();
    let tail =
        before.bytes().rev().zip(after.bytes().rev()).take(shorter - head).take_while(|(old, new)| old == new).count();
    let (start, end) = (span.start as usize, span.end as usize);
    let edit_end = before.len() - tail;
    let moved = |offset: usize| after.len() - (before.len().max(offset) - offset);
    let new_start = match start {
        _ if start <= head => start,
        _ if start >= edit_end => moved(start),
        _ => head,
    };
    let new_end = match end {
        _ if end >= edit_end && end > head => moved(end),
        _ if end <= head => end,
        _ => after.len() - tail,
    };
    let clip = |offset: usize| u32::try_from(after.floor_char_boundary(offset)).unwrap_or(u32::MAX);
    Span::new(clip(new_start), clip(new_end.max(new_start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = r#"{"a": [1, "é"], "b": {"c": true}, "d": "😀"}"#;

    /// What the span of `part` covers after `from` was replaced by `to`.
    fn found(part: &str, from: &str, to: &str) -> String {
        let start = BEFORE.find(part).unwrap();
        let span = Span::new(start as u32, (start + part.len()) as u32);
        let after = BEFORE.replacen(from, to, 1);
        relocate(span, BEFORE, &after).of(&after).unwrap().to_owned()
    }

    #[test]
    fn what_lies_before_or_after_the_edit_is_found() {
        assert_eq!(found("[1, \"é\"]", "true", "falsé, 1"), "[1, \"é\"]");
        assert_eq!(found("\"😀\"", "true", "falsé, 1"), "\"😀\"");
        assert_eq!(found("\"😀\"", "true", ""), "\"😀\"");
    }

    #[test]
    fn what_encloses_the_edit_grows_with_it() {
        assert_eq!(found("{\"c\": true}", "true", "[tru"), "{\"c\": [tru}");
    }

    #[test]
    fn what_the_edit_cut_through_gives_what_is_there_now() {
        assert_eq!(found("true", "\"c\": true", "new"), "new");
        assert_eq!(found("true", "\"b\": {\"c\": true}", ""), "");
    }

    #[test]
    fn an_unchanged_text_changes_nothing() {
        assert_eq!(found("true", "true", "true"), "true");
    }
}
