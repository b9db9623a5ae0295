//! The half of the page that the user writes.

use std::rc::Rc;

use yew::prelude::*;

use super::{editor::Editor, notice::Notice, problems::Problems, toolbar::Toolbar};
use crate::state::{Action, Paste, State};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub state: Rc<State>,
    /// The user is about to paste a text into the editor; true if it was placed instead.
    pub onpaste: Callback<Paste, bool>,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn ScenarioPane(props: &Props) -> Html {
    let State { document, revision, kept, notice, selection, .. } = &*props.state;
    let dispatch = &props.dispatch;
    let onchange = use_callback(dispatch.clone(), |text, dispatch| dispatch.emit(Action::Typed(text)));
    html! {
        <section id="scenario" class="scenario-pane" aria-label="Scenario">
            <Toolbar document={Rc::clone(document)} kept={kept.clone()} dispatch={dispatch.clone()} />
            <Notice notice={notice.clone()} dispatch={dispatch.clone()} />
            <Editor document={Rc::clone(document)} revision={*revision} selection={*selection} {onchange} onpaste={props.onpaste.clone()} />
            <Problems document={Rc::clone(document)} dispatch={dispatch.clone()} />
        </section>
    }
}
