// The other simulator: a separate program under the AGPL. Nothing of it is part of Keytrace or stands in its
// dependencies.

import { install } from "../scratch.mjs";

const PACKAGE = "@cloud-copilot/iam-simulate";

/**
 * Installs the simulator into `folder`, unless it is there already.
 *
 * @param {string} folder a folder that no commit holds
 * @returns what its package exports
 */
export const simulator = (folder) => install(new URL(".", import.meta.url), folder)(PACKAGE);
