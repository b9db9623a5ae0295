// The AWS Encryption SDK for JavaScript. Nothing of it is part of Keytrace or stands in its dependencies.

import { install } from "../scratch.mjs";

/**
 * Installs the SDK into `folder`, unless it is there already.
 *
 * @param {string} folder a folder that no commit holds
 * @returns what its package exports
 */
export const encryptionSdk = (folder) => install(new URL(".", import.meta.url), folder)("@aws-crypto/client-node");
