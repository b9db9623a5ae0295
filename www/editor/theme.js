// How the editor looks. A page colours it with the custom properties below; what it leaves unset follows
// the page's `color-scheme`.
//
//   --editor-font             --editor-selection       --editor-property
//   --editor-text             --editor-active-line     --editor-string
//   --editor-background       --editor-focus           --editor-number
//   --editor-gutter           --editor-border          --editor-keyword
//   --editor-error            --editor-warning         --editor-info

import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const HOST = `
  :host {
    display: block;
    --font: var(--editor-font, ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace);
    --text: var(--editor-text, light-dark(#1c2128, #e6e9ee));
    --background: var(--editor-background, light-dark(#ffffff, #14181f));
    --gutter: var(--editor-gutter, light-dark(#636b76, #97a1af));
    --border: var(--editor-border, light-dark(#d5dae1, #333b47));
    --selection: var(--editor-selection, light-dark(#bcd8ff, #2c4a75));
    --active-line: var(--editor-active-line, light-dark(#5b7a9f14, #9fb8d814));
    --focus: var(--editor-focus, light-dark(#0b5fd0, #6ba8ff));
    --property: var(--editor-property, light-dark(#0a5c9e, #79b8ff));
    --string: var(--editor-string, light-dark(#1a6b32, #8ddb8c));
    --number: var(--editor-number, light-dark(#8a3ab9, #d2a8ff));
    --keyword: var(--editor-keyword, light-dark(#a8350a, #ffab70));
    --error: var(--editor-error, light-dark(#c4162a, #ff7b81));
    --warning: var(--editor-warning, light-dark(#8f5a00, #f0b849));
    --info: var(--editor-info, light-dark(#0b5fd0, #6ba8ff));
  }
  :host([hidden]) { display: none; }
`;

/** The host's own style sheet; one object serves every editor of the page. */
export function hostSheet() {
  if (!hostSheet.made) {
    hostSheet.made = new CSSStyleSheet();
    hostSheet.made.replaceSync(HOST);
  }
  return hostSheet.made;
}

const underline = (severity) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy var(--${severity})`,
  textDecorationSkipInk: "none",
  textUnderlineOffset: "3px",
});

const marker = (severity, shape) => ({
  content: "none",
  width: "0.7em",
  height: "0.7em",
  marginTop: "0.35em",
  backgroundColor: `var(--${severity})`,
  clipPath: shape,
});

/** Sizes, surfaces and the marks of problems. Each severity has a shape of its own beside its colour. */
export const look = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--background)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { overflow: "auto", fontFamily: "var(--font)", fontSize: "0.875rem", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { color: "var(--gutter)", backgroundColor: "var(--background)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--active-line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--selection)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--gutter)" },
  ".cm-placeholder": { color: "var(--gutter)" },
  ".cm-tooltip, .cm-panels": {
    color: "var(--text)",
    backgroundColor: "var(--background)",
    border: "1px solid var(--border)",
  },
  ".cm-tooltip": { maxWidth: "min(36rem, 90vw)" },
  ".cm-diagnosticSource": { color: "var(--gutter)", opacity: "1" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--error)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warning)" },
  ".cm-diagnostic-info, .cm-diagnostic-hint": { borderLeftColor: "var(--info)" },
  ".cm-lintRange-error": underline("error"),
  ".cm-lintRange-warning": underline("warning"),
  ".cm-lintRange-info, .cm-lintRange-hint": underline("info"),
  ".cm-lint-marker-error": marker("error", "circle(46%)"),
  ".cm-lint-marker-warning": marker("warning", "polygon(50% 0, 100% 100%, 0 100%)"),
  ".cm-lint-marker-info, .cm-lint-marker-hint": marker("info", "inset(12%)"),
});

/** The colours of JSON. */
export const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--property)" },
  { tag: tags.string, color: "var(--string)" },
  { tag: tags.number, color: "var(--number)" },
  { tag: [tags.bool, tags.null], color: "var(--keyword)" },
  { tag: tags.invalid, color: "var(--error)" },
]);
