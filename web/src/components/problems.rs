//! All that is wrong or doubtful about the text.

use std::rc::Rc;

use keytrace::problem::{Problem, Severity};
use yew::prelude::*;

use super::{Icon, prose::prose};
use crate::state::{Action, Document};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub document: Rc<Document>,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn Problems(props: &Props) -> Html {
    let problems = props.document.problems();
    let errors = props.document.errors();
    html! {
        <section class="problems" aria-labelledby="problems-heading">
            <h2 id="problems-heading" class="problems__heading">{ heading(errors, problems.len() - errors) }</h2>
            if !problems.is_empty() {
                <ul class="problems__list">
                    { for problems.iter().map(|problem| item(problem, &props.dispatch)) }
                </ul>
            }
        </section>
    }
}

fn heading(errors: usize, warnings: usize) -> String {
    let counted = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        many => Some(format!("{many} {word}s")),
    };
    let counts: Vec<String> = [counted(errors, "error"), counted(warnings, "warning")].into_iter().flatten().collect();
    if counts.is_empty() { "No problems".to_owned() } else { counts.join(", ") }
}

fn item(problem: &Problem, dispatch: &Callback<Action>) -> Html {
    let (class, icon, word) = match problem.severity() {
        Severity::Error => ("problem problem--error", Icon::Error, "Error"),
        Severity::Warning => ("problem problem--warning", Icon::Warning, "Warning"),
    };
    let span = problem.span;
    html! {
        <li>
            <button type="button" {class} onclick={dispatch.reform(move |_| Action::RevealProblem(span))}>
                { icon.svg() }
                <span class="visually-hidden">{ word }</span>
                <span class="problem__place">{ format!("{}:{}", problem.line, problem.column) }</span>
                <span class="problem__message">{ prose(&problem.message) }</span>
            </button>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heading_counts() {
        assert_eq!(heading(0, 0), "No problems");
        assert_eq!(heading(1, 0), "1 error");
        assert_eq!(heading(2, 1), "2 errors, 1 warning");
    }
}
