//! What this is, and what it does not do.

use yew::prelude::*;

use super::{Icon, theme_switch::ThemeSwitch};
use crate::state::{Action, Theme};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub theme: Theme,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn Header(props: &Props) -> Html {
    html! {
        <header class="header">
            <h1 class="header__name">
                <svg class="header__sign" viewBox="0 0 32 32" width="32" height="32" fill="none" aria-hidden="true" focusable="false">
                    <circle cx="10" cy="10" r="6.5" stroke="currentColor" stroke-width="3" />
                    <path d="M14.6 14.6 27 27M21.2 21.2l3.6-3.6M24.8 24.8l3-3" stroke="currentColor" stroke-width="3" stroke-linecap="round" />
                    <circle cx="10" cy="10" r="2" fill="currentColor" />
                </svg>
                { "Keytrace" }
            </h1>
            <p class="header__promise">{ "Why did AWS KMS say yes or no?" }</p>
            <p class="header__privacy">{ Icon::Lock.svg() }{ "Nothing leaves this page" }</p>
            <ThemeSwitch theme={props.theme} dispatch={props.dispatch.clone()} />
        </header>
    }
}
