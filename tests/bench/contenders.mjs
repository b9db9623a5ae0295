// Who seals and opens. Each has `seal(plaintext)` and `open(sealed)`, and binds to the same encryption context.

import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";

const DATA_KEY = new Uint8Array(32).fill(7);
const ENCRYPTION_CONTEXT = { tenant: "4711", purpose: "invoices" };
const KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
/** The encryption context in the AWS Encryption SDK's encoding: what AES-GCM takes as associated data. */
const AAD = new TextEncoder().encode("\0\x02\0\x07purpose\0\x08invoices\0\x06tenant\0\x044711");

const iv = () => webcrypto.getRandomValues(new Uint8Array(12));

/** Keytrace's engine for JavaScript: a message in the AWS Encryption SDK's format. */
export function webAssembly({ encryptedByKms, openEnvelope, sealEnvelope }) {
  const options = {
    dataKey: DATA_KEY,
    encryptedDataKeys: [encryptedByKms(KEY, new Uint8Array(223))],
    encryptionContext: ENCRYPTION_CONTEXT,
  };
  return {
    seal: (plaintext) => sealEnvelope(plaintext, options),
    open: (message) => openEnvelope(message, DATA_KEY),
  };
}

/** Plain AES-256-GCM by the runtime. The key is imported once: a program that seals with it would keep it. */
export async function webCrypto() {
  const { subtle } = webcrypto;
  const key = await subtle.importKey("raw", DATA_KEY, "AES-GCM", false, ["encrypt", "decrypt"]);
  const parameters = (iv) => ({ name: "AES-GCM", iv, additionalData: AAD });
  return {
    async seal(plaintext) {
      const own = iv();
      return { iv: own, text: new Uint8Array(await subtle.encrypt(parameters(own), key, plaintext)) };
    },
    open: async ({ iv, text }) => new Uint8Array(await subtle.decrypt(parameters(iv), key, text)),
  };
}

/** Plain AES-256-GCM in JavaScript. Its cipher is made for one IV, and so anew for each call. */
export function noble({ gcm }) {
  return {
    seal(plaintext) {
      const own = iv();
      return { iv: own, text: gcm(DATA_KEY, own, AAD).encrypt(plaintext) };
    },
    open: ({ iv, text }) => gcm(DATA_KEY, iv, AAD).decrypt(text),
  };
}

/**
 * What is measured of each contender.
 *
 * @param {"seal" | "open"} operation
 */
export async function ways(contenders, operation, plaintext) {
  const calls = {};
  for (const [name, contender] of Object.entries(contenders)) {
    await check(name, contender, plaintext);
    const sealed = await contender.seal(plaintext);
    calls[name] = operation === "seal" ? () => contender.seal(plaintext) : () => contender.open(sealed);
  }
  return calls;
}

/** That it opens what it sealed, and nothing that was changed: else there is no use in how long it takes. */
async function check(name, { seal, open }, plaintext) {
  const sealed = await seal(plaintext);
  assert.equal(Buffer.compare(await open(sealed), plaintext), 0, name);
  const bytes = sealed.text ?? sealed;
  bytes[bytes.length - 1] ^= 1;
  await assert.rejects(async () => open(sealed), Error, name);
}
