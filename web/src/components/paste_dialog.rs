//! Where to paste what the `aws` command printed without aiming at the editor.

use web_sys::{HtmlDialogElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::{Icon, commands::Commands, notice::Notice, prose::prose};
use crate::state::{Action, Notice as Content, Refusal};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    /// What the last paste led to.
    pub notice: Option<Content>,
    /// Has a text placed, or says why it is not.
    pub onplace: Callback<String, Result<(), Refusal>>,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn PasteDialog(props: &Props) -> Html {
    let dialog = use_node_ref();
    let textarea = use_node_ref();
    let refused = use_state(|| None::<Refusal>);
    {
        let (dialog, refused) = (dialog.clone(), refused.clone());
        use_effect_with(props.open, move |open| {
            let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
            refused.set(None);
            match open {
                true if !dialog.open() => drop(dialog.show_modal()),
                false if dialog.open() => dialog.close(),
                _ => {}
            }
        });
    }
    let onsubmit = {
        let (textarea, refused, onplace) = (textarea.clone(), refused.clone(), props.onplace.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(textarea) = textarea.cast::<HtmlTextAreaElement>() else { return };
            match onplace.emit(textarea.value()) {
                Ok(()) => {
                    textarea.set_value("");
                    refused.set(None);
                }
                Err(refusal) => refused.set(Some(refusal)),
            }
        })
    };
    let close = props.dispatch.reform(|_: MouseEvent| Action::ShowPasting(false));
    html! {
        // Escape closes a dialog by itself; the state follows.
        <dialog ref={dialog} class="dialog" aria-labelledby="paste-heading" onclose={props.dispatch.reform(|_| Action::ShowPasting(false))}>
            <header class="dialog__header">
                <h2 id="paste-heading">{ "Paste what the CLI printed" }</h2>
                <button type="button" class="button button--quiet" onclick={close.clone()}>
                    { Icon::Cross.svg() }<span class="visually-hidden">{ "Close" }</span>
                </button>
            </header>
            <p>{ "Each output finds its own place in the scenario, in any order, one or several at a time. Pasting into the editor does the same. Nothing leaves this page." }</p>
            <form class="paste" {onsubmit}>
                <label for="paste-text">{ "Output of the commands below, or an AccessDenied error" }</label>
                <textarea id="paste-text" ref={textarea} class="paste__text" rows="8" spellcheck="false" autocapitalize="off" autocomplete="off" required=true />
                if let Some(refusal) = &*refused {
                    <p class="paste__refused" role="alert">
                        { Icon::Warning.svg() }<span>{ "Nothing was placed: " }{ prose(&refusal.to_string()) }</span>
                    </p>
                }
                <div class="dialog__buttons">
                    <button type="submit" class="button button--strong">{ "Place it" }</button>
                    <button type="button" class="button" onclick={close}>{ "Done" }</button>
                </div>
            </form>
            if props.open {
                <Notice notice={props.notice.clone()} dispatch={props.dispatch.clone()} />
            }
            <h3>{ "What to run" }</h3>
            <Commands />
        </dialog>
    }
}
