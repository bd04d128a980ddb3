import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fen } from "~/lib/money";
import { days, after as later, minutes, seconds } from "~/lib/time";
import { examineAlipay } from "~/server/providers/alipay/doctor";
import type { CreateTrade, RawNotification } from "~/server/providers/port";
import { tradeProvider } from "~/server/providers/registry";
import { closeTransport } from "~/server/providers/transport";
import type { FaultInput, JournalOutput, PayOutput, TradeView } from "~/simulator/control/types";
import { type AlipayMode, controlSimulator, failureOf, newAlipayChannel } from "~tests/support/alipay-app";
import { startSimulator, type TestSimulator } from "~tests/support/simulator";

/** The Alipay adapter against the simulator: real sockets, real signatures on both sides, every fault the simulator knows. */
let simulator: TestSimulator;
const now = () => new Date();
// Long enough for a busy machine; answers that never come are waited for in full, so those calls are hasty.
const options = { now, deadlineMs: 10_000 };
const hasty = { now, deadlineMs: 800 };

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => {
  await closeTransport();
  await simulator.stop();
});

const control = <T>(method: string, path: string, body?: object) => controlSimulator<T>(simulator, method, path, body);

async function newChannel(mode: AlipayMode = "key", notifyUrl?: string) {
  const { channel, appCertKey, shown } = await newAlipayChannel(simulator, mode, notifyUrl);
  expect(shown.length).toBeGreaterThan(1);
  return { channel, appCertKey, trades: tradeProvider(channel) };
}

const orderOf = (method: CreateTrade["method"], more: Partial<CreateTrade> = {}): CreateTrade => ({
  method,
  outTradeNo: `txn_${crypto.randomUUID().replaceAll("-", "").slice(0, 26)}`,
  amount: fen(8_888n),
  subject: "办公用品 100% & more = 书",
  body: "说明",
  expiresAt: later(now(), minutes(30)),
  returnUrl: "http://127.0.0.1:9/checkout/abc",
  ...more,
});

/** What the buyer's browser does with an address: the trade begins. */
async function openPage(url: string) {
  const response = await fetch(url, { redirect: "manual" });
  return { status: response.status, location: response.headers.get("location"), text: await response.text() };
}

const strike = (key: string, fault: FaultInput) => control("PATCH", "faults", { [key]: fault });
const pay = (outTradeNo: string, more: object = {}) => control<PayOutput>("POST", "pay", { provider: "alipay", outTradeNo, ...more });

describe.each<AlipayMode>(["key", "certificate", "encrypted"])("a channel in %s mode", (mode) => {
  it.each(["alipay_pc", "alipay_wap"] as const)("pays on a page: %s", async (method) => {
    const { channel, trades } = await newChannel(mode);
    const order = orderOf(method);

    const launch = await trades.create(channel, order, options);
    if (launch.kind !== "redirect") throw new Error(launch.kind);
    expect(await trades.query(channel, order.outTradeNo, options)).toMatchObject({ state: "absent", providerState: "" });
    const page = await openPage(launch.url);
    const waiting = await trades.query(channel, order.outTradeNo, options);
    await pay(order.outTradeNo, { coupon: "88" });
    const paid = await trades.query(channel, order.outTradeNo, options);

    expect(page).toMatchObject({ status: 302, location: expect.stringContaining("/cashier/") });
    expect(waiting).toMatchObject({ state: "waiting", providerState: "WAIT_BUYER_PAY", amount: 8_888n, paidAt: null });
    expect(paid).toMatchObject({ state: "paid", providerState: "TRADE_SUCCESS", outTradeNo: order.outTradeNo, amount: 8_888n });
    expect(paid.providerTradeNo).toMatch(/^\d{16,64}$/);
    expect(paid.buyerId).toMatch(/^2088\d{12}$/);
    expect(Math.abs((paid.paidAt?.getTime() ?? 0) - Date.now())).toBeLessThan(minutes(5));
    expect(await trades.close(channel, order.outTradeNo, options)).toBe("paid");
  });

  it("pays by a code, whose trade exists only once it was scanned", async () => {
    const { channel, trades } = await newChannel(mode);
    const order = orderOf("alipay_qr");

    const launch = await trades.create(channel, order, options);
    if (launch.kind !== "qr") throw new Error(launch.kind);
    expect(launch.expiresAt).toEqual(order.expiresAt);
    expect(await trades.query(channel, order.outTradeNo, options)).toMatchObject({ state: "absent" });
    await control("POST", "scan", { code: launch.text });
    expect(await trades.query(channel, order.outTradeNo, options)).toMatchObject({ state: "waiting" });
    await pay(order.outTradeNo);

    expect(await trades.query(channel, order.outTradeNo, options)).toMatchObject({ state: "paid", amount: 8_888n });
  });
});

describe("create", () => {
  it("a code outlives neither the order nor its own two hours", async () => {
    const { channel, trades } = await newChannel();
    const order = orderOf("alipay_qr", { expiresAt: later(now(), minutes(600)) });

    const launch = await trades.create(channel, order, options);

    expect(launch.expiresAt?.getTime()).toBeLessThanOrEqual(later(now(), minutes(120)).getTime());
  });

  it("IDEM-03 calling again with the same number makes no second trade", async () => {
    const { channel, trades } = await newChannel();
    const order = orderOf("alipay_qr");

    await trades.create(channel, order, options);
    await trades.create(channel, order, options);

    const { trades: known } = await control<{ trades: TradeView[] }>("GET", "state");
    expect(known.filter(({ outTradeNo }) => outTradeNo === order.outTradeNo)).toHaveLength(1);
  });

  it("IDEM-04 a number that is taken, perhaps by a payment, is unknown and not declined", async () => {
    const { channel, trades } = await newChannel();
    const order = orderOf("alipay_qr");
    const launch = await trades.create(channel, order, options);
    if (launch.kind !== "qr") throw new Error(launch.kind);

    const other = await failureOf(trades.create(channel, { ...order, amount: fen(1n) }, options));
    await control("POST", "scan", { code: launch.text });
    await pay(order.outTradeNo);
    const taken = await failureOf(trades.create(channel, order, options));

    expect(other).toMatchObject({ kind: "unknown", code: "ACQ.CONTEXT_INCONSISTENT" });
    expect(taken).toMatchObject({ kind: "unknown", code: "ACQ.TRADE_HAS_SUCCESS" });
  });

  it("a number that is closed is declined", async () => {
    const { channel, trades } = await newChannel();
    const order = orderOf("alipay_qr");
    const launch = await trades.create(channel, order, options);
    if (launch.kind !== "qr") throw new Error(launch.kind);
    await control("POST", "scan", { code: launch.text });
    await trades.close(channel, order.outTradeNo, options);

    expect(await failureOf(trades.create(channel, order, options))).toMatchObject({ kind: "declined", code: "ACQ.TRADE_HAS_CLOSE" });
  });

  it("IDEM-04 a sum that times out after it was done is unknown, and the same number finds it", async () => {
    const { channel, trades } = await newChannel();
    const order = orderOf("alipay_qr", { amount: fen(1_045n) });

    const lost = await failureOf(trades.create(channel, order, hasty));
    const again = await trades.create(channel, order, options);

    expect(lost).toMatchObject({ kind: "unknown", code: "timeout" });
    expect(again.kind).toBe("qr");
  });
});

describe("close", () => {
  it("closes a waiting trade, and a closed one stays closed", async () => {
    const { channel, trades } = await newChannel();
    const order = orderOf("alipay_pc");
    const launch = await trades.create(channel, order, options);
    await openPage(launch.kind === "redirect" ? launch.url : "");

    expect(await trades.close(channel, order.outTradeNo, options)).toBe("closed");
    expect(await trades.close(channel, order.outTradeNo, options)).toBe("closed");
    expect(await trades.query(channel, order.outTradeNo, options)).toMatchObject({ state: "closed", providerState: "TRADE_CLOSED" });
  });

  it("answers absent for a trade that nobody began", async () => {
    const { channel, trades } = await newChannel();

    expect(await trades.close(channel, "txn_never_begun", options)).toBe("absent");
  });

  it("IDEM-04 is unknown when the answer is lost after it was done, and closed when asked again", async () => {
    const { channel, trades } = await newChannel();
    const order = orderOf("alipay_pc");
    const launch = await trades.create(channel, order, options);
    await openPage(launch.kind === "redirect" ? launch.url : "");
    await strike(`alipay:${channel.appId}.alipay.trade.close`, { kind: "do_then_timeout", times: 1 });

    expect(await failureOf(trades.close(channel, order.outTradeNo, hasty))).toMatchObject({ kind: "unknown", code: "timeout" });
    expect(await trades.close(channel, order.outTradeNo, options)).toBe("closed");
  });
});

describe("a fault", () => {
  it.each([
    ["refuse", "unknown", "connection_lost"],
    ["reset", "unknown", "connection_lost"],
    ["hang", "unknown", "timeout"],
    ["do_then_timeout", "unknown", "timeout"],
    ["error500", "unknown", "http_500"],
    ["html502", "unknown", "http_502"],
    ["system_error", "unknown", "isp.unknow-error"],
    ["bad_signature", "unknown", "bad_signature"],
    ["unsigned", "unknown", "unsigned"],
    ["rate_limited", "unavailable", "isv.app-call-limited"],
  ])("IDEM-04 CB-12 %s leaves creating and asking %s (%s)", async (kind, outcome, code) => {
    const { channel, trades } = await newChannel();
    const order = orderOf("alipay_qr");
    const patience = code === "timeout" ? hasty : options;
    await strike(`alipay:${channel.appId}`, { kind });

    expect(await failureOf(trades.create(channel, order, patience))).toMatchObject({ kind: outcome, code });
    expect(await failureOf(trades.query(channel, order.outTradeNo, patience))).toMatchObject({ kind: outcome, code });
  });

  it("CB-12 an answer signed by a certificate that nobody knows is an unknown outcome", async () => {
    const { channel, trades } = await newChannel("certificate");
    await strike(`alipay:${channel.appId}`, { kind: "unknown_serial" });

    expect(await failureOf(trades.query(channel, "txn_1", options))).toMatchObject({ kind: "unknown", code: "unknown_certificate" });
  });

  it("IDEM-08 that passes is not noticed by a question, which may be asked again", async () => {
    const { channel, trades } = await newChannel();
    await strike(`alipay:${channel.appId}`, { kind: "reset", times: 1 });

    expect(await trades.query(channel, "txn_1", options)).toMatchObject({ state: "absent" });
  });

  it("IDEM-08 that lasts opens the circuit of this tenant alone, and nothing more is sent", async () => {
    const sick = await newChannel();
    const well = await newChannel();
    await strike(`alipay:${sick.channel.appId}`, { kind: "error500" });

    for (let i = 0; i < 5; i++) await failureOf(sick.trades.close(sick.channel, "txn_1", options));
    const before = await control<JournalOutput>("GET", "journal?limit=1000");
    const open = await failureOf(sick.trades.close(sick.channel, "txn_1", options));
    const since = await control<JournalOutput>("GET", `journal?limit=1000&after=${before.last}`);

    expect(open).toMatchObject({ kind: "unavailable", code: "circuit_open" });
    expect(since.entries.filter(({ kind, account }) => kind === "request" && account === sick.channel.appId)).toEqual([]);
    expect(await well.trades.close(well.channel, "txn_1", options)).toBe("absent");
  });
});

describe("a message from the simulator", () => {
  const inbox: RawNotification[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const header = (name: string) => (request.headers[name] as string | undefined) ?? null;
      inbox.push({ method: request.method ?? "", header, body: Buffer.concat(chunks), sourceIp: "127.0.0.1" });
      response.end("success");
    });
  });
  let notifyUrl = "";

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    notifyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  async function paidTrade(mode: AlipayMode = "key") {
    const { channel, trades } = await newChannel(mode, notifyUrl);
    const order = orderOf("alipay_pc");
    const launch = await trades.create(channel, order, options);
    await openPage(launch.kind === "redirect" ? launch.url : "");
    await pay(order.outTradeNo, { wait: true });
    const take = (outTradeNo = order.outTradeNo) =>
      inbox.filter(({ body }) => body.includes(outTradeNo)).map((raw) => trades.verifyNotification(channel, raw, now()));
    return { channel, order, take };
  }

  it.each<AlipayMode>(["key", "certificate"])("of a payment verifies in %s mode", async (mode) => {
    const { channel, order, take } = await paidTrade(mode);

    expect(take()).toMatchObject([
      {
        ok: true,
        kind: "trade",
        trade: { state: "paid", outTradeNo: order.outTradeNo, amount: 8_888n, appId: channel.appId, sellerId: channel.sellerId },
      },
    ]);
  });

  it.each([
    ["gbk", true, null],
    ["wrong_amount", true, null],
    ["wrong_app", true, null],
    ["wrong_seller", true, null],
    ["old_key", false, "bad_signature"],
    ["probe", false, "bad_signature"],
    ["tampered", false, "bad_signature"],
    ["unsigned", false, "unsigned"],
  ])("CB-02 with the twist %s verifies: %s", async (twist, ok, cause) => {
    const { order, take } = await paidTrade();

    await control("POST", "messages", { provider: "alipay", outTradeNo: order.outTradeNo, twist });

    const [plain, twisted] = take();
    expect(plain?.ok).toBe(true);
    expect(twisted).toMatchObject({ ok, ...(cause && { failedStep: "signature", cause }) });
    // The same news in another charset is the same news; other facts are other news.
    if (plain?.ok && twisted?.ok) expect(twisted.messageId === plain.messageId).toBe(twist === "gbk");
  });
});

describe("the doctor", () => {
  const wordsOf = (checks: Awaited<ReturnType<typeof examineAlipay>>) =>
    Object.fromEntries(checks.map(({ name, ok, cause }) => [name, ok || cause]));
  const stranger = () => generateKeyPairSync("rsa", { modulusLength: 2048 });

  it.each<AlipayMode>(["key", "certificate", "encrypted"])("finds nothing wrong with a good channel in %s mode", async (mode) => {
    const { channel, appCertKey } = await newChannel(mode);

    const checks = await examineAlipay(channel, { ...options, appCertKey });

    expect(wordsOf(checks)).toEqual({ key_pair: true, gateway: true, signature: true, clock: true });
    expect(JSON.stringify(checks)).not.toContain("PRIVATE");
  });

  it("is not misled by a test clock that was moved", async () => {
    const { channel } = await newChannel();
    await control("POST", "clock", { advance: "3d" });
    try {
      const checks = await examineAlipay(channel, { ...options, now: () => later(now(), days(3)) });

      expect(wordsOf(checks)).toEqual({ key_pair: true, gateway: true, signature: true, clock: true });
    } finally {
      await control("POST", "clock", { reset: true });
    }
  });

  it("finds a private key that was never registered", async () => {
    const { channel } = await newChannel();

    const checks = await examineAlipay({ ...channel, privateKey: stranger().privateKey }, options);

    expect(wordsOf(checks)).toMatchObject({ key_pair: "not_the_registered_key", gateway: "isv.invalid-signature", signature: true });
  });

  it("finds a certificate of another key without asking anybody", async () => {
    const { channel, appCertKey } = await newChannel("certificate");

    const checks = await examineAlipay({ ...channel, privateKey: stranger().privateKey }, { ...options, appCertKey });

    expect(wordsOf(checks)).toMatchObject({ key_pair: "certificate_of_another_key" });
  });

  it("finds the application's own public key in the place of Alipay's, and a wrong one", async () => {
    const { channel } = await newChannel();
    const withKey = (key: typeof channel.privateKey) => {
      const [entry] = [...channel.verificationKeys.values()];
      if (!entry) throw new Error("no key");
      return { ...channel, verificationKeys: new Map([["key", { ...entry, key }]]) };
    };
    const { privateKey, publicKey } = stranger();

    const own = await examineAlipay({ ...withKey(publicKey), privateKey }, options);
    const wrong = await examineAlipay(withKey(stranger().publicKey), options);

    expect(wordsOf(own)).toMatchObject({ signature: "own_public_key" });
    expect(wordsOf(wrong)).toMatchObject({ key_pair: true, gateway: true, signature: "bad_signature" });
  });

  it("finds an unknown app id behind an unsigned error", async () => {
    const { channel } = await newChannel();

    const checks = await examineAlipay({ ...channel, appId: "2021999999999999" }, options);

    expect(wordsOf(checks)).toMatchObject({ gateway: "isv.invalid-app-id", signature: "unsigned", clock: "no_server_time" });
  });

  it("finds a gateway that is not there, and a clock that is off", async () => {
    const { channel } = await newChannel();

    const gone = await examineAlipay({ ...channel, gateway: "http://127.0.0.1:9/gateway.do" }, options);
    const late = await examineAlipay(channel, { ...options, now: () => later(now(), seconds(300)) });

    expect(wordsOf(gone)).toMatchObject({ key_pair: true, gateway: "connection_refused", signature: "no_answer" });
    expect(wordsOf(late)).toMatchObject({ gateway: true, clock: "clock_skew" });
  });
});
