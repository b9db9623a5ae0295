//! What a scenario says about itself.

use yew::prelude::*;

use super::{doc_link::DocLink, prose::prose};

#[derive(Properties, PartialEq)]
pub struct Props {
    #[prop_or_default]
    pub title: Option<AttrValue>,
    #[prop_or_default]
    pub notes: Option<AttrValue>,
    #[prop_or_default]
    pub doc: Option<AttrValue>,
    /// Whether it came with the page.
    pub example: bool,
}

#[component]
pub fn About(props: &Props) -> Html {
    if props.title.is_none() && props.notes.is_none() && props.doc.is_none() {
        return html! {};
    }
    html! {
        <section class="about" aria-label="About this scenario">
            if props.example {
                <p class="about__kind">{ "Built-in example" }</p>
            }
            if let Some(title) = &props.title {
                <h2 class="about__title">{ prose(title) }</h2>
            }
            if let Some(notes) = &props.notes {
                <p class="about__notes">{ prose(notes) }</p>
            }
            if let Some(doc) = &props.doc {
                <p><DocLink href={doc} text="AWS on this" /></p>
            }
        </section>
    }
}
