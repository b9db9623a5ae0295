//! Which of the scenario's requests is shown.

use yew::prelude::*;

use super::prose::prose;
use crate::{
    outcome::{class_of_verdict, icon_of_verdict},
    state::{Action, Ruling},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    /// What the engine said to each.
    pub rulings: Vec<Ruling>,
    pub chosen: usize,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn Requests(props: &Props) -> Html {
    if props.rulings.len() < 2 {
        return html! {};
    }
    html! {
        <fieldset class="requests">
            <legend>{ "Requests" }</legend>
            { for props.rulings.iter().enumerate().map(|(index, ruling)| html! {
                <label class={classes!("requests__item", format!("verdict--{}", class_of_verdict(ruling)))}>
                    <input type="radio" name="request" class="visually-hidden" checked={index == props.chosen}
                        onchange={props.dispatch.reform(move |_| Action::ChooseRequest(index))} />
                    { icon_of_verdict(ruling).svg() }
                    <span>
                        { prose(&ruling.explanation.question) }
                        <span class="visually-hidden">{ format!(": {}", ruling.explanation.verdict) }</span>
                    </span>
                </label>
            }) }
        </fieldset>
    }
}
