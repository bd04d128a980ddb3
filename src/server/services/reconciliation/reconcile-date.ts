import { and, asc, eq, inArray } from "drizzle-orm";
import type { DayStatus } from "~/domain/reconciliation";
import { AppError } from "~/lib/errors";
import { beijingDate, type CivilDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { channel, reconciliationDay } from "~/server/db/schema";
import { beginDay } from "./begin";
import { getDayDetail } from "./queries";
import { reconcileDay } from "./reconcile";

/** What a civil day's comparison came to, for one channel. Amounts are decimal fen. */
export type DateResult = {
  channelId: string;
  channel: string;
  dayId: string;
  status: DayStatus;
  failureCode: string | null;
  ourPayments: number | null;
  ourPaidFen: string | null;
  theirPayments: number | null;
  theirPaidFen: string | null;
  open: number;
  differences: Record<string, number>;
};

/**
 * Compares one Beijing day of every channel now, beginning it where it was not begun: what the command line does. A day that cannot be
 * compared is answered with why; its own job goes on trying. Throws `invalid_input` for a day that has not ended.
 */
export async function reconcileDate(ctx: Ctx, date: CivilDate): Promise<DateResult[]> {
  if (date >= beijingDate(ctx.now())) throw new AppError("invalid_input", "the day has not ended", { field: "date" });
  const days = await ctx.transaction(async (tx) => {
    const channels = await tx
      .select({ id: channel.id })
      .from(channel)
      .where(eq(channel.tenantId, ctx.tenantId))
      .orderBy(asc(channel.createdAt), asc(channel.id));
    for (const { id } of channels) await beginDay(tx, ctx, id, date);
    const ids = channels.map(({ id }) => id);
    if (ids.length === 0) return [];
    return tx
      .select({ id: reconciliationDay.id })
      .from(reconciliationDay)
      .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.day, date), inArray(reconciliationDay.channelId, ids)));
  });
  const results: DateResult[] = [];
  for (const { id } of days) {
    const trouble = await reconcileDay(ctx, id).then(
      () => null,
      (error: unknown) => error,
    );
    const { day, channel: via, open, kinds } = await getDayDetail(ctx, id);
    // What the provider did not answer is written down with the day; anything else is a fault of ours, and is thrown.
    if (trouble !== null && day.failureCode === null) throw trouble;
    results.push({
      channelId: via.id,
      channel: via.name,
      dayId: id,
      status: day.status,
      failureCode: day.failureCode,
      ourPayments: day.ourPayments,
      ourPaidFen: day.ourPaidFen?.toString() ?? null,
      theirPayments: day.theirPayments,
      theirPaidFen: day.theirPaidFen?.toString() ?? null,
      open,
      differences: Object.fromEntries(kinds.map(({ kind, total }) => [kind, total])),
    });
  }
  return results;
}
