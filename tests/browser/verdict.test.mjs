// The verdict beside the text: of each example, of half-typed text, and where it leads to in the text.

import assert from "node:assert/strict";
import { story } from "./harness/story.mjs";
import { classOf, classOfExpected, examples, playground } from "./harness/playground.mjs";

story("every example opens with the verdict that it expects", async ({ page }) => {
  const at = playground(page);
  assert.ok(examples.length >= 8);
  for (const [index, { file, text, scenario }] of examples.entries()) {
    await at.open(index);
    assert.equal(await at.text(), text, file);
    const [{ expect }] = scenario.requests;
    const verdict = page.locator(`.verdict.${classOfExpected(expect)}`);
    await verdict.waitFor({ timeout: 2000 }).catch(() => assert.fail(`${file}: ${expect.decision}`));
    if (expect.error) {
      assert.equal(await page.locator(".aws-message__text").textContent(), `${expect.error}: ${expect.message}`, file);
    }
    assert.equal(await page.locator(".about__title").textContent(), scenario.title.replaceAll("`", ""), file);
    assert.equal(await page.locator(".about .doc-link").getAttribute("href"), scenario.doc, file);
    assert.equal(await at.problems.filter({ hasText: "Error" }).count(), 0, file);
  }
});

story("an undetermined verdict says what would decide it", async ({ page }) => {
  const at = playground(page);
  await at.open(examples.findIndex(({ file }) => file.startsWith("18-")));
  const section = page.locator('section[aria-labelledby="would-decide-heading"]');
  const lines = await section.locator(".reasons__text").allTextContents();
  assert.match(lines[0], /^Allowed if kms:ViaService is s3\.us-west-2\.amazonaws\.com and kms:EncryptionContext:tenant is blue or green/);
  assert.match(lines[1], /^Denied if kms:ViaService is not there or something else$/);
  assert.equal(lines.length, 3);
  await at.open(0);
  await section.waitFor({ state: "detached" });
});

story("who can do what with the key is told when it is asked for", async ({ page, accessible }) => {
  const at = playground(page);
  await at.open(examples.findIndex(({ file }) => file.startsWith("18-")));
  const section = page.locator(".who-can");
  assert.equal(await section.locator("li").count(), 0);
  await section.locator("summary").click();
  const rows = section.locator(".who-can__row");
  await rows.first().waitFor();
  const [app, others] = (await rows.allTextContents()).map((text) => text.trim());
  assert.match(app, /^arn:aws:iam::111122223333:role\/AppCan do Decrypt if kms:ViaService is s3\.us-west-2\.amazonaws\.com/);
  assert.match(others, /^Anyone else in account 111122223333Anyone in any other accountCan do nothing with it\.$/);
  await accessible();
  await at.open(0);
  await section.locator("summary code").waitFor();
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

story("the error can be copied, with its name", async ({ page, copied }) => {
  const at = playground(page);
  await at.open(7);
  const message = page.locator(".aws-message");
  await message.getByRole("button", { name: "Copy the error" }).click();
  await message.getByRole("button", { name: "Copied the error" }).waitFor();
  assert.equal(await copied(), await page.locator(".aws-message__text").textContent());
  assert.match(await copied(), /^AccessDeniedException: User: .* is not authorized to perform: kms:/);
});

story("what is allowed and fails does not look like what is allowed", async ({ page }) => {
  const at = playground(page);
  await at.open(14);
  assert.equal(await at.word.textContent(), "Allowed, but it fails");
  const colour = () => page.locator(".verdict__word").evaluate((word) => getComputedStyle(word).color);
  const fails = await colour();
  await at.open(15);
  assert.equal(await at.word.textContent(), "Allowed");
  assert.notEqual(await colour(), fails);
});

story("each permission of an operation is a step, and the one that decided is open", async ({ page }) => {
  const at = playground(page);
  await at.open(13);
  const permissions = page.locator(".node--authorization");
  assert.deepEqual(await permissions.locator(":scope > .node__row .sign").allTextContents(), ["allowed", "denied"]);
  assert.match(await permissions.nth(1).locator(".node__title").first().textContent(), /^kms:ReEncryptTo on arn:/);
  assert.equal(await permissions.nth(0).locator(".node--policy-type").count(), 0);
  assert.ok((await permissions.nth(1).locator(".node--policy-type").count()) > 0);
  assert.match(await page.locator(".context__note").first().textContent(), /^Of kms:ReEncryptTo on arn:/);
});

story("a verdict names the assumption that it rests on", async ({ page }) => {
  await playground(page).open(15);
  const rests = page.getByRole("region", { name: "What it rests on, and AWS does not document" });
  assert.match(await rests.textContent(), /grantsUnderBoundaries.*`?limited`? the verdict would be another/);
});

story("a step of an organization or a grant selects its place in the text", async ({ page }) => {
  const at = playground(page);
  await at.open(11);
  await page.locator(".node--policy.sign--silent > .node__row .node__title").first().click();
  assert.deepEqual(JSON.parse(await at.selected()).Statement[0].Sid, "ServicesInUse");
  await at.open(10);
  await page.locator(".node--statement .node__title", { hasText: /^Grant 0c237476/ }).click();
  assert.equal(JSON.parse(await at.selected()).Name, "orders of tenant 42");
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
