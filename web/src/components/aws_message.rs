//! The error that the caller gets.

use yew::prelude::*;

use super::copy_button::CopyButton;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// AWS's name of the error.
    pub name: AttrValue,
    pub message: AttrValue,
}

#[component]
pub fn AwsMessage(props: &Props) -> Html {
    let Props { name, message } = props;
    html! {
        <section class="aws-message" aria-labelledby="aws-message-heading">
            <header class="section-header">
                <h3 id="aws-message-heading">{ "What the caller gets" }</h3>
                <CopyButton text={format!("{name}: {message}")} what="the error" />
            </header>
            <p class="aws-message__text"><strong>{ name }{ ":" }</strong>{ " " }{ message }</p>
        </section>
    }
}
