// What of CodeMirror the editor is made of.

import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import {
  drawSelection,
  dropCursor,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { json } from "@codemirror/lang-json";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { hangingWraps } from "./hanging.js";
import { colours, look } from "./theme.js";

/** JSON with colours, line numbers, history, brackets and a gutter for problems. */
export function jsonEditing() {
  return [
    lineNumbers(),
    lintGutter(),
    highlightActiveLineGutter(),
    // Zero-width and other invisible characters that came along with a paste are made visible.
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    // A policy that the command line printed as one escaped string is a single line of thousands of characters.
    hangingWraps,
    json(),
    syntaxHighlighting(colours),
    look,
    // Tab is not bound: it moves on to the next control, as everywhere else on the page.
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
  ];
}
