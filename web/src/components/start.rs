//! What stands in the verdict's place while there has not been one.

use yew::prelude::*;

use super::commands::Commands;

#[component]
pub fn Start() -> Html {
    html! {
        <section class="start" aria-labelledby="start-heading">
            <h2 id="start-heading">{ "No verdict yet" }</h2>
            <p>{ "A verdict needs a KMS key with its key policy, a caller with its IAM policies, and a request. Paste what these print into the editor, in any order:" }</p>
            <Commands />
        </section>
    }
}
