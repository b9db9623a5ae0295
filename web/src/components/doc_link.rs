//! A link to a page of AWS's documentation.

use yew::prelude::*;

use super::Icon;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub href: AttrValue,
    /// What the page is about, where the link stands alone.
    #[prop_or(AttrValue::Static("AWS page"))]
    pub text: AttrValue,
    /// Whether only the sign is shown, where there is a link on nearly every line.
    #[prop_or_default]
    pub compact: bool,
}

/// Opens beside the playground, and tells AWS nothing about where the reader came from.
#[component]
pub fn DocLink(props: &Props) -> Html {
    // A scenario names its own page: only web addresses become links.
    if !props.href.starts_with("https://") {
        return html! { { &props.href } };
    }
    let text = if props.compact { classes!("visually-hidden") } else { classes!() };
    html! {
        <a class="doc-link" href={&props.href} target="_blank" rel="noopener noreferrer" title={&props.href}>
            <span class={text}>{ &props.text }</span>{ Icon::External.svg() }
            <span class="visually-hidden">{ " (opens in a new tab)" }</span>
        </a>
    }
}
