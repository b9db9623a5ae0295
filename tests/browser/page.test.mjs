// The page as a whole, whatever it shows.

import assert from "node:assert/strict";
import { story } from "./harness/story.mjs";

story("the playground starts, and says nothing on the console", async ({ page }) => {
  await page.locator("kt-editor").first().waitFor();
  assert.match(await page.title(), /^Keytrace/);
});
