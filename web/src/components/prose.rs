//! Sentences of the engine, in which the user's own text stands in backticks.

use yew::prelude::*;

/// The sentence with what stands in backticks set as code.
pub fn prose(sentence: &str) -> Html {
    let parts: Vec<&str> = sentence.split('`').collect();
    // An odd backtick belongs to the text itself.
    if parts.len().is_multiple_of(2) {
        return html! { { sentence } };
    }
    parts
        .into_iter()
        .enumerate()
        .map(|(index, part)| match index % 2 {
            0 => html! { { part } },
            _ => html! { <code>{ part }</code> },
        })
        .collect()
}

/// The sentence with a capital first letter, where it begins with a word of its own: the engine's
/// sentences begin in lower case. What the user wrote keeps its spelling.
pub fn sentence(sentence: &str) -> Html {
    let first = sentence.split(' ').next().unwrap_or_default();
    if first.is_empty()
        || first.starts_with('-')
        || !first.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    {
        return prose(sentence);
    }
    let (initial, rest) = sentence.split_at(1);
    prose(&(initial.to_ascii_uppercase() + rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::render;

    #[derive(Properties, PartialEq)]
    struct Props {
        text: &'static str,
    }

    #[component]
    fn Sentence(props: &Props) -> Html {
        prose(props.text)
    }

    fn html(text: &'static str) -> String {
        render::<Sentence>(move || Props { text })
    }

    #[component]
    fn Beginning(props: &Props) -> Html {
        sentence(props.text)
    }

    #[test]
    fn only_plain_words_get_a_capital() {
        let html = |text| render::<Beginning>(move || Props { text });
        assert_eq!(html("identity-based policies"), "Identity-based policies");
        assert_eq!(html("the key `a`"), "The key <code>a</code>");
        assert_eq!(html("`kms:Decrypt` is"), "<code>kms:Decrypt</code> is");
        assert_eq!(html("arn:aws:iam::1:root asks"), "arn:aws:iam::1:root asks");
        assert_eq!(html(""), "");
    }

    #[test]
    fn text_in_backticks_is_code() {
        assert_eq!(html("no `Effect` here"), "no <code>Effect</code> here");
        assert_eq!(html("`a``b`"), "<code>a</code><code>b</code>");
    }

    #[test]
    fn a_lonely_backtick_stays() {
        assert_eq!(html("a ` b"), "a ` b");
    }

    #[test]
    fn markup_in_the_users_text_stays_text() {
        assert_eq!(html("`<b>`"), "<code>&lt;b&gt;</code>");
    }
}
