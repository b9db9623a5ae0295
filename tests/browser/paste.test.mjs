// What the `aws` command prints, pasted: it finds its place, and a verdict comes of it.

import assert from "node:assert/strict";
import { story } from "./harness/story.mjs";
import { classOf, examples, output, playground } from "./harness/playground.mjs";

/** In the order in which one would ask for them. */
const OUTPUTS = ["get-caller-identity.json", "describe-key.json", "get-key-policy.json", "get-role-policy.json", "access-denied.txt"];

/** Pastes every output into the editor of an empty world. */
async function pasteAll(page, paste, outputs) {
  const at = playground(page);
  await at.button("New").click();
  for (const name of outputs) {
    await at.editor.focus();
    await paste(output(name));
    await at.notice.waitFor();
  }
  return at;
}

/** What comes too early waits for what it belongs to. */
const POLICIES_FIRST = [OUTPUTS[2], OUTPUTS[3], OUTPUTS[1], OUTPUTS[0], OUTPUTS[4]];

for (const outputs of [OUTPUTS, OUTPUTS.toReversed(), POLICIES_FIRST]) {
  story(`a denial is traced from what the CLI printed, ${outputs[0]} first`, async ({ page, paste }) => {
    const at = await pasteAll(page, paste, outputs);
    await page.locator(`.verdict.${classOf.ImplicitDeny}`).waitFor();
    assert.equal(await at.problems.filter({ hasText: "Error" }).count(), 0);
    const [name, message] = (await page.locator(".aws-message__text").textContent()).split(/: (.*)/s);
    assert.match(output("access-denied.txt"), new RegExp(`\\(${name}\\).*${escaped(message)}`));

    // The policy is changed where the trace points: the statement lets the account's IAM policies decide.
    const principal = page.locator(".node--value .node__title", { hasText: "role/KeyAdmin" });
    if (!(await principal.isVisible())) {
      await page.locator(".node--statement .node__fold", { has: page.locator("svg") }).first().click();
    }
    await principal.click();
    await paste('"arn:aws:iam::111122223333:root"');
    await page.locator(`.verdict.${classOf.Allowed}`).waitFor();
    assert.equal(JSON.parse(await at.text()).keys[0].Policy.Statement[0].Principal.AWS, "arn:aws:iam::111122223333:root");
    assert.equal(await page.locator(".aws-message").count(), 0);
  });
}

story("a notice says what was placed and what is still unknown, and can undo it", async ({ page, paste }) => {
  const at = await pasteAll(page, paste, ["describe-key.json"]);
  const notice = await at.notice.textContent();
  assert.match(notice, /0987dcba-09fe-87dc-65ba-ab0987654321/);
  assert.match(notice, /aws kms get-key-policy/);
  assert.equal(JSON.parse(await at.text()).keys.length, 1);
  await at.notice.getByRole("button", { name: "Undo" }).click();
  assert.equal(JSON.parse(await at.text()).keys.length, 0);
});

story("output that is pasted over an example begins a new scenario", async ({ page, paste }) => {
  const at = playground(page);
  await at.editor.focus();
  await paste(output("describe-key.json"));
  await at.notice.waitFor();
  const { keys, principals } = JSON.parse(await at.text());
  assert.equal(keys[0].KeyMetadata.KeyId, "0987dcba-09fe-87dc-65ba-ab0987654321");
  assert.equal(keys.length, 1);
  assert.deepEqual(principals, []);
  await at.notice.getByRole("button", { name: "Undo" }).click();
  assert.equal(await at.text(), examples[0].text);
});

story("a policy over the whole text begins a new scenario, elsewhere it is inserted", async ({ page, paste }) => {
  const at = playground(page);
  const policy = JSON.parse(output("get-key-policy.json")).Policy;
  await at.goToEnd();
  await paste(policy);
  assert.equal(await at.text(), examples[0].text + policy);
  await page.keyboard.press("ControlOrMeta+A");
  await paste(policy);
  await at.notice.getByText("nothing says which key it belongs to").waitFor();
  await at.editor.focus();
  await paste(output("describe-key.json"));
  await at.notice.getByText("nothing says which key it belongs to").waitFor({ state: "detached" });
  const { keys } = JSON.parse(await at.text());
  assert.equal(keys[0].Policy.Statement[0].Sid, "Administration");
});

story("other text is inserted where the caret is", async ({ page, paste }) => {
  const at = playground(page);
  await at.goToEnd();
  await paste("kms:Decrypt");
  assert.equal(await at.text(), `${examples[0].text}kms:Decrypt`);
  assert.equal(await at.notice.count(), 0);
});

story("the dialog takes output from those who cannot paste into the editor", { size: "phone" }, async ({ page, accessible }) => {
  const at = playground(page);
  await at.button("New").click();
  await at.button("Paste CLI output").click();
  const dialog = page.getByRole("dialog", { name: "Paste what the CLI printed" });
  const field = dialog.getByRole("textbox");
  await field.fill("certainly no output");
  await dialog.getByRole("button", { name: "Place it" }).click();
  await dialog.getByRole("alert").waitFor();
  await accessible();

  await field.fill(OUTPUTS.map(output).join("\n"));
  await dialog.getByRole("button", { name: "Place it" }).click();
  await dialog.locator(".notice").waitFor();
  assert.equal(await field.inputValue(), "");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.locator(".pane-switch").getByRole("button").nth(1).click();
  await page.locator(`.verdict.${classOf.ImplicitDeny}`).waitFor();
});

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
