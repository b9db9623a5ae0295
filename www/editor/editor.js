// <kt-editor>: a code editor for JSON, as a custom element around CodeMirror.
//
//   attributes
//     label         its accessible name
//     placeholder   shown while it is empty
//
//   properties (may be set before the element is defined)
//     value: string                 the text; line ends are always "\n". Setting it fires no event, moves
//                                   neither caret nor scroll further than it must, and can be undone.
//     diagnostics: Diagnostic[]     problems to underline and to list in the gutter
//
//       interface Diagnostic {
//         from: number; to: number;          offsets into `value`, in UTF-16 units
//         severity: "error" | "warning" | "info" | "hint";
//         message: string;
//         code?: string;                     shown beside the message
//       }
//
//   methods
//     select(from, to, focus = true)  selects a range and brings it into view; with `focus` the caret goes there
//     focus()
//
//   events (all bubble)
//     change        the user changed the text: typed, pasted, undid
//     kt-paste      text is about to be pasted; `detail` is { text, from, to }, the range being what it would
//                   replace. preventDefault() leaves the document as it is: the page places the text itself.
//
// The editor lives in a shadow root because CodeMirror then hands its styles over as style sheet objects,
// which a Content-Security-Policy without 'unsafe-inline' lets pass. theme.js lists the custom properties
// that colour it.

import { Annotation, Compartment, EditorState, Transaction } from "@codemirror/state";
import { EditorView, placeholder } from "@codemirror/view";
import { setDiagnostics } from "@codemirror/lint";
import { isolateHistory } from "@codemirror/commands";
import { jsonEditing } from "./extensions.js";
import { hostSheet } from "./theme.js";

/** Marks what the page changed, so that only the user's own changes are announced. */
const byThePage = Annotation.define();

class KtEditor extends HTMLElement {
  static observedAttributes = ["label", "placeholder"];

  #captions = new Compartment();
  #view;

  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: true }).adoptedStyleSheets = [hostSheet()];
    this.#view = this.#show(
      EditorState.create({
        extensions: [
          jsonEditing(),
          this.#captions.of([]),
          EditorView.updateListener.of((update) => this.#announce(update)),
          EditorView.domEventHandlers({ paste: (event) => this.#offerPaste(event) }),
        ],
      }),
    );
  }

  connectedCallback() {
    // It was taken out of the page and put back: text, history and problems are still there.
    if (!this.#view.dom.isConnected) this.#view = this.#show(this.#view.state);
    // What was set before this class was known lies on the object itself and hides the accessors.
    for (const name of ["value", "diagnostics"]) {
      if (Object.hasOwn(this, name)) {
        const early = this[name];
        delete this[name];
        this[name] = early;
      }
    }
    this.#view.requestMeasure();
  }

  disconnectedCallback() {
    // Lets go of the window, which would otherwise keep it alive. The state stays readable and settable.
    this.#view.destroy();
  }

  attributeChangedCallback() {
    this.#view.dispatch({
      effects: this.#captions.reconfigure([
        // Editable content takes the focus without a tabindex too, but not every assistive tool knows.
        EditorView.contentAttributes.of({ "aria-label": this.getAttribute("label") ?? "", tabindex: "0" }),
        placeholder(this.getAttribute("placeholder") ?? ""),
      ]),
    });
  }

  get value() {
    return this.#view.state.doc.toString();
  }

  set value(text) {
    const before = this.value;
    const after = String(text ?? "").replace(/\r\n?/g, "\n");
    if (before === after) return;
    this.#view.dispatch({
      changes: difference(before, after),
      annotations: [byThePage.of(true), isolateHistory.of("full"), Transaction.userEvent.of("set")],
    });
  }

  set diagnostics(list) {
    const end = this.#view.state.doc.length;
    const inside = (offset) => Math.max(0, Math.min(offset, end));
    const diagnostics = Array.from(list ?? [], ({ from, to, severity, message, code }) => ({
      from: inside(from),
      to: Math.max(inside(from), inside(to)),
      severity,
      message,
      source: code,
    }));
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  select(from, to, focus = true) {
    const end = this.#view.state.doc.length;
    const anchor = Math.max(0, Math.min(from, end));
    const head = Math.max(0, Math.min(to, end));
    this.#view.dispatch({
      selection: { anchor, head },
      effects: EditorView.scrollIntoView(anchor, { y: "center" }),
    });
    if (focus) this.focus();
  }

  focus() {
    this.#view.focus();
  }

  #show(state) {
    return new EditorView({ state, root: this.shadowRoot, parent: this.shadowRoot });
  }

  #announce(update) {
    const typed = update.transactions.some((change) => change.docChanged && !change.annotation(byThePage));
    if (typed) this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #offerPaste(event) {
    const text = event.clipboardData?.getData("text/plain");
    if (!text) return false;
    const { from, to } = this.#view.state.selection.main;
    const offer = new CustomEvent("kt-paste", { bubbles: true, cancelable: true, detail: { text, from, to } });
    if (this.dispatchEvent(offer)) return false;
    event.preventDefault();
    return true;
  }
}

/** The smallest single replacement that turns one text into the other: what lies around it keeps its place. */
function difference(before, after) {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) };
}

if (!customElements.get("kt-editor")) customElements.define("kt-editor", KtEditor);
