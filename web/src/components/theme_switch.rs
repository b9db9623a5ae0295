//! Light, dark, or as the system has it.

use yew::prelude::*;

use super::Icon;
use crate::state::{Action, Theme};

const THEMES: [(Theme, Icon, &str); 3] =
    [(Theme::System, Icon::System, "System"), (Theme::Light, Icon::Light, "Light"), (Theme::Dark, Icon::Dark, "Dark")];

#[derive(Properties, PartialEq)]
pub struct Props {
    pub theme: Theme,
    pub dispatch: Callback<Action>,
}

#[component]
pub fn ThemeSwitch(props: &Props) -> Html {
    html! {
        <fieldset class="theme-switch">
            <legend class="visually-hidden">{ "Theme" }</legend>
            { for THEMES.into_iter().map(|(theme, icon, name)| html! {
                <label class="theme-switch__item" title={format!("{name} theme")}>
                    <input type="radio" name="theme" class="visually-hidden" checked={theme == props.theme}
                        onchange={props.dispatch.reform(move |_| Action::ChooseTheme(theme))} />
                    { icon.svg() }
                    <span class="visually-hidden">{ name }</span>
                </label>
            }) }
        </fieldset>
    }
}
