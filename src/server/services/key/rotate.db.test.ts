import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "~/lib/id";
import { fen } from "~/lib/money";
import { type Ctx, inTenant } from "~/server/context";
import { envelopeVersion } from "~/server/crypto/envelope";
import { SEALED_COLUMNS } from "~/server/crypto/sealed-columns";
import {
  channel,
  channelKey,
  channelToken,
  facetofaceCall,
  facetofaceOrder,
  notification,
  payment,
  paymentTransaction,
  picture,
  statement,
  statementPiece,
  tenantKey,
} from "~/server/db/schema";
import type { System } from "~/server/system";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { givenWaitingDay } from "~tests/support/reconciliation";
import { cliActor, masterKey, newTenant, openTestSystem } from "~tests/support/system";
import { rotateKeys } from ".";

const [one, two] = [masterKey(1), masterKey(2)];
const [sealedText, changedText] = ["sesame", "open sesame"];

let database: TestDatabase;
const opened: System[] = [];
const open = async (masterKeys: string) => {
  const system = await openTestSystem(database.appUrl, { MASTER_KEYS: masterKeys });
  opened.push(system);
  return system;
};

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(opened.map((system) => system.close()));
  await database?.drop();
});

/** A row in every table with a sealed column. */
async function sealEverywhere(ctx: Ctx) {
  const vault = await ctx.vault();
  const now = ctx.now();
  const by = { createdBy: "test", createdAt: now };
  const t = { tenantId: ctx.tenantId };
  const ids = {
    channel: newId("channel"),
    key: newId("secret"),
    token: newId("secret"),
    payment: newId("payment"),
    txn: newId("transaction"),
    note: newId("notification"),
    application: newId("facetoface"),
    call: newId("call"),
    picture: newId("picture"),
    statement: newId("statement"),
    piece: newId("piece"),
  };
  const seal = (table: string, column: string, rowId: string) => vault.seal({ table, column, rowId }, sealedText);
  await ctx.transaction(async (tx) => {
    await tx.insert(channel).values({
      ...t,
      ...by,
      id: ids.channel,
      provider: "alipay",
      name: "c",
      environment: "simulator",
      status: "enabled",
      appId: "2021",
      sellerId: "2088",
      baseUrl: "http://localhost/",
      keyMode: "public_key",
      updatedBy: "test",
      updatedAt: now,
    });
    await tx.insert(channelKey).values({
      ...t,
      ...by,
      id: ids.key,
      channelId: ids.channel,
      kind: "private_key",
      sealed: seal("channel_key", "sealed", ids.key),
      fingerprint: "F",
    });
    await tx.insert(channelToken).values({
      ...t,
      ...by,
      id: ids.token,
      channelId: ids.channel,
      subjectKind: "merchant",
      subject: "s",
      sealed: seal("channel_token", "sealed", ids.token),
      fingerprint: "F",
    });
    await tx.insert(payment).values({
      ...t,
      ...by,
      id: ids.payment,
      orderNo: ids.payment,
      subject: "s",
      amountFen: fen(1n),
      status: "pending",
      expiresAt: now,
      updatedAt: now,
    });
    await tx.insert(paymentTransaction).values({
      ...t,
      ...by,
      id: ids.txn,
      paymentId: ids.payment,
      paymentCreatedAt: now,
      channelId: ids.channel,
      provider: "alipay",
      method: "alipay_pc",
      outTradeNo: ids.txn,
      appId: "2021",
      sellerId: "2088",
      amountFen: fen(1n),
      status: "created",
      buyerIdSealed: seal("transaction", "buyer_id_sealed", ids.txn),
      updatedAt: now,
    });
    await tx.insert(notification).values({
      ...t,
      id: ids.note,
      channelId: ids.channel,
      provider: "alipay",
      kind: "unread",
      messageId: ids.note,
      state: "refused",
      receivedAt: now,
      sourceIp: "::1",
      headers: {},
      bodySealed: seal("notification", "body_sealed", ids.note),
      bodyBytes: 6,
      signedTextSealed: seal("notification", "signed_text_sealed", ids.note),
      steps: [],
    });
    await tx.insert(facetofaceOrder).values({
      ...t,
      ...by,
      id: ids.application,
      channelId: ids.channel,
      status: "init",
      step: "new",
      merchantName: "m",
      shopName: "s",
      shopAddress: { provinceCode: "1", cityCode: "1", districtCode: "1", detail: "d", longitude: null, latitude: null },
      mccCode: "A0001_B0003",
      signAndAuth: false,
      licenseLongTerm: false,
      personSealed: seal("facetoface_order", "person_sealed", ids.application),
      tokensSealed: seal("facetoface_order", "tokens_sealed", ids.application),
      masked: {
        account: "a",
        contactName: "n",
        contactMobile: "m",
        contactEmail: null,
        businessLicenseNo: null,
        businessLicenseMobile: null,
      },
      updatedAt: now,
    });
    await tx.insert(facetofaceCall).values({
      ...t,
      id: ids.call,
      orderId: ids.application,
      method: "alipay.open.agent.create",
      outcome: "ok",
      answerSealed: seal("facetoface_call", "answer_sealed", ids.call),
      ms: 1,
      at: now,
    });
    await tx.insert(picture).values({
      ...t,
      ...by,
      id: ids.picture,
      type: "png",
      bytes: 6_000,
      sha256: "0",
      contentSealed: seal("picture", "content_sealed", ids.picture),
    });
  });
  const dayId = await givenWaitingDay(ctx, ids.channel);
  await ctx.transaction(async (tx) => {
    await tx.insert(statement).values({ ...t, id: ids.statement, dayId, format: "plain", bytes: 6, sha256: "0", createdAt: now });
    const contentSealed = seal("statement_piece", "content_sealed", ids.piece);
    await tx.insert(statementPiece).values({ ...t, id: ids.piece, statementId: ids.statement, no: 0, contentSealed });
  });
  return ids;
}

/** Every sealed text of the tenant, opened, with the version that it stands under. */
async function openEverywhere(ctx: Ctx, ids: Awaited<ReturnType<typeof sealEverywhere>>) {
  const vault = await ctx.vault();
  return ctx.read(async (tx) => {
    const [key] = await tx.select().from(channelKey);
    const [token] = await tx.select().from(channelToken);
    const [attempt] = await tx.select().from(paymentTransaction);
    const [note] = await tx.select().from(notification);
    const [application] = await tx.select().from(facetofaceOrder);
    const [call] = await tx.select().from(facetofaceCall);
    const [image] = await tx.select().from(picture);
    const [piece] = await tx.select().from(statementPiece);
    const texts: [string, string, string, Buffer | null | undefined][] = [
      ["channel_key", "sealed", ids.key, key?.sealed],
      ["channel_token", "sealed", ids.token, token?.sealed],
      ["transaction", "buyer_id_sealed", ids.txn, attempt?.buyerIdSealed],
      ["notification", "body_sealed", ids.note, note?.bodySealed],
      ["notification", "signed_text_sealed", ids.note, note?.signedTextSealed],
      ["facetoface_order", "person_sealed", ids.application, application?.personSealed],
      ["facetoface_order", "tokens_sealed", ids.application, application?.tokensSealed],
      ["facetoface_call", "answer_sealed", ids.call, call?.answerSealed],
      ["picture", "content_sealed", ids.picture, image?.contentSealed],
      ["statement_piece", "content_sealed", ids.piece, piece?.contentSealed],
    ];
    return texts.map(([table, column, rowId, sealed]) => {
      if (!sealed) throw new Error(`${table}.${column} is empty`);
      return { version: envelopeVersion(sealed), text: vault.open({ table, column, rowId }, sealed).toString() };
    });
  });
}

describe("rotation", () => {
  it("KEY-03 knows every sealed column of the database", async () => {
    const sql = postgres(database.ownerUrl, { max: 1 });
    const found = await sql<{ name: string }[]>`
      select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'app' and data_type = 'bytea' and (column_name = 'sealed' or column_name like '%\\_sealed') order by 1`;
    await sql.end();
    expect(found.map(({ name }) => name)).toEqual(SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`).sort());
  });

  it("KEY-03 opens everything after rotation with the old master key destroyed", async () => {
    const before = await open(one);
    const ctx = await newTenant(before);
    const ids = await sealEverywhere(ctx);
    const token = (await ctx.vault()).linkToken("checkout", "pay_1");
    const digest = (await ctx.vault()).blindIndex("mobile", "138");

    const rotation = await rotateKeys(await open(`${two},${one}`));

    expect(rotation).toMatchObject({ masterVersion: 2, created: rotation.tenants, rewrapped: rotation.tenants });
    expect(Object.keys(rotation.resealed)).toHaveLength(SEALED_COLUMNS.length);
    const after = inTenant(await open(two), ctx.tenantId, cliActor);
    const texts = await openEverywhere(after, ids);
    expect(texts.every(({ version, text }) => version === 2 && text === sealedText)).toBe(true);
    expect((await after.vault()).linkToken("checkout", "pay_1")).toBe(token);
    expect((await after.vault()).blindIndex("mobile", "138")).toEqual(digest);
    await expect(inTenant(await open(one), ctx.tenantId, cliActor).vault()).rejects.toThrow("master key 2 is not in MASTER_KEYS");
    const keys = await after.read((tx) => tx.select().from(tenantKey).orderBy(tenantKey.version));
    expect(keys.map(({ masterVersion, retiredAt }) => [masterVersion, retiredAt !== null])).toEqual([
      [2, true],
      [2, false],
    ]);
  });

  it("KEY-03 goes on where it was broken off, and then has nothing left to do", async () => {
    const ctx = await newTenant(await open(one));
    const all = [];
    for (let i = 0; i < 3; i++) all.push(await sealEverywhere(ctx));
    const rotating = await open(`${two},${one}`);
    // The table of attempts cannot be read: the rotation dies half way.
    const owner = postgres(database.ownerUrl, { max: 1 });
    await owner`alter table app.transaction rename to transaction_away`;
    await expect(rotateKeys(rotating, { batch: 2 })).rejects.toThrow();
    await owner`alter table app.transaction_away rename to transaction`;
    await owner.end();

    const resumed = await rotateKeys(rotating, { batch: 2 });
    const again = await rotateKeys(rotating);

    expect(resumed.resealed["transaction.buyer_id_sealed"]).toBeGreaterThanOrEqual(3);
    expect(again).toMatchObject({ created: 0, rewrapped: 0, resealed: {} });
    const keys = await ctx.read((tx) => tx.select().from(tenantKey));
    expect(keys).toHaveLength(2);
  });

  it("runs beside live traffic: another process keeps sealing and opening, and what it sealed late is found", async () => {
    const live = await open(`${two},${one}`);
    const ctx = await newTenant(await open(one));
    const here = inTenant(live, ctx.tenantId, cliActor);
    const stale = await here.vault();
    const ids = await sealEverywhere(here);

    await rotateKeys(await open(`${two},${one}`));
    const late = stale.seal({ table: "channel_key", column: "sealed", rowId: ids.key }, changedText);
    await ctx.transaction((tx) => tx.update(channelKey).set({ sealed: late }));

    await expect.poll(async () => envelopeVersion((await here.vault()).seal({ table: "t", column: "c", rowId: "r" }, ""))).toBe(2);
    expect((await here.vault()).open({ table: "channel_key", column: "sealed", rowId: ids.key }, late).toString()).toBe(changedText);
    expect((await rotateKeys(live)).resealed).toEqual({ "channel_key.sealed": 1 });
    expect((await openEverywhere(here, ids))[0]).toEqual({ version: 2, text: changedText });
  });

  it("makes new data keys under the same master key when they are older than asked", async () => {
    const system = await open(`${two},${one}`);
    const ctx = await newTenant(system);
    const createdBefore = new Date(system.now().getTime() + 1);
    await rotateKeys(system, { createdBefore });
    await rotateKeys(system, { createdBefore: new Date(0) });
    expect(await ctx.read((tx) => tx.select().from(tenantKey))).toHaveLength(2);
  });

  it("two rotations at once make one new key", async () => {
    const ctx = await newTenant(await open(one));
    await Promise.all([rotateKeys(await open(`${two},${one}`)), rotateKeys(await open(`${two},${one}`))]);
    expect(await ctx.read((tx) => tx.select().from(tenantKey))).toHaveLength(2);
  });
});

describe("the vault", () => {
  it("reads a tenant's keys once however many ask, and drops them when they change", async () => {
    const system = await open(`${two},${one}`);
    const ctx = await newTenant(system);
    expect(system.vault.cached(ctx.tenantId)).toBeNull();
    const vaults = await Promise.all(Array.from({ length: 30 }, () => ctx.vault()));
    expect(new Set(vaults).size).toBe(1);
    expect(system.vault.cached(ctx.tenantId)).toBe(vaults[0]);

    await rotateKeys(system, { createdBefore: new Date(system.now().getTime() + 1) });
    await expect.poll(() => system.vault.cached(ctx.tenantId)).not.toBe(vaults[0]);
  });

  it("refuses a tenant without a key", async () => {
    const system = await open(one);
    await expect(system.vault.forTenant(newId("tenant"))).rejects.toThrow("no data key");
  });
});
