// That `cargo xtask bench` measures what it says. How fast anything is is never tested: the machine may be busy.

import assert from "node:assert/strict";
import test from "node:test";
import { ways, webAssembly, webCrypto } from "../bench/contenders.mjs";
import { medians, span, table, takeTurns, times } from "../bench/measure.mjs";
import keytrace from "./keytrace.mjs";

test("a bench takes every way as often", async () => {
  const contenders = { webAssembly: webAssembly(keytrace), webCrypto: await webCrypto() };
  for (const operation of ["seal", "open"]) {
    const measured = await takeTurns(await ways(contenders, operation, new Uint8Array(100)), 3, 0);
    assert.deepEqual(Object.keys(measured), Object.keys(contenders));
    for (const { nanoseconds, calls } of Object.values(measured)) {
      assert.equal(nanoseconds.length, 3);
      assert.ok(calls >= 3 && nanoseconds.every((time) => time > 0));
    }
  }
});

test("what opens anything is not measured", async () => {
  const careless = { seal: (plaintext) => plaintext.slice(), open: (sealed) => new Uint8Array(sealed.length) };
  await assert.rejects(ways({ careless }, "open", new Uint8Array(1)), /careless/);
});

test("times are told for people", () => {
  const measured = { odd: { nanoseconds: [3, 1, 2] }, even: { nanoseconds: [1, 9, 2, 4] } };
  assert.deepEqual(medians(measured), { odd: 2, even: 3 });
  assert.deepEqual([950, 31_250, 999_400, 26_000_000].map(span), ["0.950 µs", "31.3 µs", "999 µs", "26.0 ms"]);
  assert.deepEqual([times(1, 4), times(3, 2), times(61, 1)], ["0.25×", "1.5×", "61×"]);
  assert.equal(table(["", "a"], [["b", "c"]]), "|  | a |\n| --- | ---: |\n| b | c |");
});
