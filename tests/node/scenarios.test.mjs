// Every scenario through the built WebAssembly module: the same files, the same expectations.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import keytrace from "./keytrace.mjs";

const folder = new URL("../scenarios/", import.meta.url);
const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".json")).sort();

test(`${names.length} scenarios come to what is expected`, () => {
  assert.ok(names.length >= 700);
  const failures = [];
  for (const name of names) {
    const text = readFileSync(new URL(name, folder), "utf8");
    const { problems, answers } = keytrace.evaluate(text);
    const expected = refusals(text);
    if (expected) {
      for (const { code, pointer } of expected) {
        const found = problems.some((problem) => problem.code === code && (!pointer || problem.pointer === pointer));
        if (!found) failures.push(`${name}: no ${code}`);
      }
      continue;
    }
    if (answers.length === 0) failures.push(`${name}: ${problems[0]?.message}`);
    for (const answer of answers) {
      for (const { what, expected, found } of answer.mismatches ?? []) {
        failures.push(`${name}: ${what}: expected ${expected}, found ${found}`);
      }
    }
  }
  assert.deepEqual(failures, []);
});

/** The problems that a scenario expects. Its text may be no JSON, on purpose, inside a policy only. */
function refusals(text) {
  return JSON.parse(text).expectProblems;
}

test("a problem has a place and a sentence", () => {
  const { problems, answers } = keytrace.evaluate('{\n  "keytrace": 1,\n  "keyz": []\n}');
  assert.deepEqual(answers, []);
  const { code, line, column, pointer, span } = problems[0];
  assert.deepEqual({ code, line, column, pointer, span }, {
    code: "UNKNOWN_FIELD", line: 3, column: 3, pointer: "/keyz", span: { start: 21, end: 27 },
  });
});

test("output of the aws command becomes a scenario", () => {
  const paste = "An error occurred (AccessDeniedException) when calling the Decrypt operation: User: arn:aws:sts::111122223333:assumed-role/App/i-0abc is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab because no identity-based policy allows the kms:Decrypt action";
  const { text, notes } = keytrace.importAws(paste, "");
  assert.equal(JSON.parse(text).requests[0].operation, "Decrypt");
  assert.ok(notes.length > 0);
  assert.throws(() => keytrace.importAws("nothing that aws prints", ""), Error);
});
