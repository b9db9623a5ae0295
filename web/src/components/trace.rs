//! The whole evaluation as a tree: policy type, policy, statement, element, value.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, NodeList};
use yew::prelude::*;

use super::trace_node::Tree;
use crate::state::{Action, Folds, Ruling};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub ruling: Ruling,
    pub folds: Folds,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn Trace(props: &Props) -> Html {
    let tree = Tree { answer: &props.ruling, folds: &props.folds, dispatch: &props.dispatch };
    html! {
        <section class="trace" aria-labelledby="trace-heading">
            <header class="section-header">
                <h3 id="trace-heading">{ "Trace" }</h3>
                <p class="trace__hint">{ "Choose a step to see its place in the scenario." }</p>
            </header>
            <ul class="trace__nodes" onkeydown={Callback::from(|event: KeyboardEvent| move_focus(&event))}>
                { for tree.answer.explanation.tree.iter().enumerate().map(|(index, node)| tree.node(node, &[index])) }
            </ul>
        </section>
    }
}

/// The arrows up and down go from step to step.
fn move_focus(event: &KeyboardEvent) {
    let down = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let Some((steps, here)) = steps_around(event) else { return };
    let next = if down { here.checked_add(1) } else { here.checked_sub(1) };
    let step = next.and_then(|next| steps.get(next)).and_then(|step| step.dyn_into::<HtmlElement>().ok());
    if let Some(step) = step {
        event.prevent_default();
        // Focus is a convenience here; a browser that refuses it leaves it where it was.
        step.focus().ok();
    }
}

/// The steps on screen, and which of them has the focus.
fn steps_around(event: &KeyboardEvent) -> Option<(NodeList, u32)> {
    let focused = event.target()?.dyn_into::<Element>().ok()?.closest(".node__row").ok()??;
    let steps = focused.closest(".trace__nodes").ok()??.query_selector_all(".node__title").ok()?;
    let focused = focused.query_selector(".node__title").ok()??;
    let here =
        (0..steps.length()).find(|index| steps.get(*index).is_some_and(|step| step.is_same_node(Some(&focused))))?;
    Some((steps, here))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{examples, state::Document, testing::render};

    /// The trace of an example; `folds` is what the user opened and closed.
    fn html(example: usize, folds: &'static [(&'static [usize], bool)]) -> String {
        render::<Trace>(move || {
            let ruling = Document::read(examples::text(example)).rulings().remove(0);
            let mut set = Folds::default();
            folds.iter().for_each(|(path, open)| set.set(path.to_vec(), *open));
            Props { ruling, folds: set, dispatch: Callback::noop() }
        })
    }

    #[test]
    fn the_statement_that_decided_is_open() {
        let html = html(7, &[]);
        let denied = html.split("<li").find(|node| node.contains("node--statement") && node.contains("sign--denies"));
        let denied = denied.unwrap_or_else(|| panic!("no statement denies: {html}"));
        assert!(denied.contains("aria-expanded=\"true\""), "{denied}");
        assert!(denied.contains(">denies<"), "a sign is a word too: {denied}");
    }

    #[test]
    fn what_the_user_closed_is_closed() {
        let steps = |html: &str| html.matches("<li").count();
        let closed: &[(&[usize], bool)] = &[(&[3], false), (&[5], false)];
        assert!(steps(&html(7, closed)) < steps(&html(7, &[])));
    }

    #[test]
    fn of_several_permissions_the_one_that_decided_is_open() {
        let html = html(13, &[]);
        let permissions: Vec<&str> = html.split("<li").filter(|node| node.contains("node--authorization")).collect();
        assert_eq!(permissions.len(), 2);
        assert!(permissions[0].contains(">allowed<") && permissions[0].contains("aria-expanded=\"false\""));
        assert!(permissions[1].contains(">denied<") && permissions[1].contains("aria-expanded=\"true\""));
    }

    #[test]
    fn links_leave_nothing_behind() {
        let html = html(0, &[]);
        let links = html.matches("<a ").count();
        assert!(links > 0);
        assert_eq!(html.matches("rel=\"noopener noreferrer\"").count(), links);
        assert_eq!(html.matches("target=\"_blank\"").count(), links);
    }
}
