import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { WorkbenchRange } from "~/domain/dashboard";
import { type Id, newId } from "~/lib/id";
import { instantFromBeijing } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { channel, channelKey, paymentHour } from "~/server/db/schema";
import { createChannel } from "~/server/services/channel";
import { assignCase } from "~/server/services/exception";
import { prepareAttempt } from "~/server/services/payment";
import { moveTransaction } from "~/server/services/payment/move";
import { type GivenOrder, givenOrder } from "~tests/support/facetoface";
import { codeOf, newGrantee, newMember, newOperator, newTenantWithStaff } from "~tests/support/factories";
import { givenDifference } from "~tests/support/reconciliation";
import { rowsReadBy } from "~tests/support/rows-read";
import { abandon, at, closeMany, newShop, order, settle } from "~tests/support/sales";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { newChannelInput } from "~tests/walls/world";
import { checkRollUp, getWorkbench, rollUp } from ".";
import { listTodos } from "./todo";

const { database, sys } = await systemForFile();

const workbench = (ctx: Ctx, range: WorkbenchRange = "1d") => getWorkbench(ctx, { range });

/** A sale made and paid in one moment. */
async function sell(ctx: Ctx, when: string, amountFen: bigint, method?: Parameters<typeof settle>[2]) {
  const made = await order(at(ctx, when), { amountFen });
  await settle(at(ctx, when), made.id, method);
}

describe("figures", () => {
  it("compare today with yesterday until the same minute, and no further", async () => {
    const ctx = await newShop(sys);
    await sell(ctx, "2026-11-19 09:10:00", 10_000n);
    await sell(ctx, "2026-11-19 10:41:59", 7_000n);
    await sell(ctx, "2026-11-19 10:42:01", 90_000n);
    await sell(ctx, "2026-11-20 08:00:00", 20_050n);
    await sell(ctx, "2026-11-20 10:42:00", 30_000n);
    await rollUp(at(ctx, "2026-11-20 10:42:00"));

    const { figures } = await workbench(at(ctx, "2026-11-20 10:42:00"));

    expect(figures.paid).toEqual({ fen: 50_050n, count: 2, before: { fen: 17_000n, count: 2 } });
    expect(figures.created).toEqual({ fen: 50_050n, count: 2, before: { fen: 17_000n, count: 2 } });
  });

  it("count by the Beijing day: what came in a minute before midnight is yesterday's", async () => {
    const ctx = await newShop(sys);
    await sell(ctx, "2026-11-19 23:59:59", 10_000n);
    await sell(ctx, "2026-11-20 00:00:00", 300n);
    await rollUp(at(ctx, "2026-11-20 00:00:01"));

    const { figures, days, trend } = await workbench(at(ctx, "2026-11-20 00:30:00"));

    expect(days).toEqual({ from: "2026-11-20", to: "2026-11-20" });
    expect(figures.paid).toMatchObject({ fen: 300n, count: 1, before: null });
    expect(trend.points[0]).toEqual({ at: instantFromBeijing("2026-11-20 00:00:00"), ours: 0n, compare: null });
  });

  it("count money by the hour of our books, and a payment by the hour it was made", async () => {
    const ctx = await newShop(sys);
    const made = await order(at(ctx, "2026-11-19 15:00:00"), { amountFen: 8_800n });
    await rollUp(at(ctx, "2026-11-19 15:00:01"));
    await settle(at(ctx, "2026-11-20 09:30:00"), made.id);
    await rollUp(at(ctx, "2026-11-20 09:30:01"));

    const { figures } = await workbench(at(ctx, "2026-11-20 16:00:00"));

    expect(figures.paid).toEqual({ fen: 8_800n, count: 1, before: { fen: 0n, count: 0 } });
    expect(figures.created).toEqual({ fen: 0n, count: 0, before: { fen: 8_800n, count: 1 } });
    expect(await checkRollUp(ctx)).toMatchObject({ broken: [] });
  });

  it("are exact although nothing was rolled up yet, or not for hours", async () => {
    const ctx = await newShop(sys);
    await sell(ctx, "2026-11-20 07:00:00", 100n);
    const before = await workbench(at(ctx, "2026-11-20 07:30:00"));
    await rollUp(at(ctx, "2026-11-20 07:30:00"));
    await sell(ctx, "2026-11-20 07:40:00", 200n);
    await sell(ctx, "2026-11-20 11:00:00", 400n);

    const after = await workbench(at(ctx, "2026-11-20 12:00:00"));

    expect(before.figures.paid.fen).toBe(100n);
    expect(after.figures.paid).toMatchObject({ fen: 700n, count: 3 });
  });

  it("say how many of the payments that ended were paid, and what may still be paid", async () => {
    const ctx = await newShop(sys);
    for (const hour of ["08", "09", "10"]) await sell(ctx, `2026-11-20 ${hour}:00:00`, 1_000n);
    const lost = await order(at(ctx, "2026-11-20 10:10:00"), { amountFen: 5_000n });
    await abandon(at(ctx, "2026-11-20 10:20:00"), lost.id);
    const open = await order(at(ctx, "2026-11-20 10:30:00"), { amountFen: 2_500n });

    const { figures } = await workbench(at(ctx, "2026-11-20 11:00:00"));

    expect(figures.success).toEqual({ paid: 3, ended: 4, permille: 750, before: null });
    expect(figures.pending).toEqual({ fen: 2_500n, count: 1, nextExpiryAt: open.expiresAt, capped: false });
  });

  it("are only those of the tenant that asks", async () => {
    const [mine, theirs] = [await newShop(sys), await newShop(sys)];
    await sell(theirs, "2026-11-20 08:00:00", 99_900n);
    await order(at(theirs, "2026-11-20 09:00:00"), { amountFen: 100n });
    const late = await order(at(theirs, "2026-11-20 09:00:00"), { amountFen: 100n });
    await settle(at(theirs, "2026-11-20 09:00:00"), late.id, "alipay_qr", 99n);
    await rollUp(at(theirs, "2026-11-20 10:00:00"));

    const { figures, risk, methods, todos } = await workbench(at(mine, "2026-11-20 11:00:00"));

    expect([figures.paid.fen, figures.created.count, figures.pending.count, risk.count]).toEqual([0n, 0, 0, 0]);
    expect([methods, todos]).toEqual([[], []]);
  });
});

describe("the trend", () => {
  it("adds today up hour by hour to now, beside the whole of yesterday", async () => {
    const ctx = await newShop(sys);
    await sell(ctx, "2026-11-19 09:30:00", 1_000n);
    await sell(ctx, "2026-11-19 10:50:00", 500n);
    await sell(ctx, "2026-11-20 09:10:00", 2_000n);
    await rollUp(at(ctx, "2026-11-20 09:10:01"));
    await sell(ctx, "2026-11-20 10:20:00", 40n);

    const { trend } = await workbench(at(ctx, "2026-11-20 10:42:00"));
    const point = (time: string) => trend.points.find((one) => one.at.getTime() === instantFromBeijing(`2026-11-20 ${time}`).getTime());

    expect(trend).toMatchObject({ unit: "hour", compares: true });
    expect(point("09:00:00")).toMatchObject({ ours: 0n, compare: 0n });
    expect(point("10:00:00")).toMatchObject({ ours: 2_000n, compare: 1_000n });
    expect(point("10:42:00")).toMatchObject({ ours: 2_040n, compare: 1_000n });
    expect(point("11:00:00")).toMatchObject({ ours: null, compare: 1_500n });
    expect(trend.points.at(-1)).toEqual({ at: instantFromBeijing("2026-11-21 00:00:00"), ours: null, compare: 1_500n });
  });

  it("shows seven days, each beside the day a week before, with gaps before the first payment", async () => {
    const ctx = await newShop(sys);
    await sell(ctx, "2026-11-12 12:00:00", 700n);
    await sell(ctx, "2026-11-18 00:00:00", 300n);
    await sell(ctx, "2026-11-20 10:00:00", 5n);
    await rollUp(at(ctx, "2026-11-20 10:00:01"));

    const { trend, figures, days } = await workbench(at(ctx, "2026-11-20 11:00:00"), "7d");

    expect(days).toEqual({ from: "2026-11-14", to: "2026-11-20" });
    expect(trend.points.map(({ ours }) => ours)).toEqual([0n, 0n, 0n, 0n, 300n, 0n, 5n]);
    expect(trend.points.map(({ compare }) => compare)).toEqual([null, null, null, null, null, 700n, 0n]);
    expect(figures.paid).toEqual({ fen: 305n, count: 2, before: { fen: 700n, count: 1 } });
  });
});

describe("methods", () => {
  it("share what came in, largest first, and count the attempts that did not pay too", async () => {
    const ctx = await newShop(sys);
    await sell(ctx, "2026-11-20 08:00:00", 5_000n, "wechat_native");
    await sell(ctx, "2026-11-20 08:10:00", 9_000n, "alipay_qr");
    const open = await order(at(ctx, "2026-11-20 09:00:00"), { amountFen: 100n });
    await prepareAttempt(at(ctx, "2026-11-20 09:01:00"), { paymentId: open.id, method: "wechat_native" });

    const { methods } = await workbench(at(ctx, "2026-11-20 10:00:00"));

    expect(methods).toEqual([
      { method: "alipay_qr", paidFen: 9_000n, paidCount: 1, attempts: 1 },
      { method: "wechat_native", paidFen: 5_000n, paidCount: 1, attempts: 2 },
    ]);
  });
});

describe("what waits for a person", () => {
  it("names cases that are nobody's or one's own, most money first, and leaves a colleague's out", async () => {
    const ctx = await newShop(sys);
    const [me, colleague] = [await newMember(ctx, "finance"), await newMember(ctx, "finance")];
    const now = at(ctx, "2026-11-20 09:00:00");
    const caseOf = async (amountFen: bigint, received: bigint) => {
      const made = await order(now, { amountFen });
      await settle(now, made.id, "alipay_qr", received);
      const [row] = await ctx.read((tx) =>
        tx.execute<{ id: Id<"case"> }>(sql`select id from app.exception_case where payment_id = ${made.id}`),
      );
      if (!row) throw new Error("a wrong amount opens a case");
      return row.id;
    };
    await caseOf(10_000n, 9_999n);
    await assignCase(now, await caseOf(50_000n, 49_000n), me.id);
    await assignCase(now, await caseOf(70_000n, 69_000n), colleague.id);
    const mine = inTenant(now.sys, ctx.tenantId, {
      kind: "user",
      id: me.id,
      role: "finance",
      ip: "192.0.2.1",
      requestId: newId("request"),
    });

    const { todos, risk } = await workbench(mine);

    expect(todos.map(({ kind, count, amountFen, ...rest }) => [kind, "owner" in rest && rest.owner, count, amountFen])).toEqual([
      ["case", "me", 1, 49_000n],
      ["case", "nobody", 1, 9_999n],
    ]);
    expect(risk).toMatchObject({ count: 3, owned: 2 });
  });

  it("IDEM-09 names differences of statements to their owner alone, and counts them for everybody", async () => {
    const { ctx, finance, owner } = await newTenantWithStaff(sys);
    const { channelId } = await createChannel(ctx, newChannelInput());
    await givenDifference(ctx, { channelId, ownerId: finance.id, outTradeNo: newId("transaction") });

    const own = (await finance.api.dashboard.workbench({})).todos;
    const other = (await owner.api.dashboard.workbench({})).todos;
    const { counts } = await owner.api.frame.get();

    const isDifference = ({ kind }: { kind: string }) => kind === "difference";
    expect(own.filter(isDifference)).toEqual([{ kind: "difference", count: 1, amountFen: 12_345n, since: expect.any(Date) }]);
    expect(other.filter(isDifference)).toEqual([]);
    expect(counts.reconciliation).toBe(1);
  });

  it("names attempts without an answer with their money", async () => {
    const ctx = await newShop(sys);
    const when = at(ctx, "2026-11-20 09:00:00");
    const made = await order(when, { amountFen: 18_600n });
    const { attempt } = await prepareAttempt(when, { paymentId: made.id, method: "alipay_pc" });
    await when.transaction((tx) => moveTransaction(tx, when, attempt.id, "doubt", { failureCode: "timeout" }));

    const { todos } = await workbench(at(ctx, "2026-11-20 09:30:00"));

    expect(todos).toEqual([{ kind: "unknown_attempt", count: 1, amountFen: 18_600n, since: instantFromBeijing("2026-11-20 09:00:00") }]);
  });

  it("is found without reading what was answered, however much that is", async () => {
    const ctx = await newShop(sys);
    await closeMany(ctx, database, 3_000);

    const rowsRead = await ctx.read(async (tx) => {
      const before = await rowsReadBy(tx);
      await listTodos(tx, ctx);
      return (await rowsReadBy(tx)) - before;
    });

    expect(rowsRead).toBeLessThan(200);
  });

  it("counts applications for face-to-face payment by why they wait, with the one that waits longest", async () => {
    const ctx = at(await newShop(sys), "2026-11-20 09:00:00");
    const [alipay] = await ctx.read((tx) =>
      tx.select().from(channel).where(sql`${channel.tenantId} = ${ctx.tenantId} and provider = 'alipay'`),
    );
    const give = (given: Partial<GivenOrder>) => givenOrder(ctx, { channelId: alipay?.id as Id<"channel">, ...given });
    await give({ heldAt: instantFromBeijing("2026-11-20 08:00:00") });
    await give({ heldAt: instantFromBeijing("2026-11-19 08:00:00") });
    await give({ status: "merchant_auditing", submittedAt: instantFromBeijing("2026-11-18 09:00:00") });
    await give({ status: "merchant_confirm", confirmExpiresAt: instantFromBeijing("2026-11-22 09:00:00") });
    await give({ status: "init", failureCode: "MERCHANT_NOT_CERTIFIED" });
    await give({ status: "merchant_auditing" });
    await give({ status: "success" });

    const { todos } = await workbench(ctx);

    expect(todos).toEqual(
      [
        { attention: "audit_slow", count: 1, since: instantFromBeijing("2026-11-18 09:00:00") },
        { attention: "held", count: 2, since: instantFromBeijing("2026-11-19 08:00:00") },
        { attention: "confirm_expiring", count: 1, since: instantFromBeijing("2026-11-19 09:00:00") },
        { attention: "submit_failed", count: 1, since: instantFromBeijing("2026-11-20 09:00:00") },
      ].map((todo) => ({ kind: "facetoface", amountFen: null, ...todo })),
    );
  });

  it("counts a key's last thirty days down, by the longest-lived of those that may stand side by side", async () => {
    const ctx = await newShop(sys);
    await giveKeys(ctx, [
      ["app_cert", "2026-12-02 09:00:00"],
      ["alipay_cert", "2027-11-20 09:00:00"],
      ["verification_key", "2026-11-21 09:00:00"],
      ["verification_key", "2030-01-01 00:00:00"],
    ]);

    const { todos } = await workbench(at(ctx, "2026-11-20 09:00:00"));

    expect(todos).toMatchObject([{ kind: "key_expiry", keyKind: "app_cert", daysLeft: 12, amountFen: null }]);
  });

  it("asks for a channel first, and only while there is none", async () => {
    const ctx = await newTenant(sys);

    expect((await workbench(ctx)).todos).toMatchObject([{ kind: "no_channel", channels: 0 }]);
    expect((await workbench(await newShop(sys))).todos).toEqual([]);
  });
});

describe("checking the roll-up", () => {
  it("finds an hour that was written by another hand, and one that was never counted", async () => {
    const ctx = await newShop(sys);
    await sell(ctx, "2026-11-20 07:00:00", 100n);
    await sell(ctx, "2026-11-20 08:00:00", 200n);
    await sell(ctx, "2026-11-20 11:00:00", 300n);
    await rollUp(at(ctx, "2026-11-20 11:00:01"));
    const sound = await checkRollUp(ctx);
    await ctx.transaction(async (tx) => {
      await tx.execute(
        sql`update app.payment_hour set paid_fen = paid_fen + 1 where method = 'any' and hour = ${instantFromBeijing("2026-11-20 07:00:00").toISOString()}`,
      );
      await tx.execute(sql`delete from app.payment_hour where hour = ${instantFromBeijing("2026-11-20 08:00:00").toISOString()}`);
    });

    const { broken } = await checkRollUp(ctx);

    expect(sound.broken).toEqual([]);
    expect(sound.checked).toBeGreaterThan(0);
    expect(broken).toHaveLength(3);
  });

  it("finds nothing after a test clock was set back into hours that were rolled", async () => {
    const ctx = await newShop(sys);
    await sell(ctx, "2026-11-20 09:00:00", 100n);
    await sell(ctx, "2026-11-22 09:00:00", 200n);
    await rollUp(at(ctx, "2026-11-22 09:00:01"));
    await sell(ctx, "2026-11-20 10:00:00", 400n);
    await rollUp(at(ctx, "2026-11-20 10:00:01"));

    const { figures } = await workbench(at(ctx, "2026-11-20 12:00:00"));

    expect(figures.paid.fen).toBe(500n);
    expect(await checkRollUp(ctx)).toMatchObject({ broken: [] });
  });

  it("rolls the same hours as often as it likes to the same figures", async () => {
    const ctx = await newShop(sys);
    await sell(ctx, "2026-11-20 07:00:00", 100n);
    const rows = () => ctx.read((tx) => tx.select().from(paymentHour).orderBy(paymentHour.hour, paymentHour.method));

    await rollUp(at(ctx, "2026-11-20 07:00:01"));
    const once = await rows();
    await rollUp(at(ctx, "2026-11-20 07:00:02"));

    expect(await rows()).toEqual(once);
  });
});

describe("the procedure", () => {
  it("answers every role of the tenant, and an operator with a grant", async () => {
    const { ctx, owner, admin, finance, viewer } = await newTenantWithStaff(sys);
    const operator = await newGrantee(ctx);

    for (const person of [owner, admin, finance, viewer, operator]) {
      expect((await person.api.dashboard.workbench({ range: "30d" })).trend.points).toHaveLength(30);
    }
    expect(await codeOf((await newOperator(sys)).api.dashboard.workbench({ range: "1d" }))).toBe("forbidden");
  });
});

/** Public keys for the shop's first channel, by kind and end. */
async function giveKeys(ctx: Ctx, keys: [kind: typeof channelKey.$inferSelect.kind, notAfter: string][]): Promise<void> {
  await ctx.transaction(async (tx) => {
    const [first] = await tx.select({ id: channel.id }).from(channel).limit(1);
    if (!first) throw new Error("a shop has channels");
    await tx.insert(channelKey).values(
      keys.map(([kind, notAfter]) => ({
        tenantId: ctx.tenantId,
        id: newId("secret"),
        channelId: first.id,
        kind,
        publicText: "-----BEGIN CERTIFICATE-----",
        fingerprint: "8C41D07E93B2",
        notAfter: instantFromBeijing(notAfter),
        createdBy: "test",
        createdAt: ctx.now(),
      })),
    );
  });
}
