// The schema that editors check scenarios with takes what the reader takes, and refuses slips.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";

const root = new URL("../../", import.meta.url);
const text = (path) => readFileSync(new URL(path, root), "utf8");
const schema = JSON.parse(text("www/scenario.schema.json"));
const ajv = new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false });
const fits = ajv.compile(schema);

/** The first complaints about a scenario, where and what; empty if it fits. */
function complaints(scenario) {
  if (fits(scenario)) return [];
  return fits.errors.slice(0, 5).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Every object schema inside a schema, with the way to it. */
function* objects(node, way = "") {
  if (node === null || typeof node !== "object") return;
  if (!Array.isArray(node) && node.properties && node.type === "object") yield [way, node];
  for (const [name, child] of Object.entries(node)) {
    if (name !== "examples") yield* objects(child, `${way}/${name}`);
  }
}

const key = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const statement = { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" };

/** A scenario with every object of the format in it. */
const whole = () => ({
  keytrace: 1,
  principals: [
    {
      Arn: "arn:aws:iam::111122223333:role/App",
      Tags: [{ Key: "team", Value: "blue" }],
      Policies: [{ PolicyName: "UseKey", PolicyDocument: { Version: "2012-10-17", Statement: [{ ...statement }] } }],
    },
  ],
  keys: [
    {
      KeyMetadata: { Arn: key, MultiRegion: true, MultiRegionConfiguration: { MultiRegionKeyType: "REPLICA" } },
      Policy: { Version: "2012-10-17", Statement: [{ ...statement, Principal: { AWS: "111122223333" } }] },
      Aliases: [{ AliasName: "alias/orders" }],
      Tags: [{ TagKey: "stage", TagValue: "test" }],
      Grants: [{ GranteePrincipal: "arn:aws:iam::111122223333:role/App", Operations: ["Decrypt"] }],
    },
  ],
  requests: [
    {
      principal: { Arn: "arn:aws:sts::111122223333:assumed-role/App/session", mfa: true },
      operation: "CreateGrant",
      parameters: {
        KeyId: key,
        Constraints: { EncryptionContextEquals: { tenant: "42" } },
        Tags: [{ TagKey: "stage" }],
      },
      expect: { decision: "Allowed" },
    },
  ],
  assumptions: { emptyStringIsNull: true },
});

test("every scenario that the reader takes fits the schema", () => {
  const folder = new URL("tests/scenarios/", root);
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".json"));
  assert.ok(files.length > 0);
  const faults = [];
  for (const name of files) {
    const file = readFileSync(new URL(name.replaceAll("\\", "/"), folder), "utf8");
    let scenario;
    try {
      scenario = JSON.parse(file);
    } catch {
      // Only a file that shows how bad JSON is reported may be bad JSON.
      assert.match(file, /"expectProblems"/, name);
      continue;
    }
    if ("expectProblems" in scenario) continue;
    faults.push(...complaints(scenario).map((complaint) => `${name}: ${complaint}`));
  }
  assert.deepEqual(faults, []);
});

test("a misspelled field is refused in every object", () => {
  assert.deepEqual(complaints(whole()), []);
  const misspelled = [];
  const misspell = (node, way, root) => {
    if (node === null || typeof node !== "object") return;
    for (const [name, child] of Object.entries(node)) {
      // The names in these objects are the author's own.
      const free = way.endsWith("/EncryptionContextEquals");
      if (!Array.isArray(node) && !free) {
        delete node[name];
        node[`${name}x`] = child;
        if (fits(root)) misspelled.push(`${way}/${name}x`);
        delete node[`${name}x`];
        node[name] = child;
      }
      misspell(child, `${way}/${name}`, root);
    }
  };
  const scenario = whole();
  misspell(scenario, "", scenario);
  assert.deepEqual(misspelled, []);
});

test("values that the reader refuses are refused", () => {
  const refused = [
    (scenario) => (scenario.keytrace = 2),
    (scenario) => (scenario.requests = []),
    (scenario) => (scenario.requests[0].operation = "Decrpt"),
    (scenario) => (scenario.requests[0].operation = "ReEncrypt"),
    (scenario) => (scenario.requests[0].principal = "arn:aws:iam::111122223333:role/App"),
    (scenario) => (scenario.requests[0].via = "s3"),
    (scenario) => (scenario.requests[0].context = { SourceIp: "203.0.113.9" }),
    (scenario) => (scenario.requests[0].expect.decision = "allowed"),
    (scenario) => (scenario.requests[0].expect.statement = 1.5),
    (scenario) => (scenario.requests[0].expect.reasons = ["keyMissing"]),
    (scenario) => (scenario.principals[0].Arn = "arn:aws:sts::111122223333:assumed-role/App/session"),
    (scenario) => (scenario.principals[0].Groups = ["Developers"]),
    (scenario) => (scenario.principals[0].RoleId = "App"),
    (scenario) => (scenario.principals[0].Policies[0].PolicyDocument.Statement[0].Principal = "*"),
    (scenario) => (scenario.keys[0].KeyMetadata.KeySpec = "RSA_1024"),
    (scenario) => (scenario.keys[0].Aliases = ["orders"]),
    (scenario) => (scenario.keys[0].Policy.Statement[0].Effect = "allow"),
    (scenario) => (scenario.keys[0].Policy.Statement[0].NotAction = "kms:Encrypt"),
    (scenario) => (scenario.keys[0].Policy.Statement[0].Condition = { StringEqual: { "aws:username": "Alice" } }),
    (scenario) => delete scenario.keys[0].Policy.Statement[0].Principal,
  ];
  const taken = refused.filter((spoil) => {
    const scenario = whole();
    spoil(scenario);
    return fits(scenario);
  });
  assert.deepEqual(taken.map(String), []);
});

test("a policy may be the text that the aws command prints", () => {
  const scenario = whole();
  scenario.keys[0].Policy = JSON.stringify(scenario.keys[0].Policy);
  const [policy] = scenario.principals[0].Policies;
  policy.PolicyDocument = encodeURIComponent(JSON.stringify(policy.PolicyDocument));
  assert.deepEqual(complaints(scenario), []);
});

test("objects take exactly the fields that the reader knows", () => {
  const names = (source, pattern) => [...source.matchAll(/"([^"]+)"/g)].map(([, name]) => name).sort();
  const list = (file, name) => {
    const [, body] = text(`core/src/scenario/${file}`).match(new RegExp(`const ${name}: [^=]*=\\s*&\\[(.*?)\\];`, "s"));
    return names(body);
  };
  const fields = (node) => Object.keys(node.properties).sort();
  const { $defs } = schema;
  assert.deepEqual(fields(schema), list("read.rs", "FIELDS"));
  assert.deepEqual(fields($defs.request), list("requests.rs", "FIELDS"));
  assert.deepEqual(fields($defs.parameters), list("parameters.rs", "PARAMETERS"));
  assert.deepEqual(fields($defs.key.properties.KeyMetadata), list("world.rs", "KEY_METADATA"));
});

test("every object is closed and every field is described", () => {
  const bare = [];
  for (const [way, node] of objects(schema)) {
    if (node.additionalProperties !== false) bare.push(`${way} is open`);
    for (const [name, field] of Object.entries(node.properties)) {
      const target = field.$ref ? schema.$defs[field.$ref.split("/").pop()] : {};
      if (!field.description && !target.description) bare.push(`${way}/${name} says nothing`);
    }
  }
  assert.deepEqual(bare, []);
});

test("the schema's own examples fit", () => {
  assert.deepEqual(schema.examples.flatMap(complaints), []);
});
