//! The decision: a word, a shape and a colour, and the sentence that goes with it.

use yew::prelude::*;

use super::prose::{prose, sentence};
use crate::{
    outcome::{class_of_verdict, icon_of_verdict},
    state::Ruling,
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub ruling: Ruling,
}

#[component]
pub fn Verdict(props: &Props) -> Html {
    let explanation = &props.ruling.explanation;
    html! {
        <div class={classes!("verdict", format!("verdict--{}", class_of_verdict(&props.ruling)))} role="status" aria-atomic="true">
            <span class="verdict__shape">{ icon_of_verdict(&props.ruling).svg() }</span>
            <div class="verdict__words">
                <h2 class="verdict__word">{ &explanation.verdict }</h2>
                <p class="verdict__question">{ prose(&explanation.question) }</p>
                <p class="verdict__summary">{ sentence(&explanation.summary) }</p>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{examples, state::Document, testing::render};

    fn html(example: usize) -> String {
        render::<Verdict>(move || Props { ruling: Document::read(examples::text(example)).rulings().remove(0) })
    }

    #[test]
    fn a_verdict_is_a_word_a_shape_and_a_colour() {
        for (example, class, word) in [
            (0, "verdict--allowed", "Allowed"),
            (7, "verdict--explicit-deny", "explicit"),
            (14, "verdict--fails", "fails"),
        ] {
            let html = html(example);
            assert!(html.contains(class), "{html}");
            assert!(html.contains(word), "{html}");
            assert!(html.contains("<svg"), "{html}");
            assert!(!html.contains("style="), "the page's Content-Security-Policy refuses style attributes");
        }
    }

    #[test]
    fn different_decisions_have_different_shapes() {
        let shape =
            |html: &str| html.split("<svg").nth(1).and_then(|svg| svg.split("</svg>").next()).unwrap().to_owned();
        let mut shapes: Vec<String> = [0, 2, 7, 14].map(|example| shape(&html(example))).to_vec();
        shapes.sort();
        shapes.dedup();
        assert_eq!(shapes.len(), 4);
    }
}
