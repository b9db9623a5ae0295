//! What the browser is asked for beyond the page itself: storage, theme, clipboard.
//!
//! Every one of them may be refused (private windows, old browsers, strict settings). The page works
//! without, so a refusal is not reported.

use std::rc::Rc;

use wasm_bindgen_futures::JsFuture;
use web_sys::{Storage, window};

use crate::state::{Document, Theme};

/// Also read by `theme.js`, which colours the page before this program has started.
const THEME: &str = "keytrace.theme";
const TEXT: &str = "keytrace.text";
const KEPT: &str = "keytrace.kept";

/// The storage of this tab survives a reload and is not shared with a second tab on the same page.
fn tab_storage() -> Option<Storage> {
    window()?.session_storage().ok()?
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// The text of the last visit: this tab's, else that of the tab that was used last.
pub fn saved_text() -> Option<String> {
    let of = |storage: Option<Storage>| storage?.get_item(TEXT).ok()?;
    of(tab_storage()).or_else(|| of(storage()))
}

/// The user's texts that made room for another.
pub fn saved_kept() -> Vec<Rc<Document>> {
    let Some(storage) = storage() else { return Vec::new() };
    (0..)
        .map_while(|index| storage.get_item(&format!("{KEPT}.{index}")).ok()?)
        .map(|text| Document::read(&text))
        .collect()
}

/// Keeps the editor's text for the next visit.
pub fn save_text(text: &str) {
    for storage in [tab_storage(), storage()].into_iter().flatten() {
        storage.set_item(TEXT, text).ok();
    }
}

/// Keeps the user's earlier texts for the next visit.
pub fn save_kept(kept: &[Rc<Document>]) {
    let Some(storage) = storage() else { return };
    for (index, document) in kept.iter().enumerate() {
        storage.set_item(&format!("{KEPT}.{index}"), document.text()).ok();
    }
    // Reading stops at the first number that is missing.
    storage.remove_item(&format!("{KEPT}.{}", kept.len())).ok();
}

/// The theme that the user chose.
pub fn saved_theme() -> Theme {
    let saved = storage().and_then(|storage| storage.get_item(THEME).ok()?);
    match saved.as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

/// Colours the page, now and on the next visit.
pub fn apply_theme(theme: Theme) {
    let Some(root) = window().and_then(|window| window.document()?.document_element()) else { return };
    let name = match theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    match name {
        Some(name) => root.set_attribute("data-theme", name).ok(),
        None => root.remove_attribute("data-theme").ok(),
    };
    if let Some(storage) = storage() {
        match name {
            Some(name) => storage.set_item(THEME, name).ok(),
            None => storage.remove_item(THEME).ok(),
        };
    }
}

/// Puts `text` on the clipboard; whether that was possible.
pub async fn copy(text: &str) -> bool {
    // Outside a secure context there is no clipboard object to call.
    let Some(window) = window().filter(|window| window.is_secure_context()) else { return false };
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}
