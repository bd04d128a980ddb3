import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerWechat } from "~/cli/demo/register-at-simulator";
import { hours, minutes } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { outbox } from "~/server/db/schema";
import { closeTransport } from "~/server/providers/transport";
import type { System } from "~/server/system";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { startSimulator, type TestSimulator } from "~tests/support/simulator";
import { cliActor, newTenant, openTestSystem } from "~tests/support/system";
import { createChannel, deleteChannel, getChannel, refreshCertificates, revokeKey } from ".";

let database: TestDatabase;
let simulator: TestSimulator;
let sys: System;

beforeAll(async () => {
  [database, simulator] = await Promise.all([createTestDatabase(), startSimulator()]);
  sys = await openTestSystem(database.appUrl);
});
afterAll(async () => {
  await closeTransport();
  await sys?.close();
  await Promise.all([simulator?.stop(), database?.drop()]);
});

const control = async (path: string, body: unknown) => {
  const answer = await fetch(`${simulator.url}/control/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`);
};
const listed = async () => {
  const answer = await fetch(`${simulator.url}/control/journal?limit=1000`);
  const { entries } = (await answer.json()) as { entries: { what: string; account: string }[] };
  return (mchid: string) => entries.filter(({ what, account }) => account === mchid && what.includes("/v3/certificates")).length;
};
const serials = async (ctx: Ctx, channelId: string) =>
  (await getChannel(ctx, channelId)).keys.filter(({ kind }) => kind === "verification_key").map(({ keyId }) => keyId ?? "");

/** A merchant that was set up with the public key alone, while the provider still signs with certificates. */
async function newMerchant() {
  const ctx = await newTenant(sys);
  const input = await registerWechat(simulator.url, { name: "w" });
  const publicKeys = input.verificationKeys.filter(({ id }) => id.startsWith("PUB_KEY_ID_"));
  const { channelId } = await createChannel(ctx, { ...input, verificationKeys: publicKeys });
  const certificates = input.verificationKeys.filter(({ id }) => !id.startsWith("PUB_KEY_ID_")).map(({ id }) => id);
  return { ctx, channelId, mchid: input.mchid, certificates };
}

describe("platform certificates", () => {
  it("CB-07 are fetched, added to what is there, and asked for again within twelve hours", async () => {
    const { ctx, channelId, certificates } = await newMerchant();
    expect(await serials(ctx, channelId)).toHaveLength(1);

    const next = await refreshCertificates(ctx, channelId);

    expect(await serials(ctx, channelId)).toEqual(expect.arrayContaining(certificates));
    expect(Number(next) - Date.now()).toBeGreaterThan(hours(10));
    expect(Number(next) - Date.now()).toBeLessThan(hours(12));
  });

  it("CB-07 are fetched once by many at once, and at most once in five minutes", async () => {
    const { ctx, channelId, mchid } = await newMerchant();

    await Promise.all(Array.from({ length: 10 }, () => refreshCertificates(ctx, channelId)));
    const soon = await refreshCertificates(ctx, channelId);

    expect((await listed())(mchid)).toBe(1);
    expect(Number(soon) - Date.now()).toBeLessThanOrEqual(minutes(5));
    const later = inTenant({ ...sys, now: () => new Date(Date.now() + minutes(5) - 10_000) }, ctx.tenantId, cliActor);
    await refreshCertificates(later, channelId);
    expect((await listed())(mchid)).toBe(1);
  });

  it("do not come back after somebody revoked them", async () => {
    const { ctx, channelId, mchid, certificates } = await newMerchant();
    // More than five minutes lie between the two, and neither is so far off that the provider's answer would be stale.
    const at = (ms: number) => inTenant({ ...sys, now: () => new Date(Date.now() + ms) }, ctx.tenantId, cliActor);
    await refreshCertificates(at(-minutes(4)), channelId);
    const key = (await getChannel(ctx, channelId)).keys.find(({ keyId }) => keyId === certificates[0]);
    await revokeKey(ctx, { channelId, keyId: key?.id ?? "" });

    await refreshCertificates(at(minutes(2)), channelId);

    expect((await listed())(mchid)).toBe(2);
    expect(await serials(ctx, channelId)).not.toContain(certificates[0]);
  });

  it("are not asked for again when the merchant has none, or the channel is gone", async () => {
    const { ctx, channelId, mchid } = await newMerchant();
    await control("keys", { mchid, mode: "public_key" });
    expect(await refreshCertificates(ctx, channelId)).toBeNull();

    const other = await newMerchant();
    await deleteChannel(other.ctx, other.channelId);
    expect(await refreshCertificates(other.ctx, other.channelId)).toBeNull();
    expect((await listed())(other.mchid)).toBe(0);
  });

  it("are on the list of work from the day a channel is made", async () => {
    const { ctx, channelId } = await newMerchant();
    const rows = await sys.db.orm.select().from(outbox);
    expect(rows).toContainEqual(expect.objectContaining({ tenantId: ctx.tenantId, job: "refresh-certificates", subject: channelId }));
  });
});
