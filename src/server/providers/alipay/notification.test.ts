import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { fen } from "~/lib/money";
import {
  encodedForm,
  exampleCertificateChannel,
  exampleChannel,
  paidFields,
  posted,
  signAsAlipay,
  signedForm,
} from "~tests/fixtures/alipay/channel";
import sample from "~tests/fixtures/alipay/trade-notification-2019.json";
import example from "~tests/fixtures/alipay/worked-example.json";
import { parsePublicKey } from "../key-material";
import type { AlipayChannel, VerificationKey, VerifiedNotification } from "../port";
import { verifyNotification } from "./notification";

const NOW = new Date("2026-01-02T03:05:01+08:00");
const channel = exampleChannel();

const verify = (body: string | Buffer, at: AlipayChannel = channel, headers: Record<string, string> = {}) =>
  verifyNotification(at, posted(body, headers), NOW);

const accepted = (news: VerifiedNotification) => {
  if (!news.ok) throw new Error(`refused at ${news.failedStep}: ${news.cause} ${news.steps.at(-1)?.evidence}`);
  return news;
};
const refused = (news: VerifiedNotification) => {
  if (news.ok) throw new Error("it was accepted");
  return news;
};
const without = (...names: string[]) => Object.fromEntries(Object.entries(paidFields).filter(([name]) => !names.includes(name)));
const keyNamed = (id: string, base64: string): [string, VerificationKey] => [
  id,
  { id, key: parsePublicKey("key", base64), notBefore: null, notAfter: null, revokedAt: null },
];

describe("what Alipay really signed in 2019", () => {
  const at2019 = exampleChannel({ verificationKeys: new Map([keyNamed("key", sample.trade.alipay_public_key_b64)]) });

  it.each(sample.trade.cases)("$name", ({ params, expected_valid }) => {
    const news = verify(encodedForm(params as unknown as Record<string, string>), at2019);

    expect(news.ok).toBe(expected_valid);
    if (news.ok) {
      expect(news).toMatchObject({
        kind: "trade",
        keyId: "key",
        refund: null,
        trade: {
          state: "paid",
          providerState: "TRADE_SUCCESS",
          outTradeNo: "20190815155618536-564-57",
          providerTradeNo: "2019081522001468450512505578",
          amount: fen(10n),
          receipt: fen(10n),
          appId: "2019073166072302",
          sellerId: "2088531891668739",
          buyerId: "2088102534368455",
          buyerAccount: "xud***@126.com",
          paidAt: new Date("2019-08-15T07:56:24Z"),
        },
      });
      expect(news.steps.map(({ name, ok }) => [name, ok])).toEqual(
        ["channel", "format", "key", "signed_text", "signature", "fields"].map((name) => [name, true]),
      );
    } else {
      expect(news).toMatchObject({ failedStep: "signature", cause: "bad_signature" });
      expect(news.claimed).toEqual({ outTradeNo: "tpxy23962362669658", amount: "0.01" });
    }
  });

  it("is one message with and without sign_type", () => {
    const ids = sample.trade.cases.slice(0, 2).map(({ params }) => accepted(verify(encodedForm(params as never), at2019)).messageId);

    expect(ids[0]).toBe(ids[1]);
  });
});

describe("the worked example", () => {
  it("verifies; the seller it does not name is what is missing", () => {
    const news = refused(verify(example.notification.body));

    expect(news).toMatchObject({ failedStep: "fields", cause: "missing_field", signedText: example.notification.sign_string });
    expect(news.steps.map(({ name, ok, evidence }) => [name, ok, evidence]).slice(-2)).toEqual([
      ["signature", true, "RSA-SHA256, key"],
      ["fields", false, "seller_id"],
    ]);
  });
});

describe("the signature", () => {
  it("CB-02 a message signed with SHA-1 is refused, whatever sign_type says", () => {
    for (const sign_type of ["RSA", "RSA2"]) {
      expect(verify(signedForm({ ...paidFields, sign_type }, "RSA-SHA1"))).toMatchObject({
        ok: false,
        failedStep: "signature",
        cause: "bad_signature",
      });
    }
  });

  it("CB-02 sign_type cannot choose the algorithm and takes no part in the text", () => {
    for (const sign_type of ["RSA", "RSA2", "none", ""]) expect(verify(signedForm({ ...paidFields, sign_type })).ok).toBe(true);
  });

  it.each([
    ["no sign", encodedForm(paidFields), "unsigned"],
    ["an empty sign", encodedForm({ ...paidFields, sign: "" }), "unsigned"],
    ["a sign that is no base64", encodedForm({ ...paidFields, sign: "!!!!" }), "malformed_signature"],
    ["a sign of another length", encodedForm({ ...paidFields, sign: "AAAA" }), "bad_signature"],
  ])("CB-02 %s is refused", (_what, body, cause) => {
    expect(verify(body)).toMatchObject({ ok: false, failedStep: "signature", cause });
  });

  it("CB-02 no change of any field survives, and no added or removed field", () => {
    const body = signedForm(paidFields);
    const signed = Object.keys(paidFields).filter((name) => name !== "sign_type");

    fc.assert(
      fc.property(fc.constantFrom(...signed), fc.constantFrom("changed", "removed", "added"), (name, how) => {
        const fields = new URLSearchParams(body);
        if (how === "changed") fields.set(name, `${fields.get(name)}0`);
        if (how === "removed") fields.delete(name);
        if (how === "added") fields.set(`${name}x`, "");
        // A changed charset is refused before its signature is looked at.
        const cause = name === "charset" && how === "changed" ? "unknown_charset" : "bad_signature";
        expect(verify(fields.toString())).toMatchObject({ ok: false, cause });
      }),
    );
  });

  it("CB-03 a message that another app's key signed is refused", () => {
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "der" });
    const other = exampleChannel({ verificationKeys: new Map([keyNamed("key", stranger.toString("base64"))]) });

    expect(verify(signedForm(paidFields), other)).toMatchObject({ ok: false, failedStep: "signature", cause: "bad_signature" });
  });

  it("CB-02 a channel without a key refuses, it never skips", () => {
    expect(verify(signedForm(paidFields), exampleChannel({ verificationKeys: new Map() }))).toMatchObject({
      ok: false,
      failedStep: "key",
      cause: "no_live_key",
    });
  });

  it("CB-07 any live key may have signed, an expired or revoked one may not", () => {
    const base = exampleCertificateChannel();
    const [[id, own]] = [...base.verificationKeys] as [[string, VerificationKey]];
    const other = keyNamed("other", sample.trade.alipay_public_key_b64);
    const withKey = (key: VerificationKey) => ({ ...base, verificationKeys: new Map([other, [id, key]]) });
    // The fixture's certificate begins when it was made; the moment of the message is what the test chooses.
    const live = { ...own, notBefore: null };

    expect(accepted(verify(signedForm(paidFields), withKey(live))).keyId).toBe(id);
    expect(verify(signedForm(paidFields), withKey({ ...live, notAfter: NOW })).ok).toBe(false);
    expect(verify(signedForm(paidFields), withKey({ ...live, revokedAt: NOW })).ok).toBe(false);
  });

  it("verifies a message in GBK over its own bytes", () => {
    const fields = { ...paidFields, charset: "GBK" };
    const text = Object.keys(fields)
      .filter((name) => name !== "sign_type")
      .sort()
      .map((name) => `${name}=${fields[name as keyof typeof fields]}`)
      .join("&");
    const gbk = (value: string) => [...iconv.encode(value, "gbk")].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
    const body = Object.entries({ ...fields, sign: signAsAlipay(iconv.encode(text, "gbk")) })
      .map(([name, value]) => `${name}=${name === "charset" ? value : gbk(value)}`)
      .join("&");

    expect(accepted(verify(body)).signedText).toBe(text);
    expect(accepted(verify(body)).messageId).toBe(accepted(verify(signedForm(paidFields))).messageId);
  });
});

describe("the envelope", () => {
  it("CB-01 anything but a POST of a form within 64 KiB is refused before its signature", () => {
    const body = signedForm(paidFields);
    const get = verifyNotification(channel, { ...posted(body), method: "GET" }, NOW);

    expect(get).toMatchObject({ failedStep: "format", cause: "not_post" });
    expect(verify(body, channel, { "content-type": "application/json" })).toMatchObject({ cause: "content_type" });
    expect(verify(body, channel, { "content-type": "" })).toMatchObject({ cause: "content_type" });
    expect(verify(body, channel, { "content-type": "Application/X-WWW-Form-Urlencoded" }).ok).toBe(true);
    expect(verify(`${body}&x=${"y".repeat(65_536)}`)).toMatchObject({ cause: "too_large" });
  });

  it("CB-04 repeated parameters are refused, even when the first or the last one was signed", () => {
    const body = signedForm(paidFields);

    expect(verify(`${body}&total_amount=88.88`)).toMatchObject({ failedStep: "format", cause: "repeated_field" });
    expect(verify(`total_amount=0.01&${body}`)).toMatchObject({ failedStep: "format", cause: "repeated_field" });
  });

  it("CB-02 never throws, whatever arrives", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(verify(Buffer.from(bytes)).ok).toBe(false);
      }),
    );
    const broken = { ...posted("a=1"), header: () => Array.prototype as unknown as string };
    expect(verifyNotification(channel, broken, NOW)).toMatchObject({ ok: false, cause: "unreadable" });
  });
});

describe("the fields", () => {
  it.each(["notify_id", "notify_time", "version", "app_id", "seller_id", "out_trade_no", "trade_no", "trade_status", "total_amount"])(
    "CB-04 a signed message without %s is refused",
    (name) => {
      expect(refused(verify(signedForm(without(name)))).steps.at(-1)).toMatchObject({
        name: "fields",
        cause: "missing_field",
        evidence: name,
      });
    },
  );

  it.each([
    ["total_amount", "88.8"],
    ["total_amount", "88"],
    ["total_amount", "+88.88"],
    ["total_amount", "8.888e1"],
    ["total_amount", " 88.88"],
    ["total_amount", "-88.88"],
    ["total_amount", "1000000000.00"],
    ["total_amount", ""],
    ["receipt_amount", "88.880"],
    ["refund_fee", "1"],
    ["trade_status", "TRADE_PAID"],
    ["trade_status", "trade_success"],
    ["app_id", "2021000000000001\n"],
    ["seller_id", "208800000000000"],
    ["out_trade_no", "a'b"],
    ["out_trade_no", "x".repeat(65)],
    ["trade_no", "20260102 22001"],
    ["gmt_payment", "2026-02-30 00:00:00"],
    ["gmt_payment", "2026-01-02T03:04:59Z"],
    ["version", "2.0"],
    ["buyer_id", "buyer"],
  ])("CB-04 a signed message whose %s is %j is refused, and its value is not repeated", (name, value) => {
    const news = refused(verify(signedForm({ ...paidFields, [name]: value })));

    expect(news.steps.at(-1)).toMatchObject({ name: "fields", cause: "malformed_field", evidence: name });
  });

  it("CB-06 age is no reason to refuse", () => {
    const body = signedForm(paidFields);

    expect(verifyNotification(channel, posted(body), new Date("2026-02-01T03:05:00+08:00")).ok).toBe(true);
  });

  it("fields that we do not know take part in the text and change nothing else", () => {
    const news = accepted(verify(signedForm({ ...paidFields, passback_params: "merchant%3D1", new_field: "书", empty: "" })));

    expect(news.trade).toEqual(accepted(verify(signedForm(paidFields))).trade);
  });
});

describe("CB-10 what the news is", () => {
  const refundFields = { refund_fee: "10.00", gmt_refund: "2026-01-03 10:00:00.123", out_biz_no: "rfd_1" };
  const newsOf = (fields: Record<string, string>) => {
    const { kind, trade, refund } = accepted(verify(signedForm(fields)));
    return { kind, state: trade?.state, refunded: trade?.refunded, refund: refund && [refund.outRefundNo, refund.state] };
  };
  const closed = { ...without("gmt_payment", "receipt_amount"), trade_status: "TRADE_CLOSED", gmt_close: "2026-01-02 04:00:00" };

  it.each([
    ["paid", paidFields, { kind: "trade", state: "paid", refunded: null, refund: null }],
    [
      "paid, and finished at once",
      { ...paidFields, trade_status: "TRADE_FINISHED" },
      { kind: "trade", state: "paid", refunded: null, refund: null },
    ],
    [
      "paid, with a refund sum of nothing",
      { ...paidFields, refund_fee: "0.00" },
      { kind: "trade", state: "paid", refunded: 0n, refund: null },
    ],
    [
      "created",
      { ...without("gmt_payment"), trade_status: "WAIT_BUYER_PAY" },
      { kind: "trade", state: "waiting", refunded: null, refund: null },
    ],
    ["unpaid close", closed, { kind: "trade", state: "closed", refunded: null, refund: null }],
    [
      "partial refund",
      { ...paidFields, ...refundFields },
      { kind: "refund", state: "refunded", refunded: 1_000n, refund: ["rfd_1", "TRADE_SUCCESS"] },
    ],
    [
      "full refund",
      { ...paidFields, ...refundFields, refund_fee: "88.88", trade_status: "TRADE_CLOSED", gmt_close: "2026-01-03 10:00:00" },
      { kind: "refund", state: "refunded", refunded: 8_888n, refund: ["rfd_1", "TRADE_CLOSED"] },
    ],
    [
      "full refund that names no request",
      { ...paidFields, refund_fee: "88.88", trade_status: "TRADE_CLOSED" },
      { kind: "refund", state: "refunded", refunded: 8_888n, refund: [paidFields.out_trade_no, "TRADE_CLOSED"] },
    ],
    [
      "a paid trade that was closed, without a word of the refund",
      { ...paidFields, trade_status: "TRADE_CLOSED" },
      { kind: "refund", state: "refunded", refunded: null, refund: [paidFields.out_trade_no, "TRADE_CLOSED"] },
    ],
    [
      "window over after a partial refund",
      { ...paidFields, refund_fee: "10.00", trade_status: "TRADE_FINISHED" },
      { kind: "refund", state: "refunded", refunded: 1_000n, refund: [paidFields.out_trade_no, "TRADE_FINISHED"] },
    ],
  ])("%s", (_event, fields, expected) => {
    expect(newsOf(fields as Record<string, string>)).toEqual(expected);
  });

  it("a message-service envelope verifies too and is not about trades", () => {
    const envelope = {
      notify_id: "2026010200222030500000000000",
      utc_timestamp: "1767294300000",
      msg_method: "alipay.commerce.ec.employee.change.notify",
      app_id: "2021000000000001",
      version: "1.1",
      biz_content: '{"enterprise_id":"2088","out_trade_no":"x"}',
      charset: "UTF-8",
      sign_type: "RSA2",
    };
    const news = accepted(verify(signedForm(envelope)));

    expect(news).toMatchObject({ kind: "other", trade: null, refund: null });
    const again = accepted(verify(signedForm({ ...envelope, utc_timestamp: "1767294420000" })));
    expect(again.messageId).toBe(news.messageId);
    expect(accepted(verify(signedForm({ ...envelope, notify_id: "2" }))).messageId).not.toBe(news.messageId);
    expect(verify(signedForm({ ...envelope, version: "9" }))).toMatchObject({ ok: false, cause: "malformed_field" });
  });

  it("a notification of another type is kept as such, and one without a type is refused", () => {
    expect(accepted(verify(signedForm({ ...paidFields, notify_type: "open_app_auth_notify" }))).kind).toBe("other");
    expect(verify(signedForm(without("notify_type")))).toMatchObject({ ok: false, cause: "missing_field" });
  });
});

describe("messageId", () => {
  const idOf = (fields: Record<string, string>) => accepted(verify(signedForm(fields))).messageId;

  it("is equal for every copy of the same news, however it was delivered", () => {
    const copy = { ...paidFields, notify_id: "another", notify_time: "2026-01-02 03:09:00", subject: "x" };

    expect(idOf(copy)).toBe(idOf(paidFields));
    expect(idOf(paidFields)).toMatch(/^[\w-]{20,100}$/);
  });

  it("is different for any other news, also for one with another amount", () => {
    const changes: Record<string, string>[] = [
      { total_amount: "88.89" },
      { app_id: "2021000000000002" },
      { seller_id: "2088000000000002" },
      { out_trade_no: "txn_2" },
      { trade_no: "2026010222001468450512505579" },
      { trade_status: "TRADE_FINISHED" },
      { refund_fee: "1.00", out_biz_no: "r1" },
      { refund_fee: "2.00", out_biz_no: "r1" },
      { refund_fee: "2.00", out_biz_no: "r2" },
      { refund_fee: "2.00", out_biz_no: "r2", gmt_refund: "2026-01-03 10:00:00.123" },
    ];

    const others = changes.map((change) => idOf({ ...paidFields, ...change }));

    expect(new Set([idOf(paidFields), ...others]).size).toBe(others.length + 1);
  });
});
