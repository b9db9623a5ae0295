// Nothing that the user wrote is ever lost.

import assert from "node:assert/strict";
import { story } from "./harness/story.mjs";
import { examples, playground } from "./harness/playground.mjs";

/** Makes the first example the user's own text, by a change that leaves it sound. */
async function write(page) {
  const at = playground(page);
  await at.goToEnd();
  await page.keyboard.press("Enter");
  return at;
}

story("an example leaves the user's text one click away", async ({ page }) => {
  const at = await write(page);
  const own = await at.text();
  assert.notEqual(own, examples[0].text);
  await at.open(4);
  assert.equal(await at.text(), examples[4].text);
  await at.button("Back to my text").click();
  assert.equal(await at.text(), own);
});

story("an earlier text waits in the menu, also on the next visit", async ({ page }) => {
  const at = await write(page);
  const own = await at.text();
  await at.button("New").click();
  await page.reload();
  await at.editor.waitFor();
  assert.deepEqual(JSON.parse(await at.text()).keys, []);
  await at.button("Examples").click();
  await page.locator("#examples ul .menu__item").first().click();
  assert.equal(await at.text(), own);
});

story("half-typed text survives a reload", async ({ page }) => {
  const at = playground(page);
  await at.goToEnd();
  await page.keyboard.type("half-typ");
  await page.reload();
  await at.editor.waitFor();
  assert.equal(await at.text(), `${examples[0].text}half-typ`);
  assert.match(await page.locator(".problems__heading").textContent(), /error/);
});

story("the editor's own undo brings the text before an example back", async ({ page }) => {
  const at = await write(page);
  const own = await at.text();
  await at.open(4);
  await at.goToEnd();
  await page.keyboard.press("ControlOrMeta+Z");
  assert.equal(await at.text(), own);
});

story("the theme is remembered", async ({ page }) => {
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  await page.getByRole("radio", { name: "Dark" }).check({ force: true });
  assert.equal(await theme(), "dark");
  await page.reload();
  await playground(page).editor.waitFor();
  assert.equal(await theme(), "dark");
  await page.getByRole("radio", { name: "System" }).check({ force: true });
  assert.equal(await theme(), undefined);
});
