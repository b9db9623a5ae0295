//! `<kt-editor>` as a component: text, problems and selection go in, what the user typed comes out.

use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use keytrace::problem::{Problem, Severity};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::{CustomEvent, HtmlElement};
use yew::prelude::*;

use crate::{
    state::{Document, Paste, Selection},
    utf16::Utf16,
};

#[wasm_bindgen]
extern "C" {
    /// See `www/editor/editor.js`.
    #[wasm_bindgen(extends = HtmlElement)]
    type KtEditor;

    #[wasm_bindgen(method, getter)]
    fn value(this: &KtEditor) -> String;
    #[wasm_bindgen(method, setter)]
    fn set_value(this: &KtEditor, text: &str);
    #[wasm_bindgen(method, setter)]
    fn set_diagnostics(this: &KtEditor, diagnostics: &Array);
    #[wasm_bindgen(method, catch)]
    fn select(this: &KtEditor, from: u32, to: u32, focus: bool) -> Result<(), JsValue>;
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub document: Rc<Document>,
    /// Tells when the text did not come from here and has to be put in.
    pub revision: u32,
    pub selection: Option<Selection>,
    /// The user changed the text.
    pub onchange: Callback<String>,
    /// The user is about to paste a text; true if it was placed and must not be inserted.
    pub onpaste: Callback<Paste, bool>,
}

#[component]
pub fn Editor(props: &Props) -> Html {
    let node = use_node_ref();
    {
        // Never on typing: effects may run late, and would take back what was typed meanwhile.
        let (node, document) = (node.clone(), Rc::clone(&props.document));
        use_effect_with(props.revision, move |_| {
            if let Some(editor) = element(&node) {
                editor.set_value(document.text());
            }
        });
    }
    {
        let node = node.clone();
        use_effect_with(Rc::clone(&props.document), move |document| {
            let Some(editor) = element(&node) else { return };
            let utf16 = Utf16::new(document.text());
            editor.set_diagnostics(&document.problems().iter().map(|problem| diagnostic(problem, &utf16)).collect());
        });
    }
    {
        let (node, document) = (node.clone(), Rc::clone(&props.document));
        use_effect_with(props.selection, move |selection| {
            let (Some(editor), Some(selection)) = (element(&node), selection) else { return };
            let (from, to) = Utf16::new(document.text()).range(selection.span);
            // Fails only while the editor's script is still loading, when there is nothing to see yet.
            editor.select(from, to, selection.focus).ok();
        });
    }
    {
        let node = node.clone();
        use_effect_with(props.onpaste.clone(), move |onpaste| listen_to_paste(&node, onpaste.clone()));
    }
    let onchange = {
        let (node, onchange) = (node.clone(), props.onchange.clone());
        Callback::from(move |_: Event| {
            if let Some(editor) = element(&node) {
                onchange.emit(editor.value());
            }
        })
    };
    html! {
        <kt-editor class="editor" ref={node} label="Scenario" {onchange}></kt-editor>
    }
}

fn element(node: &NodeRef) -> Option<KtEditor> {
    // There is no global class of that name that a checked cast could compare with.
    node.cast::<HtmlElement>().map(JsCast::unchecked_into)
}

fn diagnostic(problem: &Problem, utf16: &Utf16<'_>) -> JsValue {
    let (from, to) = utf16.range(problem.span);
    let severity = match problem.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let diagnostic = Object::new();
    for (name, value) in [
        ("from", JsValue::from(from)),
        ("to", JsValue::from(to)),
        ("severity", JsValue::from(severity)),
        ("message", JsValue::from(problem.message.as_str())),
        ("code", JsValue::from(problem.code.as_str())),
    ] {
        // Cannot fail: the object is a plain one, made above.
        Reflect::set(&diagnostic, &JsValue::from(name), &value).ok();
    }
    diagnostic.into()
}

/// What is about to be pasted: `{ text, from, to }`, the range being what it would replace.
fn paste(detail: &JsValue, editor: &KtEditor) -> Option<Paste> {
    let field = |name: &str| Reflect::get(detail, &JsValue::from(name)).ok();
    let (from, to) = (field("from")?.as_f64()?, field("to")?.as_f64()?);
    let all = editor.value().encode_utf16().count() as f64;
    Some(Paste { text: field("text")?.as_string()?, afresh: to - from >= all })
}

/// Listens to the editor's own event until the returned function is called.
fn listen_to_paste(node: &NodeRef, onpaste: Callback<Paste, bool>) -> impl FnOnce() + use<> {
    let editor = element(node);
    let listener = Closure::<dyn Fn(CustomEvent)>::new(move |event: CustomEvent| {
        let paste = event.target().and_then(|editor| paste(&event.detail(), editor.unchecked_ref()));
        if paste.is_some_and(|paste| onpaste.emit(paste)) {
            event.prevent_default();
        }
    });
    if let Some(editor) = &editor {
        editor.add_event_listener_with_callback("kt-paste", listener.as_ref().unchecked_ref()).ok();
    }
    move || {
        if let Some(editor) = editor {
            editor.remove_event_listener_with_callback("kt-paste", listener.as_ref().unchecked_ref()).ok();
        }
    }
}
