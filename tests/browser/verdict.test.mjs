// The verdict beside the text: of each example, of half-typed text, and where it leads to in the text.

import assert from "node:assert/strict";
import { story } from "./harness/story.mjs";
import { classOf, examples, playground } from "./harness/playground.mjs";

story("every example opens with the verdict that it expects", async ({ page }) => {
  const at = playground(page);
  assert.ok(examples.length >= 8);
  for (const [index, { file, text, scenario }] of examples.entries()) {
    await at.open(index);
    assert.equal(await at.text(), text, file);
    const [{ expect }] = scenario.requests;
    await page.locator(`.verdict.${classOf[expect.decision]}`).waitFor({ timeout: 2000 }).catch(() => assert.fail(`${file}: ${expect.decision}`));
    assert.equal(await page.locator(".about__title").textContent(), scenario.title.replaceAll("`", ""), file);
    assert.equal(await page.locator(".about .doc-link").getAttribute("href"), scenario.doc, file);
    assert.equal(await at.problems.filter({ hasText: "Error" }).count(), 0, file);
  }
});

story("half-typed text leaves the last verdict standing, marked as such", async ({ page }) => {
  const at = playground(page);
  await at.open(7);
  const word = await at.word.textContent();
  await at.goToEnd();
  await page.keyboard.type("x");
  assert.match(await at.stale.textContent(), /^The text has 1 problem; this is the verdict of the last sound text/);
  assert.equal(await at.word.textContent(), word);
  assert.equal(await page.locator(".verdict-pane__body--stale").count(), 1);
  await page.locator("kt-editor .cm-lintRange-error").waitFor();

  await at.problems.first().click();
  await page.keyboard.press("Delete");
  await at.stale.waitFor({ state: "detached" });
  assert.equal(await page.locator(".verdict-pane__body--stale").count(), 0);
  assert.equal(await at.text(), examples[7].text);
});

story("a step of the trace selects its place in the text", async ({ page }) => {
  const at = playground(page);
  await at.open(7);
  await page.locator(".node--statement.sign--denies > .node__row .node__title").first().click();
  assert.equal(JSON.parse(await at.selected()).Effect, "Deny");

  await page.getByRole("button", { name: "Steps of Action" }).first().click();
  const value = page.locator(".node--value .node__title").first();
  const title = await value.textContent();
  await value.click();
  assert.ok((await at.selected()).includes(title), title);
});

story("a reason selects its place in the text, also while the text is half-typed", async ({ page }) => {
  const at = playground(page);
  await at.open(7);
  const reason = page.locator(".reasons .place").first();
  await reason.click();
  const place = await at.selected();
  assert.ok(place.length > 2);
  // Above all that the verdict speaks of, and wide in UTF-16.
  await page.$eval("kt-editor", (editor) => editor.select(1, 1));
  await page.keyboard.type(' "😀 é');
  await at.stale.waitFor();
  await reason.click();
  assert.equal(await at.selected(), place);
});

story("what AWS prints can be copied", async ({ page, copied }) => {
  const at = playground(page);
  await at.open(7);
  const message = page.locator(".aws-message");
  await message.getByRole("button", { name: "Copy what AWS prints" }).click();
  await message.getByRole("button", { name: "Copied what AWS prints" }).waitFor();
  assert.equal(await copied(), await page.locator(".aws-message__text").textContent());
  assert.match(await copied(), /is not authorized to perform: kms:/);
});

story("the trace can be walked with the keyboard alone", async ({ page }) => {
  const at = playground(page);
  await at.open(0);
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  const titles = () => at.steps.allTextContents();
  await at.steps.first().focus();
  const before = await titles();
  const keyPolicy = before.findIndex((title) => /^key polic/i.test(title));
  for (let step = 0; step < keyPolicy + 1; step += 1) await page.keyboard.press("ArrowDown");
  assert.equal(await focused(), before[keyPolicy + 1]);
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(), before[keyPolicy]);
  await page.keyboard.press("ArrowLeft");
  assert.ok((await titles()).length < before.length, "the key policy is closed");
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await titles(), before);
});

story("links to AWS open beside the page and tell nothing of it", async ({ page }) => {
  await playground(page).open(0);
  const links = await page.locator("a").evaluateAll((all) => all.map(({ href, target, rel }) => ({ href, target, rel })));
  assert.ok(links.length > 3);
  for (const { href, target, rel } of links) {
    assert.match(href, /^https:\/\/docs\.aws\.amazon\.com\//);
    assert.equal(target, "_blank");
    assert.equal(rel, "noopener noreferrer");
  }
});

story("of several requests each has its verdict", async ({ page, paste }) => {
  const at = playground(page);
  const { requests, ...world } = examples[0].scenario;
  const [{ expect, ...request }] = requests;
  await at.editor.focus();
  await paste(JSON.stringify({ ...world, requests: [request, { ...request, operation: "Encrypt" }] }));
  await page.locator(`.verdict.${classOf.Allowed}`).waitFor();
  const choices = page.getByRole("group", { name: "Request" }).getByRole("radio");
  assert.equal(await choices.count(), 2);
  await choices.nth(1).check({ force: true });
  await page.locator(`.verdict.${classOf.ImplicitDeny}`).waitFor();
  assert.match(await page.locator(".aws-message__text").textContent(), /kms:Encrypt/);
});
