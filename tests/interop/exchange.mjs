// Exchanges messages with the AWS Encryption SDK for JavaScript: each opens what the other sealed.
//
//   node tests/interop/exchange.mjs target/debug/examples/interop [scratch folder]

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";

import { encryptionSdk } from "./sdk.mjs";

const [, , interop, folder = "target/interop"] = argv;
const sdk = encryptionSdk(folder);
const { encrypt, decrypt } = sdk.buildClient(sdk.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const suiteId = sdk.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;

// The keys of `tests/examples/interop.rs`. The keyring wipes what it is given.
const keyring = () =>
  new sdk.RawAesKeyringNode({
    keyNamespace: "keytrace-interop",
    keyName: "wrapping key 1",
    unencryptedMasterKey: new Uint8Array(32).fill(0x42),
    wrappingSuite: sdk.RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    // Without it, the SDK sorts by the alphabet of some language, and only it can open what it sealed.
    utf8Sorting: true,
  });

const CONTEXTS = [
  {},
  { a: "bc" },
  { ab: "c" },
  { tenant: "a", Purpose: "test", "😀": "～" },
  { Z: "1", a: "2", b: "3", é: "4", "～": "5", "😀": "6" },
  { "e\u0301": "decomposed", "\u00e9": "composed" },
  { empty: "", " ": " ", "line\nbreak": "\u0000" },
  Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`key ${index}`, "v".repeat(index % 190)])),
];
const LENGTHS = [0, 1, 15, 16, 4095, 4096, 4097, 8192, 100_000];
const FRAMES = [1000, 4096];

const messages = join(folder, "messages");
rmSync(messages, { recursive: true, force: true });
mkdirSync(messages, { recursive: true });
const cases = CONTEXTS.flatMap((context) =>
  LENGTHS.flatMap((length) => FRAMES.map((frameLength) => ({ context, length, frameLength }))),
);
const file = (number, ending) => join(messages, `${number}.${ending}`);
cases.forEach(({ length }, number) => {
  writeFileSync(file(number, "plaintext"), Buffer.from(Array.from({ length }, (_, index) => (index * 7 + number) % 256)));
});
writeFileSync(join(messages, "cases.json"), JSON.stringify(cases));

for (const [number, { context, frameLength }] of cases.entries()) {
  const text = readFileSync(file(number, "plaintext"));
  const { result } = await encrypt(keyring(), text, { suiteId, frameLength, encryptionContext: context });
  writeFileSync(file(number, "sdk"), result);
}
const opened = execFileSync(interop, ["open", messages], { encoding: "utf8" }).trim();
console.log(`sealed by the SDK, opened by Keytrace: ${opened}`);
assert.equal(Number(opened), cases.length);

execFileSync(interop, ["seal", messages]);
let refused = 0;
for (const [number, { context }] of cases.entries()) {
  const message = readFileSync(file(number, "keytrace"));
  const { plaintext, messageHeader } = await decrypt(keyring(), message);
  assert.deepEqual(plaintext, readFileSync(file(number, "plaintext")));
  assert.deepEqual({ ...messageHeader.encryptionContext }, context);
  // A byte somewhere in it, another each time.
  message[(number * 997) % message.length] ^= 1;
  await assert.rejects(decrypt(keyring(), message));
  refused += 1;
}
console.log(`sealed by Keytrace, opened by the SDK: ${cases.length}; with a bit changed, refused: ${refused}`);

// The SDK's keyring of KMS keys, with Keytrace where KMS would be.
const KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
let calls = 0;
function kms(operation, { Plaintext, CiphertextBlob, EncryptionContext = {} }) {
  calls += 1;
  const hex = (bytes) => bytes && Buffer.from(bytes).toString("hex");
  const input = JSON.stringify({ operation, Plaintext: hex(Plaintext), CiphertextBlob: hex(CiphertextBlob), EncryptionContext });
  const answer = JSON.parse(execFileSync(interop, ["kms"], { input, encoding: "utf8" }));
  if (answer.error) throw Object.assign(new Error(answer.error), { name: answer.error });
  for (const name of ["Plaintext", "CiphertextBlob"]) {
    if (answer[name] !== undefined) answer[name] = new Uint8Array(Buffer.from(answer[name], "hex"));
  }
  return answer;
}
const client = Object.fromEntries(
  ["GenerateDataKey", "Encrypt", "Decrypt"].map((operation) => [
    operation[0].toLowerCase() + operation.slice(1),
    async (input) => kms(operation, input),
  ]),
);
const kmsKeyring = () => new sdk.KmsKeyringNode({ generatorKeyId: KEY, clientProvider: () => client });
let passed = 0;
for (const context of CONTEXTS) {
  const { result } = await encrypt(kmsKeyring(), Buffer.from("under a KMS key"), { suiteId, encryptionContext: context });
  const { plaintext } = await decrypt(kmsKeyring(), result);
  assert.equal(plaintext.toString(), "under a KMS key");
  passed += 1;
}
console.log(`sealed and opened by the SDK with Keytrace as its KMS: ${passed}, in ${calls} calls`);
