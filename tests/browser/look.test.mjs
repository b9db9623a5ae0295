// How the page looks: without barriers, and on pictures in target/screenshots/ that a person looks at.

import assert from "node:assert/strict";
import { story } from "./harness/story.mjs";
import { classOf, playground } from "./harness/playground.mjs";

const showVerdict = async (page) => {
  const tab = page.locator(".pane-switch").getByRole("button").nth(1);
  if (await tab.isVisible()) await tab.click();
};

for (const scheme of ["light", "dark"]) {
  for (const size of ["desktop", "phone"]) {
    story(`no barriers, ${scheme}, ${size}`, { scheme, size }, async ({ page, accessible }) => {
      const at = playground(page);
      await accessible();
      for (const index of [0, 7, 13, 14, 15]) {
        await at.open(index);
        await showVerdict(page);
        const closed = page.locator('.node__fold[aria-expanded="false"]');
        while (await closed.count()) await closed.first().click();
        await accessible();
        if (size === "phone") await page.locator(".pane-switch").getByRole("button").first().click();
      }
      await at.goToEnd();
      await page.keyboard.type("x");
      await at.stale.waitFor({ state: "attached" });
      await accessible();
      await at.button("New").click();
      await at.button("Examples").click();
      await accessible();
      await page.keyboard.press("Escape");
      await at.button("Paste CLI output").click();
      await accessible();
    });
  }
}

for (const size of ["desktop", "phone"]) {
  story(`the halves scroll, not the page, ${size}`, { size }, async ({ page }) => {
    const at = playground(page);
    const beyond = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    await at.open(8);
    assert.equal(await beyond(), 0);
    await showVerdict(page);
    await page.locator(".context summary").click();
    assert.equal(await beyond(), 0);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  });
}

story("pictures: allowed", async ({ page, screenshots }) => {
  await page.locator(`.verdict.${classOf.Allowed}`).waitFor();
  await screenshots("allowed");
});

story("pictures: denied, on a phone the verdict", async ({ page, screenshots }) => {
  await playground(page).open(7);
  await screenshots("denied");
  await page.setViewportSize({ width: 390, height: 844 });
  await showVerdict(page);
  await screenshots("denied-verdict");
});

const told = { 10: "grant", 11: "scp", 12: "boundary", 13: "several", 14: "fails", 15: "assumption", 16: "endpoint", 17: "undetermined" };
for (const [index, name] of Object.entries(told)) {
  story(`pictures: ${name}`, async ({ page, screenshots }) => {
    await playground(page).open(Number(index));
    await screenshots(name);
    await page.setViewportSize({ width: 390, height: 844 });
    await showVerdict(page);
    await screenshots(`${name}-verdict`);
  });
}

story("pictures: who can", async ({ page, screenshots }) => {
  await playground(page).open(10);
  await page.locator(".who-can summary").click();
  await page.locator(".who-can__row").first().scrollIntoViewIfNeeded();
  await screenshots("who-can");
});

story("pictures: the menu of examples", async ({ page, screenshots }) => {
  await playground(page).button("Examples").click();
  await screenshots("examples");
});

story("pictures: half-typed", async ({ page, screenshots }) => {
  const at = playground(page);
  await at.goToEnd();
  await page.keyboard.type("x");
  await at.stale.waitFor();
  await screenshots("half-typed");
});

story("pictures: the empty world and the dialog", async ({ page, screenshots }) => {
  const at = playground(page);
  await at.button("New").click();
  await screenshots("new");
  await at.button("Paste CLI output").click();
  await screenshots("paste");
});
