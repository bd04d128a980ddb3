import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newWechatMerchant, openReceiver, openSimulator, otherKeys, type TestBench } from "../testing/harness";
import { callWechat, nativeOrder, type WechatChange } from "../testing/raw-clients";
import { unseal } from "./sign";

let bench: TestBench;
let merchant: Awaited<ReturnType<typeof newWechatMerchant>>;
beforeAll(async () => {
  bench = await openSimulator();
  merchant = await newWechatMerchant(bench);
});
afterAll(() => bench.close());

const there = async () => Math.floor(Date.parse((await bench.state()).clock.now) / 1_000);
const call = async (method: string, target: string, body?: unknown, change: WechatChange = {}) =>
  callWechat(bench, merchant, method, target, body, { timestamp: await there(), ...change });
const NATIVE = "/v3/pay/transactions/native";
const order = (extra: object = {}) => nativeOrder(merchant, extra);
const withAnotherSignature = (authorization: string) =>
  authorization.replace(/signature="(.)/, (_, first) => `signature="${first === "A" ? "B" : "A"}`);
const byNumber = (outTradeNo: string) => `/v3/pay/transactions/out-trade-no/${outTradeNo}`;
const query = (outTradeNo: string) => call("GET", `${byNumber(outTradeNo)}?mchid=${merchant.mchid}`);
const close = (outTradeNo: string) => call("POST", `${byNumber(outTradeNo)}/close`, { mchid: merchant.mchid });

describe("the request's signature", () => {
  it.each<[string, WechatChange]>([
    ["no Authorization", { headers: { authorization: undefined } }],
    ["another scheme", { authorization: (text) => text.replace("RSA2048", "RSA4096") }],
    ["a missing part", { authorization: (text) => text.replace(/,timestamp="\d+"/, "") }],
    ["an unknown serial", { authorization: (text) => text.replace(/serial_no="\w+"/, 'serial_no="AAAA"') }],
    ["an unknown merchant", { authorization: (text) => text.replace(/mchid="\d+"/, 'mchid="1000000000"') }],
    ["a stale timestamp", { timestamp: Math.floor(Date.now() / 1_000) - 301 }],
    ["a timestamp from the future", { timestamp: Math.floor(Date.now() / 1_000) + 330 }],
    ["milliseconds", { timestamp: Date.now() }],
    ["a long nonce", { authorization: (text) => text.replace(/nonce_str="(\w+)"/, 'nonce_str="$1x"') }],
    ["a signature over another body", { authorization: withAnotherSignature }],
  ])("refuses %s with an unsigned 401", async (_what, change) => {
    const answer = await callWechat(bench, merchant, "POST", NATIVE, order(), change);

    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe("SIGN_ERROR");
    expect(answer.headers.get("wechatpay-signature")).toBeNull();
    expect(answer.headers.get("request-id")).toBeTruthy();
  });

  it("shows what it verified, with the first eight bytes of the body only", async () => {
    const answer = await call("POST", NATIVE, order(), { authorization: withAnotherSignature });
    const { sign_information } = answer.body.detail;

    expect(answer.body.detail).toMatchObject({ detail: { issue: "sign not match" }, field: "signature", location: "authorization" });
    expect(sign_information).toMatchObject({ method: "POST", url: NATIVE });
    expect(sign_information.truncated_sign_message.split("\n")[4]).toBe('{"appid"');
  });

  it("covers the raw target: another order of the query is another signature", async () => {
    const swapped = (text: string) => text;
    const answer = await call("GET", `${byNumber("NOTHING")}?mchid=${merchant.mchid}&x=%7C`, undefined, { authorization: swapped });
    expect(answer.body.code).toBe("ORDER_NOT_EXIST");
  });

  it("reads the five values in any order", async () => {
    const reversed = (text: string) => {
      const [scheme = "", rest = ""] = text.split(/ (.*)/s);
      return `${scheme} ${rest.split(",").reverse().join(",")}`;
    };
    expect((await call("POST", NATIVE, order(), { authorization: reversed })).status).toBe(200);
  });

  it.each(["accept", "user-agent"])("wants the header %s", async (name) => {
    const answer = await call("POST", NATIVE, order(), { headers: { [name]: "" } });
    expect(answer).toMatchObject({ status: 400, body: { code: "PARAM_ERROR" } });
  });
});

describe("the fields of an order", () => {
  it.each([
    ["no description", { description: undefined }],
    ["a long description", { description: "书".repeat(128) }],
    ["a number for a text", { description: 1 }],
    ["a short number", { out_trade_no: "12345" }],
    ["a long number", { out_trade_no: "x".repeat(33) }],
    ["a character outside the set", { out_trade_no: "abc/def" }],
    ["a total of nothing", { amount: { total: 0 } }],
    ["a negative total", { amount: { total: -1 } }],
    ["a fraction", { amount: { total: 0.01 } }],
    ["a text as total", { amount: { total: "100" } }],
    ["another currency", { amount: { total: 100, currency: "USD" } }],
    ["a long attachment", { attach: "x".repeat(129) }],
    ["a notify address with a query", { notify_url: "https://a.test/x?y=1" }],
    ["a notify address without TLS", { notify_url: "http://a.test/x" }],
    ["a notify address without a path", { notify_url: "https://a.test" }],
    ["an unreadable expiry", { time_expire: "2026-01-01 00:00:00" }],
    ["an expiry that does not exist", { time_expire: "2026-02-30T25:00:00+08:00" }],
    ["goods without a quantity", { detail: { goods_detail: [{ merchant_goods_id: "1", unit_price: 1 }] } }],
  ])("refuses %s with 400 PARAM_ERROR", async (_what, extra) => {
    expect(await call("POST", NATIVE, order(extra))).toMatchObject({ status: 400, body: { code: "PARAM_ERROR" } });
  });

  it.each(["1.0", "1e2", "100.5"])("refuses %s as a total: the raw text must be an integer", async (total) => {
    const rawBody = JSON.stringify(order()).replace('"total":100', `"total":${total}`);
    const answer = await call("POST", NATIVE, undefined, { rawBody });

    expect(answer).toMatchObject({ status: 400, body: { code: "PARAM_ERROR", detail: { location: "body" } } });
    expect(answer.body.message).toContain("/body/amount/total");
  });

  it("refuses what is not JSON, and another content type", async () => {
    expect((await call("POST", NATIVE, undefined, { rawBody: "{" })).body.code).toBe("PARAM_ERROR");
    expect((await call("POST", NATIVE, order(), { headers: { "content-type": "text/plain" } })).body.code).toBe("PARAM_ERROR");
  });

  it("wants the appid and the mchid of the signer", async () => {
    expect((await call("POST", NATIVE, order({ appid: "wx0000000000000000" }))).body.code).toBe("APPID_MCHID_NOT_MATCH");
    expect((await call("POST", NATIVE, order({ mchid: "1000000000" }))).body.code).toBe("MCH_NOT_EXISTS");
    const other = await newWechatMerchant(bench);
    expect((await call("POST", NATIVE, order({ mchid: other.mchid }))).body.code).toBe("INVALID_REQUEST");
  });

  it("wants the payer for JSAPI, and the scene for H5", async () => {
    expect((await call("POST", "/v3/pay/transactions/jsapi", order())).body.code).toBe("PARAM_ERROR");
    expect((await call("POST", "/v3/pay/transactions/h5", order())).body.code).toBe("PARAM_ERROR");
    const wrongIp = order({ scene_info: { payer_client_ip: "here", h5_info: { type: "Wap" } } });
    expect((await call("POST", "/v3/pay/transactions/h5", wrongIp)).body.code).toBe("PARAM_ERROR");
  });

  it("answers each kind with its own ticket", async () => {
    const jsapi = await call("POST", "/v3/pay/transactions/jsapi", order({ payer: { openid: "oX" } }));
    const app = await call("POST", "/v3/pay/transactions/app", order());
    const h5 = await call("POST", "/v3/pay/transactions/h5", order({ scene_info: { payer_client_ip: "::1", h5_info: { type: "iOS" } } }));

    expect(jsapi.body.prepay_id).toMatch(/^wx\d{8}\w{26}$/);
    expect(app.body.prepay_id).toMatch(/^wx/);
    expect(h5.body.h5_url).toContain("/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx");
    expect(await (await fetch(`${h5.body.h5_url}&redirect_url=${encodeURIComponent("http://127.0.0.1:9/back")}`)).text()).toContain("付款");
  });
});

describe("one number, one order", () => {
  it("renews the ticket for identical parameters and refuses any other", async () => {
    const body = order();
    const first = await call("POST", NATIVE, body);
    const second = await call("POST", NATIVE, body);
    expect(second.body.code_url).not.toBe(first.body.code_url);

    for (const change of [
      { amount: { total: 101 } },
      { description: "另一件" },
      { attach: "x" },
      { time_expire: "2030-01-01T00:00:00+08:00" },
    ]) {
      expect(await call("POST", NATIVE, { ...body, ...change })).toMatchObject({
        status: 400,
        body: { code: "INVALID_REQUEST", message: "201 商户订单号重复" },
      });
    }
    const asJsapi = await call("POST", "/v3/pay/transactions/jsapi", { ...body, payer: { openid: "oX" } });
    expect(asJsapi.body.message).toBe("201 商户订单号重复");
  });

  it("refuses to place a paid or closed order again", async () => {
    const [paid, closed] = [order(), order()];
    await call("POST", NATIVE, paid);
    await call("POST", NATIVE, closed);
    await bench.pay({ outTradeNo: paid.out_trade_no });
    await close(closed.out_trade_no);

    expect((await call("POST", NATIVE, paid)).body.code).toBe("ORDERPAID");
    expect((await call("POST", NATIVE, closed)).body.code).toBe("INVALID_REQUEST");
  });
});

describe("query and close", () => {
  it("knows the transaction id only once the order is paid", async () => {
    const body = order();
    await call("POST", NATIVE, body);
    expect((await query(body.out_trade_no)).body).toMatchObject({ trade_state: "NOTPAY", promotion_detail: [] });
    await bench.pay({ outTradeNo: body.out_trade_no });

    const paid = (await query(body.out_trade_no)).body;
    expect(paid).toMatchObject({
      trade_state: "SUCCESS",
      transaction_id: expect.stringMatching(/^4200\d{24}$/),
      success_time: expect.stringMatching(/\+08:00$/),
    });
    const byId = await call("GET", `/v3/pay/transactions/id/${paid.transaction_id}?mchid=${merchant.mchid}`);
    expect(byId.body.out_trade_no).toBe(body.out_trade_no);
  });

  it("answers what does not exist, and what is not asked for by its owner", async () => {
    expect(await query("NO_SUCH_ORDER")).toMatchObject({ status: 404, body: { code: "ORDER_NOT_EXIST" } });
    expect(await close("NO_SUCH_ORDER")).toMatchObject({ status: 404, body: { code: "ORDER_NOT_EXIST" } });
    expect((await call("GET", byNumber("NO_SUCH_ORDER"))).body.code).toBe("PARAM_ERROR");
    expect((await call("GET", `/v3/pay/transactions/id/4200000000000000000000000000?mchid=${merchant.mchid}`)).status).toBe(404);
    expect(await call("GET", "/v3/no/such/thing")).toMatchObject({ status: 404, body: { code: "RESOURCE_NOT_EXISTS" } });
  });

  it("closes the unpaid once", async () => {
    const [open, paid] = [order(), order()];
    await call("POST", NATIVE, open);
    await call("POST", NATIVE, paid);
    await bench.pay({ outTradeNo: paid.out_trade_no });

    const closed = await close(open.out_trade_no);
    expect(closed).toMatchObject({ status: 204, text: "" });
    expect(closed.headers.get("wechatpay-signature")).toBeTruthy();
    expect((await query(open.out_trade_no)).body.trade_state).toBe("CLOSED");
    expect((await close(open.out_trade_no)).body.code).toBe("ORDER_CLOSED");
    expect((await close(paid.out_trade_no)).body.code).toBe("ORDERPAID");
  });

  it("leaves an order open after time_expire, unpayable, and closes one without a limit after seven days", async () => {
    const limited = order({ time_expire: new Date(((await there()) + 3_600) * 1_000).toISOString().replace(/\.\d+Z/, "Z") });
    const unlimited = order();
    await call("POST", NATIVE, limited);
    await call("POST", NATIVE, unlimited);
    await bench.advance("2h");

    expect((await query(limited.out_trade_no)).body.trade_state).toBe("NOTPAY");
    await expect(bench.pay({ outTradeNo: limited.out_trade_no })).rejects.toMatchObject({ error: "trade_expired" });
    await bench.advance("7d");
    expect((await query(unlimited.out_trade_no)).body.trade_state).toBe("CLOSED");
  });
});

describe("refunds", () => {
  const REFUNDS = "/v3/refund/domestic/refunds";
  const paidOrder = async (total = 1_000) => {
    const body = order({ amount: { total } });
    await call("POST", NATIVE, body);
    await bench.pay({ outTradeNo: body.out_trade_no });
    return body.out_trade_no;
  };
  const refund = (outTradeNo: string, outRefundNo: string, cents: number, extra: object = {}) =>
    call("POST", REFUNDS, {
      out_trade_no: outTradeNo,
      out_refund_no: outRefundNo,
      amount: { refund: cents, total: 1_000, currency: "CNY" },
      ...extra,
    });

  it("accepts, repeats, refuses other values, and never gives back more than was paid", async () => {
    const outTradeNo = await paidOrder();
    const first = await refund(outTradeNo, "ra", 600);
    expect(first).toMatchObject({ status: 200, body: { status: "PROCESSING", refund_id: expect.stringMatching(/^50\d{27}$/) } });
    expect((await refund(outTradeNo, "ra", 600)).body.refund_id).toBe(first.body.refund_id);
    expect((await refund(outTradeNo, "ra", 500)).body).toMatchObject({
      code: "INVALID_REQUEST",
      message: expect.stringContaining("不一致"),
    });
    expect((await refund(outTradeNo, "rb", 401)).body).toMatchObject({ code: "INVALID_REQUEST", message: "申请退款金额超过订单可退金额" });
    expect(await refund(outTradeNo, "rb", 400)).toMatchObject({ status: 429, body: { code: "FREQUENCY_LIMITED" } });
    expect((await query(outTradeNo)).body.trade_state).toBe("REFUND");

    await bench.advance("2m");
    expect((await refund(outTradeNo, "rb", 400)).status).toBe(200);
    expect((await call("GET", `${REFUNDS}/ra`)).body).toMatchObject({ status: "SUCCESS", success_time: expect.any(String) });
  });

  it("names the order by its number or its transaction id, and wants its true total", async () => {
    const outTradeNo = await paidOrder();
    const { transaction_id } = (await query(outTradeNo)).body;
    expect((await refund("", "rc", 1, { out_trade_no: undefined })).body.code).toBe("PARAM_ERROR");
    expect((await refund("NO_SUCH_ORDER", "rc", 1)).body.code).toBe("RESOURCE_NOT_EXISTS");
    expect((await refund(outTradeNo, "rc", 1, { amount: { refund: 1, total: 999, currency: "CNY" } })).body.code).toBe("INVALID_REQUEST");
    expect((await refund("", "rc", 1, { out_trade_no: undefined, transaction_id })).status).toBe(200);
    expect((await call("GET", `${REFUNDS}/none`)).body.code).toBe("RESOURCE_NOT_EXISTS");
  });

  it("refuses an unpaid order, one paid a year ago, and a 51st refund", async () => {
    const unpaid = order({ amount: { total: 1_000 } });
    await call("POST", NATIVE, unpaid);
    expect(await refund(unpaid.out_trade_no, "rd", 1)).toMatchObject({ status: 403, body: { code: "TRADE_ERROR" } });

    const many = await paidOrder();
    await bench.control("POST", "rules", { mchid: merchant.mchid, refundGapMinute: false });
    for (let index = 0; index < 50; index++) expect((await refund(many, `many${index}`, 1)).status).toBe(200);
    expect((await refund(many, "many50", 1)).body.message).toContain("50");

    const old = await paidOrder();
    await bench.advance("366d");
    expect((await refund(old, "re", 1)).body.code).toBe("INVALID_REQUEST");
  });

  it("ends as told: abnormal, on to another card, closed; and each end is news without appid", async () => {
    const receiver = await openReceiver(() => ({ status: 200 }));
    const outTradeNo = await paidOrder();
    const { body } = await refund(outTradeNo, "rf", 300, { notify_url: receiver.url });
    await bench.control("POST", "refund", { outRefundNo: "rf", outcome: "abnormal" });
    expect((await call("GET", `${REFUNDS}/rf`)).body.status).toBe("ABNORMAL");
    const applied = await call("POST", `${REFUNDS}/${body.refund_id}/apply-abnormal-refund`, {
      out_refund_no: "rf",
      type: "MERCHANT_BANK_CARD",
    });
    expect(applied.body.status).toBe("PROCESSING");
    await bench.control("POST", "refund", { outRefundNo: "rf", outcome: "closed" });
    await bench.control("POST", "deliveries/run", {});

    const news = receiver.arrivals.map((arrival) => JSON.parse(Buffer.from(arrival.body, "latin1").toString("utf8")));
    expect(news.map(({ event_type }) => event_type)).toEqual(["REFUND.ABNORMAL", "REFUND.CLOSED"]);
    const resource = JSON.parse(unseal(news[0].resource, merchant.apiV3Key));
    expect(resource).toMatchObject({ refund_status: "ABNORMAL", out_refund_no: "rf", amount: { refund: 300, total: 1_000 } });
    expect(resource).not.toHaveProperty("appid");
    await receiver.close();
  });
});

describe("platform keys", () => {
  const ids = () => merchant.verificationKeys.map(({ id }) => id);
  const mode = (body: object) => bench.control<{ verificationKeys: { id: string }[] }>("POST", "keys", { mchid: merchant.mchid, ...body });
  const signer = async (wanted?: string) =>
    (await call("POST", NATIVE, order(), { headers: { "wechatpay-serial": wanted } })).headers.get("wechatpay-serial");

  it("with certificates only, ignores the public key's id", async () => {
    await mode({ mode: "certificates" });
    expect(await signer(ids()[0])).toBe(ids()[1]);
  });

  it("with the public key only, has no certificates to give", async () => {
    await mode({ mode: "public_key" });
    expect(await signer()).toBe(ids()[0]);
    expect(await call("GET", "/v3/certificates")).toMatchObject({ status: 404, body: { code: "RESOURCE_NOT_EXISTS" } });
  });

  it("in a rotation, offers both certificates and signs with the newer one unless the older is named", async () => {
    const { verificationKeys } = await mode({ mode: "rotation" });
    const [, older, newer] = verificationKeys.map(({ id }) => id);
    expect(
      (await call("GET", "/v3/certificates?algorithm_type=RSA")).body.data.map(({ serial_no }: { serial_no: string }) => serial_no),
    ).toEqual([older, newer]);
    expect(await signer()).toBe(newer);
    expect(await signer(older)).toBe(older);
  });

  it("in the grey phase, signs the stated share of notifications with the public key", async () => {
    const receiver = await openReceiver(() => ({ status: 204 }));
    await mode({ mode: "grey", percent: 20 });
    for (let index = 0; index < 10; index++) {
      const body = order({ notify_url: receiver.url });
      await call("POST", NATIVE, body);
      await bench.pay({ outTradeNo: body.out_trade_no, wait: true });
    }
    expect(receiver.arrivals.filter(({ headers }) => headers["wechatpay-serial"] === ids()[0])).toHaveLength(2);
    await receiver.close();
  });
});

it("keeps its keys when a merchant registers again, and takes the merchant's new key", async () => {
  const keys = otherKeys();
  const own = await newWechatMerchant(bench);
  const again = await bench.control("POST", "accounts", {
    provider: "wechat",
    mchid: own.mchid,
    appid: own.appid,
    merchantSerial: own.serial,
    merchantPublicKey: keys.publicKey,
    apiV3Key: own.apiV3Key,
  });
  expect(again).toEqual({ verificationKeys: own.verificationKeys });

  const timestamp = await there();
  expect((await callWechat(bench, own, "POST", NATIVE, nativeOrder(own), { timestamp })).status).toBe(401);
  expect((await callWechat(bench, { ...own, privateKey: keys.privateKey }, "POST", NATIVE, nativeOrder(own), { timestamp })).status).toBe(
    200,
  );
});

it("stands for WeChat's JSBridge: opens the cashier for a true paySign only", async () => {
  const { body } = await call("POST", "/v3/pay/transactions/jsapi", order({ payer: { openid: "oX" } }));
  const { sign } = await import("node:crypto");
  const part = { appId: merchant.appid, timeStamp: "1767225600", nonceStr: "abc", package: `prepay_id=${body.prepay_id}` };
  const paySign = sign("sha256", Buffer.from(`${Object.values(part).join("\n")}\n`), merchant.privateKey).toString("base64");
  const open = (query: Record<string, string>) => fetch(`${bench.url}/jsapi?${new URLSearchParams(query)}`);

  expect(await (await open({ ...part, signType: "RSA", paySign })).text()).toContain("付款");
  expect((await open({ ...part, signType: "RSA", paySign, timeStamp: "1767225601" })).status).toBe(400);
});
