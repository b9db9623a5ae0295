//! The built-in scenarios, and the user's texts that made room for one.

use std::rc::Rc;

use yew::prelude::*;

use super::{Icon, prose::prose};
use crate::{
    examples::{self, EXAMPLES},
    state::{Action, Document},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub document: Rc<Document>,
    pub kept: Vec<Rc<Document>>,
    pub dispatch: Callback<Action>,
}

/// A native popover: the browser opens and closes it, by Escape and a click beside it too.
#[component]
pub fn ExamplesMenu(props: &Props) -> Html {
    let present = examples::index_of(props.document.text());
    // Read once: the examples never change.
    let titles =
        use_memo((), |_| EXAMPLES.iter().map(|example| Document::read(example.text).title()).collect::<Vec<_>>());
    html! {
        <>
            <button type="button" class="button examples-button" popovertarget="examples">{ Icon::Book.svg() }{ "Examples" }</button>
            <div id="examples" class="menu" popover="auto" role="dialog" aria-label="Examples">
                if !props.kept.is_empty() {
                    <h2>{ "Your texts" }</h2>
                    <ul>
                        { for props.kept.iter().enumerate().map(|(index, document)| html! {
                            <li>{ item(&document.title(), None, false, props.dispatch.reform(move |_| Action::OpenKept(index))) }</li>
                        }) }
                    </ul>
                }
                <h2>{ "Built-in examples" }</h2>
                <ol>
                    { for EXAMPLES.iter().zip(&*titles).enumerate().map(|(index, (example, title))| html! {
                        <li>{ item(example.label, Some(title), present == Some(index), props.dispatch.reform(move |_| Action::OpenExample(index))) }</li>
                    }) }
                </ol>
            </div>
        </>
    }
}

fn item(label: &str, title: Option<&String>, present: bool, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" class="menu__item" popovertarget="examples" popovertargetaction="hide"
            aria-current={present.then_some("true")} {onclick}>
            <span>
                <span class="menu__label">{ label }</span>
                if let Some(title) = title {
                    <span class="menu__title">{ prose(title) }</span>
                }
            </span>
        </button>
    }
}
