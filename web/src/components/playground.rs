//! The whole page, and the only owner of its state.

use std::rc::Rc;

use yew::prelude::*;

use super::{
    header::Header, pane_switch::PaneSwitch, paste_dialog::PasteDialog, scenario_pane::ScenarioPane,
    verdict_pane::VerdictPane,
};
use crate::{
    browser,
    state::{Action, Pane, Paste, State},
};

#[component]
pub fn Playground() -> Html {
    let state =
        use_reducer(|| State::new(browser::saved_text().as_deref(), browser::saved_kept(), browser::saved_theme()));
    let dispatch = use_callback(state.dispatcher(), |action, dispatcher| {
        if let Action::Typed(text) = &action {
            // Effects may run late; what was typed is safe at once.
            browser::save_text(text);
        }
        dispatcher.dispatch(action);
    });
    let onpaste = use_callback(state.clone(), |paste: Paste, state| {
        let taken = state.takes_from_editor(&paste);
        if taken {
            state.dispatch(Action::Place(paste));
        }
        taken
    });
    let onplace = use_callback(state.clone(), |text: String, state| {
        let paste = Paste::beside(text);
        state.placement(&paste)?;
        state.dispatch(Action::Place(paste));
        Ok(())
    });
    use_effect_with(Rc::clone(&state.document), |document| browser::save_text(document.text()));
    use_effect_with(state.kept.clone(), |kept| browser::save_kept(kept));
    use_effect_with(state.theme, |theme| browser::apply_theme(*theme));

    let rulings = use_memo(state.sound.clone(), |sound| sound.as_ref().map_or_else(Vec::new, |sound| sound.rulings()));
    // An edit may have taken requests away.
    let chosen = state.request.min(rulings.len().saturating_sub(1));
    let shared = Rc::new((*state).clone());
    let pane = match state.pane {
        Pane::Scenario => "playground--scenario",
        Pane::Verdict => "playground--verdict",
    };
    html! {
        <div class={classes!("playground", pane)}>
            <Header theme={state.theme} dispatch={dispatch.clone()} />
            <PaneSwitch pane={state.pane} ruling={rulings.get(chosen).cloned()} stale={state.is_stale()} dispatch={dispatch.clone()} />
            <main class="playground__panes">
                <ScenarioPane state={Rc::clone(&shared)} {onpaste} dispatch={dispatch.clone()} />
                <VerdictPane state={shared} rulings={(*rulings).clone()} {chosen} dispatch={dispatch.clone()} />
            </main>
            <PasteDialog open={state.pasting} notice={state.notice.clone()} {onplace} {dispatch} />
        </div>
    }
}
