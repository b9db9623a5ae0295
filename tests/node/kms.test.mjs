// A world that lives, as JavaScript sees it.

import assert from "node:assert/strict";
import { createHmac, webcrypto } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import keytrace from "./keytrace.mjs";

const world = readFileSync(new URL("../lives/worlds/account.json", import.meta.url), "utf8");
const admin = "arn:aws:sts::111122223333:assumed-role/Admin/session";

function living(text = world) {
  const kms = new keytrace.Kms(text);
  const call = (operation, parameters, principal = admin) => {
    const { problems, reply } = kms.call(JSON.stringify({ principal, operation, parameters, region: "us-west-2" }));
    assert.deepEqual(problems.filter(({ severity }) => severity === "error"), []);
    return reply;
  };
  return { kms, call };
}

const base64 = (text) => Buffer.from(text).toString("base64");

test("a key encrypts and decrypts, and the world shows it", () => {
  const { kms, call } = living();
  const { outcome, result } = call("CreateKey", { Description: "orders" });
  assert.equal(outcome, "done");
  const KeyId = result.KeyMetadata.Arn;
  assert.equal(JSON.parse(kms.scenario).keys[0].KeyMetadata.Description, "orders");
  const EncryptionContext = { tenant: "a" };
  const sealed = call("Encrypt", { KeyId, Plaintext: base64("attack at dawn"), EncryptionContext }).result;
  const opened = call("Decrypt", { CiphertextBlob: sealed.CiphertextBlob, EncryptionContext }).result;
  assert.equal(Buffer.from(opened.Plaintext, "base64").toString(), "attack at dawn");
  kms.free();
});

test("every call is recorded, and no secret with it", () => {
  const { call } = living();
  const KeyId = call("CreateKey", {}).result.KeyMetadata.Arn;
  const Plaintext = base64("attack at dawn");
  const { result, records } = call("Encrypt", { KeyId, Plaintext, EncryptionContext: { tenant: "a" } });
  assert.equal(records.length, 1);
  const [{ eventName, eventTime, requestParameters, responseElements, resources }] = records;
  assert.deepEqual([eventName, eventTime, responseElements], ["Encrypt", "2026-11-24T12:00:00Z", null]);
  assert.deepEqual(requestParameters.encryptionContext, { tenant: "a" });
  assert.equal(resources[0].ARN, KeyId);
  const written = JSON.stringify(records);
  assert.ok(!written.includes(Plaintext) && !written.includes(result.CiphertextBlob));
  const denied = call("Encrypt", { KeyId, Plaintext }, "arn:aws:sts::111122223333:assumed-role/App/session");
  assert.deepEqual([denied.records[0].errorCode, denied.records[0].errorMessage], ["AccessDenied", denied.error.message]);
});

test("a refusal says what the caller gets, and why", () => {
  const { call } = living();
  const KeyId = call("CreateKey", {}).result.KeyMetadata.Arn;
  const { CiphertextBlob } = call("Encrypt", { KeyId, Plaintext: base64("x"), EncryptionContext: { tenant: "a" } }).result;
  const reply = call("Decrypt", { CiphertextBlob, EncryptionContext: { Tenant: "a" } });
  assert.deepEqual([reply.outcome, reply.error], ["refused", { name: "InvalidCiphertextException", message: "" }]);
  assert.match(reply.cause, /the key is `tenant`, not `Tenant`: case counts/);
  assert.equal(reply.answer.decision, "Allowed");
  const denied = call("Decrypt", { CiphertextBlob }, "arn:aws:sts::111122223333:assumed-role/App/session");
  assert.deepEqual([denied.error.name, denied.answer.decision], ["AccessDeniedException", "ImplicitDeny"]);
  assert.equal(keytrace.evaluate(denied.scenario).answers[0].decision, "ImplicitDeny");
});

test("time goes by", () => {
  const { kms, call } = living();
  const KeyId = call("CreateKey", {}).result.KeyMetadata.Arn;
  call("ScheduleKeyDeletion", { KeyId, PendingWindowInDays: 7 });
  assert.equal(kms.clock, "2026-11-24T12:00:00Z");
  const [{ name, key, time, record }, ...others] = kms.setClock("2026-12-01T12:00:00Z");
  assert.deepEqual([name, key, time, others], ["DeleteKey", KeyId, "2026-12-01T12:00:00Z", []]);
  assert.deepEqual([record.eventName, record.eventType], ["DeleteKey", "AwsServiceEvent"]);
  assert.throws(() => kms.setClock("2026-11-30T12:00:00Z"), /forward only/);
  assert.throws(() => kms.setClock("tomorrow"), /`tomorrow` is no time/);
  assert.equal(call("DescribeKey", { KeyId }).error.name, "NotFoundException");
});

test("problems stand where they are in the request", () => {
  const { kms } = living();
  const request = `{\n  "principal": "${admin}",\n  "operation": "Decrpt"\n}`;
  const { problems, reply } = kms.call(request);
  assert.equal(reply, null);
  assert.deepEqual(problems.map(({ code, pointer, line, column }) => [code, pointer, line, column]), [
    ["UNKNOWN_OPERATION", "/operation", 3, 16],
  ]);
  assert.equal(kms.call("{").reply, null);
  assert.throws(() => new keytrace.Kms("{}"), /keytrace/);
});

test("key material that a scenario brings is the one that is used", () => {
  const secret = Buffer.alloc(32, 7);
  const scenario = JSON.parse(world);
  const Arn = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  scenario.keys = [
    {
      KeyMetadata: { Arn, KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" },
      Policy: {
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "kms:*", Resource: "*" },
      },
      KeyMaterial: [secret.toString("base64")],
    },
  ];
  const { call } = living(JSON.stringify(scenario));
  const { Mac } = call("GenerateMac", { KeyId: Arn, MacAlgorithm: "HMAC_SHA_256", Message: base64("m") }).result;
  assert.equal(Mac, createHmac("sha256", secret).update("m").digest("base64"));
  scenario.keys[0].KeyMaterial = ["AAAA"];
  assert.throws(() => new keytrace.Kms(JSON.stringify(scenario)), /key material for HMAC_SHA_256/);
});

test("what a key signs, WebCrypto verifies", async () => {
  const { call } = living();
  const KeyId = call("CreateKey", { KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" }).result.KeyMetadata.Arn;
  const SigningAlgorithm = "RSASSA_PSS_SHA_256";
  const { PublicKey } = call("GetPublicKey", { KeyId }).result;
  const { Signature } = call("Sign", { KeyId, SigningAlgorithm, Message: base64("m") }).result;
  const algorithm = { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 };
  const key = await webcrypto.subtle.importKey("spki", Buffer.from(PublicKey, "base64"), algorithm, false, ["verify"]);
  assert.ok(await webcrypto.subtle.verify(algorithm, key, Buffer.from(Signature, "base64"), Buffer.from("m")));
});

test("without randomness nothing is made", () => {
  const { call } = living();
  const real = crypto.getRandomValues;
  try {
    crypto.getRandomValues = () => {
      throw new Error("no entropy");
    };
    const reply = call("CreateKey", {});
    assert.deepEqual([reply.outcome, reply.error?.name], ["refused", "KMSInternalException"]);
    crypto.getRandomValues = (bytes) => bytes;
    assert.equal(call("CreateKey", {}).error?.name, "KMSInternalException");
  } finally {
    crypto.getRandomValues = real;
  }
});

test("every life can be opened in JavaScript", () => {
  const folder = new URL("../lives/", import.meta.url);
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".json"));
  for (const name of files.map((name) => name.replaceAll("\\", "/")).filter((name) => !name.startsWith("worlds/"))) {
    const { scenario, steps } = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    const text = typeof scenario === "string" ? readFileSync(new URL(`worlds/${scenario}.json`, folder), "utf8") : JSON.stringify(scenario);
    const kms = new keytrace.Kms(text);
    const [{ call, expect }] = steps;
    if (call && !/\$\{/.test(JSON.stringify(call))) {
      const { reply } = kms.call(JSON.stringify(call));
      // AWS's page may say that it fails, and not how.
      if (expect?.error === "<any>") assert.equal(reply.outcome, "refused", name);
      else assert.equal(reply.error?.name, expect?.error, name);
    }
    kms.free();
  }
});
