// How long sealing and opening take, beside others that do AES-256-GCM. `cargo xtask bench seal` calls it:
//
//   node tests/bench/seal.mjs target/release/examples/bench [scratch folder] [samples]

import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { arch, argv, platform, versions } from "node:process";

import keytrace from "../node/keytrace.mjs";
import { install } from "../scratch.mjs";
import { noble, ways, webAssembly, webCrypto } from "./contenders.mjs";
import { medians, span, table, takeTurns, times } from "./measure.mjs";

const SIZES = { "32 B": 32, "4 KiB": 4096, "1 MiB": 1 << 20 };
const HEAD = ["Keytrace, native", "Keytrace, WebAssembly", "WebCrypto", "@noble/ciphers"];
const RATIOS = ["native : WebCrypto", "WebAssembly : WebCrypto", "WebAssembly : noble"];
const [, , native, folder = "target/bench", samples = "100"] = argv;

const load = () => loadavg()[0].toFixed(2);
const before = load();
const nobleCiphers = install(new URL(".", import.meta.url), folder);
const contenders = {
  webAssembly: webAssembly(keytrace),
  webCrypto: await webCrypto(),
  noble: noble(await import(nobleCiphers.resolve("@noble/ciphers/aes.js"))),
};

/** What the native program measures. It is another process, and has its turn after the others. */
const inRust = (what, operation, bytes) =>
  JSON.parse(execFileSync(native, [what, operation, String(bytes), samples], { encoding: "utf8" }));

const rows = [];
const blobs = [];
let fewest = Infinity;
for (const [size, bytes] of Object.entries(SIZES)) {
  const plaintext = new Uint8Array(bytes).fill(42);
  for (const operation of ["seal", "open"]) {
    const measured = await takeTurns(await ways(contenders, operation, plaintext), Number(samples));
    measured.native = inRust("envelope", operation, bytes);
    const { native: rust, webAssembly: wasm, webCrypto: web, noble: js } = medians(measured);
    const ratios = [times(rust, web), times(wasm, web), times(wasm, js)];
    rows.push([`${operation} ${size}`, ...[rust, wasm, web, js].map(span), ...ratios]);
    if (bytes <= 4096) {
      measured.blob = inRust("blob", operation, bytes);
      blobs.push([`${operation} ${size}`, span(medians(measured).blob)]);
    }
    fewest = Math.min(fewest, ...Object.values(measured).map(({ calls }) => calls));
  }
}

const processors = cpus();
const machine = `${processors.length} × ${processors[0].model}, ${platform}, ${arch}`;
const peer = nobleCiphers("./node_modules/@noble/ciphers/package.json").version;
console.log(`
- ${new Date().toISOString().slice(0, 10)}, \`cargo xtask bench seal --samples ${samples}\`
- ${machine}; load average ${before} before, ${load()} after
- Node.js ${versions.node}, @noble/ciphers ${peer}
- medians of ${samples} samples, each of as many calls as take 5 ms or of one; ${fewest} calls or more in each cell

A message under a data key, with its key derivation, commitment, header and frames; by the others one AES-256-GCM:

${table(["", ...HEAD, ...RATIOS], rows)}

A ciphertext blob of \`Encrypt\`, which has no more than 4 KiB of plaintext:

${table(["", HEAD[0]], blobs)}
`);
