// What an answer tells JavaScript: the error, the permissions, the assumptions, and the types of all that.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import keytrace from "./keytrace.mjs";

const folder = new URL("../scenarios/examples/", import.meta.url);

/** What TypeScript is told. */
const types = readFileSync(new URL("../../wasm/src/types.d.ts", import.meta.url), "utf8");

/** The answer to the first request of the example whose number that is. */
function answerTo(number) {
  const name = readdirSync(folder).find((file) => file.startsWith(number));
  return keytrace.evaluate(readFileSync(new URL(name, folder), "utf8")).answers[0];
}

test("a denial is an error with AWS's name and sentence", () => {
  const { decision, error, explanation } = answerTo("08");
  assert.equal(decision, "ExplicitDeny");
  assert.equal(error.name, "AccessDeniedException");
  assert.match(error.message, /^User: arn:.* with an explicit deny in a resource-based policy$/);
  assert.equal(explanation.awsMessage, error.message);
});

test("what KMS does has no error", () => {
  const { decision, error, authorizations, deciding, assumptions, explanation } = answerTo("01");
  assert.deepEqual({ decision, error, deciding, assumptions }, { decision: "Allowed", error: null, deciding: 0, assumptions: [] });
  assert.equal(authorizations.length, 1);
  assert.equal(explanation.awsMessage, null);
});

test("an authorized request may end in an error", () => {
  const { decision, error, explanation } = answerTo("15");
  assert.equal(decision, "Allowed");
  assert.equal(error.name, "DisabledException");
  assert.equal(explanation.verdict, "Allowed, but it fails");
});

test("an operation that takes several permissions tells each of them", () => {
  const { decision, authorizations, deciding, explanation } = answerTo("14");
  const key = "arn:aws:kms:us-west-2:111122223333:key/";
  assert.deepEqual(authorizations, [
    { action: "kms:ReEncryptFrom", resource: `${key}1234abcd-12ab-34cd-56ef-1234567890ab`, decision: "Allowed" },
    { action: "kms:ReEncryptTo", resource: `${key}0987dcba-09fe-87dc-65ba-ab0987654321`, decision: "ImplicitDeny" },
  ]);
  assert.equal(decision, authorizations[deciding].decision);
  assert.deepEqual(explanation.tree.map(({ kind, sign }) => [kind, sign]), [["authorization", "allows"], ["authorization", "silent"]]);
});

test("a verdict names the assumptions that it rests on, and how to change them", () => {
  const { assumptions, explanation } = answerTo("16");
  assert.deepEqual(assumptions, [{ name: "grantsUnderBoundaries", reading: "pass", other: "limited" }]);
  assert.equal(explanation.assumptions.length, 1);

  const name = readdirSync(folder).find((file) => file.startsWith("16"));
  const scenario = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
  scenario.assumptions = { [assumptions[0].name]: assumptions[0].other };
  delete scenario.requests[0].expect;
  const [other] = keytrace.evaluate(JSON.stringify(scenario)).answers;
  assert.equal(other.decision, "ImplicitDeny");
  assert.deepEqual(other.assumptions, [{ name: "grantsUnderBoundaries", reading: "limited", other: "pass" }]);
  assert.equal(other.mismatches, null);
});

test("a switch is told as a scenario writes it", () => {
  const statement = { Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" };
  const scenario = {
    keytrace: 1,
    principals: [{ Arn: "arn:aws:iam::111122223333:role/App", Tags: [{ Key: "team", Value: "" }], Policies: [] }],
    keys: [
      {
        KeyMetadata: { Arn: "arn:aws:kms:us-west-2:111122223333:key/1" },
        Policy: {
          Version: "2012-10-17",
          Statement: { ...statement, Condition: { Null: { "aws:PrincipalTag/team": "true" } } },
        },
      },
    ],
    requests: [
      { principal: "arn:aws:sts::111122223333:assumed-role/App/s", operation: "Decrypt", parameters: { KeyId: "1" } },
    ],
  };
  const [{ assumptions }] = keytrace.evaluate(JSON.stringify(scenario)).answers;
  assert.deepEqual(assumptions, [{ name: "emptyStringIsNull", reading: false, other: true }]);
});

test("the types say what there is", () => {
  const interfaces = new Map(
    [...types.matchAll(/^export interface (\w+) \{\n(.*?)^\}/gms)].map(([, name, body]) => {
      const fields = [...body.matchAll(/^ {2}(\w+)\??: (.*);$/gm)].map(([, field, type]) => [field, type]);
      return [name, new Map(fields)];
    }),
  );
  const seen = new Set();
  /** Holds a value against the type that it is said to have. */
  const check = (value, type, way) => {
    const present = type.replace(/ \| null$/, "");
    if (value === null) return assert.notEqual(present, type, `${way} is null`);
    if (present.endsWith("[]")) {
      return value.forEach((element, index) => check(element, present.slice(0, -2), `${way}/${index}`));
    }
    const fields = interfaces.get(present);
    if (fields) {
      seen.add(present);
      assert.deepEqual(Object.keys(value).sort(), [...fields.keys()].sort(), way);
      return fields.forEach((of, field) => check(value[field], of, `${way}/${field}`));
    }
    const named = types.match(new RegExp(`^export type ${present} = (.*);$`, "m"))?.[1] ?? present;
    const isOne = (one) => {
      if (one.startsWith('"')) return JSON.parse(one) === value;
      if (one === "Uint8Array") return value instanceof Uint8Array;
      return typeof value === (one.startsWith("Record<") ? "object" : one);
    };
    const fits = named.split(" | ").some(isOne);
    assert.ok(fits, `${way}: ${JSON.stringify(value)} is no ${type}`);
  };
  for (const file of readdirSync(folder)) {
    const text = readFileSync(new URL(file, folder), "utf8");
    check(keytrace.evaluate(text), "Outcome", file);
    // An expectation that is not met, and a problem.
    const unmet = JSON.parse(text);
    unmet.requests[0].expect = { decision: "Undetermined" };
    check(keytrace.evaluate(JSON.stringify(unmet)), "Outcome", file);
    check(keytrace.evaluate(text.replace('"keytrace"', '"keytrce"')), "Outcome", file);
  }
  const paste = "User: arn:aws:iam::111122223333:user/Ann is not authorized to perform: kms:ListKeys on resource: *";
  check(keytrace.importAws(paste, ""), "Imported", "imported");
  const kms = new keytrace.Kms(readFileSync(new URL("../lives/worlds/account.json", import.meta.url), "utf8"));
  const call = (operation, parameters) => {
    const principal = "arn:aws:sts::111122223333:assumed-role/Admin/session";
    const called = kms.call(JSON.stringify({ principal, operation, parameters }));
    check(called, "Call", operation);
    return called.reply;
  };
  const { KeyId } = call("CreateKey", {}).result.KeyMetadata;
  call("ScheduleKeyDeletion", { KeyId });
  call("Encrypt", { KeyId });
  check(kms.setClock("2027-11-24T12:00:00Z"), "ServiceEvent[]", "events");
  const encryptedDataKeys = [keytrace.encryptedByKms("arn:aws:kms:us-west-2:111122223333:key/1", new Uint8Array(1))];
  const options = { dataKey: new Uint8Array(32), encryptedDataKeys, encryptionContext: { a: "b" }, frameLength: 1 };
  check(options, "SealOptions", "options");
  check(keytrace.readEnvelopeHeader(keytrace.sealEnvelope(new Uint8Array(1), options)), "EnvelopeHeader", "header");
  for (const file of readdirSync(folder)) {
    check(keytrace.whoCan(readFileSync(new URL(file, folder), "utf8")), "WhoCan", file);
  }
  assert.deepEqual([...seen].sort(), [...interfaces.keys()].sort());
});
