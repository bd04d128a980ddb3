import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import type { DayStatus } from "~/domain/reconciliation";
import { newId } from "~/lib/id";
import { fen } from "~/lib/money";
import type { CivilDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { channel, difference, reconciliationDay } from "~/server/db/schema";
import { codeOf, newPerson } from "~tests/support/factories";
import { newShop } from "~tests/support/sales";
import { systemForFile } from "~tests/support/system-for-file";
import { getCalendar, getDifferenceDetail, resolveDifference } from ".";

const { sys } = await systemForFile();

/** A compared day of the shop's Alipay channel with so many open differences of 88.00 each. */
async function aDay(ctx: Ctx, day: string, open: number) {
  const owner = await newPerson(sys);
  return ctx.transaction(async (tx) => {
    const [via] = await tx.select({ id: channel.id }).from(channel).where(eq(channel.provider, "alipay"));
    if (!via) throw new Error("the shop has a channel");
    const now = ctx.now();
    const tenantId = ctx.tenantId;
    const dayId = newId("reconciliation");
    const status: DayStatus = open > 0 ? "differs" : "balanced";
    const sums = { comparedAt: now, ourPaidFen: fen(0n), theirPaidFen: fen(8_800n * BigInt(open)) };
    await tx.insert(reconciliationDay).values({
      tenantId,
      id: dayId,
      channelId: via.id,
      day: day as CivilDate,
      status,
      ...sums,
      begunAt: now,
      createdAt: now,
      updatedAt: now,
    });
    const rows = Array.from({ length: open }, (_, index) => ({
      tenantId,
      id: newId("difference"),
      dayId,
      channelId: via.id,
      kind: "missing_here" as const,
      key: `line ${index}`,
      status: "open" as const,
      outTradeNo: newId("transaction"),
      theirFen: fen(8_800n),
      facts: { ourState: null, theirState: "TRADE_SUCCESS", ourAt: null, theirAt: null },
      ownerId: owner.id,
      openedAt: now,
      updatedAt: now,
    }));
    if (rows.length > 0) await tx.insert(difference).values(rows);
    return rows.map(({ id }) => id);
  });
}

it("counts for each day of the calendar what is open of that day alone", async () => {
  const ctx = await newShop(sys);
  const [first] = await aDay(ctx, "2026-11-18", 2);
  await aDay(ctx, "2026-11-19", 0);
  await aDay(ctx, "2026-11-20", 3);
  if (!first) throw new Error("a difference must be open");
  await resolveDifference(ctx, first, "核实过");

  const { channels, open } = await getCalendar(ctx, { month: "2026-11" });

  const days = channels.flatMap((one) => one.days).map(({ day, open: count }) => [day, count]);
  expect(days).toEqual([
    ["2026-11-18", 1],
    ["2026-11-19", 0],
    ["2026-11-20", 3],
  ]);
  expect(open).toMatchObject({ count: 4, amountFen: 35_200n });
});

it("tells a difference with its history, and nobody of the neighbour's", async () => {
  const [ctx, neighbour] = [await newShop(sys), await newShop(sys)];
  const [id] = await aDay(ctx, "2026-11-20", 1);
  if (!id) throw new Error("a difference must be open");
  await resolveDifference(ctx, id, "核实过");

  const { difference: shown, history } = await getDifferenceDetail(ctx, id);

  expect(shown).toMatchObject({ id, day: "2026-11-20", status: "resolved", reason: "核实过" });
  expect(history.map(({ type }) => type)).toEqual(["difference.resolve"]);
  expect(await codeOf(getDifferenceDetail(neighbour, id))).toBe("not_found");
});
