// What the WebAssembly module asks of its surroundings.

import assert from "node:assert/strict";
import test from "node:test";
import { bytes } from "./keytrace.mjs";

test("the module imports nothing but its own glue", () => {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  const strangers = imports.filter(({ module }) => module !== "./keytrace_bg.js");
  assert.deepEqual(strangers, []);
});

test("the module reads no clock and no randomness", () => {
  const names = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ name }) => name);
  const forbidden = names.filter((name) => /date|now|random|crypto/i.test(name));
  assert.deepEqual(forbidden, []);
});
