//! Sentences with their evidence: what stands in the way, what is assumed.

use keytrace::explain::Reason;
use yew::prelude::*;

use super::{doc_link::DocLink, prose::sentence};
use crate::state::Action;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub heading: AttrValue,
    /// Tells this list from others of the page.
    pub id: AttrValue,
    pub reasons: Vec<Reason>,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn Reasons(props: &Props) -> Html {
    if props.reasons.is_empty() {
        return html! {};
    }
    let heading = format!("{}-heading", props.id);
    html! {
        <section class="reasons" aria-labelledby={heading.clone()}>
            <h3 id={heading}>{ &props.heading }</h3>
            <ol class="reasons__list">
                { for props.reasons.iter().map(|reason| item(reason, &props.dispatch)) }
            </ol>
        </section>
    }
}

fn item(reason: &Reason, dispatch: &Callback<Action>) -> Html {
    html! {
        <li class="reasons__item">
            <div class="reasons__text">
                if let Some(span) = reason.span {
                    <button type="button" class="place" title="Show the place in the scenario"
                        onclick={dispatch.reform(move |_| Action::Reveal(span))}>
                        { sentence(&reason.text) }
                    </button>
                } else {
                    <span>{ sentence(&reason.text) }</span>
                }
                if reason.reported {
                    <span class="tag">{ "named by AWS’s message" }</span>
                }
            </div>
            <DocLink href={reason.page} />
        </li>
    }
}
