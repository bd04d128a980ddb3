import { and, eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { newId } from "~/lib/id";
import { fen } from "~/lib/money";
import type { Ctx } from "~/server/context";
import { difference, outbox, reconciliationDay, statement, statementLine } from "~/server/db/schema";
import { createChannel } from "~/server/services/channel";
import { newPerson, newTenantWithStaff } from "~tests/support/factories";
import { givenDifference, givenWaitingDay } from "~tests/support/reconciliation";
import { systemForFile } from "~tests/support/system-for-file";
import { newChannelInput } from "~tests/walls/world";
import { checkTenant, recreateMissingJobs } from ".";

const { sys } = await systemForFile();

const broken = async (ctx: Ctx) => (await checkTenant(ctx)).filter((check) => check.broken > 0).map((check) => check.name);

/** A day that differs, and one that waits. */
async function newDesk() {
  const { ctx, finance } = await newTenantWithStaff(sys);
  const { channelId } = await createChannel(ctx, newChannelInput());
  const given = await givenDifference(ctx, { channelId, ownerId: finance.id, outTradeNo: newId("transaction") });
  const waiting = await givenWaitingDay(ctx, channelId);
  return { ctx, channelId, ...given, waiting };
}

it("days as they should be break nothing, and every check looked at some", async () => {
  const { ctx } = await newDesk();

  const checks = await checkTenant(ctx);

  expect(checks.filter((check) => check.broken > 0)).toEqual([]);
  const own = checks.filter(({ name }) => /^a day|difference/.test(name));
  expect(own).toHaveLength(4);
  expect(own.every(({ checked }) => checked > 0)).toBe(true);
});

it("IDEM-10 finds a day that differs by nothing, and one that is balanced with something open", async () => {
  const { ctx, day, difference: id } = await newDesk();
  const name = "a day is balanced or locked only when nothing of it is open, and differs only when something is";

  await ctx.transaction((tx) => tx.update(reconciliationDay).set({ status: "balanced" }).where(eq(reconciliationDay.id, day)));
  expect(await broken(ctx)).toEqual([name]);

  await ctx.transaction(async (tx) => {
    await tx.update(reconciliationDay).set({ status: "differs" }).where(eq(reconciliationDay.id, day));
    await tx
      .update(difference)
      .set({ status: "resolved", reason: "看过", closedAt: ctx.now(), closedBy: "x" })
      .where(eq(difference.id, id));
  });
  expect(await broken(ctx)).toEqual([name]);
});

it("IDEM-10 finds a statement of which a piece is missing, or that is another day's", async () => {
  const { ctx, statement: id, waiting } = await newDesk();
  const name = "a day that was compared names its own statement, and all of that is kept";

  await ctx.transaction((tx) => tx.update(statement).set({ bytes: 1 }).where(eq(statement.id, id)));
  expect(await broken(ctx)).toEqual([name]);

  await ctx.transaction((tx) => tx.update(statement).set({ bytes: 0, dayId: waiting }).where(eq(statement.id, id)));
  expect(await broken(ctx)).toEqual([name]);
});

it("IDEM-10 finds a difference of somebody who does not work here, and one of another channel's day", async () => {
  const { ctx, difference: id } = await newDesk();
  const name = "every difference belongs to its day's channel and to a member, and an end has a reason";
  const stranger = await newPerson(sys);
  const { channelId: other } = await createChannel(ctx, newChannelInput());
  const [own] = await ctx.read((tx) => tx.select().from(difference).where(eq(difference.id, id)));

  await ctx.transaction((tx) => tx.update(difference).set({ ownerId: stranger.id }).where(eq(difference.id, id)));
  expect(await broken(ctx)).toEqual([name]);

  await ctx.transaction((tx) => tx.update(difference).set({ ownerId: own?.ownerId, channelId: other }).where(eq(difference.id, id)));
  expect(await broken(ctx)).toEqual([name]);
});

it("IDEM-10 finds a line that was left behind", async () => {
  const { ctx, day } = await newDesk();

  await ctx.transaction((tx) =>
    tx.insert(statementLine).values({
      tenantId: ctx.tenantId,
      dayId: day,
      no: 6,
      kind: "payment",
      outTradeNo: "x",
      tradeNo: "y",
      amountFen: fen(1n),
      fee: 0n,
      state: "交易",
      at: ctx.now(),
    }),
  );

  expect(await broken(ctx)).toEqual(["a statement's lines are gone once it has been compared"]);
});

it("IDEM-07 finds a waiting day that lost its outbox row, and writes the row again, once", async () => {
  const { ctx, waiting } = await newDesk();

  await sys.db.orm.delete(outbox).where(and(eq(outbox.tenantId, ctx.tenantId), eq(outbox.job, "reconcile-day")));

  expect(await broken(ctx)).toEqual(["a day that waits for its statement will be looked at"]);
  expect(await recreateMissingJobs(ctx)).toEqual([{ job: "reconcile-day", subject: waiting }]);
  expect(await broken(ctx)).toEqual([]);
  expect(await recreateMissingJobs(ctx)).toEqual([]);
});

it("IDEM-09 a tenant's days begin by a job that is never missing for long", async () => {
  const { ctx } = await newDesk();

  await recreateMissingJobs(ctx);

  const rows = await sys.db.orm
    .select()
    .from(outbox)
    .where(and(eq(outbox.tenantId, ctx.tenantId), eq(outbox.job, "begin-days")));
  expect(rows.map(({ subject }) => subject)).toEqual([ctx.tenantId]);
});
