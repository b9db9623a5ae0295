//! Patterns: `*` stands for any run of characters, also none, and `?` for exactly one.
//!
//! IAM User Guide, "IAM JSON policy elements: Resource", "Specifying a resource ARN using wildcards":
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>.

/// A piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// This character and no other.
    Char(char),
    /// Any run of characters, also none.
    Star,
    /// Exactly one character.
    Question,
}

/// `text` as a pattern.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    text.chars()
        .map(|char| match char {
            '*' => Token::Star,
            '?' => Token::Question,
            other => Token::Char(other),
        })
        .collect()
}

/// `text` as a pattern in which nothing is a wildcard.
pub(super) fn literally(text: &str) -> Vec<Token> {
    text.chars().map(Token::Char).collect()
}

/// Whether the pattern covers the whole of `text`.
pub(super) fn matches(pattern: &[Token], text: &str) -> bool {
    let mut rest_of_pattern = pattern;
    let mut rest_of_text = text;
    // Where to go on when what follows the last star does not fit: the star then takes one more character.
    let mut last_star: Option<(&[Token], &str)> = None;
    loop {
        let mut chars = rest_of_text.chars();
        let fits = match (rest_of_pattern.split_first(), chars.next()) {
            (None, None) => return true,
            (Some((Token::Star, after)), _) => {
                last_star = Some((after, rest_of_text));
                rest_of_pattern = after;
                continue;
            }
            (Some((Token::Question, after)), Some(_)) => Some(after),
            (Some((Token::Char(wanted), after)), Some(found)) if *wanted == found => Some(after),
            _ => None,
        };
        if let Some(after) = fits {
            rest_of_pattern = after;
            rest_of_text = chars.as_str();
        } else {
            let Some((after, from)) = last_star else { return false };
            let mut chars = from.chars();
            if chars.next().is_none() {
                return false;
            }
            last_star = Some((after, chars.as_str()));
            rest_of_pattern = after;
            rest_of_text = chars.as_str();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{matches, tokens};

    /// The examples of AWS's page on wildcards in `Resource`.
    #[test]
    fn examples_of_the_page() {
        let pattern = tokens("arn:aws:s3:::b/*/test/*");
        for covered in ["b/1/test/object.jpg", "b/1/2/test/3/o.jpg", "b/1///test///o.jpg", "b//test/o.jpg", "b/1/test/"]
        {
            assert!(matches(&pattern, &format!("arn:aws:s3:::{covered}")), "{covered}");
        }
        for not_covered in ["b/1-test/object.jpg", "b/test/object.jpg", "b/1/2/test.jpg"] {
            assert!(!matches(&pattern, &format!("arn:aws:s3:::{not_covered}")), "{not_covered}");
        }
    }

    #[test]
    fn edges() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("*", "", true),
            ("?", "", false),
            ("?", "é", true),
            ("a*b*c", "abxbc", true),
            ("a*b*c", "abxb", false),
            ("*a", "aaa", true),
            ("a", "A", false),
        ] {
            assert_eq!(matches(&tokens(pattern), text), expected, "{pattern} {text}");
        }
    }
}
