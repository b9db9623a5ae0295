// What the WebAssembly module asks of its surroundings.

import assert from "node:assert/strict";
import test from "node:test";
import { bytes } from "./keytrace.mjs";

test("the module imports nothing but its own glue", () => {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  const strangers = imports.filter(({ module }) => module !== "./keytrace_bg.js");
  assert.deepEqual(strangers, []);
});

test("the module reads no clock, and the platform's randomness only", () => {
  const names = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map(({ name }) => name);
  const clocks = names.filter((name) => /date|now|performance/i.test(name));
  assert.deepEqual(clocks, []);
  const random = names.filter((name) => /random|crypto/i.test(name)).map((name) => name.replace(/^__wbg_(\w+?)_[0-9a-f]+$/, "$1"));
  assert.deepEqual(random, ["getRandomValues"]);
});
