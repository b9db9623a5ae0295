//! A button that copies a text.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Icon;
use crate::browser;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub text: AttrValue,
    /// What is copied, for those who do not see what the button stands beside.
    pub what: AttrValue,
}

#[component]
pub fn CopyButton(props: &Props) -> Html {
    let outcome = use_state(|| None::<bool>);
    let onclick = {
        let (outcome, text) = (outcome.clone(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            let (outcome, text) = (outcome.clone(), text.clone());
            spawn_local(async move { outcome.set(Some(browser::copy(&text).await)) });
        })
    };
    // Another text has not been copied yet.
    {
        let outcome = outcome.clone();
        use_effect_with(props.text.clone(), move |_| outcome.set(None));
    }
    let (icon, word) = match *outcome {
        None => (Icon::Copy, "Copy"),
        Some(true) => (Icon::Check, "Copied"),
        Some(false) => (Icon::Cross, "Select it to copy"),
    };
    html! {
        <>
            <button type="button" class="button button--quiet" {onclick}>
                { icon.svg() }{ word }<span class="visually-hidden">{ format!(" {}", props.what) }</span>
            </button>
            <span class="visually-hidden" role="status">{ outcome.map(|_| word) }</span>
        </>
    }
}
