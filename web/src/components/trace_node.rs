//! One step of the trace and those inside it.

use keytrace::{
    Answer,
    explain::{Node, NodeKind, Sign},
};
use yew::prelude::*;

use super::{
    Icon,
    doc_link::DocLink,
    prose::{prose, sentence},
};
use crate::{
    outcome::{class_of_sign, icon_of_sign, word_of_sign},
    state::{Action, Folds},
};

/// What every step of one trace shares.
pub struct Tree<'a> {
    pub answer: &'a Answer,
    pub folds: &'a Folds,
    pub dispatch: &'a Callback<Action>,
}

impl Tree<'_> {
    /// The step at `path`, and those inside it if it is open.
    pub fn node(&self, node: &Node, path: &[usize]) -> Html {
        let open = !node.children.is_empty() && self.folds.is_open(path, self.suggests_open(node, path));
        let class = classes!("node", class_of_kind(node.kind), format!("sign--{}", class_of_sign(node.sign)));
        html! {
            <li {class}>
                <div class="node__row">
                    { self.fold_button(node, path, open) }
                    <span class="sign">{ icon_of_sign(node.sign).svg() }{ word_of_sign(node.kind, node.sign) }</span>
                    <div class="node__text">
                        { self.title(node, path, open) }
                        if !node.detail.is_empty() {
                            <span class="node__detail">{ prose(&node.detail) }</span>
                        }
                    </div>
                    if let Some(page) = node.page {
                        <DocLink href={page} compact=true />
                    }
                </div>
                if open {
                    <ul class="node__inside">
                        { for node.children.iter().enumerate().map(|(index, child)| self.node(child, &[path, &[index]].concat())) }
                    </ul>
                }
            </li>
        }
    }

    /// Before the user touches it a step is open if it leads to what decided.
    fn suggests_open(&self, node: &Node, path: &[usize]) -> bool {
        match node.kind {
            NodeKind::Authorization => node.sign != Sign::Allows || path == [self.answer.deciding],
            NodeKind::PolicyType | NodeKind::Policy => node.sign != Sign::NotApplicable,
            NodeKind::Statement => self.holds_a_reason(node),
            NodeKind::Element => node.sign != Sign::Matches,
            NodeKind::Value => true,
        }
    }

    fn holds_a_reason(&self, node: &Node) -> bool {
        let Some(place) = node.span else { return false };
        let places = self.answer.explanation.reasons.iter().filter_map(|reason| reason.span);
        places.into_iter().any(|reason| place.start <= reason.start && reason.end <= place.end)
    }

    /// Shows the step's place in the text; a step without one opens and closes.
    fn title(&self, node: &Node, path: &[usize], open: bool) -> Html {
        let fold = |open| Action::Fold(path.to_vec(), open);
        let onclick = match node.span {
            Some(span) => self.dispatch.reform(move |_: MouseEvent| Action::Reveal(span)),
            None => self.to_fold(path, !open),
        };
        let (unfold, fold) = (fold(true), fold(false));
        // Values are in the user's words.
        let title = match node.kind {
            NodeKind::Value => prose(&node.title),
            _ => sentence(&node.title),
        };
        let dispatch = self.dispatch.clone();
        let onkeydown = Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "ArrowRight" => dispatch.emit(unfold.clone()),
            "ArrowLeft" => dispatch.emit(fold.clone()),
            _ => {}
        });
        html! {
            <button type="button" class="node__title" {onclick} {onkeydown}>{ title }</button>
        }
    }

    fn fold_button(&self, node: &Node, path: &[usize], open: bool) -> Html {
        if node.children.is_empty() {
            return html! { <span class="node__fold" /> };
        }
        html! {
            <button type="button" class="node__fold" aria-expanded={open.to_string()}
                aria-label={format!("Steps of {}", node.title.replace('`', ""))} onclick={self.to_fold(path, !open)}>
                { Icon::Chevron.svg() }
            </button>
        }
    }

    fn to_fold(&self, path: &[usize], open: bool) -> Callback<MouseEvent> {
        let path = path.to_vec();
        self.dispatch.reform(move |_| Action::Fold(path.clone(), open))
    }
}

const fn class_of_kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Authorization => "node--authorization",
        NodeKind::PolicyType => "node--policy-type",
        NodeKind::Policy => "node--policy",
        NodeKind::Statement => "node--statement",
        NodeKind::Element => "node--element",
        NodeKind::Value => "node--value",
    }
}
