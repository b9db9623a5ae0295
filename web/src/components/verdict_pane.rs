//! The half of the page that the engine answers in.

use std::rc::Rc;

use keytrace::scenario::Scenario;
use yew::prelude::*;

use super::{
    Icon, about::About, aws_message::AwsMessage, context_table::ContextTable, reasons::Reasons, requests::Requests,
    start::Start, trace::Trace, verdict::Verdict, who_can::WhoCan,
};
use crate::{
    outcome::heading_of_reasons,
    state::{Action, Ruling, State},
};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub state: Rc<State>,
    /// What the engine said to each request of the last sound text.
    pub rulings: Vec<Ruling>,
    /// Which of them is shown.
    pub chosen: usize,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn VerdictPane(props: &Props) -> Html {
    let (state, dispatch) = (&props.state, &props.dispatch);
    let stale = state.is_stale();
    let sound = state.sound.as_ref().and_then(|sound| Some((sound, sound.scenario()?)));
    html! {
        <section id="verdict" class="verdict-pane" aria-label="Verdict">
            <div role="status">
                if stale {
                    <p class="stale">{ Icon::Warning.svg() }{ stale_sentence(state.document.errors()) }</p>
                }
            </div>
            if let Some(((sound, scenario), ruling)) = sound.zip(props.rulings.get(props.chosen)) {
                <div class={classes!("verdict-pane__body", stale.then_some("verdict-pane__body--stale"))}>
                    { about(scenario, !sound.is_own()) }
                    <Requests rulings={props.rulings.clone()} chosen={props.chosen} dispatch={dispatch.clone()} />
                    <Verdict ruling={ruling.clone()} />
                    { grounds(ruling, dispatch) }
                    <Trace ruling={ruling.clone()} folds={state.folds.clone()} dispatch={dispatch.clone()} />
                    <ContextTable ruling={ruling.clone()} />
                    if let Some(key_index) = key_of(scenario, props.chosen) {
                        <WhoCan sound={sound.clone()} {key_index} />
                    }
                </div>
            } else {
                <Start errors={if state.document.is_own() { state.document.errors() } else { 0 }} />
            }
        </section>
    }
}

fn stale_sentence(errors: usize) -> String {
    match errors {
        1 => "The text has 1 problem; this is the verdict of the last sound text.".to_owned(),
        many => format!("The text has {many} problems; this is the verdict of the last sound text."),
    }
}

/// The key that a request is about.
fn key_of(scenario: &Scenario, request: usize) -> Option<usize> {
    scenario.requests.get(request)?.request.authorizations.iter().find_map(|one| one.resource.key())
}

fn about(scenario: &Scenario, example: bool) -> Html {
    let text = |text: &Option<Box<str>>| text.as_deref().map(|text| AttrValue::from(text.to_owned()));
    html! {
        <About title={text(&scenario.title)} notes={text(&scenario.notes)} doc={text(&scenario.doc)} {example} />
    }
}

fn grounds(ruling: &Ruling, dispatch: &Callback<Action>) -> Html {
    html! {
        <>
            if let Some(error) = &ruling.error {
                <AwsMessage name={error.name.as_str()} message={error.message.clone()} />
            }
            <Reasons id="reasons" heading={heading_of_reasons(&ruling.decision)}
                reasons={ruling.explanation.reasons.clone()} dispatch={dispatch.clone()} />
            <Reasons id="would-decide" heading="What would decide it"
                reasons={ruling.explanation.would_decide.clone()} dispatch={dispatch.clone()} />
            <Reasons id="assumptions" heading="What it rests on, and AWS does not document"
                reasons={ruling.explanation.assumptions.clone()} dispatch={dispatch.clone()} />
        </>
    }
}
