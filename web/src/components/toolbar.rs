//! What can be done with the whole text.

use std::rc::Rc;

use yew::prelude::*;

use super::{Icon, examples_menu::ExamplesMenu};
use crate::state::{Action, Document};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub document: Rc<Document>,
    pub kept: Vec<Rc<Document>>,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn Toolbar(props: &Props) -> Html {
    let button = |icon: Icon, label: &'static str, class: &'static str, onclick: Callback<MouseEvent>| {
        html! { <button type="button" {class} {onclick}>{ icon.svg() }{ label }</button> }
    };
    let dispatch = &props.dispatch;
    html! {
        <div class="toolbar" role="group" aria-label="Scenario">
            { button(Icon::Clipboard, "Paste CLI output", "button button--strong", dispatch.reform(|_| Action::ShowPasting(true))) }
            <ExamplesMenu document={Rc::clone(&props.document)} kept={props.kept.clone()} dispatch={dispatch.clone()} />
            { button(Icon::Plus, "New", "button", dispatch.reform(|_| Action::StartEmpty)) }
            { button(Icon::Indent, "Format", "button", dispatch.reform(|_| Action::Format)) }
        </div>
    }
}
