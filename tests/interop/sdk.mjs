// The AWS Encryption SDK for JavaScript: installed into a scratch folder at the versions of package-lock.json,
// then loaded. Nothing of it is part of Keytrace or stands in its dependencies.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What `npm ci` installs from. */
const FILES = ["package.json", "package-lock.json"];

/**
 * Installs the SDK into `folder`, unless it is there already.
 *
 * @param {string} folder a folder that no commit holds
 * @returns what its package exports
 */
export function encryptionSdk(folder) {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const lock = readFileSync(join(here, "package-lock.json"), "utf8");
  const installed = join(folder, "installed-from");
  if (!existsSync(installed) || readFileSync(installed, "utf8") !== lock) {
    mkdirSync(folder, { recursive: true });
    FILES.forEach((file) => copyFileSync(join(here, file), join(folder, file)));
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    writeFileSync(installed, lock);
  }
  return createRequire(resolve(folder, "package.json"))("@aws-crypto/client-node");
}
