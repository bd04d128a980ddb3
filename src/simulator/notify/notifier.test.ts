import { createPublicKey, verify } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DeliveryView } from "../control/types";
import { decodeText } from "../crypto/gbk";
import { parseForm } from "../http/form";
import { type Arrival, newAlipayApp, newWechatMerchant, openReceiver, openSimulator, type TestBench } from "../testing/harness";
import { callAlipay, callWechat, nativeOrder } from "../testing/raw-clients";
import { unseal } from "../wechat/sign";

let bench: TestBench;
let app: Awaited<ReturnType<typeof newAlipayApp>>;
let merchant: Awaited<ReturnType<typeof newWechatMerchant>>;
beforeAll(async () => {
  bench = await openSimulator();
  [app, merchant] = await Promise.all([newAlipayApp(bench), newWechatMerchant(bench)]);
});
afterAll(() => bench.close());
afterEach(() => bench.faults({}));

let serial = 0;
async function alipayOrder(notifyUrl: string) {
  const outTradeNo = `N_${++serial}`;
  const now = new Date((await bench.state()).clock.now);
  const biz = { out_trade_no: outTradeNo, total_amount: "10.00", subject: "企业付款 100%", buyer_id: "2088000000000001" };
  expect((await callAlipay(bench, app, "alipay.trade.create", biz, { notify_url: notifyUrl }, now)).node.code).toBe("10000");
  return outTradeNo;
}
async function wechatOrder(notifyUrl: string) {
  const body = nativeOrder(merchant, { notify_url: notifyUrl, amount: { total: 1_000 } });
  const timestamp = Math.floor(Date.parse((await bench.state()).clock.now) / 1_000);
  expect((await callWechat(bench, merchant, "POST", "/v3/pay/transactions/native", body, { timestamp })).status).toBe(200);
  return body.out_trade_no;
}
const alipayFields = (arrival: Arrival | undefined) => Object.fromEntries(new URLSearchParams(arrival?.body));
const wechatEnvelope = (arrival: Arrival | undefined) => JSON.parse(Buffer.from(arrival?.body ?? "", "latin1").toString("utf8"));
const deliveryOf = async (outTradeNo: string): Promise<DeliveryView | undefined> =>
  (await bench.state()).deliveries.find((delivery) => delivery.outTradeNo === outTradeNo);

/** Verifies as Alipay's documents say, over the form's bytes in its own charset. */
function isAlipaySigned(arrival: Arrival | undefined): boolean {
  const raw = Buffer.from(arrival?.body ?? "", "latin1");
  const charset = raw.toString("latin1").includes("charset=gbk") ? "gbk" : "utf-8";
  const pairs = parseForm(raw, charset);
  const text = pairs
    .filter(({ name }) => name !== "sign" && name !== "sign_type")
    .map(({ name, value }) => `${name}=${value}`)
    .sort()
    .join("&");
  const bytes = charset === "gbk" ? gbkBytes(text) : Buffer.from(text);
  const sign = pairs.find(({ name }) => name === "sign")?.value ?? "";
  return verify(
    "sha256",
    bytes,
    `-----BEGIN PUBLIC KEY-----\n${app.alipayPublicKey}\n-----END PUBLIC KEY-----`,
    Buffer.from(sign, "base64"),
  );
}
/** GBK by search instead of by table: slow, and written without the code under test. */
function gbkBytes(text: string): Buffer {
  return Buffer.concat(
    [...text].map((char) => {
      if (char.charCodeAt(0) < 0x80) return Buffer.from(char);
      for (let code = 0x8140; code <= 0xfefe; code++) {
        const pair = Buffer.from([code >> 8, code & 0xff]);
        if (decodeText(pair, "gbk") === char) return pair;
      }
      throw new Error(`not in GBK: ${char}`);
    }),
  );
}
function isWechatSigned(arrival: Arrival | undefined): boolean {
  const header = (name: string) => String(arrival?.headers[`wechatpay-${name}`] ?? "");
  const key = merchant.verificationKeys.find(({ id }) => id === header("serial"));
  const message = Buffer.concat([
    Buffer.from(`${header("timestamp")}\n${header("nonce")}\n`),
    Buffer.from(arrival?.body ?? "", "latin1"),
    Buffer.from("\n"),
  ]);
  return key !== undefined && verify("sha256", message, createPublicKey(key.pem), Buffer.from(header("signature"), "base64"));
}

describe("redelivery on the test clock", () => {
  it("delivers to Alipay's schedule eight times in 25 hours, with the same notify_id, until somebody says success", async () => {
    const receiver = await openReceiver(() => ({ status: 200, body: "fail" }));
    const outTradeNo = await alipayOrder(receiver.url);
    await bench.pay({ outTradeNo, wait: true });
    const counts: number[] = [];
    for (const step of ["4m", "10m", "10m", "1h", "2h", "6h", "15h", "24h"]) {
      await bench.advance(step);
      counts.push(receiver.arrivals.length);
    }

    expect(counts).toEqual([2, 3, 4, 5, 6, 7, 8, 8]);
    expect(await deliveryOf(outTradeNo)).toMatchObject({ state: "given_up", dueAt: null });
    expect(new Set(receiver.arrivals.map((arrival) => alipayFields(arrival).notify_id)).size).toBe(1);
    expect(receiver.arrivals.every(isAlipaySigned)).toBe(true);
    await receiver.close();
  });

  it("delivers to WeChat Pay's schedule sixteen times in 24 hours 4 minutes, each signed afresh", async () => {
    const receiver = await openReceiver(() => ({ status: 500 }));
    const outTradeNo = await wechatOrder(receiver.url);
    await bench.pay({ outTradeNo, wait: true });
    const counts: number[] = [];
    for (const step of ["14s", "1s", "15s", "30s", "3m", "10m", "20m", "30m", "30m", "30m", "1h", "3h", "3h", "3h", "6h", "6h", "24h"]) {
      await bench.advance(step);
      counts.push(receiver.arrivals.length);
    }

    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16]);
    expect(new Set(receiver.arrivals.map((arrival) => wechatEnvelope(arrival).id)).size).toBe(1);
    expect(new Set(receiver.arrivals.map(({ headers }) => headers["wechatpay-signature"])).size).toBe(16);
    expect(receiver.arrivals.every(isWechatSigned)).toBe(true);
    await receiver.close();
  });

  it("makes up for a whole day in one jump", async () => {
    const receiver = await openReceiver(() => ({ status: 500 }));
    const outTradeNo = await wechatOrder(receiver.url);
    await bench.pay({ outTradeNo, wait: true });
    await bench.advance("25h");

    expect(receiver.arrivals).toHaveLength(16);
    await receiver.close();
  });

  it("answers a jump only after what the time itself began was tried", async () => {
    const receiver = await openReceiver();
    const outTradeNo = `N_${++serial}`;
    const now = new Date((await bench.state()).clock.now);
    const biz = { out_trade_no: outTradeNo, total_amount: "10.00", subject: "书", buyer_id: "2088000000000001", timeout_express: "30m" };
    await callAlipay(bench, app, "alipay.trade.create", biz, { notify_url: receiver.url }, now);

    await bench.advance("1h");

    const { deliveries } = await bench.state();
    const closing = deliveries.find((delivery) => delivery.outTradeNo === outTradeNo);
    expect(closing).toMatchObject({ what: "TRADE_CLOSED", state: "delivered", attempts: [{ accepted: true }] });
    await receiver.close();
  });

  it.each([
    ["alipay", 200, "success", true],
    ["alipay", 200, " SUCCESS\n", true],
    ["alipay", 200, "ok", false],
    ["alipay", 500, "success", false],
    ["alipay", 302, "success", false],
    ["wechat", 200, '{"code":"FAIL"}', true],
    ["wechat", 204, "", true],
    ["wechat", 201, "", false],
    ["wechat", 302, "", false],
    ["wechat", 401, "", false],
  ] as const)("%s takes %i %j as accepted: %s", async (provider, status, body, accepted) => {
    const receiver = await openReceiver(() => ({ status, body }));
    const outTradeNo = provider === "alipay" ? await alipayOrder(receiver.url) : await wechatOrder(receiver.url);
    const { delivery } = await bench.pay({ outTradeNo, wait: true });

    expect(delivery?.state).toBe(accepted ? "delivered" : "pending");
    expect(receiver.arrivals).toHaveLength(1);
    await receiver.close();
  });

  it("waits five seconds for an answer", async () => {
    const receiver = await openReceiver(() => ({ status: 200, body: "success", afterMs: 6_000 }));
    const outTradeNo = await alipayOrder(receiver.url);
    const { delivery } = await bench.pay({ outTradeNo, wait: true });

    expect(delivery?.attempts[0]).toMatchObject({ accepted: false, verdict: "timeout" });
    await receiver.close();
  });
});

describe("faults of notifications", () => {
  const paidAlipay = async (kind: string, extra: object = {}) => {
    const receiver = await openReceiver();
    const outTradeNo = await alipayOrder(receiver.url);
    await bench.faults({ "notify.alipay": { kind, times: 1, ...extra } });
    const { delivery } = await bench.pay({ outTradeNo, wait: true });
    await receiver.close();
    return { outTradeNo, delivery, arrivals: receiver.arrivals };
  };
  const paidWechat = async (kind: string) => {
    const receiver = await openReceiver(() => ({ status: 204 }));
    const outTradeNo = await wechatOrder(receiver.url);
    await bench.faults({ [`notify.wechat:${merchant.mchid}`]: { kind, times: 1 } });
    await bench.pay({ outTradeNo, wait: true });
    await receiver.close();
    return receiver.arrivals[0];
  };
  const plain = (arrival: Arrival | undefined) => JSON.parse(unseal(wechatEnvelope(arrival).resource, merchant.apiV3Key));

  it("drop loses one, and the schedule brings it", async () => {
    const receiver = await openReceiver();
    const outTradeNo = await alipayOrder(receiver.url);
    await bench.faults({ "notify.alipay": { kind: "drop", times: 1 } });
    await bench.pay({ outTradeNo, wait: true });
    expect(receiver.arrivals).toHaveLength(0);
    await bench.advance("4m");

    expect(receiver.arrivals).toHaveLength(1);
    expect(await deliveryOf(outTradeNo)).toMatchObject({ state: "delivered", attempts: [{ fault: "drop" }, { accepted: true }] });
    await receiver.close();
  });

  it("repeat sends copies side by side", async () => {
    const { arrivals } = await paidAlipay("repeat", { copies: 20 });
    expect(arrivals).toHaveLength(20);
    expect(new Set(arrivals.map((arrival) => alipayFields(arrival).notify_id)).size).toBe(1);
  });

  it("late holds the first one back", async () => {
    const receiver = await openReceiver();
    const outTradeNo = await alipayOrder(receiver.url);
    await bench.faults({ "notify.alipay": { kind: "late" } });
    await bench.pay({ outTradeNo, wait: true });
    await bench.advance("9m");
    expect(receiver.arrivals).toHaveLength(0);
    await bench.advance("1m");

    expect(receiver.arrivals).toHaveLength(1);
    expect((await deliveryOf(outTradeNo))?.state).toBe("delivered");
    await receiver.close();
  });

  it("shuffle delivers the last first", async () => {
    const receiver = await openReceiver();
    const numbers = [await alipayOrder(receiver.url), await alipayOrder(receiver.url), await alipayOrder(receiver.url)];
    await bench.faults({ "notify.alipay": { kind: "shuffle" } });
    for (const outTradeNo of numbers) await bench.pay({ outTradeNo });
    await expect.poll(() => receiver.arrivals.length, { timeout: 20_000 }).toBe(3);

    expect(receiver.arrivals.map((arrival) => alipayFields(arrival).out_trade_no)).toEqual(numbers.reverse());
    await receiver.close();
  });

  it.each([
    ["wrong_amount", { total_amount: "10.01" }],
    ["wrong_app", {}],
    ["wrong_seller", {}],
    ["gbk", { charset: "gbk" }],
  ])("%s at Alipay lies, validly signed", async (kind, expected) => {
    const { arrivals } = await paidAlipay(kind);
    const fields = alipayFields(arrivals[0]);

    expect(fields).toMatchObject(expected);
    expect(isAlipaySigned(arrivals[0])).toBe(true);
    if (kind === "wrong_app") expect(fields.app_id).not.toBe(app.appId);
    if (kind === "wrong_seller") expect(fields.seller_id).not.toBe(app.sellerId);
    if (kind === "gbk")
      expect(parseForm(Buffer.from(arrivals[0]?.body ?? "", "latin1"), "gbk")).toContainEqual({ name: "subject", value: "企业付款 100%" });
  });

  it.each(["old_key", "probe", "tampered", "unsigned"])("%s at Alipay does not verify", async (kind) => {
    const { arrivals } = await paidAlipay(kind);
    expect(arrivals).toHaveLength(1);
    expect(isAlipaySigned(arrivals[0])).toBe(false);
  });

  it("wrong_amount, wrong_app and wrong_seller at WeChat Pay lie, validly signed", async () => {
    const [amount, appid, seller] = [await paidWechat("wrong_amount"), await paidWechat("wrong_app"), await paidWechat("wrong_seller")];

    expect([amount, appid, seller].every(isWechatSigned)).toBe(true);
    expect(plain(amount).amount.total).toBe(1_001);
    expect(plain(appid).appid).not.toBe(merchant.appid);
    expect(plain(seller).mchid).not.toBe(merchant.mchid);
  });

  it.each(["old_key", "probe", "tampered", "unsigned"])("%s at WeChat Pay does not verify", async (kind) => {
    const arrival = await paidWechat(kind);
    expect(arrival).toBeDefined();
    expect(isWechatSigned(arrival)).toBe(false);
    if (kind === "probe") expect(arrival?.headers["wechatpay-signature"]).toMatch(/^WECHATPAY\/SIGNTEST\//);
  });

  it("stale_timestamp at WeChat Pay is signed over a timestamp that is ten minutes old", async () => {
    const arrival = await paidWechat("stale_timestamp");
    const now = Date.parse((await bench.state()).clock.now) / 1_000;
    expect(isWechatSigned(arrival)).toBe(true);
    expect(now - Number(arrival?.headers["wechatpay-timestamp"])).toBeGreaterThanOrEqual(600);
  });
});

describe("POST /control/messages", () => {
  it("pushes a trade's news to any address, changed as asked, in parallel copies", async () => {
    const receiver = await openReceiver();
    const outTradeNo = await alipayOrder("http://127.0.0.1:9/elsewhere");
    const { attempts } = await bench.message({
      provider: "alipay",
      outTradeNo,
      channelNotifyUrl: receiver.url,
      fields: { total_amount: "9.99", subject: null },
      copies: 5,
    });

    expect(attempts).toHaveLength(5);
    expect(attempts.every(({ accepted }) => accepted)).toBe(true);
    expect(alipayFields(receiver.arrivals[0])).toMatchObject({ out_trade_no: outTradeNo, total_amount: "9.99" });
    expect(alipayFields(receiver.arrivals[0])).not.toHaveProperty("subject");
    expect(isAlipaySigned(receiver.arrivals[0])).toBe(true);
    await receiver.close();
  });

  it("pushes news of an order that nobody knows", async () => {
    const receiver = await openReceiver(() => ({ status: 404 }));
    const { attempts } = await bench.message({
      provider: "wechat",
      account: merchant.mchid,
      channelNotifyUrl: receiver.url,
      resource: { out_trade_no: "UNKNOWN_1", trade_state: "SUCCESS", amount: { total: 1, currency: "CNY" } },
    });

    expect(attempts).toMatchObject([{ accepted: false, status: 404 }]);
    expect(isWechatSigned(receiver.arrivals[0])).toBe(true);
    await receiver.close();
  });
});
