//! Who else can do what with the key of the request: everybody whom its policies can tell apart.

use std::rc::Rc;

use keytrace::{
    advise::who_can::{Cell, Row, Subject, WhoCan as Survey, permissions},
    catalog::Action as Permission,
    scenario::Scenario,
};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::prose::{prose, sentence};
use crate::state::Document;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The last sound text.
    pub sound: Rc<Document>,
    /// Which of its keys.
    pub key_index: usize,
}

#[component]
pub fn WhoCan(props: &Props) -> Html {
    // Nobody waits for what nobody looks at.
    let open = use_state(|| false);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |event: Event| {
            let is_open = event.target_dyn_into::<HtmlElement>().is_some_and(|details| details.has_attribute("open"));
            open.set(is_open);
        })
    };
    let Some(arn) = arn(props.sound.scenario(), props.key_index) else { return html! {} };
    html! {
        <section class="who-can" aria-labelledby="who-can-heading">
            <h3 id="who-can-heading">{ "Who can" }</h3>
            <details {ontoggle}>
                <summary>{ "What everybody can do with " }<code>{ arn }</code></summary>
                if *open {
                    <Everybody sound={props.sound.clone()} key_index={props.key_index} />
                }
            </details>
        </section>
    }
}

fn arn(scenario: Option<&Scenario>, key: usize) -> Option<String> {
    Some(scenario?.world.keys.get(key)?.arn.as_str().to_owned())
}

#[component]
fn Everybody(props: &Props) -> Html {
    let key = props.key_index;
    let rows = use_memo((props.sound.clone(), key), |(sound, key)| {
        let survey = Survey::new(sound.scenario()?);
        let rows = survey.rows(*key);
        Some((survey, rows))
    });
    let Some((survey, rows)) = &*rows else { return html! {} };
    html! {
        <>
            <p class="who-can__note">
                { "Asked of the request is nothing but who makes it. A role stands for its sessions." }
            </p>
            <ul class="who-can__rows">
                { for rows.iter().map(|row| item(survey, row, key)) }
            </ul>
        </>
    }
}

fn item(survey: &Survey, row: &Row, key: usize) -> Html {
    let subjects = survey.subjects();
    let names = row.subjects.iter().filter_map(|at| subjects.get(*at)).map(|subject| name(survey, subject));
    html! {
        <li class="who-can__row">
            <ul class="who-can__names">
                { for names.map(|name| html! { <li>{ sentence(&name) }</li> }) }
            </ul>
            { for lines(survey, row, key).iter().map(|line| html! { <p>{ prose(line) }</p> }) }
        </li>
    }
}

fn name(survey: &Survey, subject: &Subject) -> String {
    match subject {
        Subject::Listed(place) => {
            let arn = survey.world().principals.get(*place).map(|principal| principal.arn.as_str());
            format!("`{}`", arn.unwrap_or_default())
        }
        Subject::Named(arn) => format!("`{}`, which a policy names", arn.as_str()),
        Subject::AnyoneElseIn(account) => format!("anyone else in account `{account}`"),
        Subject::AnyoneElsewhere => "anyone in any other account".to_owned(),
        Subject::Service(name) => format!("the service `{name}` itself"),
    }
}

/// What is allowed, then what depends, by what it depends on. What nothing is said of is denied.
fn lines(survey: &Survey, row: &Row, key: usize) -> Vec<String> {
    let mut allowed: Vec<Permission> = Vec::new();
    let mut depending: Vec<(Vec<String>, Vec<Permission>)> = Vec::new();
    for (permission, cell) in permissions().zip(&row.cells) {
        match cell {
            Cell::Allowed(_) => allowed.push(permission),
            Cell::Denied(_) => {}
            Cell::Depends(condition) => {
                let words = survey.in_words(condition, key);
                match depending.iter_mut().find(|(other, _)| *other == words) {
                    Some((_, permissions)) => permissions.push(permission),
                    None => depending.push((words, vec![permission])),
                }
            }
        }
    }
    let mut lines = Vec::new();
    if !allowed.is_empty() {
        lines.push(format!("Can do {}.", in_words(&allowed)));
    }
    for (words, permissions) in &depending {
        let condition = if words.is_empty() {
            "depending on more than can be told here".to_owned()
        } else {
            format!("if {}", words.join("; or if "))
        };
        lines.push(format!("Can do {} {condition}.", in_words(permissions)));
    }
    if lines.is_empty() {
        lines.push("Can do nothing with it.".to_owned());
    }
    lines
}

fn in_words(of: &[Permission]) -> String {
    if of.len() == permissions().count() {
        return "everything".to_owned();
    }
    let names: Vec<String> = of.iter().map(|permission| format!("`{}`", permission.name())).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;

    /// The rows of an example, each as its names and lines.
    fn rows(example: &str) -> Vec<(Vec<String>, Vec<String>)> {
        let at = (0..).find(|at| examples::text(*at).contains(example)).unwrap();
        let document = Document::read(examples::text(at));
        let survey = Survey::new(document.scenario().unwrap());
        let subjects = survey.subjects();
        let told = |row: &Row| {
            let names = row.subjects.iter().map(|at| name(&survey, subjects[*at])).collect();
            (names, lines(&survey, row, 0))
        };
        survey.rows(0).iter().map(told).collect()
    }

    #[test]
    fn everybody_is_told_of_once() {
        let rows = rows("What nobody told, and what would decide it");
        let names: Vec<&str> = rows.iter().flat_map(|(names, _)| names).map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "`arn:aws:iam::111122223333:role/App`",
                "anyone else in account `111122223333`",
                "anyone in any other account",
            ]
        );
        assert_eq!(
            rows[0].1,
            ["Can do `Decrypt` if `kms:ViaService` is `s3.us-west-2.amazonaws.com` and \
                 `kms:EncryptionContext:tenant` is `blue` or `green`."]
        );
        assert_eq!(rows[1].1, ["Can do nothing with it."]);
    }
}
