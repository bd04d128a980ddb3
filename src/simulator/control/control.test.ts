import { statSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newAlipayApp, newWechatMerchant, openReceiver, openSimulator, otherKeys, type TestBench } from "../testing/harness";
import { callAlipay, callWechat, nativeOrder, signedParameters } from "../testing/raw-clients";
import type { FaultsOutput, SeenTrade } from "./types";

let bench: TestBench;
beforeAll(async () => {
  bench = await openSimulator();
});
afterAll(() => bench.close());

/** A request with headers that fetch would not let us set. */
function raw(route: string, headers: Record<string, string>, method = "GET", body = ""): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      bench.url + route,
      { method, headers: { ...headers, "content-length": Buffer.byteLength(body) } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

describe("who may control", () => {
  it.each([
    [{ host: "pay.example.com" }, 403],
    [{ host: "127.0.0.1.example.com" }, 403],
    [{ host: "localhost", origin: "https://evil.example" }, 403],
    [{ host: "localhost:3100", origin: "http://localhost:3100" }, 200],
    [{ host: "[::1]:3100" }, 200],
  ])("answers %j with %i", async (headers, status) => {
    expect(await raw("/control/state", headers as Record<string, string>)).toBe(status);
  });

  it("takes JSON only, so that no form of another site can post here", async () => {
    expect(await raw("/control/reset", { host: "localhost", "content-type": "text/plain" }, "POST", "{}")).toBe(415);
  });

  it.each([
    ["POST", "pay", {}],
    ["POST", "accounts", { provider: "alipay", appId: "1", sellerId: "2", appPublicKey: "x" }],
    ["POST", "clock", { advance: "soon" }],
    ["PUT", "faults", { alipay: { kind: "no_such_kind" } }],
    ["PUT", "faults", { alipay: { kind: "hang", times: 0 } }],
  ])("refuses %s %s %j with 400", async (method, route, body) => {
    await expect(bench.control(method, route, body)).rejects.toMatchObject({ status: 400 });
  });

  it("refuses a key that is none, and answers 404 for what is not there", async () => {
    const account = { provider: "alipay", appId: "2021000000000001", sellerId: "2088000000000001", appPublicKey: "bm90IGEga2V5" };
    await expect(bench.control("POST", "accounts", account)).rejects.toMatchObject({ status: 400, error: "bad_key" });
    await expect(bench.control("GET", "nothing")).rejects.toMatchObject({ status: 404 });
    await expect(bench.pay({ outTradeNo: "NOTHING" })).rejects.toMatchObject({ status: 404, error: "not_found" });
  });
});

describe("accounts", () => {
  it("gives two registrations at once the same keys, and keeps them afterwards", async () => {
    const { publicKey } = otherKeys();
    const account = { provider: "alipay", appId: "2021000000000002", sellerId: "2088000000000002", appPublicKey: publicKey };
    const [a, b] = await Promise.all([bench.control("POST", "accounts", account), bench.control("POST", "accounts", account)]);
    const c = await bench.control("POST", "accounts", account);

    expect(a).toEqual(b);
    expect(a).toEqual(c);
  });

  it("shows no private key and no APIv3 key in its state or its journal", async () => {
    const merchant = await newWechatMerchant(bench);
    const shown = JSON.stringify([await bench.state(), await bench.journal()]);

    expect(shown).toContain(merchant.mchid);
    expect(shown).not.toContain(merchant.apiV3Key);
    expect(shown).not.toContain("PRIVATE KEY");
  });
});

it("scans a WeChat code as a phone does, and says who pays where", async () => {
  const merchant = await newWechatMerchant(bench);
  const body = nativeOrder(merchant);
  const { body: answer } = await callWechat(bench, merchant, "POST", "/v3/pay/transactions/native", body);
  const seen = await bench.control<{ cashierUrl: string; code: string }>("POST", "scan", { code: answer.code_url });

  expect(seen).toMatchObject({ outTradeNo: body.out_trade_no, code: answer.code_url, state: "NOTPAY" });
  expect(await (await fetch(bench.url + seen.cashierUrl)).text()).toContain("测试商品");
});

it("tells a phone who is paid and the way back to the shop, signed once it is paid", async () => {
  const app = await newAlipayApp(bench);
  const biz = { out_trade_no: "WAY_BACK_1", total_amount: "1.00", subject: "书", product_code: "FAST_INSTANT_TRADE_PAY" };
  const body = signedParameters(app, "alipay.trade.page.pay", biz, { return_url: "https://shop.example/back?a=1" });
  await fetch(`${bench.url}/gateway.do`, { method: "POST", body, redirect: "manual" });
  const seen = await bench.control<SeenTrade>("POST", "scan", { outTradeNo: "WAY_BACK_1" });
  const { trade } = await bench.pay({ outTradeNo: "WAY_BACK_1" });

  expect(seen).toMatchObject({ payee: `商户 ${app.sellerId}`, backUrl: "https://shop.example/back?a=1" });
  const back = new URL(trade.backUrl ?? "");
  expect(back.searchParams.get("a")).toBe("1");
  expect(back.searchParams.get("trade_no")).toBe(trade.tradeNo);
  expect(back.searchParams.get("sign")).toBeTruthy();
});

it("tries one delivery alone, and says so when there is nothing to try", async () => {
  const receiver = await openReceiver(() => ({ status: 500 }));
  const merchant = await newWechatMerchant(bench);
  for (const outTradeNo of ["ALONE_1", "ALONE_2"]) {
    const order = nativeOrder(merchant, { out_trade_no: outTradeNo, notify_url: receiver.url });
    await callWechat(bench, merchant, "POST", "/v3/pay/transactions/native", order);
    await bench.pay({ outTradeNo, wait: true });
  }
  const { deliveries } = await bench.state();
  const one = deliveries.find(({ outTradeNo }) => outTradeNo === "ALONE_1");

  expect(await bench.control("POST", "deliveries/run", { id: one?.id })).toMatchObject({ attempts: [{ status: 500 }] });
  const tries = Object.fromEntries((await bench.state()).deliveries.map(({ outTradeNo, attempts }) => [outTradeNo, attempts.length]));
  expect(tries).toMatchObject({ ALONE_1: 2, ALONE_2: 1 });
  await expect(bench.control("POST", "deliveries/run", { id: "dl_none" })).rejects.toMatchObject({ status: 404 });
  await receiver.close();
});

it("names every method and route that a switch may stand on", async () => {
  const { routes } = await bench.control<FaultsOutput>("GET", "faults");
  expect(routes.alipay).toContain("alipay.trade.precreate");
  expect(routes.wechat).toContain("GET /v3/pay/transactions/out-trade-no/{out_trade_no}");
});

it("asks for the account when two use one number", async () => {
  const [one, two] = [await newWechatMerchant(bench), await newWechatMerchant(bench)];
  await callWechat(bench, one, "POST", "/v3/pay/transactions/native", nativeOrder(one, { out_trade_no: "SHARED_1" }));
  await callWechat(bench, two, "POST", "/v3/pay/transactions/native", nativeOrder(two, { out_trade_no: "SHARED_1" }));

  await expect(bench.pay({ outTradeNo: "SHARED_1" })).rejects.toMatchObject({ status: 409, error: "ambiguous" });
  expect((await bench.pay({ outTradeNo: "SHARED_1", account: two.mchid })).trade.account).toBe(two.mchid);
});

it("streams the journal and changes as they happen", async () => {
  const abort = new AbortController();
  const stream = await fetch(`${bench.url}/control/stream`, { signal: abort.signal });
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  await bench.faults({ alipay: { kind: "hang" } });
  await bench.faults({});
  let text = "";
  while (!text.includes("PUT /control/faults")) text += (await reader?.read())?.value ?? "";

  expect(text).toContain("event: change");
  expect(text).toContain("event: journal");
  abort.abort();
});

it("pages through the journal by sequence number", async () => {
  const { last } = await bench.journal();
  await bench.faults({});
  const { entries } = await bench.journal(`?after=${last}`);
  expect(entries.map(({ what, seq }) => [what, seq])).toEqual([["PUT /control/faults", last + 1]]);
});

it("keeps accounts, keys, trades, deliveries, switches and the journal's tail over a restart, in a file of its owner's", async () => {
  const receiver = await openReceiver(() => ({ status: 200, body: "fail" }));
  const app = await newAlipayApp(bench);
  const biz = { out_trade_no: "KEPT_1", total_amount: "1.00", subject: "书", buyer_id: "2088000000000001" };
  await callAlipay(bench, app, "alipay.trade.create", biz, { notify_url: receiver.url });
  await bench.pay({ outTradeNo: "KEPT_1", wait: true });
  await bench.faults({ "alipay.trade.refund": { kind: "hang", times: 3 } });
  const before = await bench.state();
  await bench.restart();

  const after = await bench.state();
  expect(after.accounts).toEqual(before.accounts);
  expect(after.trades).toEqual(before.trades);
  expect(after.deliveries).toEqual(before.deliveries);
  expect(after.journalLast).toBeGreaterThan(0);
  expect(await bench.control("GET", "faults")).toMatchObject({ faults: { "alipay.trade.refund": { kind: "hang", left: 3 } } });
  expect(statSync(path.join(bench.dataDir, "simulator", "state.json")).mode & 0o777).toBe(0o600);
  const { node } = await callAlipay(bench, app, "alipay.trade.query", { out_trade_no: "KEPT_1" });
  expect(node.trade_status).toBe("TRADE_SUCCESS");

  await bench.advance("4m");
  expect(receiver.arrivals).toHaveLength(2);
  await bench.control("POST", "clock", { reset: true });
  await receiver.close();
});

it("forgets trades on reset and keeps accounts unless told otherwise", async () => {
  const app = await newAlipayApp(bench);
  await bench.control("POST", "reset", {});
  const kept = await bench.state();
  expect(kept.trades).toEqual([]);
  expect(kept.accounts.some(({ account }) => account === app.appId)).toBe(true);

  await bench.control("POST", "reset", { accounts: true });
  expect((await bench.state()).accounts).toEqual([]);
});

it("WEB-01 serves a page that runs its own files only and lets nobody frame it", async () => {
  const page = await fetch(`${bench.url}/`);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toContain("text/html");
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/frame-ancestors '(none|self)'/);
});
