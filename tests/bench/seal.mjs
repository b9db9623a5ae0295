// How long sealing and opening take, beside others that do AES-256-GCM. `cargo xtask bench seal` calls it:
//
//   node tests/bench/seal.mjs target/release/examples/bench [scratch folder] [samples]

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { argv, version } from "node:process";

import keytrace from "../node/keytrace.mjs";
import { install } from "../scratch.mjs";
import { noble, webAssembly, webCrypto, works } from "./contenders.mjs";
import { median, span, table, takeTurns, times } from "./measure.mjs";

const SIZES = { "32 B": 32, "4 KiB": 4096, "1 MiB": 1 << 20 };
const [, , native, folder = "target/bench", samples = "100"] = argv;

const load = () => loadavg()[0].toFixed(2);
const before = load();
const nobleCiphers = install(new URL(".", import.meta.url), folder);
const contenders = {
  webAssembly: webAssembly(keytrace),
  webCrypto: await webCrypto(),
  noble: noble(await import(nobleCiphers.resolve("@noble/ciphers/aes.js"))),
};

/** What the native program measures: the time of a call in each sample. */
const inRust = (what, operation, bytes) =>
  JSON.parse(execFileSync(native, [what, operation, String(bytes), samples], { encoding: "utf8" }));

const medians = (measured) => Object.fromEntries(Object.entries(measured).map(([name, { nanoseconds }]) => [name, median(nanoseconds)]));

const rows = [];
const blobs = [];
let fewest = Infinity;
for (const [size, bytes] of Object.entries(SIZES)) {
  const plaintext = new Uint8Array(bytes).fill(42);
  for (const operation of ["seal", "open"]) {
    const ways = {};
    for (const [name, contender] of Object.entries(contenders)) {
      assert.ok(await works(contender, plaintext), name);
      const sealed = await contender.seal(plaintext);
      ways[name] = operation === "seal" ? () => contender.seal(plaintext) : () => contender.open(sealed);
    }
    const measured = await takeTurns(ways, Number(samples));
    measured.native = inRust("envelope", operation, bytes);
    fewest = Math.min(fewest, ...Object.values(measured).map(({ calls }) => calls));
    const { native: rust, webAssembly: wasm, webCrypto: web, noble: js } = medians(measured);
    rows.push([`${operation} ${size}`, ...[rust, wasm, web, js].map(span), times(rust, web), times(wasm, web), times(wasm, js)]);
    if (bytes <= 4096) blobs.push([`${operation} ${size}`, span(median(inRust("blob", operation, bytes).nanoseconds))]);
  }
}

const [{ model }] = cpus();
const { version: peer } = nobleCiphers("./node_modules/@noble/ciphers/package.json");
console.log(`
Measured on ${new Date().toISOString().slice(0, 10)} with \`cargo xtask bench seal --samples ${samples}\`: ${cpus().length} × ${model}, ${process.platform}
${process.arch}, Node.js ${version.slice(1)}, @noble/ciphers ${peer}. Medians of ${samples} samples; at least ${fewest} calls of each. Load average
${before} before, ${load()} after.

${table(["", "Keytrace, native", "Keytrace, WebAssembly", "WebCrypto", "@noble/ciphers", "native : WebCrypto", "wasm : WebCrypto", "wasm : noble"], rows)}

A ciphertext blob of \`Encrypt\`, which has no more than 4 KiB of plaintext:

${table(["", "Keytrace, native"], blobs)}
`);
