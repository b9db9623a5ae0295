//! What just happened, and the way back.

use yew::prelude::*;

use super::{Icon, prose::sentence};
use crate::state::{Action, Notice as Content};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub notice: Option<Content>,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn Notice(props: &Props) -> Html {
    html! {
        // There before it has anything to say, so that a screen reader hears what comes into it.
        <div role="status" class="notice-place">
            if let Some(notice) = &props.notice {
                <div class="notice">
                    <div class="notice__text">
                        { for notice.sentences.iter().map(|done| html! { <p>{ sentence(done) }</p> }) }
                        if !notice.notes.is_empty() {
                            <ul class="notice__notes" aria-label="Still to know">
                                { for notice.notes.iter().map(|note| html! { <li>{ sentence(note) }</li> }) }
                            </ul>
                        }
                    </div>
                    <div class="notice__buttons">
                        if let Some(back) = &notice.back {
                            <button type="button" class="button" onclick={props.dispatch.reform(|_| Action::GoBack)}>
                                { Icon::Undo.svg() }{ back.label }
                            </button>
                        }
                        <button type="button" class="button button--quiet" onclick={props.dispatch.reform(|_| Action::DismissNotice)}>
                            { Icon::Cross.svg() }<span class="visually-hidden">{ "Dismiss" }</span>
                        </button>
                    </div>
                </div>
            }
        </div>
    }
}
