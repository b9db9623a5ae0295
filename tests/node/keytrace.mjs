// The engine for JavaScript as `cargo xtask test wasm` built it, loaded and ready to call:
//
//   import keytrace from "./keytrace.mjs";
//   keytrace.version();

import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const built = process.env.KEYTRACE_WASM
  ? pathToFileURL(`${process.env.KEYTRACE_WASM}/`)
  : new URL("../../target/wasm/", import.meta.url);

/** The bytes of the WebAssembly module. */
export const bytes = await readFile(new URL("keytrace_bg.wasm", built));

/** What TypeScript is told of it. */
export const declarations = await readFile(new URL("keytrace.d.ts", built), "utf8");

const keytrace = await import(new URL("keytrace.js", built));
await keytrace.default({ module_or_path: bytes });
export default keytrace;
