import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { registerAtSimulator } from "~/cli/demo/register-at-simulator";
import type { CreateChannelInput } from "~/domain/channel";
import { CHECK_NAMES, type Check, type CheckName } from "~/domain/channel-check";
import { days } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { notification } from "~/server/db/schema";
import { closeTransport } from "~/server/providers/transport";
import type { System } from "~/server/system";
import { answerCallback, callbackAddress } from "~/server/web/callback";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { startSimulator, type TestSimulator } from "~tests/support/simulator";
import { cliActor, newTenant, openTestSystem } from "~tests/support/system";
import { createChannel, enableChannel, examineChannel, getChannel, runCheck } from ".";

let database: TestDatabase;
let simulator: TestSimulator;
let sys: System;
let web: Server;
let inputs: Awaited<ReturnType<typeof registerAtSimulator>>;

/** The callback edge of the web process alone, on a port of its own. */
async function serveCallbacks(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const address = callbackAddress(request.url ?? "");
    if (!address) return response.writeHead(404).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const header = (name: string) => (request.headers[name.toLowerCase()] as string | undefined) ?? null;
    const raw = { method: request.method ?? "", header, body: Buffer.concat(chunks), sourceIp: "127.0.0.1" };
    const answer = await answerCallback(sys, address, raw, "req_test");
    return response.writeHead(answer.status, answer.contentType ? { "content-type": answer.contentType } : {}).end(answer.body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

beforeAll(async () => {
  [database, simulator, web] = await Promise.all([createTestDatabase(), startSimulator(), serveCallbacks()]);
  sys = await openTestSystem(database.appUrl, { APP_URL: `http://127.0.0.1:${(web.address() as AddressInfo).port}` });
  inputs = await registerAtSimulator(simulator.url);
});
beforeEach(async () => {
  await faults({});
});
afterAll(async () => {
  web?.close();
  await closeTransport();
  await sys?.close();
  await Promise.all([simulator?.stop(), database?.drop()]);
});

const faults = async (wanted: Record<string, { kind: string }>) => {
  const answer = await fetch(`${simulator.url}/control/faults`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(wanted),
  });
  if (!answer.ok) throw new Error(`faults: HTTP ${answer.status} ${await answer.text()}`);
};
const strangersKey = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });

async function examine(input: CreateChannelInput, as?: (ctx: Ctx) => Ctx): Promise<Check[]> {
  const ctx = await newTenant(sys);
  const { channelId } = await createChannel(ctx, input);
  return examineChannel(as ? as(ctx) : ctx, channelId);
}
const named = (checks: readonly Check[], name: CheckName) => checks.find((check) => check.name === name);

describe("a channel in order", () => {
  it.each(["alipay", "alipayCertificates", "wechat"] as const)("%s passes every check, in the page's order", async (kind) => {
    const checks = await examine(inputs[kind]);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(CHECK_NAMES[inputs[kind].provider]);
    expect(checks.every(({ ms }) => ms >= 0)).toBe(true);
  });

  it("leaves nothing in the inbox", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.wechat);
    await examineChannel(ctx, channelId);
    expect(await ctx.read((tx) => tx.select({ id: notification.id }).from(notification))).toEqual([]);
  });

  it("may be enabled; its checks may also be asked for one by one", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.alipay);
    for (const name of CHECK_NAMES.alipay)
      expect(await runCheck(ctx, { channelId, name, run: "run-00001" })).toMatchObject({ name, ok: true });
    await enableChannel(ctx, channelId);
    expect((await getChannel(ctx, channelId)).status).toBe("enabled");
  });
});

describe("a channel that is not", () => {
  it.each([
    ["alipay", "a private key that is not registered", () => ({ privateKey: strangersKey().privateKey }), "key_pair"],
    ["alipay", "an app id that does not exist", () => ({ appId: "2021999999999999" }), "gateway"],
    ["alipay", "a gateway that is not there", () => ({ gateway: "http://127.0.0.1:9/gateway.do" }), "gateway"],
    ["alipay", "another Alipay public key", () => ({ alipayPublicKey: strangersKey().publicKey }), "signature"],
    ["alipayCertificates", "a certificate of another key", () => ({ privateKey: strangersKey().privateKey }), "key_pair"],
    ["wechat", "a private key that is not registered", () => ({ merchantPrivateKey: strangersKey().privateKey }), "key_pair"],
    ["wechat", "another serial", () => ({ merchantSerial: "A".repeat(40) }), "key_pair"],
    ["wechat", "a base address that is not there", () => ({ baseUrl: "http://127.0.0.1:9" }), "gateway"],
    [
      "wechat",
      "another platform key",
      () => ({ verificationKeys: [{ id: "PUB_KEY_ID_0123456789", pem: strangersKey().publicKey }] }),
      "signature",
    ],
    ["wechat", "another APIv3 key", () => ({ apiV3Key: "w".repeat(32) }), "apiv3_key"],
  ] as const)("%s: %s fails with its cause and next step", async (kind, _name, change, failing) => {
    const checks = await examine({ ...inputs[kind], ...change() } as CreateChannelInput);
    const failed = named(checks, failing);
    expect(failed).toMatchObject({
      ok: false,
      cause: expect.stringMatching(/^[a-z0-9_.-]+$/),
      next: expect.stringMatching(/^[a-z0-9_]+$/),
    });
  });

  it.each(["alipay", "wechat"] as const)("%s: a clock that is off is told", async (kind) => {
    const ahead = (ctx: Ctx) => inTenant({ ...sys, now: () => new Date(Date.now() + 180_000) }, ctx.tenantId, cliActor);
    expect(named(await examine(inputs[kind], ahead), "clock")).toMatchObject({ ok: false, cause: "clock_skew" });
  });

  it("tells of certificates that end soon, and fails one that has ended", async () => {
    const at = (ms: number) => (ctx: Ctx) => inTenant({ ...sys, now: () => new Date(Date.now() + ms) }, ctx.tenantId, cliActor);
    const life = 5 * 365;
    expect(named(await examine(inputs.alipayCertificates, at(days(life - 20))), "expiry")).toMatchObject({
      ok: true,
      cause: "expires_soon",
    });
    expect(named(await examine(inputs.alipayCertificates, at(days(life + 1))), "expiry")).toMatchObject({
      ok: false,
      cause: "certificate_expired",
    });
  });

  it.each([
    ["nobody listens", "http://127.0.0.1:9", "not_reached"],
    ["somebody else answers", "", "answered_by_another"],
  ])("the callback check fails when %s", async (_name, appUrl, cause) => {
    const elsewhere = (ctx: Ctx) =>
      inTenant({ ...sys, config: { ...sys.config, appUrl: appUrl || simulator.url } }, ctx.tenantId, cliActor);
    for (const input of [inputs.alipay, inputs.wechat])
      expect(named(await examine(input, elsewhere), "callback")).toMatchObject({ ok: false, cause, next: "check_app_url" });
  });

  it("the gateway's silence and lies are told apart", async () => {
    await faults({ alipay: { kind: "bad_signature" }, wechat: { kind: "bad_signature" } });
    expect(named(await examine(inputs.alipay), "signature")).toMatchObject({ ok: false, cause: "bad_signature" });
    expect(named(await examine(inputs.wechat), "signature")).toMatchObject({ ok: false, cause: "bad_signature" });
    await faults({ alipay: { kind: "error500" }, wechat: { kind: "error500" } });
    expect(named(await examine(inputs.alipay), "gateway")).toMatchObject({ ok: false });
    expect(named(await examine(inputs.wechat), "gateway")).toMatchObject({ ok: false });
  });

  it("cannot be enabled, and stays as it was", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, { ...inputs.alipay, privateKey: strangersKey().privateKey });
    await expect(enableChannel(ctx, channelId)).rejects.toMatchObject({
      code: "not_allowed_now",
      details: { reason: "check_failed", check: "key_pair" },
    });
    expect((await getChannel(ctx, channelId)).status).toBe("disabled");
  });

  it("of a neighbour is not found", async () => {
    const { channelId } = await createChannel(await newTenant(sys), inputs.alipay);
    const neighbour = await newTenant(sys);
    await expect(runCheck(neighbour, { channelId, name: "key_pair", run: "run-00002" })).rejects.toMatchObject({ code: "not_found" });
    await expect(enableChannel(neighbour, channelId)).rejects.toMatchObject({ code: "not_found" });
  });
});
