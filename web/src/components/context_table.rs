//! The request context: what the conditions are compared with, and where each value comes from.

use keytrace::explain::{ContextLine, Explanation, NodeKind};
use yew::prelude::*;

use super::prose::prose;
use crate::state::Ruling;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub ruling: Ruling,
}

#[component]
pub fn ContextTable(props: &Props) -> Html {
    let Explanation { context, tree, .. } = &props.ruling.explanation;
    let (asked, others): (Vec<_>, Vec<_>) = context.iter().partition(|line| line.asked);
    // Of an operation that takes several permissions, each has its own.
    let of = tree.get(props.ruling.deciding).filter(|node| node.kind == NodeKind::Authorization);
    html! {
        <section class="context" aria-labelledby="context-heading">
            <h3 id="context-heading">{ "Request context" }</h3>
            if let Some(permission) = of {
                <p class="context__note">{ format!("Of {}, which decided.", permission.title) }</p>
            }
            if asked.is_empty() {
                <p class="context__note">{ "No condition of a policy asks for a context key." }</p>
            } else {
                { table("Keys that a policy asks for", &asked) }
            }
            if !others.is_empty() {
                <details>
                    <summary>{ others_in_words(others.len(), asked.is_empty()) }</summary>
                    { table("Keys that no policy asks for", &others) }
                </details>
            }
        </section>
    }
}

fn others_in_words(count: usize, alone: bool) -> String {
    let keys = if count == 1 { "key" } else { "keys" };
    let more = if alone { "" } else { " more" };
    format!("{count}{more} {keys} that no policy asks for")
}

fn table(caption: &'static str, lines: &[&ContextLine]) -> Html {
    html! {
        <table class="context__table">
            <caption class="visually-hidden">{ caption }</caption>
            <thead>
                <tr><th scope="col">{ "Key" }</th><th scope="col">{ "Value" }</th><th scope="col">{ "Origin" }</th></tr>
            </thead>
            <tbody>
                { for lines.iter().map(|line| html! {
                    <tr>
                        <th scope="row"><code>{ &line.key }</code></th>
                        <td><code>{ &line.value }</code></td>
                        <td>{ prose(&line.origin) }</td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}
