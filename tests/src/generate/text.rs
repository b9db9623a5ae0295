//! What AWS says of texts, written down without any cleverness.

/// The text in other letter case; each bit is for a letter.
#[must_use]
pub fn recased(text: &str, bits: u64) -> String {
    let letter = |(index, letter): (usize, char)| {
        if bits.rotate_left(u32::try_from(index % 64).unwrap_or_default()) & 1 == 1 {
            letter.to_ascii_uppercase()
        } else {
            letter.to_ascii_lowercase()
        }
    };
    text.chars().enumerate().map(letter).collect()
}

/// Whether a text is one of those that a pattern stands for.
#[must_use]
pub fn means(pattern: &str, text: &str) -> bool {
    let characters = |text: &str| text.chars().collect::<Vec<_>>();
    literal_meaning(&characters(pattern), &characters(text))
}

fn literal_meaning(pattern: &[char], text: &[char]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some(('*', rest)), None) => literal_meaning(rest, text),
        (Some(('*', rest)), Some((_, shorter))) => literal_meaning(rest, text) || literal_meaning(pattern, shorter),
        (Some(('?', rest)), Some((_, shorter))) => literal_meaning(rest, shorter),
        (Some((expected, rest)), Some((found, shorter))) => expected == found && literal_meaning(rest, shorter),
        _ => false,
    }
}
