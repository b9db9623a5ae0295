//! On a narrow screen: which half of the page is shown, with the verdict always in sight.

use yew::prelude::*;

use super::Icon;
use crate::{
    outcome::{class_of_verdict, icon_of_verdict},
    state::{Action, Pane, Ruling},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub pane: Pane,
    pub ruling: Option<Ruling>,
    /// Whether the verdict is that of an earlier text.
    pub stale: bool,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn PaneSwitch(props: &Props) -> Html {
    let button = |pane: Pane, class: Classes, content: Html| {
        let onclick = props.dispatch.reform(move |_: MouseEvent| Action::ShowPane(pane));
        let pressed = (pane == props.pane).to_string();
        html! {
            <button type="button" class={classes!("pane-switch__item", class)} aria-pressed={pressed} {onclick}>{ content }</button>
        }
    };
    let (colour, verdict) = match &props.ruling {
        Some(ruling) => {
            let class = classes!(
                format!("verdict--{}", class_of_verdict(ruling)),
                props.stale.then_some("pane-switch__item--stale"),
            );
            (class, html! { <>{ icon_of_verdict(ruling).svg() }{ &ruling.explanation.verdict }</> })
        }
        None => (classes!(), html! { "No verdict yet" }),
    };
    html! {
        <nav class="pane-switch" aria-label="Parts of the page">
            { button(Pane::Scenario, classes!(), html! { <>{ Icon::Indent.svg() }{ "Scenario" }</> }) }
            { button(Pane::Verdict, colour, verdict) }
        </nav>
    }
}
