// What stories about the playground have in common.

import { readdirSync, readFileSync } from "node:fs";
import { root } from "./story.mjs";

const folder = `${root}tests/scenarios/examples`;

/** The built-in examples, in the order of the menu. */
export const examples = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => {
    const text = readFileSync(`${folder}/${file}`, "utf8");
    return { file, text, scenario: JSON.parse(text) };
  });

/** The text of a file of CLI output. */
export const output = (name) => readFileSync(`${root}tests/browser/outputs/${name}`, "utf8");

/** The class of a decision's verdict. */
export const classOf = {
  Allowed: "verdict--allowed",
  ExplicitDeny: "verdict--explicit-deny",
  ImplicitDeny: "verdict--implicit-deny",
  Undetermined: "verdict--undetermined",
};

/** The class of the verdict that a request expects: what is allowed may fail all the same. */
export const classOfExpected = ({ decision, error }) =>
  decision === "Allowed" && error ? "verdict--fails" : classOf[decision];

/** The playground on a page. */
export const playground = (page) => ({
  verdict: page.locator(".verdict"),
  word: page.locator(".verdict__word"),
  stale: page.locator(".stale"),
  notice: page.locator(".scenario-pane .notice"),
  problems: page.locator(".problem"),
  steps: page.locator(".node__title"),
  editor: page.getByRole("textbox", { name: "Scenario" }),
  text: () => page.$eval("kt-editor", (editor) => editor.value),
  button: (name) => page.getByRole("button", { name, exact: true }),

  /** Opens the example at `index`, from 0. */
  async open(index) {
    await page.getByRole("button", { name: "Examples", exact: true }).click();
    await page.locator("#examples ol .menu__item").nth(index).click();
  },

  /** Puts the caret at the end of the text. */
  async goToEnd() {
    await page.getByRole("textbox", { name: "Scenario" }).focus();
    await page.keyboard.press("ControlOrMeta+End");
  },

  /** What is selected in the editor. */
  async selected() {
    await page.keyboard.press("ControlOrMeta+C");
    return page.evaluate(() => navigator.clipboard.readText());
  },
});
