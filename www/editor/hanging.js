// A line that is too long for the editor goes on below its own indentation, not at the margin: ARNs are
// long, and the depth of a policy would be lost.

import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin } from "@codemirror/view";

/** Deeper lines hang as deep as this, or a narrow screen would have no room left for them. */
const DEEPEST = 24;
const columns = Array.from({ length: DEEPEST + 1 }, (_, depth) => depth);

const hanging = columns.map((depth) => Decoration.line({ class: `kt-hanging-${depth}` }));

// Classes, since a style attribute is refused by a strict Content-Security-Policy.
const indentations = EditorView.baseTheme(
  Object.fromEntries(
    columns.map((depth) => [
      `.cm-line.kt-hanging-${depth}`,
      { textIndent: `-${depth + 2}ch`, paddingLeft: `calc(6px + ${depth + 2}ch)` },
    ]),
  ),
);

const marks = ViewPlugin.define(
  (view) => ({
    decorations: marked(view),
    update(update) {
      if (update.docChanged || update.viewportChanged) this.decorations = marked(update.view);
    },
  }),
  { decorations: (plugin) => plugin.decorations },
);

function marked(view) {
  const marked = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      const depth = Math.min(line.text.search(/\S|$/), DEEPEST);
      marked.add(line.from, line.from, hanging[depth]);
      at = line.to + 1;
    }
  }
  return marked.finish();
}

/** Wrapped lines that keep their indentation. */
export const hangingWraps = [EditorView.lineWrapping, indentations, marks];
