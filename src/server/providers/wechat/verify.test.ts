import { createPublicKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Formatter, Rsa } from "wechatpay-axios-plugin";
import {
  der,
  type Headers,
  keyRing,
  platformPrivateKey,
  platformPublicKey,
  raw,
  signedHeaders,
  vectors,
  verificationKey,
} from "~tests/fixtures/wechat/channel";
import sample from "~tests/fixtures/wechat/go-sdk-sample.json";
import type { VerificationKey } from "../port";
import { verifyMessage } from "./verify";

const { answer, platformKeyId } = vectors;
const AT = new Date(Number(answer.timestamp) * 1000);
const RING = keyRing(verificationKey(platformKeyId, platformPublicKey));

const exampleHeaders = (signature: string): Headers => ({
  "wechatpay-timestamp": answer.timestamp,
  "wechatpay-nonce": answer.nonce,
  "wechatpay-serial": platformKeyId,
  "wechatpay-signature": signature,
});
const verifyIt = (headers: Headers, body: string | Buffer = answer.body, now = AT, ring = RING) =>
  verifyMessage(ring, raw(body, headers), now);
const refusal = (cause: string) => expect.objectContaining({ ok: false, cause });

it("accepts the answer of the worked example, and its signature over an empty body", () => {
  expect(verifyIt(exampleHeaders(answer.signature))).toEqual({ ok: true, keyId: platformKeyId });
  expect(verifyIt(exampleHeaders(answer.emptyBodySignature), "")).toEqual({ ok: true, keyId: platformKeyId });
});

it("does not take the signature of one body for another", () => {
  expect(verifyIt(exampleHeaders(answer.emptyBodySignature))).toEqual(refusal("bad_signature"));
  expect(verifyIt(exampleHeaders(answer.signature), "")).toEqual(refusal("bad_signature"));
});

it("accepts the Go SDK's notification at its own clock, and refuses it a day later", () => {
  const { headers, body_utf8, platform_certificate_pem, platform_certificate_serial: serial, clock_unix_seconds } = sample.notification;
  const certificate = new X509Certificate(platform_certificate_pem);
  const ring = keyRing(verificationKey(serial, certificate.publicKey));
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

  expect(verifyIt(lower, body_utf8, new Date(clock_unix_seconds * 1000), ring)).toEqual({ ok: true, keyId: serial });
  expect(verifyIt(lower, body_utf8, new Date((clock_unix_seconds + 86_400) * 1000), ring)).toEqual(refusal("stale_timestamp"));
});

it.each(sample.verify_negative)('refuses the Go SDK\'s bad signature over "$message_utf8"', ({ message_utf8, signature_base64 }) => {
  const key = createPublicKey({ key: der(sample.sign.public_key_spki_der_base64), format: "der", type: "spki" });
  const headers = { ...exampleHeaders(signature_base64), "wechatpay-serial": "GOSAMPLE1" };

  expect(verifyIt(headers, message_utf8, AT, keyRing(verificationKey("GOSAMPLE1", key)))).toMatchObject({ ok: false });
});

describe("CB-02 a doubt about the headers is a refusal", () => {
  const names = ["wechatpay-timestamp", "wechatpay-nonce", "wechatpay-serial", "wechatpay-signature"];

  it.each(names)("refuses when %s is missing, empty or doubled", (name) => {
    const good = exampleHeaders(answer.signature);
    const { [name]: value = "", ...without } = good;

    expect(verifyIt(without)).toEqual({ ok: false, cause: "missing_header", evidence: name });
    expect(verifyIt({ ...good, [name]: "" })).toEqual({ ok: false, cause: "missing_header", evidence: name });
    expect(verifyIt({ ...good, [name]: `${value}, ${value}` })).toEqual({ ok: false, cause: "doubled_header", evidence: name });
  });

  it.each(["1767225601000", "176722560", "1767225601.0", "+176722560", "１７６７２２５６０１", " 1767225601"])(
    "refuses the timestamp %j",
    (timestamp) => {
      expect(verifyIt({ ...exampleHeaders(answer.signature), "wechatpay-timestamp": timestamp })).toEqual(refusal("malformed_header"));
    },
  );

  it.each([
    ["invalid base64 signature", "malformed_header"],
    [`${answer.signature}\n`, "malformed_header"],
    [`${answer.signature}==`, "malformed_header"],
    [answer.signature.slice(0, -1), "bad_signature"],
    [answer.signature.slice(0, -2), "bad_signature"],
    ["AAAA", "bad_signature"],
  ])("refuses a signature that is no whole Base64 of its length (case %#)", (signature, cause) => {
    expect(verifyIt(exampleHeaders(signature))).toEqual(refusal(cause));
  });

  it("refuses another signature type, and takes the one that there is", () => {
    const good = exampleHeaders(answer.signature);

    expect(verifyIt({ ...good, "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048" })).toMatchObject({ ok: true });
    expect(verifyIt({ ...good, "wechatpay-signature-type": "WECHATPAY2-SM2-WITH-SM3" })).toEqual(refusal("signature_type"));
    expect(verifyIt({ ...good, "wechatpay-signature-type": "" })).toEqual(refusal("signature_type"));
  });
});

describe("CB-06 age and probes", () => {
  it.each([
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ])("a message %i s old: accepted is %s", (age, accepted) => {
    const now = new Date(AT.getTime() + age * 1000);

    expect(verifyIt(exampleHeaders(answer.signature), answer.body, now).ok).toBe(accepted);
  });

  it("fails a probe like any bad signature and names it for the log", () => {
    for (const rest of [answer.signature.slice(19), answer.signature, "", "A"]) {
      const probe = `WECHATPAY/SIGNTEST/${rest}`;
      expect(verifyIt(exampleHeaders(probe))).toEqual({ ok: false, cause: "signature_probe", evidence: platformKeyId });
    }
  });
});

describe("CB-07 keys are chosen by serial and must be live", () => {
  const with_ = (changes: Partial<VerificationKey>) => keyRing(verificationKey(platformKeyId, platformPublicKey, changes));
  const before = new Date(AT.getTime() - 1);
  const later = new Date(AT.getTime() + 1);

  it.each([
    ["expired", { notAfter: AT }, "expired_key"],
    ["revoked", { revokedAt: AT }, "revoked_key"],
    ["not yet valid", { notBefore: later }, "key_not_yet_valid"],
  ] as const)("refuses a key that is %s", (_, changes, cause) => {
    expect(verifyIt(exampleHeaders(answer.signature), answer.body, AT, with_(changes))).toEqual(refusal(cause));
  });

  it("accepts a key in the middle of its life", () => {
    expect(
      verifyIt(exampleHeaders(answer.signature), answer.body, AT, with_({ notBefore: before, notAfter: later, revokedAt: later })),
    ).toMatchObject({
      ok: true,
    });
  });

  it.each(["PUB_KEY_ID_0119000091912026010100000000000002", "constructor", "__proto__", "toString"])("refuses the serial %s", (serial) => {
    expect(verifyIt({ ...exampleHeaders(answer.signature), "wechatpay-serial": serial })).toEqual({
      ok: false,
      cause: "unknown_serial",
      evidence: serial,
    });
  });

  it("holds a public key and certificates at once, each for its own messages only", () => {
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const serial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
    const ring = keyRing(verificationKey(platformKeyId, platformPublicKey), verificationKey(serial, other.publicKey));
    const byCertificate = signedHeaders(answer.body, AT, { "wechatpay-serial": serial }, other.privateKey);

    expect(verifyIt(exampleHeaders(answer.signature), answer.body, AT, ring)).toEqual({ ok: true, keyId: platformKeyId });
    expect(verifyIt(byCertificate, answer.body, AT, ring)).toEqual({ ok: true, keyId: serial });
    expect(verifyIt({ ...byCertificate, "wechatpay-serial": platformKeyId }, answer.body, AT, ring)).toEqual(refusal("bad_signature"));
  });

  it("refuses a key of another kind, whatever it signed", () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const ring = keyRing(verificationKey(platformKeyId, publicKey));

    expect(verifyIt(exampleHeaders(answer.signature), answer.body, AT, ring)).toEqual(refusal("key_type"));
  });
});

describe("CB-01 the raw bytes are what is verified", () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

  it("accepts any bytes as signed, also those that are no UTF-8, and agrees with wechatpay-axios-plugin on text", () => {
    fc.assert(
      fc.property(bytes, (body) => {
        expect(verifyIt(signedHeaders(body, AT), body)).toMatchObject({ ok: true });
      }),
      { numRuns: 50 },
    );
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (body) => {
        const signature = Rsa.sign(Formatter.response(answer.timestamp, answer.nonce, body), platformPrivateKey);
        expect(verifyIt(exampleHeaders(signature), body)).toMatchObject({ ok: true });
      }),
      { numRuns: 50 },
    );
  });

  it("refuses when any one byte of the body differs", () => {
    const body = Buffer.from(answer.body);
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(body);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(verifyIt(exampleHeaders(answer.signature), changed)).toEqual(refusal("bad_signature"));
      }),
    );
  });

  it("refuses when any one bit of the signature differs", () => {
    const signature = der(answer.signature);
    fc.assert(
      fc.property(fc.nat(signature.length * 8 - 1), (bit) => {
        const changed = Buffer.from(signature);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(verifyIt(exampleHeaders(changed.toString("base64")))).toEqual(refusal("bad_signature"));
      }),
    );
  });

  it("refuses the right signature with another nonce or second", () => {
    const good = exampleHeaders(answer.signature);

    expect(verifyIt({ ...good, "wechatpay-nonce": "another" })).toEqual(refusal("bad_signature"));
    expect(verifyIt({ ...good, "wechatpay-timestamp": "1767225602" })).toEqual(refusal("bad_signature"));
  });
});
