// Data of any size under a data key, as JavaScript seals and opens them.

import assert from "node:assert/strict";
import { createDecipheriv, hkdfSync } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import { createContext, runInContext } from "node:vm";
import keytrace, { declarations } from "./keytrace.mjs";

const { EnvelopeOpener, EnvelopeSealer, encryptedByKms, openEnvelope, readEnvelopeHeader, sealEnvelope } = keytrace;

const KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const dataKey = new Uint8Array(32).fill(7);
const encryptedDataKeys = [encryptedByKms(KEY, new Uint8Array([1, 2, 3]))];
const encryptionContext = { tenant: "a", Purpose: "test", "😀": "～" };
const options = { dataKey, encryptedDataKeys, encryptionContext };

/** Bytes that do not repeat soon. */
const data = (length) => Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) % 256);

function* chunks(bytes, length) {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

const join = (parts) => new Uint8Array(Buffer.concat(parts));

function sealInChunks(plaintext, length, more = {}) {
  const sealer = new EnvelopeSealer({ ...options, ...more });
  return join([...Array.from(chunks(plaintext, length), (chunk) => sealer.update(chunk)), sealer.finish()]);
}

function openInChunks(message, length, key = dataKey) {
  const opener = new EnvelopeOpener();
  const parts = [];
  for (const chunk of chunks(message, length)) {
    parts.push(opener.update(chunk));
    if (opener.needsDataKey) opener.useDataKey(key);
  }
  return join([...parts, opener.finish()]);
}

/** Where the frames start: behind a header of that many bytes. */
function headerLength(message) {
  let length = 0;
  const opener = new EnvelopeOpener();
  for (; !opener.needsDataKey; length += 1) opener.update(message.subarray(length, length + 1));
  return length;
}

const INVALID = { name: "Error", message: "the message does not open with this data key, or it is damaged" };
const TRUNCATED = { name: "Error", message: "the end of the message is missing" };

test("any chunks give the same plaintext", () => {
  for (const length of [0, 1, 99, 100, 101, 200, 1000]) {
    const plaintext = data(length);
    for (const chunk of [1, 7, 100, 5000]) {
      const message = sealInChunks(plaintext, chunk, { frameLength: 100 });
      assert.deepEqual(openEnvelope(message, dataKey), plaintext);
      for (const piece of [1, 13, 100, message.length]) assert.deepEqual(openInChunks(message, piece), plaintext);
    }
  }
});

test("large data go through, whole and in chunks", () => {
  const plaintext = data(3 << 20);
  const message = sealEnvelope(plaintext, options);
  assert.deepEqual(openInChunks(message, 65_536), plaintext);
  assert.deepEqual(openEnvelope(sealInChunks(plaintext, 1 << 20), dataKey), plaintext);
  assert.equal(sealInChunks(plaintext, 1 << 20).length, message.length);
});

test("no data are a message too", () => {
  const message = sealEnvelope(new Uint8Array(), options);
  assert.equal(openEnvelope(message, dataKey).length, 0);
  assert.equal(openInChunks(message, 10).length, 0);
  const sealer = new EnvelopeSealer(options);
  assert.deepEqual(openEnvelope(sealer.finish(), dataKey), new Uint8Array());
});

test("no two messages are alike", () => {
  assert.notDeepEqual(sealEnvelope(data(10), options), sealEnvelope(data(10), options));
});

test("the header is known before the data key", () => {
  const message = sealEnvelope(data(10_000), { ...options, frameLength: 1000 });
  const expected = { encryptionContext, encryptedDataKeys, frameLength: 1000 };
  assert.deepEqual(readEnvelopeHeader(message), expected);
  const opener = new EnvelopeOpener();
  assert.deepEqual([opener.header, opener.needsDataKey], [undefined, false]);
  assert.equal(opener.update(message.subarray(0, 20)).length, 0);
  assert.deepEqual([opener.header, opener.needsDataKey], [undefined, false]);
  assert.equal(opener.update(message.subarray(20)).length, 0);
  assert.deepEqual([opener.header, opener.needsDataKey], [expected, true]);
  assert.throws(() => opener.update(new Uint8Array()), /the data key is due/);
  assert.throws(() => opener.finish(), /the data key is due/);
  opener.useDataKey(dataKey);
  assert.deepEqual([opener.header, opener.needsDataKey], [expected, false]);
  assert.throws(() => opener.useDataKey(dataKey), /the data key is there already/);
  assert.deepEqual(opener.finish(), data(10_000));
  assert.deepEqual(opener.header, expected);
});

test("another data key does not open it, and the right one still may", () => {
  const message = sealEnvelope(data(10), options);
  const other = new Uint8Array(32).fill(8);
  assert.throws(() => openEnvelope(message, other), INVALID);
  const opener = new EnvelopeOpener();
  assert.throws(() => opener.useDataKey(dataKey), /the data key comes after the header/);
  opener.update(message);
  assert.throws(() => opener.useDataKey(other), INVALID);
  opener.useDataKey(dataKey);
  assert.deepEqual(opener.finish(), data(10));
});

test("a message that lacks its end does not open", () => {
  const plaintext = data(250);
  const message = sealEnvelope(plaintext, { ...options, frameLength: 100 });
  const header = headerLength(message);
  for (let length = 0; length < message.length; length += 1) {
    const part = message.subarray(0, length);
    assert.throws(() => openEnvelope(part, dataKey), TRUNCATED, `${length} bytes`);
    // A stream gives the frames that are whole, and says at its end that this is not all.
    const opener = new EnvelopeOpener();
    opener.update(part);
    if (length < header) {
      assert.throws(() => opener.finish(), TRUNCATED, `${length} bytes`);
      continue;
    }
    opener.useDataKey(dataKey);
    const begun = opener.update(new Uint8Array());
    assert.deepEqual(begun, plaintext.subarray(0, begun.length));
    assert.throws(() => opener.finish(), TRUNCATED, `${length} bytes`);
    assert.throws(() => opener.finish(), TRUNCATED, "and so it stays");
  }
});

test("a message with one bit changed does not open", () => {
  const message = sealEnvelope(data(250), { ...options, frameLength: 100 });
  for (let place = 0; place < message.length; place += 1) {
    const changed = message.slice();
    changed[place] ^= 1 << place % 8;
    assert.throws(() => openEnvelope(changed, dataKey), { name: "Error" }, `byte ${place}`);
    assert.throws(() => openInChunks(changed, 64), { name: "Error" }, `byte ${place}`);
  }
});

test("frames in another order do not open, nor do too many or those of another message", () => {
  const seal = () => sealEnvelope(data(350), { ...options, frameLength: 100 });
  const message = seal();
  const start = headerLength(message);
  const length = 4 + 12 + 100 + 16;
  const frame = (number, of = message) => of.subarray(start + (number - 1) * length, start + number * length);
  const [header, last] = [message.subarray(0, start), message.subarray(start + 3 * length)];
  const together = (...frames) => join([header, ...frames]);
  assert.deepEqual(openEnvelope(together(frame(1), frame(2), frame(3), last), dataKey), data(350));
  const other = seal();
  for (const wrong of [
    together(frame(2), frame(1), frame(3), last),
    together(frame(1), frame(3), last),
    together(frame(1), frame(1), frame(2), frame(3), last),
    together(frame(1), frame(2, other), frame(3), last),
    together(last),
    together(frame(1), frame(2), frame(3), last, last),
    join([message, new Uint8Array(1)]),
  ]) {
    assert.throws(() => openEnvelope(wrong, dataKey), { name: "Error" });
    assert.throws(() => openInChunks(wrong, 50), { name: "Error" });
  }
});

test("what was found wrong stays wrong", () => {
  const message = sealEnvelope(data(250), { ...options, frameLength: 100 });
  message[headerLength(message) + 20] ^= 1;
  const opener = new EnvelopeOpener();
  opener.update(message);
  opener.useDataKey(dataKey);
  assert.throws(() => opener.update(new Uint8Array()), INVALID);
  assert.throws(() => opener.update(new Uint8Array()), INVALID);
  assert.throws(() => opener.useDataKey(dataKey), INVALID);
  assert.throws(() => opener.finish(), INVALID);
  const nothing = new EnvelopeOpener();
  assert.throws(() => nothing.update(new Uint8Array([3])), /no message in the format of the AWS Encryption SDK/);
  assert.throws(() => nothing.update(message), /no message in the format of the AWS Encryption SDK/);
  assert.equal(nothing.header, undefined);
});

test("what is finished is finished", () => {
  const finished = { name: "Error", message: "the message is finished" };
  const sealer = new EnvelopeSealer(options);
  const message = sealer.finish();
  assert.throws(() => sealer.update(data(1)), finished);
  assert.throws(() => sealer.finish(), finished);
  const opener = new EnvelopeOpener();
  opener.update(message);
  opener.useDataKey(dataKey);
  opener.finish();
  assert.throws(() => opener.update(data(1)), finished);
  assert.throws(() => opener.useDataKey(dataKey), finished);
  assert.throws(() => opener.finish(), finished);
});

test("any bytes are refused, and nothing else happens", () => {
  const message = sealEnvelope(data(50), { ...options, frameLength: 20 });
  let seed = 1;
  const random = (below) => ((seed = (seed * 48_271) % 2_147_483_647), seed % below);
  for (let round = 0; round < 2000; round += 1) {
    const bytes = message.slice(0, 1 + random(message.length));
    for (let change = random(4); change >= 0; change -= 1) bytes[random(bytes.length)] = random(256);
    if (bytes.length === message.length && bytes.every((byte, index) => byte === message[index])) continue;
    assert.throws(() => openInChunks(bytes, 1 + random(300)), { name: "Error" });
    assert.throws(() => openEnvelope(bytes, dataKey), { name: "Error" });
  }
  assert.deepEqual(openEnvelope(message, dataKey), data(50));
});

test("a frame that claims to be larger than memory is refused before it comes", () => {
  const message = sealEnvelope(data(50), options);
  const frameLength = headerLength(message) - 16 - 32 - 4;
  new DataView(message.buffer).setUint32(frameLength, 0xffff_ffff);
  assert.throws(() => new EnvelopeOpener().update(message), /needs more memory than it may/);
});

test("a slip is an error, and nothing is sealed by it", () => {
  const bad = (more) => () => new EnvelopeSealer({ ...options, ...more });
  const badEncrypted = (more) => bad({ encryptedDataKeys: [{ ...encryptedDataKeys[0], ...more }] });
  for (const [slip, message] of [
    [() => new EnvelopeSealer(), "`options` has to be a plain object"],
    [() => new EnvelopeSealer(new Map(Object.entries(options))), "`options` has to be a plain object"],
    [bad({ encryptionContex: {} }), /^`options` has no `encryptionContex`; there are `dataKey`, /],
    [bad({ dataKey: undefined }), "`dataKey` has to be a Uint8Array"],
    [bad({ dataKey: "7".repeat(32) }), "`dataKey` has to be a Uint8Array"],
    [bad({ dataKey: new Uint8Array(16) }), /^a data key has 32 bytes, .* not 16$/],
    [bad({ encryptionContext: null }), "`encryptionContext` has to be a plain object"],
    [bad({ encryptionContext: new Map([["a", "1"]]) }), "`encryptionContext` has to be a plain object"],
    [bad({ encryptionContext: [["a", "1"]] }), "`encryptionContext` has to be a plain object"],
    [bad({ encryptionContext: { count: 1 } }), "`encryptionContext.count` has to be a string"],
    [bad({ encryptionContext: { a: undefined } }), "`encryptionContext.a` has to be a string"],
    [bad({ encryptionContext: { [Symbol("a")]: "1" } }), "`each name in encryptionContext` has to be a string"],
    // As UTF-8 these would be the same as U+FFFD.
    [bad({ encryptionContext: { a: "\ud800" } }), /`encryptionContext.a` has half a surrogate pair/],
    [bad({ encryptionContext: { "\udc00": "" } }), /half a surrogate pair/],
    [bad({ encryptionContext: { a: "v".repeat(65_535) } }), /^the encryption context takes 65542 bytes/],
    [bad({ encryptedDataKeys: [] }), /^a message has 1 to 64 encrypted data keys/],
    [bad({ encryptedDataKeys: Array(65).fill(encryptedDataKeys[0]) }), /^a message has 1 to 64 encrypted data keys/],
    [bad({ encryptedDataKeys: encryptedDataKeys[0] }), "`encryptedDataKeys` has to be an array"],
    [bad({ encryptedDataKeys: [null] }), "`an encrypted data key` has to be a plain object"],
    [badEncrypted({ ciphertext: "AQID" }), "`ciphertext` has to be a Uint8Array"],
    [badEncrypted({ ciphertext: new Uint8Array(65_536) }), /longer than 65535/],
    [bad({ frameLength: 0 }), "a frame has 1 to 16777216 bytes, not 0"],
    [bad({ frameLength: 2 ** 25 }), "a frame has 1 to 16777216 bytes, not 33554432"],
    [bad({ frameLength: 2 ** 32 }), "`frameLength` has to be a whole number of bytes"],
    [bad({ frameLength: 1.5 }), "`frameLength` has to be a whole number of bytes"],
    [bad({ frameLength: "4096" }), "`frameLength` has to be a whole number of bytes"],
    [bad({ frameLength: NaN }), "`frameLength` has to be a whole number of bytes"],
    [() => new EnvelopeSealer(options).update("text"), "`chunk` has to be a Uint8Array"],
    [() => new EnvelopeSealer(options).update([1, 2]), "`chunk` has to be a Uint8Array"],
    [() => new EnvelopeSealer(options).update(new Uint16Array(1)), "`chunk` has to be a Uint8Array"],
    [() => new EnvelopeSealer(options).update(new ArrayBuffer(1)), "`chunk` has to be a Uint8Array"],
    [() => new EnvelopeSealer(options).update(), "`chunk` has to be a Uint8Array"],
    [() => new EnvelopeOpener().update("text"), "`chunk` has to be a Uint8Array"],
    [() => sealEnvelope("text", options), "`plaintext` has to be a Uint8Array"],
    [() => openEnvelope("text", dataKey), "`message` has to be a Uint8Array"],
    [() => encryptedByKms("alias/a", new Uint8Array(1)), /^`alias\/a` is not the ARN of a key/],
    [() => readEnvelopeHeader(new Uint8Array([2])), TRUNCATED.message],
  ]) {
    assert.throws(slip, { name: "Error", message }, String(message));
  }
  const no = () => {
    throw new RangeError("no");
  };
  const hostile = new Proxy({}, { ownKeys: no });
  assert.throws(bad({ encryptionContext: hostile }), { name: "Error", message: "`encryptionContext` cannot be read" });
  const getter = Object.defineProperty({}, "dataKey", { get: no });
  assert.throws(() => new EnvelopeSealer(getter), { name: "Error", message: "`options` cannot be read" });
});

test("a refused chunk changes nothing", () => {
  const sealer = new EnvelopeSealer(options);
  const parts = [sealer.update(data(10))];
  assert.throws(() => sealer.update("text"));
  parts.push(sealer.finish());
  assert.deepEqual(openEnvelope(join(parts), dataKey), data(10));
});

test("every name can stand in an encryption context", () => {
  const names = ["__proto__", "constructor", "toString", "", "1", "é", "e\u0301", "\0"];
  const encryptionContext = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
  const message = sealEnvelope(data(1), { ...options, encryptionContext });
  const opened = readEnvelopeHeader(message).encryptionContext;
  assert.deepEqual(new Set(Object.keys(opened)), new Set(names));
  for (const name of names) assert.equal(Object.getOwnPropertyDescriptor(opened, name).value, `value of ${name}`);
  assert.equal(Object.getPrototypeOf(opened), Object.prototype);
  assert.deepEqual(readEnvelopeHeader(sealEnvelope(data(1), { dataKey, encryptedDataKeys })).encryptionContext, {});
});

test("arrays of Node.js and of other realms are taken, and parts of them", () => {
  const realm = createContext({});
  const foreign = runInContext("({ dataKey: new Uint8Array(32).fill(7), encryptionContext: { a: 'b' } })", realm);
  const message = sealEnvelope(Buffer.from("hello"), { ...options, ...foreign });
  assert.equal(Buffer.from(openEnvelope(Buffer.from(message), foreign.dataKey)).toString(), "hello");
  assert.deepEqual(readEnvelopeHeader(message).encryptionContext, { a: "b" });
  const shared = new Uint8Array(new SharedArrayBuffer(5)).fill(9);
  assert.deepEqual(openEnvelope(sealEnvelope(shared.subarray(1, 4), options), dataKey), new Uint8Array(3).fill(9));
});

test("what is handed in stays as it is, and is not looked at later", () => {
  const key = dataKey.slice();
  const chunk = data(10);
  const sealer = new EnvelopeSealer({ ...options, dataKey: key });
  const parts = [sealer.update(chunk)];
  assert.deepEqual([key, chunk], [dataKey, data(10)]);
  key.fill(0);
  chunk.fill(0);
  assert.deepEqual(openEnvelope(join([...parts, sealer.finish()]), dataKey), data(10));
});

test("without randomness nothing is sealed", () => {
  const real = crypto.getRandomValues;
  const unavailable = { name: "Error", message: "the source of random bytes failed" };
  const stuck = { name: "Error", message: "the source of random bytes gives bytes that are not random" };
  try {
    crypto.getRandomValues = () => {
      throw new Error("no entropy");
    };
    assert.throws(() => new EnvelopeSealer(options), unavailable);
    assert.throws(() => sealEnvelope(data(1), options), unavailable);
    for (const source of [(bytes) => bytes, (bytes) => bytes.fill(0), (bytes) => bytes.fill(0x41)]) {
      crypto.getRandomValues = source;
      assert.throws(() => new EnvelopeSealer(options), stuck);
    }
    crypto.getRandomValues = undefined;
    assert.throws(() => new EnvelopeSealer(options), unavailable);
  } finally {
    crypto.getRandomValues = real;
  }
  assert.equal(openEnvelope(sealEnvelope(data(1), options), dataKey).length, 1);
});

test("web streams: sealed by one, opened by another", async () => {
  const sealing = (sealer) =>
    new TransformStream({
      transform: (chunk, controller) => controller.enqueue(sealer.update(chunk)),
      flush: (controller) => controller.enqueue(sealer.finish()),
    });
  const opening = (opener, decrypt) =>
    new TransformStream({
      async transform(chunk, controller) {
        controller.enqueue(opener.update(chunk));
        if (opener.needsDataKey) opener.useDataKey(await decrypt(opener.header));
      },
      flush: (controller) => controller.enqueue(opener.finish()),
    });
  const collect = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());
  const plaintext = data(300_000);
  const decrypt = async (header) => {
    assert.deepEqual(header.encryptionContext, encryptionContext);
    return dataKey;
  };
  const sealed = await collect(new Blob([plaintext]).stream().pipeThrough(sealing(new EnvelopeSealer(options))));
  const opened = new Blob([sealed]).stream().pipeThrough(opening(new EnvelopeOpener(), decrypt));
  assert.deepEqual(await collect(opened), plaintext);
  // One that was cut off errors at its end.
  const cut = new Blob([sealed.subarray(0, -1)]).stream().pipeThrough(opening(new EnvelopeOpener(), decrypt));
  await assert.rejects(collect(cut), TRUNCATED);
});

/** By the pages of AWS, with Node.js's own cryptography. */
test("Node.js's own cryptography opens what is sealed", () => {
  const plaintext = data(100);
  const message = Buffer.from(sealEnvelope(plaintext, options));
  const messageId = message.subarray(3, 35);
  const suite = Buffer.from([0x04, 0x78]);
  const key = Buffer.from(hkdfSync("sha512", dataKey, messageId, Buffer.concat([suite, Buffer.from("DERIVEKEY")]), 32));
  const frame = message.subarray(headerLength(message));
  assert.equal(frame.readUInt32BE(0), 0xffff_ffff);
  const decipher = createDecipheriv("aes-256-gcm", key, frame.subarray(8, 20));
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(100n);
  const what = Buffer.from("AWSKMSEncryptionClient Final Frame");
  decipher.setAAD(Buffer.concat([messageId, what, frame.subarray(4, 8), length]));
  decipher.setAuthTag(frame.subarray(124));
  assert.deepEqual(join([decipher.update(frame.subarray(24, 124)), decipher.final()]), plaintext);
});

test("the examples of the types run, with a KMS that lives", async () => {
  const world = new keytrace.Kms(readFileSync(new URL("../lives/worlds/account.json", import.meta.url), "utf8"));
  const principal = "arn:aws:sts::111122223333:assumed-role/Admin/session";
  const base64 = (bytes) => Buffer.from(bytes).toString("base64");
  const call = (operation, parameters) => {
    const { reply } = world.call(JSON.stringify({ principal, operation, parameters, region: "us-west-2" }));
    assert.equal(reply.outcome, "done", JSON.stringify(reply.error));
    return reply.result;
  };
  const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
  /** As the AWS SDK's, which gives bytes and takes them. */
  const kms = {
    async generateDataKey(input) {
      const { KeyId, Plaintext, CiphertextBlob } = call("GenerateDataKey", input);
      return { KeyId, Plaintext: bytes(Plaintext), CiphertextBlob: bytes(CiphertextBlob) };
    },
    async decrypt({ CiphertextBlob, ...input }) {
      return { Plaintext: bytes(call("Decrypt", { ...input, CiphertextBlob: base64(CiphertextBlob) }).Plaintext) };
    },
  };
  const { KeyId: TargetKeyId } = call("CreateKey", {}).KeyMetadata;
  call("CreateAlias", { AliasName: "alias/reports", TargetKeyId });

  const found = declarations.matchAll(/^ *\* ```js\n(.*?)^ *\* ```$/gms);
  const examples = Array.from(found, ([, code]) => code.replace(/^ *\* ?/gm, ""));
  const AsyncFunction = (async () => {}).constructor;
  let tried = 0;
  /** Runs the example that begins like this, with what it needs, and returns what it calls `result`. */
  const example = async (beginning, given, result) => {
    const code = examples.filter((code) => code.startsWith(beginning));
    assert.equal(code.length, 1, beginning);
    tried += 1;
    const known = { ...keytrace, assert, kms, ...given };
    delete known.default;
    return new AsyncFunction(...Object.keys(known), `${code[0]}\nreturn ${result};`)(...Object.values(known));
  };
  const plaintext = data(10_000);
  const message = await example("const EncryptionContext", { plaintext }, "message");
  assert.deepEqual(await example("const { encryptionContext", { message }, "opened"), plaintext);
  const parts = await example("const opener", { chunks: [...chunks(message, 999)] }, "plaintext");
  assert.deepEqual(join(parts), plaintext);
  await example("const sealer", { plaintext, dataKey, encryptedDataKeys }, "message");
  assert.equal(tried, examples.length);
});
