import { and, eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { describe, expect, it } from "vitest";
import { ListFacetoface } from "~/domain/facetoface-input";
import type { Ctx } from "~/server/context";
import { channel, event, facetofaceBatch } from "~/server/db/schema";
import { type GivenOrder, givenOrder } from "~tests/support/facetoface";
import { at, newShop } from "~tests/support/sales";
import { systemForFile } from "~tests/support/system-for-file";
import { countFacetoface, countFacetofaceAttention, exportFacetoface, listFacetoface } from ".";
import { matchingNames } from "./queries";

const { database, sys } = await systemForFile();

const filter = (input: unknown = {}) => ListFacetoface.parse(input);
const shopsOf = (page: { items: { shopName: string }[] }) => page.items.map(({ shopName }) => shopName);

async function newDesk() {
  const ctx = await newShop(sys);
  const [alipay] = await ctx.read((tx) =>
    tx
      .select({ id: channel.id })
      .from(channel)
      .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.provider, "alipay"))),
  );
  if (!alipay) throw new Error("the shop has a channel");
  const put = (owner: Ctx, given: Partial<GivenOrder>) => givenOrder(owner, { channelId: alipay.id, ...given });
  return { ctx, put };
}

/** Six applications around one midnight in Beijing, one in each status. */
async function aWeek() {
  const { ctx, put } = await newDesk();
  const [monday, tuesday] = [at(ctx, "2026-11-16 23:59:00"), at(ctx, "2026-11-17 00:01:00")];
  const opened = await put(monday, { shopName: "A1", merchantName: "晓静便利店", status: "success", orderNo: "O-1" });
  await put(monday, { shopName: "A2", merchantName: "晓静面馆", status: "closed" });
  await put(monday, { shopName: "A3", merchantName: "老王修车", status: "merchant_confirm", confirmExpiresAt: monday.now() });
  await put(tuesday, { shopName: "B4", merchantName: "100%果汁", status: "merchant_auditing" });
  await put(tuesday, { shopName: "B5", merchantName: "100度咖啡", status: "submitted", heldAt: tuesday.now() });
  await put(at(ctx, "2026-11-17 09:00:00"), { shopName: "B6", merchantName: "新店", status: "init" });
  return { ctx: at(ctx, "2026-11-17 10:00:00"), opened, put };
}

describe("the list", () => {
  it("filters by status, by what needs a person, and by Beijing days with both ends", async () => {
    const { ctx } = await aWeek();
    const found = async (input: unknown) => shopsOf(await listFacetoface(ctx, filter(input)));

    const all = await found({});
    expect([all[0], all.slice(1, 3).sort(), all.slice(3).sort()]).toEqual(["B6", ["B4", "B5"], ["A1", "A2", "A3"]]);
    expect(await found({ status: "merchant_auditing" })).toEqual(["B4"]);
    expect((await found({ status: "attention" })).sort()).toEqual(["A3", "B5"]);
    expect((await found({ from: "2026-11-16", to: "2026-11-16" })).sort()).toEqual(["A1", "A2", "A3"]);
    expect((await found({ from: "2026-11-17" })).sort()).toEqual(["B4", "B5", "B6"]);
  });

  it("finds by any number exactly, also that of an earlier batch, and by the beginning of a name", async () => {
    const { ctx, opened } = await aWeek();
    await ctx.transaction((tx) =>
      tx.insert(facetofaceBatch).values({
        tenantId: ctx.tenantId,
        batchNo: "earlier-batch",
        orderId: opened.id,
        openedAt: opened.createdAt,
        end: "expired",
        endedAt: opened.createdAt,
      }),
    );
    const found = async (q: string) => shopsOf(await listFacetoface(ctx, filter({ q }))).sort();

    expect(await found(opened.id)).toEqual(["A1"]);
    expect(await found(opened.batchNo ?? "")).toEqual(["A1"]);
    expect(await found("earlier-batch")).toEqual(["A1"]);
    expect(await found("O-1")).toEqual(["A1"]);
    expect(await found("晓静")).toEqual(["A1", "A2"]);
    expect(await found("B")).toEqual(["B4", "B5", "B6"]);
    // What people type stands for itself.
    expect(await found("100%")).toEqual(["B4"]);
    expect(await found("%")).toEqual([]);
    expect(await found("便利")).toEqual([]);
  });

  it("pages by keyset without a gap or a repeat, also among applications of one moment", async () => {
    const { ctx } = await aWeek();
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listFacetoface(ctx, filter({ limit: 2, cursor }));
      seen.push(...shopsOf(page));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);

    expect(seen).toEqual(shopsOf(await listFacetoface(ctx, filter())));
    expect(new Set(seen).size).toBe(6);
    await expect(listFacetoface(ctx, filter({ cursor: "x" }))).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("shows one's own alone", async () => {
    await aWeek();
    const { ctx } = await newDesk();

    expect(await listFacetoface(ctx, filter())).toEqual({ items: [], nextCursor: null });
    expect((await countFacetoface(ctx, filter())).all).toBe(0);
    expect(await countFacetofaceAttention(ctx)).toBe(0);
  });

  it("searches names by their indexes behind the wall: a word typed does not read a whole tenant", async () => {
    const { ctx, opened } = await aWeek();
    await ctx.transaction((tx) =>
      tx.execute(sql`
        insert into app.facetoface_order
        select (jsonb_populate_record(o, jsonb_build_object('id', 'f2f_' || n, 'batch_no', 'B-' || n, 'merchant_name', '商户' || n, 'shop_name', '店' || n))).*
        from app.facetoface_order o, generate_series(1, 3000) n where o.id = ${opened.id}`),
    );
    const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
    await owner`analyze app.facetoface_order`;
    await owner.end();

    const plan = await ctx.read((tx) =>
      tx.execute(sql`explain select id from app.facetoface_order where tenant_id = ${ctx.tenantId} and ${matchingNames("晓静")}`),
    );

    const told = JSON.stringify(plan);
    expect(told).toMatch(/Index Cond[^"]*merchant_name/);
    expect(told).toMatch(/Index Cond[^"]*shop_name/);
  });
});

describe("the counts", () => {
  it("count every status of the other filters, and what needs a person", async () => {
    const { ctx } = await aWeek();

    expect(await countFacetoface(ctx, filter({ status: "closed" }))).toEqual({
      all: 6,
      attention: 2,
      init: 1,
      submitted: 1,
      merchant_auditing: 1,
      merchant_confirm: 1,
      success: 1,
      closed: 1,
      countMax: 1_000,
    });
    expect(await countFacetoface(ctx, filter({ from: "2026-11-17" }))).toMatchObject({ all: 3, attention: 1, success: 0 });
    expect(await countFacetofaceAttention(ctx)).toBe(2);
  });
});

describe("the export", () => {
  it("IN-06 holds what the filter holds, and is in the audit log without what was searched for", async () => {
    const { ctx } = await aWeek();

    const pages = [];
    for await (const page of exportFacetoface(ctx, filter({ q: "晓静", status: "success" }))) pages.push(page);

    expect(pages.flat().map(({ shopName }) => shopName)).toEqual(["A1"]);
    const [audited] = await ctx.read((tx) => tx.select().from(event).where(eq(event.type, "facetoface.export")));
    expect(audited?.details).toMatchObject({ searched: true, status: "success" });
    expect(audited?.details).not.toHaveProperty("q");
  });
});
