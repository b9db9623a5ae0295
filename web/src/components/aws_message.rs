//! The sentence that AWS itself prints.

use yew::prelude::*;

use super::copy_button::CopyButton;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub message: AttrValue,
}

#[component]
pub fn AwsMessage(props: &Props) -> Html {
    html! {
        <section class="aws-message" aria-labelledby="aws-message-heading">
            <header class="section-header">
                <h3 id="aws-message-heading">{ "What AWS prints" }</h3>
                <CopyButton text={&props.message} what="what AWS prints" />
            </header>
            <p class="aws-message__text">{ &props.message }</p>
        </section>
    }
}
