import { createPublicKey, verify } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { newAlipayApp, newWechatMerchant, openReceiver, openSimulator, type TestBench } from "../testing/harness";
import { callAlipay, callWechat, nativeOrder, type readAnswer, signedParameters } from "../testing/raw-clients";
import { REQUEST_FAULTS } from "./kinds";

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
const NATIVE = "/v3/pay/transactions/native";
const CREATE = "alipay.trade.create";
const alipayOrder = () => ({ out_trade_no: `F_${++serial}`, total_amount: "1.00", subject: "书", buyer_id: "2088000000000001" });
const wechatExists = async (outTradeNo: string) =>
  (await callWechat(bench, merchant, "GET", `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${merchant.mchid}`)).status === 200;
const alipayExists = async (outTradeNo: string) =>
  (await callAlipay(bench, app, "alipay.trade.query", { out_trade_no: outTradeNo })).node.code === "10000";

/** The answer or how it failed, with a short limit of the caller's own. */
async function tryFetch(url: string, init: RequestInit): Promise<Response | string> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(1_500) });
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    return name === "TimeoutError" ? "timeout" : (cause?.code ?? name);
  }
}

describe("faults before the deed", () => {
  it.each([
    ["refuse", /^(UND_ERR_SOCKET|ECONNRESET)$/],
    ["reset", /^(ECONNRESET|UND_ERR_SOCKET)$/],
    ["hang", /^timeout$/],
  ])("%s gives no answer and does nothing", async (kind, how) => {
    await bench.faults({ [CREATE]: { kind } });
    const biz = alipayOrder();
    expect(await tryFetch(`${bench.url}/gateway.do`, { method: "POST", body: signedParameters(app, CREATE, biz) })).toMatch(how);
    expect(await alipayExists(biz.out_trade_no)).toBe(false);
  });

  it.each([
    ["error500", 500, "SYSTEM_ERROR"],
    ["html502", 502, "<html>"],
    ["system_error", 500, "SYSTEM_ERROR"],
    ["rate_limited", 429, "FREQUENCY_LIMITED"],
  ])("%s answers %i at WeChat Pay and does nothing", async (kind, status, text) => {
    await bench.faults({ [`wechat.POST ${NATIVE}`]: { kind, times: 1 } });
    const body = nativeOrder(merchant);
    const answer = await callWechat(bench, merchant, "POST", NATIVE, body);

    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
    expect(await wechatExists(body.out_trade_no)).toBe(false);
    expect((await callWechat(bench, merchant, "POST", NATIVE, body)).status).toBe(200);
  });

  it.each([
    ["rate_limited", "40005", "isv.app-call-limited"],
    ["system_error", "20000", "isp.unknow-error"],
  ])("%s is a signed %s at Alipay and does nothing", async (kind, code, subCode) => {
    await bench.faults({ [`alipay:${app.appId}.${CREATE}`]: { kind } });
    const biz = alipayOrder();
    const { node, sign } = await callAlipay(bench, app, CREATE, biz);

    expect(node).toMatchObject({ code, sub_code: subCode });
    expect(sign).toBeTruthy();
    expect(await alipayExists(biz.out_trade_no)).toBe(false);
  });

  it.each(["error500", "html502"])("%s is a page at Alipay", async (kind) => {
    await bench.faults({ alipay: { kind, times: 1 } });
    const answer = await fetch(`${bench.url}/gateway.do`, { method: "POST", body: signedParameters(app, CREATE, alipayOrder()) });
    expect(answer.status).toBeGreaterThanOrEqual(500);
  });

  it("slow answers as usual, later", async () => {
    await bench.faults({ wechat: { kind: "slow", delayMs: 60, times: 1 } });
    const answer = await callWechat(bench, merchant, "POST", NATIVE, nativeOrder(merchant));
    const { entries } = await bench.journal();

    expect(answer.status).toBe(200);
    expect(entries.findLast((entry) => entry.fault === "slow")?.ms).toBeGreaterThanOrEqual(55);
  });
});

describe("between deed and answer", () => {
  it("late_answer lets the news of the payment overtake the answer", async () => {
    const receiver = await openReceiver(() => ({ status: 204 }));
    await bench.faults({ [`wechat.POST ${NATIVE}`]: { kind: "late_answer", delayMs: 300, times: 1 } });
    const body = nativeOrder(merchant, { notify_url: receiver.url });
    const answer = callWechat(bench, merchant, "POST", NATIVE, body).then(({ status }) => ({ status, news: receiver.arrivals.length }));
    await expect.poll(() => wechatExists(body.out_trade_no), { timeout: 20_000 }).toBe(true);
    await bench.pay({ outTradeNo: body.out_trade_no, wait: true });

    expect(await answer).toEqual({ status: 200, news: 1 });
    await receiver.close();
  });
});

describe("do_then_timeout", () => {
  it("does it and says nothing, so the same number finds it done", async () => {
    await bench.faults({ [CREATE]: { kind: "do_then_timeout", times: 1 } });
    const biz = alipayOrder();
    expect(await tryFetch(`${bench.url}/gateway.do`, { method: "POST", body: signedParameters(app, CREATE, biz) })).toBe("timeout");

    expect(await alipayExists(biz.out_trade_no)).toBe(true);
    expect((await callAlipay(bench, app, CREATE, biz)).node.code).toBe("10000");
  });

  it("comes by itself for amounts that end in 45 fen, the first time", async () => {
    const biz = { ...alipayOrder(), total_amount: "1.45" };
    const body = nativeOrder(merchant, { amount: { total: 145 } });
    expect(await tryFetch(`${bench.url}/gateway.do`, { method: "POST", body: signedParameters(app, CREATE, biz) })).toBe("timeout");
    const silent = callWechat(bench, merchant, "POST", NATIVE, body);
    silent.catch(() => {});

    expect((await callAlipay(bench, app, CREATE, biz)).node.code).toBe("10000");
    await expect.poll(() => wechatExists(body.out_trade_no), { timeout: 20_000 }).toBe(true);
    expect((await callWechat(bench, merchant, "POST", NATIVE, body)).status).toBe(200);
  });
});

describe("answers that must not be believed", () => {
  /** Whether a merchant with all keys would believe the answer. */
  const isBelievable = (answer: Awaited<ReturnType<typeof callWechat>>) => {
    const header = (name: string) => answer.headers.get(`wechatpay-${name}`) ?? "";
    const key = merchant.verificationKeys.find(({ id }) => id === header("serial"));
    const isFresh = Math.abs(Date.now() / 1_000 - Number(header("timestamp"))) < 300;
    const message = Buffer.from(`${header("timestamp")}\n${header("nonce")}\n${answer.text}\n`);
    return key !== undefined && isFresh && verify("sha256", message, createPublicKey(key.pem), Buffer.from(header("signature"), "base64"));
  };

  it.each(["bad_signature", "unsigned", "stale_timestamp", "unknown_serial", "probe"])(
    "%s at WeChat Pay: done, but the answer does not verify",
    async (kind) => {
      await bench.faults({ [`wechat:${merchant.mchid}`]: { kind, times: 1 } });
      const body = nativeOrder(merchant);
      const answer = await callWechat(bench, merchant, "POST", NATIVE, body);

      expect(answer.status).toBe(200);
      expect(isBelievable(answer)).toBe(false);
      expect(isBelievable(await callWechat(bench, merchant, "POST", NATIVE, body))).toBe(true);
      if (kind === "probe") expect(answer.headers.get("wechatpay-signature")).toMatch(/^WECHATPAY\/SIGNTEST\//);
    },
  );

  it("bad_signature and unsigned at Alipay", async () => {
    const isSigned = ({ text, sign, name }: Awaited<ReturnType<typeof readAnswer>>) => {
      const node = text.slice(`{"${name}":`.length, text.lastIndexOf(',"sign"'));
      const key = `-----BEGIN PUBLIC KEY-----\n${app.alipayPublicKey}\n-----END PUBLIC KEY-----`;
      return verify("sha256", Buffer.from(node), key, Buffer.from(sign ?? "", "base64"));
    };
    await bench.faults({ alipay: { kind: "bad_signature", times: 1 } });
    expect(isSigned(await callAlipay(bench, app, CREATE, alipayOrder()))).toBe(false);
    await bench.faults({ alipay: { kind: "unsigned", times: 1 } });
    expect((await callAlipay(bench, app, CREATE, alipayOrder())).sign).toBeUndefined();
    expect(isSigned(await callAlipay(bench, app, CREATE, alipayOrder()))).toBe(true);
  });

  it("stale_query tells the state from before the payment, validly signed", async () => {
    const biz = alipayOrder();
    const body = nativeOrder(merchant);
    await callAlipay(bench, app, CREATE, biz);
    await callWechat(bench, merchant, "POST", NATIVE, body);
    await bench.pay({ outTradeNo: biz.out_trade_no });
    await bench.pay({ outTradeNo: body.out_trade_no });
    await bench.faults({ alipay: { kind: "stale_query" }, wechat: { kind: "stale_query" } });

    const alipay = await callAlipay(bench, app, "alipay.trade.query", { out_trade_no: biz.out_trade_no });
    const wechat = await callWechat(
      bench,
      merchant,
      "GET",
      `/v3/pay/transactions/out-trade-no/${body.out_trade_no}?mchid=${merchant.mchid}`,
    );
    expect(alipay.node).toMatchObject({ trade_status: "WAIT_BUYER_PAY" });
    expect(alipay.node).not.toHaveProperty("send_pay_date");
    expect(wechat.body).toMatchObject({ trade_state: "NOTPAY" });
    expect(isBelievable(wechat)).toBe(true);
  });
});

it("wrong_amount is off by one fen in queries, validly signed", async () => {
  const biz = alipayOrder();
  const body = nativeOrder(merchant);
  await callAlipay(bench, app, CREATE, biz);
  await callWechat(bench, merchant, "POST", NATIVE, body);
  await bench.faults({ alipay: { kind: "wrong_amount" }, wechat: { kind: "wrong_amount" } });

  const alipay = await callAlipay(bench, app, "alipay.trade.query", { out_trade_no: biz.out_trade_no });
  const wechat = await callWechat(bench, merchant, "GET", `/v3/pay/transactions/out-trade-no/${body.out_trade_no}?mchid=${merchant.mchid}`);
  expect(alipay.node.total_amount).toBe("1.01");
  expect(wechat.body.amount.total).toBe(101);
});

it("names every kind in Chinese and English, and counts what struck", async () => {
  await bench.faults({ wechat: { kind: "rate_limited", times: 2 } });
  await callWechat(bench, merchant, "POST", NATIVE, nativeOrder(merchant));
  const view = await bench.control<{ kinds: { kind: string; zh: string; en: string }[]; faults: object; counts: Record<string, number> }>(
    "GET",
    "faults",
  );

  expect(view.kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(Object.keys(REQUEST_FAULTS)));
  expect(view.kinds.every(({ zh, en }) => zh && en)).toBe(true);
  expect(view.faults).toMatchObject({ wechat: { kind: "rate_limited", left: 1, struck: 1 } });
  expect(view.counts.rate_limited).toBeGreaterThan(0);
});
