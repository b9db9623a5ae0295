// <kt-editor> on a page of its own, without the playground around it.

import assert from "node:assert/strict";
import { root, story } from "./harness/story.mjs";

const folders = [`${root}tests/browser/editor`, `${root}target/editor`];
const opened = (text) => ({ folders, path: `?text=${encodeURIComponent(text)}` });

const content = (page) => page.getByRole("textbox", { name: "Key policy" });
const value = (page) => page.$eval("kt-editor", (editor) => editor.value);
const changes = (page) => page.evaluate(() => window.changes);

story("a value that was set before the editor was defined is shown", opened('{"Sid": "early"}'), async ({ page }) => {
  assert.equal(await value(page), '{"Sid": "early"}');
  assert.equal(await content(page).textContent(), '{"Sid": "early"}');
  assert.equal(await changes(page), 0);
});

story("only the user's own changes are announced", opened("{}"), async ({ page }) => {
  await page.$eval("kt-editor", (editor) => (editor.value = '{"by": "the page"}'));
  assert.equal(await changes(page), 0);
  await content(page).focus();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type(" ");
  assert.equal(await changes(page), 1);
  assert.equal(await value(page), '{"by": "the page"} ');
});

story("what the page sets can be undone, apart from what was typed", opened("one"), async ({ page }) => {
  await content(page).focus();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type(" two");
  await page.$eval("kt-editor", (editor) => (editor.value = "another example"));
  await page.keyboard.press("ControlOrMeta+Z");
  assert.equal(await value(page), "one two");
  await page.keyboard.press("ControlOrMeta+Z");
  assert.equal(await value(page), "one");
});

story("the caret stays where it was when the page changes text before it", opened("aaa bbb"), async ({ page }) => {
  await content(page).focus();
  await page.keyboard.press("ControlOrMeta+End");
  await page.$eval("kt-editor", (editor) => (editor.value = "aaaa more bbb"));
  await page.keyboard.type("!");
  assert.equal(await value(page), "aaaa more bbb!");
});

story("line ends become \\n", opened(""), async ({ page }) => {
  await page.$eval("kt-editor", (editor) => (editor.value = "a\r\nb\rc"));
  assert.equal(await value(page), "a\nb\nc");
});

story("a diagnostic underlines its range, counted in UTF-16 units", opened('["naïve 😀", bad]'), async ({ page }) => {
  const from = '["naïve 😀", '.length;
  await page.$eval(
    "kt-editor",
    (editor, start) => {
      editor.diagnostics = [
        { from: start, to: start + 3, severity: "error", message: "this is not JSON", code: "json-syntax" },
        { from: 500, to: 900, severity: "warning", message: "beyond the end" },
      ];
    },
    from,
  );
  assert.equal(await page.locator(".cm-lintRange-error").textContent(), "bad");
  await page.locator(".cm-gutter-lint .cm-lint-marker").first().hover();
  await page.getByText("this is not JSON").waitFor();
  await page.getByText("json-syntax").waitFor();
});

story("select() brings a range into view", opened(`${"\n".repeat(400)}{"Sid": "far down"}`), async ({ page }) => {
  await page.$eval("kt-editor", (editor) => editor.select(400, 400 + '{"Sid": "far down"}'.length));
  assert.ok(await page.getByText("far down").isVisible());
  assert.equal(await page.evaluate(() => document.activeElement.localName), "kt-editor");
  await page.keyboard.type("x");
  assert.equal((await value(page)).trim(), "x");
});

story("select() leaves the focus alone when told so", opened("{}"), async ({ page }) => {
  await page.getByRole("button").focus();
  await page.$eval("kt-editor", (editor) => editor.select(0, 2, false));
  assert.equal(await page.evaluate(() => document.activeElement.localName), "button");
});

story("a paste is offered to the page, which may take it", opened("keep"), async ({ page, paste }) => {
  await page.evaluate(() => {
    window.offers = [];
    document.addEventListener("kt-paste", (offer) => {
      window.offers.push(offer.detail);
      if (offer.detail.text.startsWith("arn:")) offer.preventDefault();
    });
  });
  await content(page).focus();
  await page.keyboard.press("ControlOrMeta+End");
  await paste("arn:aws:kms:eu-west-1:111122223333:alias/a");
  assert.equal(await value(page), "keep");
  await paste(" this");
  assert.equal(await value(page), "keep this");
  assert.deepEqual(await page.evaluate(() => window.offers), [
    { text: "arn:aws:kms:eu-west-1:111122223333:alias/a", from: 4, to: 4 },
    { text: " this", from: 4, to: 4 },
  ]);
});

story("it keeps text and history when it is moved on the page", opened("one"), async ({ page }) => {
  await content(page).focus();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type(" two");
  await page.$eval("kt-editor", (editor) => {
    editor.remove();
    editor.value += " three";
    document.querySelector("main").prepend(editor);
  });
  assert.equal(await content(page).textContent(), "one two three");
  await content(page).focus();
  await page.keyboard.press("ControlOrMeta+Z");
  await page.keyboard.press("ControlOrMeta+Z");
  assert.equal(await value(page), "one");
});

story("Tab moves on to the next control", opened("{}"), async ({ page }) => {
  await content(page).focus();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.localName), "button");
});

story("axe finds no barrier, and it looks right", opened(policy()), async ({ page, accessible, screenshots }) => {
  await page.$eval("kt-editor", (editor) => {
    const at = (word) => ({ from: editor.value.indexOf(word), to: editor.value.indexOf(word) + word.length });
    editor.diagnostics = [
      { ...at('"kms:Decript"'), severity: "warning", message: "no such action", code: "unknown-action" },
      { ...at("tru"), severity: "error", message: "this is not JSON", code: "json-syntax" },
    ];
  });
  await page.mouse.move(0, 0);
  await accessible();
  await screenshots("editor");
});

function policy() {
  return `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Enable IAM policies",
      "Effect": "Allow",
      "Principal": { "AWS": "arn:aws:iam::111122223333:root" },
      "Action": ["kms:Decript", "kms:Encrypt"],
      "Resource": "*",
      "Condition": { "Bool": { "aws:MultiFactorAuthPresent": tru } },
      "Numbers": [1, 2.5e3, null, false]
    }
  ]
}
`;
}
