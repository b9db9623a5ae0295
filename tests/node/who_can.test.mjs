// Who can do what, as JavaScript sees it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import keytrace from "./keytrace.mjs";

const key = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

function world(statements, principals = []) {
  return JSON.stringify({
    keytrace: 1,
    principals,
    keys: [{ KeyMetadata: { Arn: key }, Policy: { Version: "2012-10-17", Statement: statements } }],
  });
}

/** The cell of a subject, by its kind and name. */
function cell(scenario, kind, name, permission) {
  const { problems, matrix } = keytrace.whoCan(scenario);
  assert.deepEqual(problems.filter(({ severity }) => severity === "error"), []);
  const subject = matrix.subjects.findIndex((one) => one.kind === kind && one.name === name);
  assert.notEqual(subject, -1, `${kind} ${name}`);
  const row = matrix.keys[0].rows.find(({ subjects }) => subjects.includes(subject));
  return row.cells[matrix.permissions.indexOf(permission)];
}

const delegation = { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "kms:*", Resource: "*" };

test("of whom nobody told the IAM policies, they are a condition", () => {
  const { verdict, condition } = cell(world([delegation]), "anyoneElseIn", "111122223333", "kms:Decrypt");
  assert.equal(verdict, "depends");
  assert.deepEqual(condition, {
    allowing: [{ identityPolicy: true, context: {} }],
    denying: [{ identityPolicy: false, context: {} }],
    complete: true,
  });
  assert.equal(cell(world([delegation]), "anyoneElsewhere", "", "kms:Decrypt").verdict, "denied");
});

test("whom a policy names has a row, with what the statement asks for", () => {
  const role = "arn:aws:iam::111122223333:role/App";
  const Condition = { StringEquals: { "kms:ViaService": "s3.us-west-2.amazonaws.com" } };
  const scenario = world([delegation, { Effect: "Allow", Principal: { AWS: role }, Action: "kms:Decrypt", Resource: "*", Condition }]);
  const { verdict, condition } = cell(scenario, "named", role, "kms:Decrypt");
  assert.equal(verdict, "depends");
  assert.deepEqual(condition.allowing, [
    { identityPolicy: true, context: {} },
    { identityPolicy: false, context: { "kms:ViaService": ["s3.us-west-2.amazonaws.com"] } },
  ]);
});

test("who is listed is decided, and everyone is told", () => {
  const user = "arn:aws:iam::111122223333:user/Ann";
  const open = { Effect: "Allow", Principal: "*", Action: "kms:Encrypt", Resource: "*" };
  const scenario = world([open], [{ Arn: user }]);
  assert.equal(cell(scenario, "listed", user, "kms:Encrypt").verdict, "allowed");
  assert.equal(cell(scenario, "listed", user, "kms:Decrypt").verdict, "denied");
  assert.equal(cell(scenario, "anyoneElsewhere", "", "kms:Encrypt").verdict, "depends");
});

test("a matrix of many principals and keys comes in one call", () => {
  const principals = Array.from({ length: 60 }, (_, n) => ({ Arn: `arn:aws:iam::111122223333:role/r${n}` }));
  const scenario = JSON.parse(world([delegation], principals));
  scenario.keys = Array.from({ length: 10 }, (_, n) => ({ ...scenario.keys[0], KeyMetadata: { Arn: `${key.slice(0, -2)}${10 + n}` } }));
  const { matrix } = keytrace.whoCan(JSON.stringify(scenario));
  assert.equal(matrix.keys.length, 10);
  for (const { rows } of matrix.keys) assert.ok(rows.length <= 3);
});

test("faults of the scenario are told", () => {
  const { problems, matrix } = keytrace.whoCan("{");
  assert.ok(problems.length > 0);
  assert.equal(matrix, null);
});

test("the reading of the examples is the same", () => {
  const text = readFileSync(new URL("../scenarios/examples/01-default-key-policy-of-the-api.json", import.meta.url), "utf8");
  const { matrix } = keytrace.whoCan(text);
  assert.deepEqual(matrix.subjects.map(({ kind }) => kind).slice(-2), ["anyoneElseIn", "anyoneElsewhere"]);
});
