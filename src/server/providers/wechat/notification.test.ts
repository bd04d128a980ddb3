import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Secret } from "~/lib/secret";
import {
  envelope,
  type Headers,
  keyRing,
  NOTICE_AT,
  notice,
  paidPlaintext,
  raw,
  seal,
  signedHeaders,
  vectors,
  verificationKey,
  wechatChannel,
} from "~tests/fixtures/wechat/channel";
import sample from "~tests/fixtures/wechat/go-sdk-sample.json";
import type { RawNotification, VerifiedNotification } from "../port";
import { verifyNotification } from "./notification";

const { notification: example, platformKeyId } = vectors;
const CHANNEL = wechatChannel();
const EXAMPLE_HEADERS: Headers = {
  "content-type": "application/json",
  "wechatpay-timestamp": example.timestamp,
  "wechatpay-nonce": example.nonce,
  "wechatpay-serial": platformKeyId,
  "wechatpay-signature": example.signature,
};
const look = (message: RawNotification, now = NOTICE_AT, channel = CHANNEL) => verifyNotification(channel, message, now);
const accepted = (verified: VerifiedNotification) => {
  if (!verified.ok) throw new Error(`refused: ${verified.failedStep} ${verified.cause} ${JSON.stringify(verified.steps)}`);
  return verified;
};
const at = (failedStep: string, cause: string) => expect.objectContaining({ ok: false, failedStep, cause });

it("reads the notification of the worked example", () => {
  const verified = accepted(look(raw(example.body, EXAMPLE_HEADERS)));

  expect(verified).toMatchObject({
    provider: "wechat",
    kind: "trade",
    keyId: platformKeyId,
    signedText: `${example.timestamp}\n${example.nonce}\n${example.body}\n`,
    refund: null,
    trade: {
      state: "paid",
      providerState: "SUCCESS",
      outTradeNo: "PH20260101000001",
      providerTradeNo: "4200000000202601010000000001",
      amount: 1999n,
      currency: "CNY",
      appId: "wx0000000000000001",
      sellerId: "1900009191",
      buyerId: "oExampleOpenid000000000000001",
      paidAt: new Date("2026-01-01T00:05:00Z"),
    },
  });
  expect(verified.steps.map(({ name, ok }) => [name, ok])).toEqual(
    ["channel", "format", "key", "signed_text", "signature", "decrypt", "fields"].map((name) => [name, true]),
  );
});

it("takes the Go SDK's notification as far as its own clock and key allow, and stops at the decryption", () => {
  const { headers, body_utf8, platform_certificate_pem, platform_certificate_serial: serial, clock_unix_seconds } = sample.notification;
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const key = new X509Certificate(platform_certificate_pem).publicKey;
  const channel = wechatChannel({ verificationKeys: keyRing(verificationKey(serial, key)) });

  const verified = look(raw(body_utf8, lower), new Date(clock_unix_seconds * 1000), channel);

  expect(verified).toEqual(at("decrypt", "tag_mismatch"));
  expect(verified.steps.find(({ name }) => name === "signature")).toMatchObject({ ok: true });
});

describe("the message id", () => {
  const idOf = (plaintext: string, changes: Record<string, unknown> = {}) => accepted(look(notice(plaintext, changes))).messageId;

  it("is equal for every copy, however it was signed, sealed or spelled", () => {
    const body = envelope(seal(paidPlaintext(), { nonce: "AnotherNonce" }));
    const again = raw(body, signedHeaders(body, new Date(NOTICE_AT.getTime() + 15_000)));
    const withUnknownField = paidPlaintext({ something_new: { from: "them", rate: 0.006 } });

    const first = accepted(look(raw(example.body, EXAMPLE_HEADERS))).messageId;
    expect(accepted(look(again, new Date(NOTICE_AT.getTime() + 15_000))).messageId).toBe(first);
    expect(idOf(withUnknownField)).toBe(first);
    expect(first.length).toBeLessThanOrEqual(100);
    expect(idOf(paidPlaintext(), { id: "x".repeat(64) }).length).toBeLessThanOrEqual(100);
  });

  it("differs when anything decisive differs", () => {
    const amount = JSON.parse(example.plaintext).amount;
    const variants = [
      paidPlaintext(),
      paidPlaintext({ amount: { ...amount, total: 1998 } }),
      paidPlaintext({ amount: { ...amount, currency: "USD" } }),
      paidPlaintext({ out_trade_no: "PH20260101000002" }),
      paidPlaintext({ transaction_id: "4200000000202601010000000002" }),
      paidPlaintext({ trade_state: "REFUND" }),
      paidPlaintext({ mchid: "1900009192" }),
      paidPlaintext({ appid: "wx0000000000000002" }),
      paidPlaintext({ success_time: "2026-01-01T08:05:01+08:00" }),
    ];

    const ids = variants.map((plaintext) => idOf(plaintext));
    expect(new Set([...ids, idOf(paidPlaintext(), { id: "another" })]).size).toBe(variants.length + 1);
  });
});

describe("CB-10 the sealed words decide what happened", () => {
  it("reads a payment that was refunded since as refunded, not as a new payment", () => {
    expect(accepted(look(notice(paidPlaintext({ trade_state: "REFUND" })))).trade).toMatchObject({ state: "refunded", amount: 1999n });
  });

  it.each([
    ["NOTPAY", "waiting"],
    ["CLOSED", "closed"],
    ["REVOKED", "closed"],
    ["USERPAYING", "waiting"],
    ["PAYERROR", "waiting"],
  ])("believes %s in the sealed part over SUCCESS on the envelope", (word, state) => {
    expect(accepted(look(notice(paidPlaintext({ trade_state: word })))).trade).toMatchObject({ state, providerState: word });
  });

  const refundPlaintext = (changes: Record<string, unknown> = {}) =>
    JSON.stringify({
      mchid: vectors.mchid,
      transaction_id: "4200000000202601010000000001",
      out_trade_no: "PH20260101000001",
      refund_id: "50000000382019052709732678859",
      out_refund_no: "RF20260101000001",
      refund_status: "SUCCESS",
      success_time: "2026-01-02T08:05:00+08:00",
      user_received_account: "招商银行信用卡0403",
      amount: { total: 1999, refund: 500, payer_total: 1999, payer_refund: 500 },
      ...changes,
    });

  it.each(["SUCCESS", "ABNORMAL", "CLOSED"])("reads REFUND.%s as a refund and never as a trade", (word) => {
    const verified = accepted(look(notice(refundPlaintext({ refund_status: word }), { event_type: `REFUND.${word}` })));

    expect(verified).toMatchObject({
      kind: "refund",
      trade: null,
      refund: { outRefundNo: "RF20260101000001", providerRefundNo: "50000000382019052709732678859", amount: 500n, state: word },
    });
  });

  it("refuses a refund that calls itself a payment, and a payment that calls itself a refund", () => {
    expect(look(notice(refundPlaintext()))).toEqual(at("fields", "missing_field"));
    expect(look(notice(paidPlaintext(), { event_type: "REFUND.SUCCESS" }))).toEqual(at("fields", "missing_field"));
  });

  it("keeps events that it does not know apart", () => {
    const verified = accepted(look(notice('{"any":"thing"}', { event_type: "PAYSCORE.USER_OPEN_SERVICE" })));

    expect(verified).toMatchObject({ kind: "other", trade: null, refund: null });
  });
});

describe("CB-04 every field once and of one form", () => {
  const amount = JSON.parse(example.plaintext).amount;
  const refused = (plaintext: string) => look(notice(plaintext));

  it.each(["mchid", "appid", "out_trade_no", "transaction_id", "trade_state", "success_time", "amount"])("refuses without %s", (field) => {
    expect(refused(paidPlaintext({ [field]: undefined }))).toEqual(at("fields", "missing_field"));
    expect(refused(paidPlaintext({ [field]: null }))).toMatchObject({ ok: false, failedStep: "fields" });
    expect(refused(paidPlaintext({ [field]: ["SUCCESS"] }))).toEqual(at("fields", "malformed_field"));
  });

  it.each(["total", "currency"])("refuses without amount.%s", (field) => {
    expect(refused(paidPlaintext({ amount: { ...amount, [field]: undefined } }))).toEqual(at("fields", "missing_field"));
  });

  it.each(["1999.0", "1.999e3", '"1999"', "0", "-1999", "10000000001", "true", "[1999]", "{}"])("refuses the amount %s", (text) => {
    const plaintext = paidPlaintext().replace('"total":1999', `"total":${text}`);

    expect(refused(plaintext)).toEqual(at("fields", "malformed_field"));
  });

  it("compares the order's total, not what was left to pay after coupons", () => {
    const { trade } = accepted(look(notice(paidPlaintext({ amount: { ...amount, payer_total: 1500 } }))));

    expect(trade?.amount).toBe(1999n);
    expect(refused(paidPlaintext().replace('"payer_total":1999', '"payer_total":1999.0'))).toEqual(at("fields", "malformed_field"));
  });

  it("refuses repeated fields in the sealed part and on the envelope", () => {
    const twice = paidPlaintext().replace('"total":1999', '"total":1,"total":1999');
    expect(refused(twice)).toEqual(at("fields", "duplicate_key"));

    const body = envelope(seal(paidPlaintext())).replace('{"id"', '{"event_type":"REFUND.SUCCESS","id"');
    expect(look(raw(body, signedHeaders(body, NOTICE_AT)))).toEqual(at("decrypt", "duplicate_key"));
  });

  it.each([
    ["out_trade_no", "short"],
    ["out_trade_no", "has space 1"],
    ["transaction_id", "4200'; drop"],
    ["trade_state", "success"],
    ["mchid", "19000x"],
    ["success_time", "2026-13-01T00:00:00+08:00"],
    ["success_time", "2026-01-01 08:05:00"],
  ])("refuses %s = %s", (field, value) => {
    expect(refused(paidPlaintext({ [field]: value }))).toEqual(at("fields", "malformed_field"));
  });

  it("CB-05 refuses a trade state that it does not know", () => {
    expect(refused(paidPlaintext({ trade_state: "ALMOST" }))).toEqual(at("fields", "unknown_value"));
  });

  it("tells people what a refused message claimed", () => {
    expect(refused(paidPlaintext({ appid: undefined }))).toMatchObject({ claimed: { outTradeNo: "PH20260101000001", amount: "1999" } });
  });
});

describe("CB-01 and CB-02 refuse before believing", () => {
  const good = () => notice(paidPlaintext());
  const change = (headers: Headers, body: string | Buffer = example.body, method = "POST") =>
    look(raw(body, { ...EXAMPLE_HEADERS, ...headers }, method));

  it("takes POST with JSON of at most 64 KiB, nothing else", () => {
    expect(change({}, example.body, "GET")).toEqual(at("format", "not_post"));
    expect(change({ "content-type": "text/xml" })).toEqual(at("format", "content_type"));
    expect(change({ "content-type": "" })).toEqual(at("format", "content_type"));
    expect(change({ "content-type": "application/json; charset=utf-8" }).ok).toBe(true);
    expect(change({}, "")).toEqual(at("format", "empty_body"));
    expect(change({}, Buffer.alloc(65_537, 32))).toEqual(at("format", "too_large"));
  });

  it("names the step and the cause of each refusal, and keeps the text that was to be verified", () => {
    expect(change({ "wechatpay-nonce": "" })).toEqual(at("format", "missing_header"));
    expect(change({ "wechatpay-timestamp": "1767225000" })).toEqual(at("format", "stale_timestamp"));
    expect(change({ "wechatpay-signature-type": "NONE" })).toEqual(at("format", "signature_type"));
    expect(change({ "wechatpay-signature": `WECHATPAY/SIGNTEST/${example.signature.slice(19)}` })).toEqual(
      at("signature", "signature_probe"),
    );

    const unknown = change({ "wechatpay-serial": "PUB_KEY_ID_9" });
    expect(unknown).toEqual(at("key", "unknown_serial"));
    const changed = change({}, example.body.replace("支付成功", "支付失败"));
    expect(changed).toEqual(at("signature", "bad_signature"));
    for (const refused of [unknown, changed]) expect(refused.signedText).toContain(`${example.timestamp}\n${example.nonce}\n{"id"`);
  });

  it("decrypts nothing that did not verify", () => {
    const verified = change({}, example.body.replace(example.ciphertext, seal(paidPlaintext()).ciphertext.replace("A", "B")));

    expect(verified.steps.map(({ name }) => name)).toEqual(["channel", "format", "key", "signed_text", "signature"]);
  });

  it.each([
    ["another algorithm", { algorithm: "AEAD_AES_128_GCM" }, "algorithm"],
    ["wrong associated data", { associated_data: "refund" }, "tag_mismatch"],
    ["a flipped bit", { ciphertext: `A${example.ciphertext.slice(1)}` }, "tag_mismatch"],
    ["a short tag", { ciphertext: example.ciphertext.slice(0, -8) }, "tag_mismatch"],
    ["a nonce of another length", { nonce: "n" }, "malformed_field"],
    ["no ciphertext", { ciphertext: undefined }, "missing_field"],
  ])("refuses %s under a good signature", (_, changes, cause) => {
    const sealed = { ...seal(paidPlaintext()), ...changes } as ReturnType<typeof seal>;
    const body = envelope(sealed);

    expect(look(raw(body, signedHeaders(body, NOTICE_AT)))).toEqual(at("decrypt", cause));
  });

  it.each(["not json", "[]", "null", '{"id":', '{"id":"x"}'])("refuses the well-signed body %s", (body) => {
    expect(look(raw(body, signedHeaders(body, NOTICE_AT)))).toMatchObject({ ok: false, failedStep: "decrypt" });
  });

  it("refuses a well-signed body that is no UTF-8", () => {
    const body = Buffer.from([0x7b, 0xff, 0x7d]);

    expect(look(raw(body, signedHeaders(body, NOTICE_AT)))).toEqual(at("decrypt", "not_utf8"));
  });

  it("CB-03 refuses what another merchant's key sealed, although one platform key signs for all", () => {
    const neighbour = wechatChannel({ apiV3Keys: [new Secret(Buffer.from("AnotherTenantsApiV3Key-32-bytes!"))] });

    expect(look(good(), NOTICE_AT, neighbour)).toEqual(at("decrypt", "tag_mismatch"));
  });

  it("CB-07 opens with the previous APIv3 key and says so", () => {
    const keys = [new Secret(Buffer.from("TheKeyThatReplacedItYesterday-32")), ...CHANNEL.apiV3Keys];
    const verified = accepted(look(good(), NOTICE_AT, wechatChannel({ apiV3Keys: keys })));

    expect(verified.steps.find(({ name }) => name === "decrypt")?.evidence).toBe("previous APIv3 key");
  });

  it("ERR-03 turns a broken channel into a refusal", () => {
    const broken = wechatChannel({ apiV3Keys: [new Secret(Buffer.from("too short"))] });

    expect(look(good(), NOTICE_AT, broken)).toEqual(at("decrypt", "unreadable"));
    expect(look(good(), NOTICE_AT, wechatChannel({ verificationKeys: keyRing() }))).toEqual(at("key", "unknown_serial"));
  });

  it("never throws and never accepts noise", () => {
    const names = Object.keys(EXAMPLE_HEADERS);
    const headers = fc.dictionary(fc.constantFrom(...names), fc.string({ maxLength: 400 }));
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 400 }), (noise, body) => {
        expect(look(raw(Buffer.from(body), { ...EXAMPLE_HEADERS, ...noise })).ok).toBe(false);
      }),
    );
  });

  it("refuses when any one byte of the message differs", () => {
    const body = Buffer.from(example.body);
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (position, difference) => {
        const changed = Buffer.from(body);
        changed[position] = (changed[position] ?? 0) ^ difference;
        expect(look(raw(changed, EXAMPLE_HEADERS))).toEqual(at("signature", "bad_signature"));
      }),
    );
  });
});
