import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { AppError, ProviderError } from "~/lib/errors";
import { fen } from "~/lib/money";
import { keyRing, merchantPrivateKey, vectors, verificationKey, wechatChannel } from "~tests/fixtures/wechat/channel";
import { type Arrived, type Reply, refusal, scriptedGateway, signed } from "~tests/fixtures/wechat/gateway";
import type { CreateTrade } from "../port";
import { signText } from "../rsa";
import { closeTransport } from "../transport";
import { requestMessage } from "./sign";
import { wechatTrades } from "./trade";

const NOW = new Date("2026-01-01T00:00:00Z");
const OPTIONS = { now: () => NOW, deadlineMs: 2_000 };
const NUMBER = "txn_0123456789abcdefghjkmnpqrs";
const TRADE: CreateTrade = {
  method: "wechat_native",
  outTradeNo: NUMBER,
  amount: fen(1999n),
  subject: "年度会员 ¥19.99",
  body: null,
  expiresAt: new Date("2026-01-01T00:30:00Z"),
  returnUrl: "https://pay.example.test/checkout/x?a=1&b=2",
};
const transaction = (changes: Record<string, unknown> = {}) => ({
  ...JSON.parse(vectors.notification.plaintext),
  out_trade_no: NUMBER,
  ...changes,
});
const unpaid = (trade_state: string) => ({
  mchid: vectors.mchid,
  appid: vectors.appid,
  out_trade_no: NUMBER,
  trade_state,
  trade_state_desc: "订单未支付",
  amount: { total: 1999, currency: "CNY" },
});

let gateway: Awaited<ReturnType<typeof scriptedGateway>>;
beforeAll(async () => {
  gateway = await scriptedGateway();
});
afterEach(() => closeTransport());
afterAll(() => gateway.stop());

const channel = (changes: Parameters<typeof wechatChannel>[0] = {}) => wechatChannel({ baseUrl: gateway.url, ...changes });
const create = (changes: Partial<CreateTrade> = {}) => wechatTrades.create(channel(), { ...TRADE, ...changes }, OPTIONS);
const query = () => wechatTrades.query(channel(), NUMBER, OPTIONS);
const close = () => wechatTrades.close(channel(), NUMBER, OPTIONS);
const failure = async (call: Promise<unknown>): Promise<ProviderError> => {
  const error = await call.then(
    (value) => new Error(`did not fail: ${inspect(value)}`),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
};
const isQuery = ({ method }: Arrived) => method === "GET";
const isClose = ({ target }: Arrived) => target.endsWith("/close");

describe("create", () => {
  it("asks for a native order and answers the code", async () => {
    gateway.says(() => signed(200, { code_url: "weixin://wxpay/bizpayurl?pr=Ex4mpl3zz" }, NOW));

    const launch = await create();

    expect(launch).toEqual({ kind: "qr", text: "weixin://wxpay/bizpayurl?pr=Ex4mpl3zz", expiresAt: TRADE.expiresAt });
    expect(JSON.parse(gateway.requests[0]?.body ?? "")).toEqual({
      appid: vectors.appid,
      mchid: vectors.mchid,
      description: "年度会员 ¥19.99",
      out_trade_no: NUMBER,
      time_expire: "2026-01-01T08:30:00+08:00",
      notify_url: "https://pay.example.test/api/payment/wechat/notify/chn_test",
      amount: { total: 1999, currency: "CNY" },
    });
    expect(gateway.requests[0]?.body).toContain('"total":1999,');
  });

  it("signs what it sends, byte for byte, and says which key it wants", async () => {
    gateway.says(() => signed(200, { code_url: "weixin://wxpay/bizpayurl?pr=1" }, NOW));

    await wechatTrades.create(channel({ baseUrl: `${gateway.url}/prefix` }), TRADE, OPTIONS);

    const [{ target, headers, body } = { target: "", headers: {}, body: "" }] = gateway.requests;
    expect(target).toBe("/prefix/v3/pay/transactions/native");
    expect(headers).toMatchObject({
      accept: "application/json",
      "content-type": "application/json",
      "user-agent": expect.stringMatching(/.+/),
      "wechatpay-serial": vectors.platformKeyId,
    });
    const sent = Object.fromEntries(
      [...String(headers.authorization).matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    const message = requestMessage({ method: "POST", target, body }, sent.timestamp ?? "", sent.nonce_str ?? "");
    expect(sent.signature).toBe(await signText(message, merchantPrivateKey));
  });

  it("asks for a JSAPI order of this payer and answers signed parameters", async () => {
    gateway.says(() => signed(200, { prepay_id: "wx01080000000000000000000000000000" }, NOW));

    const launch = await create({ method: "wechat_jsapi", openid: "oExampleOpenid000000000000001" });

    expect(launch).toMatchObject({
      kind: "jsapi",
      params: { appId: vectors.appid, package: "prepay_id=wx01080000000000000000000000000000", signType: "RSA", timeStamp: "1767225600" },
    });
    expect(gateway.requests[0]?.target).toBe("/v3/pay/transactions/jsapi");
    expect(JSON.parse(gateway.requests[0]?.body ?? "").payer).toEqual({ openid: "oExampleOpenid000000000000001" });
  });

  it("asks for an H5 order from this address and sends the buyer back afterwards", async () => {
    const h5 = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2";
    gateway.says(() => signed(200, { h5_url: h5 }, NOW));

    const launch = await create({ method: "wechat_h5", clientIp: "2001:db8::1" });

    expect(launch).toEqual({
      kind: "redirect",
      url: `${h5}&redirect_url=https%3A%2F%2Fpay.example.test%2Fcheckout%2Fx%3Fa%3D1%26b%3D2`,
      expiresAt: new Date(NOW.getTime() + 300_000),
    });
    expect(JSON.parse(gateway.requests[0]?.body ?? "").scene_info).toEqual({ payer_client_ip: "2001:db8::1", h5_info: { type: "Wap" } });
  });

  it("IN-08 sends a description of at most 127 characters without four-byte characters and control characters", async () => {
    gateway.says(() => signed(200, { code_url: "weixin://wxpay/bizpayurl?pr=1" }, NOW));
    const described = async (subject: string) => {
      await create({ subject });
      return JSON.parse(gateway.requests.at(-1)?.body ?? "").description;
    };

    expect(await described("茶叶😀 500g\r\n第二行\u0000\ud800")).toBe("茶叶 500g 第二行");
    expect(await described("长".repeat(200))).toBe("长".repeat(127));
    expect(await described("😀😀")).toBe(NUMBER);
  });

  it.each([
    [{ method: "wechat_jsapi" as const }, "openid"],
    [{ method: "wechat_jsapi" as const, openid: "a b" }, "openid"],
    [{ method: "wechat_h5" as const }, "clientIp"],
    [{ method: "wechat_h5" as const, clientIp: "999.1.1.1" }, "clientIp"],
    [{ outTradeNo: "short" }, "outTradeNo"],
    [{ outTradeNo: "../../x/y/z" }, "outTradeNo"],
    [{ outTradeNo: "x".repeat(33) }, "outTradeNo"],
    [{ amount: fen(0n) }, "amount"],
    [{ method: "alipay_pc" as const }, "method"],
  ])("sends nothing when the trade does not fit (case %#)", async (changes, field) => {
    gateway.says(() => signed(200, {}, NOW));

    await expect(create(changes)).rejects.toMatchObject({ code: "invalid_input", details: { field } });
    expect(gateway.requests).toEqual([]);
  });

  it("sends nothing once the order has expired, or for a notify address that WeChat Pay would not take", async () => {
    gateway.says(() => signed(200, {}, NOW));

    await expect(create({ expiresAt: NOW })).rejects.toMatchObject({ code: "expired" });
    for (const notifyUrl of ["https://pay.example.test/x?y=1", "not a url", `https://pay.example.test/${"x".repeat(255)}`]) {
      const call = wechatTrades.create(channel({ notifyUrl }), TRADE, OPTIONS);
      await expect(call).rejects.toBeInstanceOf(AppError);
    }
    await expect(
      wechatTrades.create(channel({ environment: "live", notifyUrl: "http://pay.example.test/x" }), TRADE, OPTIONS),
    ).rejects.toMatchObject({
      code: "channel_invalid",
    });
    expect(gateway.requests).toEqual([]);
  });

  it.each([
    [400, "PARAM_ERROR"],
    [401, "SIGN_ERROR"],
    [400, "APPID_MCHID_NOT_MATCH"],
    [403, "NOAUTH"],
    [403, "NO_AUTH"],
    [403, "RULE_LIMIT"],
  ])("is declined by %i %s without asking further", async (status, code) => {
    gateway.says(() => refusal(status, code));

    expect(await failure(create())).toMatchObject({ kind: "declined", code, extra: { httpStatus: status, traceId: "08F0E1D2C3" } });
    expect(gateway.requests).toHaveLength(1);
  });

  describe("IDEM-04 asks whether the number is in use before it calls a refusal final", () => {
    const codes = ["INVALID_REQUEST", "OUT_TRADE_NO_USED", "ORDER_CLOSED", "ORDERPAID", "TRADE_ERROR", "SOMETHING_NEW"];
    const refusedThenAsked = (code: string, reply: Reply) => gateway.says((arrived) => (isQuery(arrived) ? reply : refusal(400, code)));

    it.each(codes)("%s with no such order is declined", async (code) => {
      refusedThenAsked(code, refusal(404, "ORDER_NOT_EXIST"));
      expect(await failure(create())).toMatchObject({ kind: "declined", code });
    });

    it.each(codes)("%s with an order there is unknown", async (code) => {
      for (const body of [unpaid("NOTPAY"), transaction(), transaction({ trade_state: "REFUND" })]) {
        refusedThenAsked(code, signed(200, body, NOW));
        expect(await failure(create())).toMatchObject({ kind: "unknown", code });
      }
    });

    it("with a closed order it is declined, with no certain answer unknown", async () => {
      refusedThenAsked("ORDER_CLOSED", signed(200, unpaid("CLOSED"), NOW));
      expect(await failure(create())).toMatchObject({ kind: "declined", code: "ORDER_CLOSED" });

      for (const reply of [refusal(500, "SYSTEM_ERROR"), { status: 200, body: JSON.stringify(unpaid("CLOSED")) }]) {
        refusedThenAsked("INVALID_REQUEST", reply);
        expect(await failure(create())).toMatchObject({ kind: "unknown", code: "INVALID_REQUEST" });
      }
    });
  });

  it("repeats with the same number and values after a broken connection", async () => {
    gateway.says((_, turn) => (turn === 1 ? "reset" : signed(200, { code_url: "weixin://wxpay/bizpayurl?pr=2" }, NOW)));

    expect(await create()).toMatchObject({ text: "weixin://wxpay/bizpayurl?pr=2" });
    expect(gateway.requests[0]?.body).toBe(gateway.requests[1]?.body);
  });

  it.each([{}, { code_url: 5 }, { code_url: "https://evil.example/" }, { prepay_id: "wx1" }, []])(
    "calls an answer without a usable code unknown: %j",
    async (body) => {
      gateway.says(() => signed(200, body, NOW));

      expect(await failure(create())).toMatchObject({ kind: "unknown", code: "bad_answer" });
    },
  );
});

describe("query", () => {
  it("reads a paid trade", async () => {
    gateway.says(() => signed(200, transaction(), NOW));

    expect(await query()).toMatchObject({
      state: "paid",
      providerState: "SUCCESS",
      outTradeNo: NUMBER,
      providerTradeNo: "4200000000202601010000000001",
      amount: 1999n,
      appId: vectors.appid,
      sellerId: vectors.mchid,
      currency: "CNY",
      paidAt: new Date("2026-01-01T00:05:00Z"),
    });
    expect(gateway.requests[0]?.target).toBe(`/v3/pay/transactions/out-trade-no/${NUMBER}?mchid=${vectors.mchid}`);
  });

  it.each([
    ["NOTPAY", "waiting"],
    ["CLOSED", "closed"],
  ])("reads %s as %s, with or without an amount", async (word, state) => {
    for (const amount of [{ total: 1999, currency: "CNY" }, undefined, {}]) {
      gateway.says(() => signed(200, { ...unpaid(word), amount }, NOW));
      expect(await query()).toMatchObject({ state, providerState: word, providerTradeNo: null, amount: amount?.total ? 1999n : null });
    }
  });

  it("encodes the number into the path and signs it so", async () => {
    gateway.says(() => refusal(404, "ORDER_NOT_EXIST"));

    await wechatTrades.query(channel(), "order|1*-_", OPTIONS);

    expect(gateway.requests[0]?.target).toBe(`/v3/pay/transactions/out-trade-no/order%7C1*-_?mchid=${vectors.mchid}`);
  });

  it.each(["ORDER_NOT_EXIST", "ORDERNOTEXIST"])("takes an unsigned %s for a hint and a signed one for an answer", async (code) => {
    gateway.says(() => refusal(404, code));
    expect(await query()).toMatchObject({ state: "absent", unverified: true, outTradeNo: NUMBER, amount: null });

    gateway.says(() => signed(404, { code, message: "订单不存在" }, NOW));
    expect(await query()).toMatchObject({ state: "absent" });
    expect(await query()).not.toHaveProperty("unverified");
  });

  it.each([
    [400, "PARAM_ERROR"],
    [401, "SIGN_ERROR"],
    [403, "NO_AUTH"],
    [404, "RESOURCE_NOT_EXISTS"],
    [400, "ORDER_NOT_EXIST"],
  ])("never lets %i %s decide about the trade", async (status, code) => {
    gateway.says(() => refusal(status, code));

    expect(await failure(query())).toMatchObject({ kind: "unknown", code });
  });

  it.each([
    ["another order's", { out_trade_no: "txn_other_0123456789" }, "answer_mismatch"],
    ["another merchant's", { mchid: "1900009192" }, "answer_mismatch"],
    ["an unknown state's", { trade_state: "ALMOST" }, "bad_answer"],
    ["a paid trade's without its number", { transaction_id: undefined }, "bad_answer"],
    ["a paid trade's without its time", { success_time: undefined }, "bad_answer"],
    ["a paid trade's without its amount", { amount: undefined }, "bad_answer"],
    ["a text amount's", { amount: { total: "1999", currency: "CNY" } }, "bad_answer"],
  ])("CB-12 %s answer is unknown", async (_, changes, code) => {
    gateway.says(() => signed(200, transaction(changes), NOW));

    expect(await failure(query())).toMatchObject({ kind: "unknown", code });
  });

  it("CB-04 refuses an amount that is written as a fraction, or twice", async () => {
    for (const total of ["1999.0", "1.999e3", '1999,"total":1']) {
      gateway.says(() => signed(200, JSON.stringify(transaction()).replace('"total":1999', `"total":${total}`), NOW));
      expect(await failure(query())).toMatchObject({ kind: "unknown", code: "bad_answer" });
    }
  });
});

describe("CB-12 what does not verify is unknown, never an answer", () => {
  const body = JSON.stringify(transaction());
  const replies: [string, Reply, string][] = [
    ["unsigned", { status: 200, body }, "unsigned"],
    ["with one header missing", signed(200, body, NOW, { "wechatpay-nonce": "" }), "missing_header"],
    ["signed over another body", { ...(signed(200, unpaid("CLOSED"), NOW) as Exclude<Reply, string>), body }, "bad_signature"],
    ["stale", signed(200, body, new Date(NOW.getTime() - 301_000)), "stale_timestamp"],
    ["from the future", signed(200, body, new Date(NOW.getTime() + 301_000)), "stale_timestamp"],
    ["signed by a serial that we do not know", signed(200, body, NOW, { "wechatpay-serial": "PUB_KEY_ID_999" }), "unknown_serial"],
    ["a probe", signed(200, body, NOW, { "wechatpay-signature": `WECHATPAY/SIGNTEST/${"A".repeat(325)}` }), "signature_probe"],
    ["of another signature type", signed(200, body, NOW, { "wechatpay-signature-type": "SHA1" }), "signature_type"],
    ["an error whose signature does not hold", signed(404, { code: "ORDER_NOT_EXIST" }, NOW, { "wechatpay-nonce": "x" }), "bad_signature"],
  ];

  it.each(replies)("an answer %s", async (_, reply, code) => {
    gateway.says(() => reply);

    expect(await failure(query())).toMatchObject({ kind: "unknown", code });
  });

  it("an answer with a doubled header", async () => {
    const reply = signed(200, body, NOW) as Exclude<Reply, string>;
    gateway.says(() => ({ ...reply, headers: { ...reply.headers, "wechatpay-serial": [vectors.platformKeyId, vectors.platformKeyId] } }));

    expect(await failure(query())).toMatchObject({ kind: "unknown", code: "doubled_header" });
  });

  it("an answer under a key that has expired", async () => {
    const [key] = wechatChannel().verificationKeys.values();
    const expired = keyRing({ ...(key ?? verificationKey("x", merchantPrivateKey)), notAfter: NOW });
    gateway.says(() => signed(200, body, NOW));

    const call = wechatTrades.query(channel({ verificationKeys: expired }), NUMBER, OPTIONS);

    expect(await failure(call)).toMatchObject({ kind: "unknown", code: "expired_key" });
  });
});

describe("IDEM-04 trouble on the way", () => {
  it.each([
    ["a 500", refusal(500, "SYSTEM_ERROR"), "unknown", "SYSTEM_ERROR"],
    ["a 502 page", { status: 502, headers: { "content-type": "text/html" }, body: "<html>Bad Gateway</html>" }, "unknown", "server_error"],
    ["a 403 page", { status: 403, body: "<html>" }, "unknown", "bad_answer"],
    ["a redirect", { status: 307, headers: { location: "https://evil.example/" } }, "unknown", "redirect"],
    ["a reset", "reset", "unknown", "connection_lost"],
    ["silence", "hang", "unknown", "timeout"],
    ["a signed answer that is no JSON", signed(200, "<html>", NOW), "unknown", "bad_answer"],
  ] as [string, Reply, string, string][])("%s leaves the outcome open", async (_, reply, kind, code) => {
    for (const call of [create, query]) {
      gateway.says(() => reply);
      const options = { now: () => NOW, deadlineMs: 400 };
      const started = call === create ? wechatTrades.create(channel(), TRADE, options) : wechatTrades.query(channel(), NUMBER, options);
      expect(await failure(started)).toMatchObject({ kind, code });
      await closeTransport();
    }
  });

  it("a 429 was not done: unavailable, with the pause that they ask for", async () => {
    gateway.says(() => refusal(429, "FREQUENCY_LIMITED", { "retry-after": "7" }));

    for (const call of [create, query, close]) {
      expect(await failure(call())).toMatchObject({ kind: "unavailable", code: "FREQUENCY_LIMITED", extra: { retryAfterMs: 7_000 } });
    }
    expect(gateway.requests).toHaveLength(3);
  });

  it("nobody listening was not done", async () => {
    const call = wechatTrades.create(wechatChannel({ baseUrl: "http://127.0.0.1:9" }), TRADE, OPTIONS);

    expect(await failure(call)).toMatchObject({ kind: "unavailable" });
  });

  it("LOG-01 no error holds the Authorization header, the keys or the provider's text", async () => {
    const canary = "见错误码";
    for (const reply of [refusal(400, "PARAM_ERROR"), refusal(500, "SYSTEM_ERROR"), "reset", signed(200, {}, NOW)] as Reply[]) {
      gateway.says(() => reply);
      const error = await failure(create());
      const printed = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error) + String(error.stack);
      for (const secret of ["WECHATPAY2", "signature=", canary, vectors.apiV3Key]) expect(printed).not.toContain(secret);
    }
  });

  it("names the field that they name, and nothing else of their detail", async () => {
    gateway.says(() => ({
      status: 400,
      body: JSON.stringify({ code: "PARAM_ERROR", message: "x", detail: { field: "/body/amount/total", value: "secret" } }),
    }));

    const error = await failure(create());

    expect(error.message).toContain("/body/amount/total");
    expect(error.message).not.toContain("secret");
  });
});

describe("close", () => {
  it("is done by a signed 204", async () => {
    gateway.says(() => signed(204, null, NOW));

    expect(await close()).toBe("closed");
    expect(gateway.requests).toMatchObject([
      { method: "POST", target: `/v3/pay/transactions/out-trade-no/${NUMBER}/close`, body: `{"mchid":"${vectors.mchid}"}` },
    ]);
  });

  const closeReplies: [string, Reply][] = [
    ["an unsigned 204", { status: 204 }],
    ["a signed 200", signed(200, {}, NOW)],
    ["ORDER_CLOSED", refusal(400, "ORDER_CLOSED")],
    ["ORDERPAID", refusal(400, "ORDERPAID")],
    ["a lost connection", "reset"],
    ["a 500", refusal(500, "SYSTEM_ERROR")],
    ["ORDER_NOT_EXIST", refusal(404, "ORDER_NOT_EXIST")],
  ];

  it.each(closeReplies)("IDEM-05 asks where the trade stands after %s", async (_, reply) => {
    const answers = [
      [signed(200, unpaid("CLOSED"), NOW), "closed"],
      [signed(200, transaction(), NOW), "paid"],
      [signed(200, transaction({ trade_state: "REFUND" }), NOW), "paid"],
      [refusal(404, "ORDER_NOT_EXIST"), "absent"],
    ] as const;
    for (const [asked, outcome] of answers) {
      gateway.says((arrived) => (isClose(arrived) ? reply : asked));
      expect(await close()).toBe(outcome);
      await closeTransport();
    }
  });

  it.each(closeReplies)("does not call an open trade closed after %s", async (_, reply) => {
    gateway.says((arrived) => (isClose(arrived) ? reply : signed(200, unpaid("NOTPAY"), NOW)));

    expect(await failure(close())).toMatchObject({ kind: "unknown" });
  });
});
