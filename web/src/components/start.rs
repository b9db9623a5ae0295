//! What stands in the verdict's place while there has not been one.

use yew::prelude::*;

use super::{Icon, commands::Commands};

#[derive(Properties, PartialEq)]
pub struct Props {
    /// How many errors keep the user's text from being evaluated; 0 while there is nothing of the user's.
    pub errors: usize,
}

#[component]
pub fn Start(props: &Props) -> Html {
    let errors = match props.errors {
        0 => None,
        1 => Some("The text has 1 problem, which is listed under it.".to_owned()),
        many => Some(format!("The text has {many} problems, which are listed under it.")),
    };
    html! {
        <section class="start" aria-labelledby="start-heading">
            <h2 id="start-heading">{ "No verdict yet" }</h2>
            if let Some(errors) = errors {
                <p class="stale">{ Icon::Warning.svg() }{ errors }</p>
            }
            <p>
                { "A verdict needs a KMS key with its key policy, a caller with its IAM policies, and a request. " }
                { "Paste what these print into the editor, in any order:" }
            </p>
            <Commands />
        </section>
    }
}
