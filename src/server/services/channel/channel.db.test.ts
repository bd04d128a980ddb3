import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerAlipay, registerAtSimulator, registerWechat } from "~/cli/demo/register-at-simulator";
import type { CreateChannelInput } from "~/domain/channel";
import { AppError } from "~/lib/errors";
import { minutes } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { channel, channelKey, event } from "~/server/db/schema";
import type { System } from "~/server/system";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { startSimulator, type TestSimulator } from "~tests/support/simulator";
import { cliActor, masterKey, newTenant, openTestSystem } from "~tests/support/system";
import {
  addToken,
  cachedChannel,
  callbackChannel,
  chooseChannel,
  createChannel,
  deleteChannel,
  findChannelsOfApp,
  findTenantOfChannel,
  getChannel,
  listChannels,
  listUsableChannels,
  loadProviderChannel,
  moveChannel,
  openToken,
  replaceKeys,
  revokeKey,
  revokeToken,
  setDefaultChannel,
  updateChannel,
} from ".";

let database: TestDatabase;
let simulator: TestSimulator;
let sys: System;
let inputs: Awaited<ReturnType<typeof registerAtSimulator>>;
const masterKeys = masterKey(1);

beforeAll(async () => {
  [database, simulator] = await Promise.all([createTestDatabase(), startSimulator()]);
  sys = await openTestSystem(database.appUrl, { MASTER_KEYS: masterKeys, APP_URL: "https://pay.example.test" });
  inputs = await registerAtSimulator(simulator.url);
});
afterAll(async () => {
  await sys?.close();
  await Promise.all([simulator?.stop(), database?.drop()]);
});

const listAll = (ctx: Ctx) => listChannels(ctx, { limit: 100 });
const eventsOf = (ctx: Ctx, subject: string) =>
  ctx.read((tx) => tx.select().from(event).where(eq(event.subject, subject)).orderBy(event.no));
const codeOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw error ?? new Error("nothing was thrown");
  return { code: error.code, ...error.details };
};
const rsa = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });

describe("creating", () => {
  it("keeps every field, starts disabled, and names the addresses that the provider calls", async () => {
    const ctx = await newTenant(sys);

    const { channelId, notifyUrls } = await createChannel(ctx, { ...inputs.alipay, remark: "总部", returnUrl: "http://localhost/back" });

    expect(notifyUrls).toEqual({
      trade: `https://pay.example.test/api/payment/alipay/notify/${channelId}`,
      gateway: `https://pay.example.test/api/payment/notification/${channelId}`,
    });
    const shown = await getChannel(ctx, channelId);
    expect(shown).toMatchObject({
      provider: "alipay",
      status: "disabled",
      isDefault: true,
      appId: inputs.alipay.appId,
      sellerId: inputs.alipay.sellerId,
      baseUrl: inputs.alipay.gateway,
      keyMode: "public_key",
      remark: "总部",
      returnUrl: "http://localhost/back",
    });
    expect(shown.keys.map(({ kind }) => kind).sort()).toEqual(["alipay_public_key", "private_key"]);
    expect(await findTenantOfChannel(sys, channelId)).toBe(ctx.tenantId);
    expect(await findChannelsOfApp(sys, inputs.alipay.appId)).toContainEqual({ tenantId: ctx.tenantId, channelId });
    expect((await eventsOf(ctx, channelId)).map(({ type }) => type)).toEqual(["channel.create"]);
  });

  it.each(["alipay", "alipayCertificates", "wechat"] as const)("gives the adapter of %s its keys parsed", async (kind) => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs[kind]);

    const loaded = await loadProviderChannel(ctx, channelId);

    expect(loaded).toMatchObject({ tenantId: ctx.tenantId, channelId, version: 1, environment: "simulator" });
    expect(loaded.privateKey.type).toBe("private");
    expect([...loaded.verificationKeys.values()].every(({ key }) => key.type === "public")).toBe(true);
    if (loaded.provider === "alipay") {
      expect(loaded.keyMode).toBe(kind === "alipay" ? "public_key" : "certificate");
      expect(Boolean(loaded.appCertSn && loaded.alipayRootCertSn)).toBe(kind === "alipayCertificates");
    } else {
      expect(loaded.apiV3Keys.map((key) => key.reveal().toString())).toEqual([inputs.wechat.apiV3Key]);
      expect([...loaded.verificationKeys.keys()].sort()).toEqual(inputs.wechat.verificationKeys.map(({ id }) => id).sort());
    }
  });

  it.each([
    ["a key that is none", { privateKey: "bm90IGEga2V5IGF0IGFsbA==" }, { field: "privateKey" }],
    [
      "an address off the loopback in the simulator",
      { gateway: "https://openapi.alipay.com/gateway.do" },
      { field: "gateway", reason: "not_loopback" },
    ],
    [
      "an internal address in a live channel",
      { environment: "live", gateway: "https://10.0.0.1/gateway.do" },
      { field: "environment", reason: "test_clock" },
    ],
  ] as const)("refuses %s", async (_name, change, expected) => {
    const ctx = await newTenant(sys);
    const strict = { ...sys, config: { ...sys.config, testClock: "environment" in change } };

    expect(await codeOf(createChannel(inTenant(strict, ctx.tenantId, cliActor), { ...inputs.alipay, ...change }))).toMatchObject({
      code: "channel_invalid",
      ...expected,
    });
    expect((await listAll(ctx)).items).toEqual([]);
  });

  it.each([
    ["http", "http://openapi.alipay.com/gateway.do", "not_https"],
    ["the loopback", "https://localhost/gateway.do", "host_not_allowed"],
    ["another host", "https://openapi.alipay.com.evil.test/gateway.do", "host_not_allowed"],
    ["the other provider", "https://api.mch.weixin.qq.com/gateway.do", "host_not_allowed"],
    ["another port", "https://openapi.alipay.com:8443/gateway.do", "not_port_443"],
  ])("IN-07 refuses a live channel at %s", async (_name, gateway, reason) => {
    const ctx = await newTenant(sys);
    expect(await codeOf(createChannel(ctx, { ...inputs.alipay, environment: "live", gateway }))).toMatchObject({
      field: "gateway",
      reason,
    });
  });

  it("takes a live channel at the provider's own host", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, {
      ...inputs.alipay,
      environment: "live",
      gateway: "https://openapi.alipay.com/gateway.do",
      returnUrl: "https://shop.example.com/done",
    });
    expect(await getChannel(ctx, channelId)).toMatchObject({ environment: "live", isDefault: true });
  });

  it("refuses an APIv3 key that has not 32 bytes", async () => {
    const ctx = await newTenant(sys);
    expect(await codeOf(createChannel(ctx, { ...inputs.wechat, apiV3Key: "too short" }))).toMatchObject({ field: "apiV3Key" });
  });
});

describe("secrets", () => {
  /** Pieces of each secret, in the forms in which they might leak. */
  const canaries = (input: CreateChannelInput): string[] => {
    const secret = input.provider === "alipay" ? input.privateKey : input.merchantPrivateKey;
    const body = secret.replace(/-----[^-]+-----|\s+/g, "");
    return [body.slice(100, 140), body.slice(-40, -4), ...(input.provider === "wechat" ? [input.apiV3Key] : ["canary-token-0123456789"])];
  };

  it("KEY-04 shows no secret in lists, details, events, errors or prints", async () => {
    const ctx = await newTenant(sys);
    for (const input of [inputs.alipay, inputs.alipayCertificates, inputs.wechat]) {
      const { channelId } = await createChannel(ctx, input);
      if (input.provider === "alipay") {
        await addToken(ctx, { channelId, subjectKind: "enterprise", subject: "2088000011112222", token: "canary-token-0123456789" });
        await replaceKeys(ctx, { channelId, alipay: { privateKey: input.privateKey } });
      } else await replaceKeys(ctx, { channelId, wechat: { merchantPrivateKey: input.merchantPrivateKey, apiV3Key: input.apiV3Key } });
      const loaded = await loadProviderChannel(ctx, channelId);
      const known = await callbackChannel(sys, channelId);
      const broken = await createChannel(ctx, {
        ...input,
        name: "x".repeat(3) + input.name,
        ...brokenKey(input),
      } as CreateChannelInput).catch((e) => e);

      const seen = [
        JSON.stringify(
          [await listAll(ctx), await getChannel(ctx, channelId), await eventsOf(ctx, channelId), loaded, known],
          (_key, value) => (typeof value === "bigint" ? String(value) : value),
        ),
        inspect([await getChannel(ctx, channelId), loaded, known, broken, sys.config], { depth: 9, showHidden: true }),
        JSON.stringify(broken) + (broken as Error).stack,
      ].join("\n");
      for (const canary of canaries(input)) expect(seen.includes(canary), `${input.provider}: ${canary.slice(0, 6)}…`).toBe(false);
    }
  });

  const brokenKey = (input: CreateChannelInput) =>
    input.provider === "alipay"
      ? { privateKey: `${input.privateKey.slice(0, 400)}??` }
      : { merchantPrivateKey: `${input.merchantPrivateKey.slice(0, 400)}??` };

  it("KEY-01 keeps no secret readable in the database", async () => {
    const ctx = await newTenant(sys);
    for (const input of [inputs.alipay, inputs.wechat]) {
      const { channelId } = await createChannel(ctx, input);
      const rows = await ctx.read((tx) => tx.select().from(channelKey).where(eq(channelKey.channelId, channelId)));
      for (const row of rows) {
        const secret = ["private_key", "api_v3_key", "aes_key"].includes(row.kind);
        expect(row.sealed !== null).toBe(secret);
        const bytes = Buffer.concat([row.sealed ?? Buffer.alloc(0), Buffer.from(`${row.publicText} ${row.fingerprint} ${row.last4}`)]);
        for (const canary of canaries(input)) expect(bytes.includes(canary)).toBe(false);
      }
    }
  });

  it("KEY-02 does not open a secret that was moved to another row or another tenant", async () => {
    const ctx = await newTenant(sys);
    const neighbour = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.alipay);
    const other = await createChannel(ctx, { ...inputs.alipayCertificates, name: "other" });
    const foreign = await createChannel(neighbour, inputs.alipay);
    const secretOf = async (owner: Ctx, id: string) => {
      const rows = await owner.read((tx) =>
        tx
          .select()
          .from(channelKey)
          .where(eq(channelKey.channelId, id as never)),
      );
      return rows.find(({ kind }) => kind === "private_key");
    };
    const stolen = await secretOf(ctx, channelId);

    for (const [where, target] of [
      [ctx, other.channelId],
      [neighbour, foreign.channelId],
    ] as const) {
      const own = await secretOf(where, target);
      await where.transaction((tx) =>
        tx
          .update(channelKey)
          .set({ sealed: stolen?.sealed })
          .where(eq(channelKey.id, own?.id as never)),
      );
      const fresh = await openTestSystem(database.appUrl, { MASTER_KEYS: masterKeys });
      await expect(loadProviderChannel(inTenant(fresh, where.tenantId, cliActor), target)).rejects.toThrow(/authentication/);
      await fresh.close();
    }
  });
});

describe("keys", () => {
  it("replaces a private key: the old is retired, the version rises, the event tells fingerprints before and after", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.alipay);
    const before = (await getChannel(ctx, channelId)).keys.find(({ kind }) => kind === "private_key");
    await loadProviderChannel(ctx, channelId);

    await replaceKeys(ctx, { channelId, alipay: { privateKey: rsa().privateKey } });

    const shown = await getChannel(ctx, channelId);
    const now = shown.keys.find(({ kind }) => kind === "private_key");
    expect(now?.fingerprint).not.toBe(before?.fingerprint);
    expect(shown.formerKeys.map(({ id }) => id)).toEqual([before?.id]);
    expect((await loadProviderChannel(ctx, channelId)).version).toBe(2);
    const [, change] = await eventsOf(ctx, channelId);
    expect(change).toMatchObject({
      type: "channel.key_replace",
      details: {
        before: { keys: [{ kind: "private_key", fingerprint: before?.fingerprint }] },
        after: { keys: [{ fingerprint: now?.fingerprint }] },
      },
    });
  });

  it("moves an Alipay channel to certificates and back", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.alipay);
    const { privateKey, appCert, alipayCert, alipayRootCert } = inputs.alipayCertificates;

    await replaceKeys(ctx, { channelId, alipay: { privateKey, appCert, alipayCert, alipayRootCert } });
    const certified = await loadProviderChannel(ctx, channelId);
    await replaceKeys(ctx, { channelId, alipay: { alipayPublicKey: inputs.alipay.alipayPublicKey } });
    const back = await loadProviderChannel(ctx, channelId);

    expect(certified).toMatchObject({ keyMode: "certificate", appCertSn: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(back).toMatchObject({ keyMode: "public_key", appCertSn: null });
    expect([...back.verificationKeys.keys()]).toEqual(["key"]);
  });

  it("refuses one certificate alone, and leaves all as it was", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.alipay);
    expect(await codeOf(replaceKeys(ctx, { channelId, alipay: { appCert: inputs.alipayCertificates.appCert } }))).toMatchObject({
      code: "channel_invalid",
    });
    expect(await getChannel(ctx, channelId)).toMatchObject({ keyMode: "public_key", formerKeys: [] });
  });

  it("CB-07 keeps many verification keys live, refuses a revoked one, and tells which it was", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.wechat);
    await replaceKeys(ctx, { channelId, wechat: { verificationKeys: [{ id: "PUB_KEY_ID_0123456789", pem: rsa().publicKey }] } });
    const { keys } = await getChannel(ctx, channelId);
    const added = keys.find(({ keyId }) => keyId === "PUB_KEY_ID_0123456789");
    expect(keys.filter(({ kind }) => kind === "verification_key")).toHaveLength(inputs.wechat.verificationKeys.length + 1);

    await revokeKey(ctx, { channelId, keyId: added?.id ?? "" });

    const loaded = await loadProviderChannel(ctx, channelId);
    expect(loaded.verificationKeys.get("PUB_KEY_ID_0123456789")?.revokedAt).toBeInstanceOf(Date);
    expect([...loaded.verificationKeys.values()].filter(({ revokedAt }) => !revokedAt)).toHaveLength(inputs.wechat.verificationKeys.length);
  });

  it("puts a verification key of the same number in the place of the old one", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.wechat);
    const add = () =>
      replaceKeys(ctx, { channelId, wechat: { verificationKeys: [{ id: "PUB_KEY_ID_0123456789", pem: rsa().publicKey }] } });
    await add();
    await add();
    const { keys } = await getChannel(ctx, channelId);
    expect(keys.filter(({ keyId }) => keyId === "PUB_KEY_ID_0123456789")).toHaveLength(1);
  });

  it("decrypts with the previous APIv3 key for one day", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.wechat);
    await replaceKeys(ctx, { channelId, wechat: { apiV3Key: "n".repeat(32) } });
    const at = async (ms: number) => {
      const later = await openTestSystem(database.appUrl, { MASTER_KEYS: masterKeys });
      const moved = { ...later, now: () => new Date(Date.now() + ms) };
      const loaded = await loadProviderChannel(inTenant(moved, ctx.tenantId, cliActor), channelId);
      await later.close();
      return loaded.provider === "wechat" ? loaded.apiV3Keys.map((key) => key.reveal().toString()) : [];
    };
    expect(await at(0)).toEqual(["n".repeat(32), inputs.wechat.apiV3Key]);
    expect(await at(minutes(24 * 60 - 1))).toEqual(["n".repeat(32), inputs.wechat.apiV3Key]);
    expect(await at(minutes(24 * 60 + 1))).toEqual(["n".repeat(32)]);
  });

  it("does not let the only key of its kind be revoked", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.alipay);
    const [key] = (await getChannel(ctx, channelId)).keys;
    expect(await codeOf(revokeKey(ctx, { channelId, keyId: key?.id ?? "" }))).toMatchObject({
      code: "not_allowed_now",
      reason: "replace_instead",
    });
  });
});

describe("the default", () => {
  it("is the first channel of its provider and environment, and moves in one step", async () => {
    const ctx = await newTenant(sys);
    const first = await createChannel(ctx, { ...inputs.alipay, isDefault: undefined });
    const second = await createChannel(ctx, { ...inputs.alipay, isDefault: undefined });
    const wechat = await createChannel(ctx, { ...inputs.wechat, isDefault: undefined });
    await setDefaultChannel(ctx, second.channelId);

    const defaults = (await listAll(ctx)).items.filter(({ isDefault }) => isDefault).map(({ id }) => id);
    expect(defaults.sort()).toEqual([second.channelId, wechat.channelId].sort());
    expect((await getChannel(ctx, first.channelId)).isDefault).toBe(false);
  });

  it("is one at every moment, whoever races", async () => {
    const ctx = await newTenant(sys);
    const created = await Promise.all(
      Array.from({ length: 6 }, (_, i) => createChannel(ctx, { ...inputs.alipay, name: `c${i}`, isDefault: true })),
    );
    const defaults = async () => (await listAll(ctx)).items.filter(({ isDefault }) => isDefault);
    expect(await defaults()).toHaveLength(1);

    await Promise.all(created.map(({ channelId }) => setDefaultChannel(ctx, channelId)));
    expect(await defaults()).toHaveLength(1);
  });

  it("is looked up per provider, in the environment of the preferred channel, and only while enabled", async () => {
    const ctx = await newTenant(sys);
    const alipay = await createChannel(ctx, inputs.alipay);
    const wechat = await createChannel(ctx, inputs.wechat);
    const other = await createChannel(ctx, { ...inputs.alipayCertificates, isDefault: false });
    const usable = (preferred: string | null) =>
      ctx.read(async (tx) => (await listUsableChannels(tx, ctx, preferred as never)).map(({ id }) => id));
    const choose = (method: "alipay_pc" | "wechat_native", channelId: string | null = null) =>
      ctx.read(async (tx) => (await chooseChannel(tx, ctx, { method, channelId: channelId as never, preferred: null })).id);
    expect(await usable(null)).toEqual([]);
    expect(await codeOf(choose("alipay_pc"))).toMatchObject({ code: "channel_missing" });

    for (const { channelId } of [alipay, wechat, other]) await moveChannel(ctx, channelId, "enable");
    expect((await usable(null)).sort()).toEqual([alipay.channelId, wechat.channelId].sort());
    expect((await usable(other.channelId)).sort()).toEqual([other.channelId, wechat.channelId].sort());
    expect(await choose("alipay_pc")).toBe(alipay.channelId);
    expect(await choose("wechat_native")).toBe(wechat.channelId);
    expect(await codeOf(choose("wechat_native", alipay.channelId))).toMatchObject({ code: "invalid_input" });

    await moveChannel(ctx, wechat.channelId, "disable");
    expect(await usable(null)).toEqual([alipay.channelId]);
    expect(await codeOf(choose("wechat_native", wechat.channelId))).toMatchObject({ code: "channel_missing", reason: "disabled" });
  });
});

describe("out of use", () => {
  it("a deleted or disabled channel starts nothing new, but still reads what arrives for it", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.alipay);
    await moveChannel(ctx, channelId, "enable");
    expect(await codeOf(moveChannel(ctx, channelId, "enable"))).toMatchObject({ code: "state_changed" });

    await deleteChannel(ctx, channelId);

    expect((await callbackChannel(sys, channelId))?.channel.channelId).toBe(channelId);
    expect((await listAll(ctx)).items).toEqual([]);
    expect(await codeOf(getChannel(ctx, channelId))).toMatchObject({ code: "not_found" });
    expect(await codeOf(moveChannel(ctx, channelId, "enable"))).toMatchObject({ code: "not_found" });
    const [row] = await ctx.read((tx) => tx.select().from(channel).where(eq(channel.id, channelId)));
    expect(row).toMatchObject({ isDefault: false, status: "disabled" });
  });

  it("changes names and addresses, and keeps identities to their shapes", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.alipay);
    await updateChannel(ctx, { channelId, name: "新名字", remark: null, appId: "2021000000000001" });
    expect(await getChannel(ctx, channelId)).toMatchObject({ name: "新名字", appId: "2021000000000001" });
    expect(await findChannelsOfApp(sys, "2021000000000001")).toContainEqual({ tenantId: ctx.tenantId, channelId });
    expect(await codeOf(updateChannel(ctx, { channelId, appId: "wx123" }))).toMatchObject({ field: "appId" });
    expect(await codeOf(updateChannel(ctx, { channelId, baseUrl: "https://169.254.169.254/" }))).toMatchObject({ field: "gateway" });
    expect((await eventsOf(ctx, channelId)).at(-1)).toMatchObject({
      type: "channel.update",
      details: { before: { name: inputs.alipay.name }, after: { name: "新名字" } },
    });
  });
});

describe("app_auth_tokens", () => {
  it("opens the one in force, replaces it, and forgets it when revoked or over", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.alipay);
    const of = { channelId, subjectKind: "enterprise", subject: "2088000011112222" } as const;
    await addToken(ctx, { ...of, token: "token-number-one" });
    const { tokenId } = await addToken(ctx, { ...of, token: "token-number-two" });
    expect((await openToken(ctx, of))?.reveal()).toBe("token-number-two");
    expect((await getChannel(ctx, channelId)).tokens.map(({ id }) => id)).toEqual([tokenId]);

    await revokeToken(ctx, { channelId, tokenId });
    expect(await openToken(ctx, of)).toBeNull();
    await addToken(ctx, { ...of, token: "token-number-three", expiresAt: new Date(Date.now() - 1_000) });
    expect(await openToken(ctx, of)).toBeNull();
  });
});

describe("the neighbour tenant", () => {
  it("TEN-07 finds nothing of ours, whatever it tries", async () => {
    const ctx = await newTenant(sys);
    const neighbour = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.wechat);
    const { keys } = await getChannel(ctx, channelId);
    const keyId = keys[0]?.id ?? "";

    for (const attempt of [
      () => getChannel(neighbour, channelId),
      () => updateChannel(neighbour, { channelId, name: "mine" }),
      () => replaceKeys(neighbour, { channelId, wechat: { apiV3Key: "e".repeat(32) } }),
      () => revokeKey(neighbour, { channelId, keyId }),
      () => moveChannel(neighbour, channelId, "enable"),
      () => setDefaultChannel(neighbour, channelId),
      () => deleteChannel(neighbour, channelId),
      () => addToken(neighbour, { channelId, subjectKind: "merchant", subject: "x", token: "token-number-one" }),
      () => loadProviderChannel(neighbour, channelId),
    ])
      expect(await codeOf(attempt())).toMatchObject({ code: "not_found" });
    expect((await listAll(neighbour)).items).toEqual([]);
    expect((await eventsOf(neighbour, channelId)).length).toBe(0);
  });
});

describe("the cache", () => {
  it("serves without a query, loads once for many, and is dropped by another process's change", async () => {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, inputs.wechat);
    const other = await openTestSystem(database.appUrl, { MASTER_KEYS: masterKeys });
    expect(cachedChannel(other, channelId)).toBeNull();
    const loaded = await Promise.all(Array.from({ length: 20 }, () => callbackChannel(other, channelId)));
    expect(new Set(loaded).size).toBe(1);
    expect(cachedChannel(other, channelId)).toBe(loaded[0]);

    await replaceKeys(ctx, { channelId, wechat: { apiV3Key: "z".repeat(32) } });

    await expect.poll(() => cachedChannel(other, channelId)).toBeNull();
    expect((await callbackChannel(other, channelId))?.channel.version).toBe(2);
    await other.close();
  });

  it("pages through the list, newest first", async () => {
    const ctx = await newTenant(sys);
    const input = await registerAlipay(simulator.url, { name: "a", keyMode: "public_key" });
    for (const name of ["one", "two", "three"]) await createChannel(ctx, { ...input, name });
    const first = await listChannels(ctx, { limit: 2 });
    const rest = await listChannels(ctx, { limit: 2, cursor: first.nextCursor as never });
    expect([...first.items, ...rest.items].map(({ name }) => name)).toEqual(["three", "two", "one"]);
    expect(rest.nextCursor).toBeNull();
  });

  it("answers null for an address that nobody has", async () => {
    expect(await callbackChannel(sys, "chn_00000000000000000000000000")).toBeNull();
    const { wechat } = { wechat: await registerWechat(simulator.url, { name: "w" }) };
    expect(wechat.verificationKeys.length).toBeGreaterThan(1);
  });
});
