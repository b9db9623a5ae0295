// Packages that something is compared with: installed into a scratch folder at the versions of a package-lock.json,
// then loaded. Nothing of them is part of Keytrace or stands in its dependencies.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What `npm ci` installs from. */
const FILES = ["package.json", "package-lock.json"];

/**
 * Installs what a package.json names, unless it is there already.
 *
 * @param {URL} here the folder with package.json and package-lock.json
 * @param {string} folder a folder that no commit holds
 * @returns what loads one of the packages by its name
 */
export function install(here, folder) {
  const named = fileURLToPath(here);
  const lock = readFileSync(join(named, "package-lock.json"), "utf8");
  const installed = join(folder, "installed-from");
  if (!existsSync(installed) || readFileSync(installed, "utf8") !== lock) {
    mkdirSync(folder, { recursive: true });
    FILES.forEach((file) => copyFileSync(join(named, file), join(folder, file)));
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    writeFileSync(installed, lock);
  }
  return createRequire(resolve(folder, "package.json"));
}
