// Stories: tests of a page in Chromium, each in a fresh profile, under a strict Content-Security-Policy.
//
//   import { story } from "./harness/story.mjs";
//
//   story("the page says what it is", async ({ page }) => {
//     assert.equal(await page.textContent("h1"), "Keytrace");
//   });
//
//   story("it fits a phone at night", { size: "phone", scheme: "dark" }, async ({ page, screenshots }) => …);
//
// A story also fails when the page writes an error to its console, throws, breaks its
// Content-Security-Policy, asks for a file that is not there, or talks to any other host.
//
// Options:
//   path     what to open, "" by default
//   size     "desktop" (1280 × 800, the default) or "phone" (390 × 844, touch)
//   scheme   "light" (the default) or "dark"
//   folders  what to serve instead of dist/
//
// A story is handed:
//   page              the page of playwright, opened
//   origin            the address of the site, without a slash at its end
//   paste(text)       puts text on the clipboard and pastes it where the focus is
//   copied()          what is on the clipboard
//   accessible()      fails on what axe finds, with the elements concerned
//   screenshots(name) takes the page in both sizes and both schemes, into target/screenshots/
//   problems          what would fail the story so far; a story that provokes one takes it out

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

/** The folder of the repository. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const SCHEMES = ["light", "dark"];
const SCREENSHOTS = `${root}target/screenshots`;

let browser;
after(() => browser?.close());

/** Declares a story; see the top of this file. */
export function story(title, ...rest) {
  const body = rest.pop();
  const { path = "", size = "desktop", scheme = "light", folders = [`${root}dist`] } = rest.pop() ?? {};
  test(title, async () => {
    browser ??= await launch();
    const site = await serve(...folders);
    const context = await browser.newContext({
      viewport: SIZES[size],
      hasTouch: size === "phone",
      colorScheme: scheme,
      permissions: ["clipboard-read", "clipboard-write"],
      reducedMotion: "reduce",
    });
    try {
      const page = await context.newPage();
      const problems = watch(page, site.origin);
      await page.goto(`${site.origin}/${path}`, { waitUntil: "load" });
      await body({ page, origin: site.origin, problems, ...helpers(page, size, scheme) });
      assert.deepEqual(problems, [], "the page had problems that its reader would not see");
    } finally {
      await context.close();
      await site.close();
    }
  });
}

function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

function watch(page, origin) {
  const problems = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) problems.push(`request to another host: ${url}`);
  });
  return problems;
}

function helpers(page, size, scheme) {
  return {
    async paste(text) {
      await page.evaluate((written) => navigator.clipboard.writeText(written), text);
      await page.keyboard.press("ControlOrMeta+V");
    },
    copied() {
      return page.evaluate(() => navigator.clipboard.readText());
    },
    async accessible() {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ html }) => html) }));
      assert.deepEqual(found, [], "axe found barriers");
    },
    async screenshots(name) {
      await mkdir(SCREENSHOTS, { recursive: true });
      for (const [taken, viewport] of Object.entries(SIZES)) {
        for (const colorScheme of SCHEMES) {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: `${SCREENSHOTS}/${name}-${taken}-${colorScheme}.png`, fullPage: true });
        }
      }
      await page.setViewportSize(SIZES[size]);
      await page.emulateMedia({ colorScheme: scheme });
    },
  };
}
