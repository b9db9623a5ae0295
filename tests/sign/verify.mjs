// Verifies what our engine signed with the cryptography of Node.js, which is OpenSSL. Reads a JSON array from its
// standard input, and writes how many entries of each kind are right; stops at the first that is not.
//
// `tests/tests/sign_interop.rs` runs it: node tests/sign/verify.mjs < entries.json

import assert from "node:assert/strict";
import { constants, createPrivateKey, createPublicKey, privateDecrypt, verify } from "node:crypto";
import { text } from "node:stream/consumers";

const bytes = (base64) => Buffer.from(base64, "base64");
const hash = (algorithm) => `sha${algorithm.match(/SHA_(\d+)$/)[1]}`;

/** The hash function, and how Node is told of the padding, by the name of the algorithm. */
function verifier(algorithm, key) {
  if (algorithm.startsWith("ED25519")) return [null, { key }];
  if (algorithm.startsWith("ECDSA")) return [hash(algorithm), { key, dsaEncoding: "der" }];
  if (algorithm.startsWith("RSASSA_PSS")) {
    // The salt has to be as long as the digest, not only as long as it happens to be.
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
    return [hash(algorithm), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }];
  }
  return [hash(algorithm), { key, padding: constants.RSA_PKCS1_PADDING }];
}

const kinds = {
  /** The public key and the private one are in formats that Node reads, and belong together. */
  key({ spki, pkcs8 }) {
    const key = createPrivateKey({ key: bytes(pkcs8), format: "der", type: "pkcs8" });
    assert.deepEqual(createPublicKey(key).export({ format: "der", type: "spki" }), bytes(spki));
  },
  /** The signature is one of the message, and of no other. */
  signature({ spki, algorithm, message, signature }) {
    const key = createPublicKey({ key: bytes(spki), format: "der", type: "spki" });
    const [name, options] = verifier(algorithm, key);
    assert.ok(verify(name, bytes(message), options, bytes(signature)));
    const other = Buffer.concat([bytes(message), Buffer.from("!")]);
    assert.ok(!verify(name, other, options, bytes(signature)));
  },
  /** The ciphertext decrypts. */
  ciphertext({ pkcs8, algorithm, plaintext, ciphertext }) {
    const key = createPrivateKey({ key: bytes(pkcs8), format: "der", type: "pkcs8" });
    const options = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash(algorithm) };
    assert.deepEqual(privateDecrypt(options, bytes(ciphertext)), bytes(plaintext));
  },
};

const counted = {};
for (const entry of JSON.parse(await text(process.stdin))) {
  try {
    kinds[entry.kind](entry);
  } catch (error) {
    throw new Error(`${entry.kind} ${entry.algorithm ?? ""} of ${entry.spec}`, { cause: error });
  }
  counted[entry.kind] = (counted[entry.kind] ?? 0) + 1;
}
console.log(JSON.stringify(counted));
