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
const policy = (...statements) => ({ Version: "2012-10-17", Statement: statements });

/** A scenario with every object of the format in it. */
const whole = () => ({
  keytrace: 1,
  organization: {
    Id: "o-exampleorgid",
    MasterAccountId: "999999999999",
    Root: {
      Id: "r-ab12",
      ServiceControlPolicies: ["FullAWSAccess"],
      OrganizationalUnits: [
        {
          Id: "ou-ab12-11111111",
          ServiceControlPolicies: [{ Name: "OnlyKms", Content: policy({ ...statement }) }],
          ResourceControlPolicies: [
            "RCPFullAWSAccess",
            { Name: "DenyDecrypt", Content: policy({ ...statement, Effect: "Deny", Principal: { AWS: "*" } }) },
          ],
          Accounts: [{ Id: "111122223333", ServiceControlPolicies: [], ResourceControlPolicies: [] }],
        },
      ],
    },
  },
  principals: [
    {
      Arn: "arn:aws:iam::111122223333:role/App",
      Tags: [{ Key: "team", Value: "blue" }],
      Policies: [{ PolicyName: "UseKey", PolicyDocument: policy({ ...statement }) }],
      PermissionsBoundary: { PolicyDocument: policy({ ...statement }) },
    },
  ],
  keys: [
    {
      KeyMetadata: { Arn: key, MultiRegion: true, MultiRegionConfiguration: { MultiRegionKeyType: "REPLICA" } },
      Policy: policy({ ...statement, Principal: { AWS: "111122223333" } }),
      Aliases: [{ AliasName: "alias/orders" }],
      Tags: [{ TagKey: "stage", TagValue: "test" }],
      Grants: [
        {
          GranteePrincipal: "arn:aws:iam::111122223333:role/App",
          Operations: ["Decrypt"],
          Constraints: { EncryptionContextEquals: { tenant: "42" }, SourceArn: "arn:aws:s3:::amzn-s3-demo-bucket" },
        },
      ],
      RotationStatus: { KeyRotationEnabled: true, NextRotationDate: "2027-11-24T12:00:00Z" },
      Rotations: [{ KeyMaterialId: "0".repeat(64), RotationDate: "2026-11-24T12:00:00Z" }],
      KeyMaterial: ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],
    },
  ],
  vpcEndpoints: [
    {
      VpcEndpointId: "vpce-0a1b2c3d",
      OwnerId: "111122223333",
      PolicyDocument: policy({ ...statement, Principal: "*" }),
    },
  ],
  requests: [
    {
      principal: {
        Arn: "arn:aws:sts::111122223333:assumed-role/App/session",
        mfa: true,
        sessionPolicies: [{ PolicyDocument: policy({ ...statement }) }],
      },
      operation: "CreateGrant",
      parameters: {
        KeyId: key,
        Constraints: { EncryptionContextEquals: { tenant: "42" } },
        Tags: [{ TagKey: "stage" }],
      },
      vpcEndpoint: "vpce-0a1b2c3d",
      expect: { decision: "Allowed" },
    },
  ],
  assumptions: { emptyStringIsNull: true },
});

/** What KMS refuses is a slip to an editor, and an answer to the reader. */
function isRefusedByKms(scenario, complaint) {
  const [, request, parameter] = complaint.match(/^\/requests\/(\d+)\/parameters\/(\w+)/) ?? [];
  const errors = { Policy: "MalformedPolicyDocumentException", AliasName: "ValidationException" };
  return parameter in errors && scenario.requests[request].expect?.error === errors[parameter];
}

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
    const ours = complaints(scenario).filter((complaint) => !isRefusedByKms(scenario, complaint));
    faults.push(...ours.map((complaint) => `${name}: ${complaint}`));
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
    ({ requests: [request] }) => (request.operation = "Decrpt"),
    ({ requests: [request] }) => (request.operation = "SynchronizeMultiRegionKey"),
    ({ requests: [request] }) => (request.principal = "arn:aws:iam::111122223333:role/App"),
    ({ requests: [request] }) => (request.principal = "arn:aws:sts::111122223333:federated-user/Ann"),
    ({ requests: [request] }) => (request.principal = "cloudtrail.amazonaws.com"),
    ({ requests: [request] }) => (request.principal.Arn = "arn:aws:iam::111122223333:user/Ann"),
    ({ requests: [request] }) => Object.assign(request.principal, { mfa: undefined, mfaAge: 60 }),
    ({ requests: [request] }) => (request.principal.sessionPolicies[0].PolicyDocument.Statement[0].Principal = "*"),
    ({ requests: [request] }) => Object.assign(request, { vpcEndpoint: undefined, via: "s3.amazonaws.com" }),
    ({ requests: [request] }) => (request.via = "s3.us-west-2.amazonaws.com"),
    ({ requests: [request] }) => (request.context = { SourceIp: "203.0.113.9" }),
    ({ requests: [request] }) => (request.parameters.Policy = policy({ ...statement })),
    ({ requests: [{ expect }] }) => (expect.decision = "allowed"),
    ({ requests: [{ expect }] }) => (expect.statement = 1.5),
    ({ requests: [{ expect }] }) => (expect.by = "resource-based policy"),
    ({ requests: [{ expect }] }) => (expect.reasons = ["keyMissing"]),
    ({ requests: [{ expect }] }) => (expect.error = "AccessDenied"),
    ({ requests: [{ expect }] }) => (expect.assumptions = ["grants"]),
    ({ requests: [{ expect }] }) => (expect.authorization = "kms:ReEncrypt"),
    ({ principals: [role] }) => (role.Arn = "arn:aws:sts::111122223333:assumed-role/App/session"),
    ({ principals: [role] }) => (role.Arn = "arn:aws:iam::111122223333:group/Developers"),
    ({ principals: [role] }) => (role.Groups = ["Developers"]),
    ({ principals: [role] }) => (role.RoleId = "App"),
    ({ principals: [role] }) => (role.Policies[0].PolicyDocument.Statement[0].Principal = "*"),
    ({ principals: [role] }) => (role.PermissionsBoundary = { PermissionsBoundaryArn: "arn:aws:iam::111122223333:policy/Edge" }),
    ({ keys: [key] }) => (key.KeyMetadata.KeySpec = "RSA_1024"),
    ({ keys: [key] }) => (key.KeyMetadata.KeyState = "disabled"),
    ({ keys: [key] }) => (key.Aliases = ["orders"]),
    ({ keys: [key] }) => (key.RotationStatus.KeyRotationEnabled = "true"),
    ({ keys: [key] }) => (key.KeyMaterial = ["secret"]),
    ({ keys: [key] }) => (key.Policy.Statement[0].Effect = "allow"),
    ({ keys: [key] }) => (key.Policy.Statement[0].NotAction = "kms:Encrypt"),
    ({ keys: [key] }) => (key.Policy.Statement[0].Condition = { StringEqual: { "aws:username": "Alice" } }),
    ({ keys: [key] }) => delete key.Policy.Statement[0].Principal,
    ({ keys: [key] }) => (key.Policy.Statement = { ...statement, NotPrincipal: "*" }),
    ({ keys: [{ Grants: [grant] }] }) => (grant.Operations = ["PutKeyPolicy"]),
    ({ keys: [{ Grants: [grant] }] }) => (grant.GranteePrincipal = "arn:aws:iam::111122223333:group/Developers"),
    ({ keys: [{ Grants: [grant] }] }) => (grant.IssuingAccount = "111122223333:root"),
    ({ keys: [{ Grants: [grant] }] }) => (grant.Constraints.EncryptionContextSubset = {}),
    ({ organization }) => (organization.FeatureSet = "SOME"),
    ({ organization }) => (organization.MasterAccountId = "9999"),
    ({ organization: { Root } }) => (Root.ServiceControlPolicies = ["DenyKms"]),
    ({ organization: { Root } }) => (Root.OrganizationalUnits[0].Accounts[0].Accounts = []),
    ({ organization: { Root } }) => {
      const [scp] = Root.OrganizationalUnits[0].ServiceControlPolicies;
      scp.Content.Statement[0].Principal = "*";
    },
    ...[{ Effect: "Allow" }, { Principal: { AWS: "111122223333" } }, { Action: "*" }, { NotAction: "kms:Encrypt" }].map(
      (slip) => ({ organization: { Root } }) => {
        const [, rcp] = Root.OrganizationalUnits[0].ResourceControlPolicies;
        Object.assign(rcp.Content.Statement[0], slip);
      },
    ),
    ({ vpcEndpoints: [endpoint] }) => (endpoint.OwnerId = "me"),
    ({ vpcEndpoints: [endpoint] }) => delete endpoint.PolicyDocument.Statement[0].Action,
  ];
  const taken = refused.filter((spoil) => {
    const scenario = whole();
    spoil(scenario);
    return fits(JSON.parse(JSON.stringify(scenario)));
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

const words = (body) => [...body.matchAll(/"([^"]+)"/g)].map(([, word]) => word).sort();
const { $defs } = schema;

test("objects take exactly the fields that the reader knows", () => {
  const list = (file, name) => {
    const [, body] = text(`core/src/scenario/${file}`).match(new RegExp(`const ${name}: [^=]*=\\s*&\\[(.*?)\\];`, "s"));
    return words(body);
  };
  /** The list that a function of the reader holds an object against. */
  const known = (file, name) => {
    const [, body] = text(`core/src/scenario/${file}`).match(
      new RegExp(`fn ${name}\\(.*?(?:let known =\\s*|Fields::of\\(value, &)\\[(.*?)\\]`, "s"),
    );
    return words(body);
  };
  const fields = (node) => Object.keys(node.properties).sort();
  const inTree = list("organization.rs", "TARGET");
  const pairs = [
    [schema, list("read.rs", "FIELDS")],
    [$defs.organization, list("organization.rs", "ORGANIZATION")],
    [$defs.organizationalUnit, inTree],
    [$defs.organizationAccount, inTree.filter((name) => name !== "OrganizationalUnits" && name !== "Accounts")],
    [$defs.serviceControlPolicyOutput, known("organization.rs", "control_policy")],
    [$defs.resourceControlPolicyOutput, known("organization.rs", "control_policy")],
    [$defs.principal, list("principals.rs", "PRINCIPAL")],
    [$defs.principal.properties.PermissionsBoundary, known("principals.rs", "permissions_boundary")],
    [$defs.principal.properties.Policies.items, known("principals.rs", "identity_policy")],
    [$defs.key, list("keys.rs", "KEY")],
    [$defs.key.properties.KeyMetadata, list("keys.rs", "KEY_METADATA")],
    [$defs.grant, list("grants.rs", "GRANT")],
    [$defs.grant.properties.Constraints, known("grants.rs", "constraints")],
    [$defs.vpcEndpoint, list("vpc_endpoints.rs", "VPC_ENDPOINT")],
    [$defs.request, list("requests.rs", "FIELDS")],
    [$defs.caller.anyOf[1], known("callers.rs", "caller")],
    [$defs.caller.anyOf[1].properties.sessionPolicies.items, known("principals.rs", "identity_policy")],
    [$defs.parameters, list("parameters.rs", "PARAMETERS")],
    [$defs.expectation, known("expect.rs", "expectation")],
  ];
  for (const [node, expected] of pairs) assert.deepEqual(fields(node), expected, node.description);
});

test("words are those that the reader knows", () => {
  /** What a macro of the engine is given. */
  const table = (file, macro) => text(`core/src/${file}`).match(new RegExp(`^${macro}! \\{\\n(.*?)^\\}`, "ms"))[1];
  const named = (file, macro) => words(table(file, macro).replaceAll(/^ *\/\/.*$/gm, ""));
  const actions = [...table("catalog/action.rs", "actions").matchAll(/^ {4}(\w+) .*?(yes|no) +(yes|no) +(?:yes|no);$/gm)];
  const names = actions.map(([, name]) => name);
  const operations = [...names.filter((name) => name !== "SynchronizeMultiRegionKey"), "ReEncrypt"].sort();
  const [enumerated, prefixed] = $defs.request.properties.operation.anyOf;
  assert.deepEqual(enumerated.enum, operations);
  assert.equal(prefixed.pattern, `^kms:(${operations.join("|")})$`);
  const grantable = actions.filter(([, , , grantable]) => grantable === "yes").map(([, name]) => name);
  assert.deepEqual($defs.grant.properties.Operations.items.enum, grantable);

  const states = [...table("catalog/key_state.rs", "key_states").matchAll(/^ {4}(\w+),$/gm)].map(([, name]) => name);
  assert.deepEqual($defs.key.properties.KeyMetadata.properties.KeyState.enum, states);

  const { by, missing, reasons, error, authorization, assumptions } = $defs.expectation.properties;
  const types = [...text("core/src/scenario/expect.rs").matchAll(/^ {4}\("([^"]+)", PolicyType::/gm)].map(([, word]) => word);
  assert.deepEqual(by.enum, types);
  assert.deepEqual(missing.enum, [...types, "cross-account operation", "same partition"]);
  assert.deepEqual(reasons.items.enum.toSorted(), named("trace.rs", "reasons"));
  assert.deepEqual(error.enum.filter(Boolean), named("check/error.rs", "error_names"));
  assert.deepEqual(authorization.enum, names.map((name) => `kms:${name}`));

  const readings = /^ {4}\w+: \w+ = "(\w+)" \{.*?^ {8}\w+ = "(\w+)",.*?^ {8}\w+ = "(\w+)",/gms;
  const known = [...table("assumption.rs", "assumptions").matchAll(readings)];
  assert.deepEqual(assumptions.items.enum, known.map(([, name]) => name));
  const switches = Object.entries(schema.properties.assumptions.properties).map(([name, field]) => {
    const both = field.type === "boolean" ? ["false", "true"] : field.enum;
    assert.equal(String(field.default), both[0], name);
    return [name, ...both];
  });
  assert.deepEqual(switches, known.map(([, ...reading]) => reading));
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
