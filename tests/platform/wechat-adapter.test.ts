import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { randomBase32 } from "~/lib/id";
import { fen } from "~/lib/money";
import { Secret } from "~/lib/secret";
import type { CreateTrade, WechatChannel } from "~/server/providers/port";
import { closeTransport } from "~/server/providers/transport";
import { fetchCertificates } from "~/server/providers/wechat/certificates";
import { parseApiV3Key } from "~/server/providers/wechat/cipher";
import { examineWechat } from "~/server/providers/wechat/doctor";
import { parseMerchantPrivateKey, parseVerificationKey } from "~/server/providers/wechat/parse";
import { wechatTrades } from "~/server/providers/wechat/trade";
import { keyRing, raw } from "~tests/fixtures/wechat/channel";
import { startSimulator, type TestSimulator } from "~tests/support/simulator";

// The two processes share the real clock here: the simulator checks the age of our signatures as we check that of its own.
const now = () => new Date();
const OPTIONS = { now, deadlineMs: 5_000 };
const HASTY = { now, deadlineMs: 500 };
const MCHID = "1900009191";
const API_V3_KEY = "SimulatorTestApiV3Key-32-bytes!!";
const merchant = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = merchant.privateKey.export({ format: "pem", type: "pkcs8" }).toString();

let simulator: TestSimulator;
let channel: WechatChannel;

const control = async <T = unknown>(path: string, body: unknown, method = "POST"): Promise<T> => {
  const answer = await fetch(`${simulator.url}/control/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
};
const faults = (switches: Record<string, unknown>) => control("faults", switches, "PUT");
const account = {
  provider: "wechat",
  mchid: MCHID,
  appid: "wx0000000000000001",
  merchantSerial: "3B1E7C52A9D04F6688A1C0FFEE0123456789ABCD",
  merchantPublicKey: createPublicKey(merchant.privateKey).export({ format: "pem", type: "spki" }),
  apiV3Key: API_V3_KEY,
};

/** Switches how WeChat Pay signs and gives the channel all keys that are in force then. */
async function mode(keyMode: string): Promise<void> {
  await control("keys", { mchid: MCHID, mode: keyMode, ...(keyMode === "grey" && { percent: 50 }) });
  const { verificationKeys } = await control<{ verificationKeys: { id: string; pem: string }[] }>("accounts", account);
  channel = { ...channel, verificationKeys: keyRing(...verificationKeys.map((key) => parseVerificationKey(key))) };
}

beforeAll(async () => {
  simulator = await startSimulator();
  await control("accounts", account);
  channel = {
    provider: "wechat",
    tenantId: "ten_test",
    channelId: "chn_test",
    version: 1,
    environment: "simulator",
    notifyUrl: "http://127.0.0.1:9/api/payment/wechat/notify/chn_test",
    returnUrl: null,
    mchid: MCHID,
    appid: account.appid,
    baseUrl: simulator.url,
    merchantSerial: account.merchantSerial,
    privateKey: parseMerchantPrivateKey(pem),
    apiV3Keys: [parseApiV3Key(API_V3_KEY)],
    verificationKeys: keyRing(),
  };
});
beforeEach(async () => {
  await faults({});
  await mode("grey");
});
afterEach(() => closeTransport());
afterAll(() => simulator?.stop());

const newTrade = (changes: Partial<CreateTrade> = {}): CreateTrade => ({
  method: "wechat_native",
  outTradeNo: `txn_${randomBase32()}`,
  amount: fen(1999n),
  subject: "年度会员 ¥19.99",
  body: null,
  expiresAt: new Date(Date.now() + 30 * 60_000),
  returnUrl: "http://127.0.0.1:9/checkout",
  ...changes,
});
const query = (outTradeNo: string, options = OPTIONS) => wechatTrades.query(channel, outTradeNo, options);
const close = (outTradeNo: string, options = OPTIONS) => wechatTrades.close(channel, outTradeNo, options);
const create = (trade: CreateTrade, options = OPTIONS) => wechatTrades.create(channel, trade, options);

describe("the life of a trade", () => {
  it("is created by code, waits, is paid once", async () => {
    const trade = newTrade();

    expect(await create(trade)).toMatchObject({ kind: "qr", text: expect.stringMatching(/^weixin:\/\/wxpay\/bizpayurl/) });
    expect(await query(trade.outTradeNo)).toMatchObject({ state: "waiting", providerState: "NOTPAY", amount: 1999n });

    await control("pay", { outTradeNo: trade.outTradeNo, coupon: "500" });
    expect(await query(trade.outTradeNo)).toMatchObject({
      state: "paid",
      providerState: "SUCCESS",
      amount: 1999n,
      sellerId: MCHID,
      appId: "wx0000000000000001",
      currency: "CNY",
      providerTradeNo: expect.stringMatching(/^\d{28}$/),
      paidAt: expect.any(Date),
    });
    expect(await close(trade.outTradeNo)).toBe("paid");
  });

  it("is created for a payer in WeChat and for a phone's browser", async () => {
    const jsapi = await create(newTrade({ method: "wechat_jsapi", openid: "oExampleOpenid000000000000001" }));
    const h5 = await create(newTrade({ method: "wechat_h5", clientIp: "127.0.0.1" }));

    expect(jsapi).toMatchObject({ kind: "jsapi", params: { package: expect.stringMatching(/^prepay_id=wx/), signType: "RSA" } });
    expect(h5).toMatchObject({ kind: "redirect", url: expect.stringContaining("redirect_url=http%3A%2F%2F127.0.0.1%3A9%2Fcheckout") });
  });

  it("gives a fresh link to the same number, and is unknown for the same number with another amount", async () => {
    const trade = newTrade();

    const [first, second] = [await create(trade), await create(trade)];

    expect([first.kind, second.kind]).toEqual(["qr", "qr"]);
    await expect(create({ ...trade, amount: fen(2000n) })).rejects.toMatchObject({ name: "ProviderError", kind: "unknown" });
  });

  it("is closed once and stays closed", async () => {
    const trade = newTrade();
    await create(trade);

    expect(await close(trade.outTradeNo)).toBe("closed");
    expect(await close(trade.outTradeNo)).toBe("closed");
    expect(await query(trade.outTradeNo)).toMatchObject({ state: "closed" });
    await expect(create(trade)).rejects.toMatchObject({ kind: "declined" });
  });

  it("is absent when nobody made it", async () => {
    expect(await query("txn_nobody_made_this")).toMatchObject({ state: "absent" });
    expect(await close("txn_nobody_made_this")).toBe("absent");
  });

  it("takes every character that a number may have", async () => {
    const trade = newTrade({ outTradeNo: `a|*-_${randomBase32(8)}` });
    await create(trade);

    expect(await query(trade.outTradeNo)).toMatchObject({ state: "waiting", outTradeNo: trade.outTradeNo });
    expect(await close(trade.outTradeNo)).toBe("closed");
  });
});

describe("CB-07 key modes", () => {
  const withKeys = (wanted: (id: string) => boolean) => ({
    ...channel,
    verificationKeys: new Map([...channel.verificationKeys].filter(([id]) => wanted(id))),
  });
  const publicOnly = () => withKeys((id) => id.startsWith("PUB_KEY_ID_"));
  const certificatesOnly = () => withKeys((id) => !id.startsWith("PUB_KEY_ID_"));

  it.each(["certificates", "rotation"])("%s: answers verify by certificate", async (keyMode) => {
    await mode(keyMode);
    const known = { ...certificatesOnly(), verificationKeys: keyRing(...(await fetchCertificates(channel, OPTIONS))) };

    expect(await wechatTrades.query(known, "txn_nobody_made_this", OPTIONS)).toMatchObject({ state: "absent" });
    expect(await wechatTrades.create(known, newTrade(), OPTIONS)).toMatchObject({ kind: "qr" });
  });

  it("grey: the key that we name signs, and both kinds are held at once", async () => {
    for (const one of [publicOnly(), certificatesOnly(), channel]) {
      expect(await wechatTrades.create(one, newTrade(), OPTIONS)).toMatchObject({ kind: "qr" });
    }
  });

  it("public key: answers verify by it, and there are no certificates to fetch", async () => {
    await mode("public_key");

    expect(await wechatTrades.create(publicOnly(), newTrade(), OPTIONS)).toMatchObject({ kind: "qr" });
    await expect(wechatTrades.create(certificatesOnly(), newTrade(), OPTIONS)).rejects.toMatchObject({
      kind: "unknown",
      code: "unknown_serial",
    });
    await expect(fetchCertificates(channel, OPTIONS)).rejects.toMatchObject({ kind: "declined", code: "RESOURCE_NOT_EXISTS" });
  });

  it("fetches the certificates in force", async () => {
    const fetched = await fetchCertificates({ ...channel, verificationKeys: keyRing() }, OPTIONS);

    expect(fetched.length).toBeGreaterThan(0);
    for (const { id } of fetched) expect(channel.verificationKeys.has(id)).toBe(true);
  });
});

describe("faults", () => {
  const everything = (kind: string) => faults({ [`wechat:${MCHID}`]: { kind } });

  it.each([
    ["hang", "timeout"],
    ["reset", "connection_lost"],
    ["refuse", "connection_lost"],
    ["html502", "server_error"],
    ["error500", expect.any(String)],
    ["system_error", "SYSTEM_ERROR"],
    ["do_then_timeout", "timeout"],
    ["unsigned", "unsigned"],
    ["bad_signature", "bad_signature"],
    ["probe", "signature_probe"],
    ["stale_timestamp", "stale_timestamp"],
    ["unknown_serial", "unknown_serial"],
  ])("CB-12 IDEM-04 %s: create and query are unknown", async (kind, code) => {
    const trade = newTrade();
    await create(trade);
    await everything(kind);

    await expect(create(newTrade(), HASTY)).rejects.toMatchObject({ name: "ProviderError", kind: "unknown", code });
    await expect(query(trade.outTradeNo, HASTY)).rejects.toMatchObject({ name: "ProviderError", kind: "unknown", code });
  });

  it("rate_limited: not done", async () => {
    await everything("rate_limited");

    await expect(create(newTrade(), HASTY)).rejects.toMatchObject({ kind: "unavailable", code: "FREQUENCY_LIMITED" });
    await expect(query("txn_nobody_made_this", HASTY)).rejects.toMatchObject({ kind: "unavailable" });
    await expect(close("txn_nobody_made_this", HASTY)).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("IDEM-04 do_then_timeout: the same number finds what was done", async () => {
    const trade = newTrade();
    await faults({ "wechat.POST /v3/pay/transactions/native": { kind: "do_then_timeout", times: 1 } });

    await expect(create(trade, HASTY)).rejects.toMatchObject({ kind: "unknown", code: "timeout" });
    expect(await query(trade.outTradeNo)).toMatchObject({ state: "waiting" });
    expect(await create(trade)).toMatchObject({ kind: "qr" });
  });

  it("IDEM-05 a close that times out after it was done ends as closed", async () => {
    const trade = newTrade();
    await create(trade);
    await faults({ "wechat.POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close": { kind: "do_then_timeout", times: 1 } });

    expect(await close(trade.outTradeNo, HASTY)).toBe("closed");
  });

  it('an unsigned "no such order" stays a hint', async () => {
    expect(await query("txn_nobody_made_this")).not.toHaveProperty("unverified");

    await everything("unsigned");
    expect(await query("txn_nobody_made_this")).toMatchObject({ state: "absent", unverified: true });
  });
});

describe("notifications", () => {
  type Inbound = { headers: Record<string, string>; body: Buffer; method: string };
  const received: Inbound[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    received.push({ headers, body: Buffer.concat(chunks), method: request.method ?? "" });
    response.writeHead(204).end();
  });
  let notifyUrl = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    notifyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/payment/wechat/notify/chn_test`;
  });
  beforeEach(() => {
    received.length = 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const paid = async (switches: Record<string, unknown> = {}) => {
    const trade = newTrade();
    await wechatTrades.create({ ...channel, notifyUrl }, trade, OPTIONS);
    await faults(switches);
    await control("pay", { outTradeNo: trade.outTradeNo, wait: true });
    const looks = received.map(({ body, headers, method }) => wechatTrades.verifyNotification(channel, raw(body, headers, method), now()));
    return { trade, looks };
  };

  it.each(["certificates", "rotation", "grey", "public_key"])(
    "verify and read as the payment that was made, in mode %s",
    async (keyMode) => {
      await mode(keyMode);
      const { trade, looks } = await paid();

      expect(looks).toMatchObject([
        { ok: true, kind: "trade", trade: { state: "paid", outTradeNo: trade.outTradeNo, amount: 1999n, sellerId: MCHID } },
      ]);
    },
  );

  it("repeat: all copies have one message id", async () => {
    const { looks } = await paid({ "notify.wechat": { kind: "repeat", copies: 5 } });

    expect(looks).toHaveLength(5);
    expect(new Set(looks.map((look) => look.ok && look.messageId)).size).toBe(1);
  });

  it.each([
    ["old_key", "unknown_serial"],
    ["tampered", "bad_signature"],
    ["unsigned", "missing_header"],
    ["probe", "signature_probe"],
    ["stale_timestamp", "stale_timestamp"],
  ])("CB-06 %s is refused", async (kind, cause) => {
    const { looks } = await paid({ "notify.wechat": { kind, times: 1 } });

    expect(looks).toMatchObject([{ ok: false, cause }]);
  });

  it("wrong amount, app or merchant verify: what they say is for the service to compare", async () => {
    for (const [kind, field, ours] of [
      ["wrong_amount", "amount", 1999n],
      ["wrong_app", "appId", channel.appid],
      ["wrong_seller", "sellerId", channel.mchid],
    ] as const) {
      received.length = 0;
      const { looks } = await paid({ "notify.wechat": { kind, times: 1 } });
      const [look] = looks;
      if (!look?.ok || !look.trade) throw new Error(`${kind} was refused`);
      expect(look.trade[field]).not.toBe(ours);
    }
  });
});

describe("the doctor", () => {
  const examine = async (changes: Partial<WechatChannel> = {}, options = OPTIONS) => {
    const checks = await examineWechat({ ...channel, ...changes }, options);
    return Object.fromEntries(checks.map(({ name, ok, cause }) => [name, ok ? "ok" : cause]));
  };
  const ALL_WELL = { key_pair: "ok", gateway: "ok", signature: "ok", apiv3_key: "ok", clock: "ok" };

  it("finds nothing wrong with a channel in order", async () => {
    expect(await examine()).toEqual(ALL_WELL);
  });

  it("says that the APIv3 key is not proven where there are no certificates", async () => {
    await mode("public_key");

    expect(await examine()).toEqual({ ...ALL_WELL, apiv3_key: "not_proven" });
  });

  it("names the merchant's key, the APIv3 key and the platform's keys when they are wrong", async () => {
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });

    expect(await examine({ privateKey: stranger.privateKey })).toMatchObject({ key_pair: "sign_error", gateway: "ok" });
    expect(await examine({ apiV3Keys: [new Secret(Buffer.alloc(32, 1))] })).toMatchObject({ apiv3_key: "tag_mismatch", signature: "ok" });
    const strange = keyRing(...[...channel.verificationKeys.values()].map((key) => ({ ...key, key: stranger.publicKey })));
    expect(await examine({ verificationKeys: strange })).toMatchObject({ signature: "bad_signature", gateway: "ok" });
    expect(await examine({ verificationKeys: keyRing() })).toMatchObject({ signature: "unknown_serial" });
    expect(await examine({ mchid: "1900009192" })).toMatchObject({ key_pair: "sign_error" });
  });

  it("names a merchant certificate that does not belong to the key, and a gateway that is away", async () => {
    const [certificate] = [...channel.verificationKeys.values()].filter(({ notAfter }) => notAfter);
    if (!certificate?.notBefore || !certificate.notAfter) throw new Error("the simulator gave no certificate");
    const merchantCertificate = {
      serial: certificate.id,
      key: certificate.key,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
    };

    expect(await examine({}, { ...OPTIONS, merchantCertificate } as typeof OPTIONS)).toMatchObject({ key_pair: "key_mismatch" });
    expect(await examine({ baseUrl: "http://127.0.0.1:9" })).toEqual({
      key_pair: "ok",
      gateway: "connection_refused",
      signature: "no_answer",
      apiv3_key: "no_answer",
      clock: "no_server_time",
    });
  });

  it("names a clock that is wrong", async () => {
    const late = { ...OPTIONS, now: () => new Date(Date.now() + 120_000) };

    expect(await examine({}, late)).toEqual({ ...ALL_WELL, clock: "clock_skew" });
  });
});
