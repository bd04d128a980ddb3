import { and, eq, sql } from "drizzle-orm";
import { type ClearReason, LOOK_AGAIN_MS, LOOKS_MAX } from "~/domain/reconciliation";
import { AppError } from "~/lib/errors";
import { type Id, newId } from "~/lib/id";
import { after, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { difference, reconciliationDay } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import type { ProviderChannel } from "~/server/providers/port";
import { statementProvider } from "~/server/providers/registry";
import type { StatementFile } from "~/server/providers/statement-port";
import { emit } from "~/server/services/event";
import { type Compared, comparedOf } from "./compared";
import { type Found, findDifferences, findOtherDays, sumSides } from "./find";
import { endDifferences, moveDay, reopenDifferences } from "./move";
import { remindNeighbours, writeOtherDays } from "./other-days";
import { ownerOfDifferences } from "./owner";
import { type Day, type Difference, getDay } from "./queries";
import { stageLines, sweepLines } from "./stage";

/** A million lines take a fraction of it. The day's row is held meanwhile, and nothing else. */
const STATEMENT_TIMEOUT_MS = seconds(120);

/**
 * Compares a day with its statement, in one transaction: the lines are staged, both sides summed, every difference put on the list or
 * ended, and the day moved. Looking twice at the same changes nothing. Answers when to look again, null when that is not needed.
 * Throws StatementError for a file that cannot be read, with nothing changed.
 */
export async function lookAtDay(ctx: Ctx, day: Day, via: ProviderChannel, file: StatementFile | null): Promise<Date | null> {
  return ctx.transaction(async (tx) => {
    await tx.execute(sql`select set_config('statement_timeout', ${String(STATEMENT_TIMEOUT_MS)}, true)`);
    const locked = await lockDay(tx, ctx, day);
    if (!locked) return null;
    if (file) await stageLines(tx, ctx, day.id, statementProvider(via).read(via, day.day, file));

    const compared = await comparedOf(tx, ctx, day);
    const totals = await sumSides(tx, ctx, compared);
    const { found, unlisted } = await findDifferences(tx, ctx, compared);
    const otherDays = await findOtherDays(tx, ctx, compared);
    await sweepLines(tx, ctx, day.id);

    const open = await writeDifferences(tx, ctx, compared, found);
    await writeOtherDays(tx, ctx, compared, otherDays);
    if (!locked.comparedAt) await remindNeighbours(tx, ctx, compared);
    const looks = locked.looks + 1;
    const details = { ...totals, unlisted, looks, comparedAt: ctx.now(), failureCode: null };
    const moved = await moveDay(tx, ctx, day.id, open.length === 0 && unlisted === 0 ? "balance" : "differ", details, {
      open: open.length,
      unlisted,
      ourPaidFen: totals.ourPaidFen.toString(),
      theirPaidFen: totals.theirPaidFen.toString(),
    });
    if (!moved) throw new AppError("state_changed", "the day was moved meanwhile");

    const asked = await askAboutPaid(tx, ctx, found);
    // The day before may be under comparison at this moment, and then has nothing to remind of yet.
    const unsure = asked || found.some(({ kind }) => kind === "late");
    return unsure && looks < LOOKS_MAX ? after(ctx.now(), LOOK_AGAIN_MS) : null;
  });
}

/** Null when somebody locked the day or began it anew meanwhile: then this statement is not what it waits for. */
async function lockDay(tx: Tx, ctx: Ctx, { id, statementId }: Day): Promise<Day | null> {
  await tx
    .select({ id: reconciliationDay.id })
    .from(reconciliationDay)
    .where(and(eq(reconciliationDay.tenantId, ctx.tenantId), eq(reconciliationDay.id, id)))
    .for("update");
  const now = await getDay(tx, ctx, id);
  return now.status === "locked" || now.statementId !== statementId ? null : now;
}

/** New ones are opened, ended ones that are back are opened again, and what is not found any more is ended. Answers those that are open. */
async function writeDifferences(
  tx: Tx,
  ctx: Ctx,
  { dayId, channelId }: Compared,
  found: readonly Found[],
): Promise<Pick<Difference, "id">[]> {
  const standing = await tx
    .select({ id: difference.id, status: difference.status, key: difference.key })
    .from(difference)
    .where(and(eq(difference.tenantId, ctx.tenantId), eq(difference.dayId, dayId)));
  const stillFound = new Set(found.map(({ existingId }) => existingId));
  const keys = new Set(found.map(({ key }) => key));

  const gone = standing.filter(({ id, status }) => status === "open" && !stillFound.has(id));
  const clear = (those: typeof gone, reason: ClearReason) =>
    endDifferences(
      tx,
      ctx,
      those.map(({ id }) => id),
      { event: "clear", reason },
    );
  await clear(
    gone.filter(({ key }) => !keys.has(key)),
    "agrees_now",
  );
  await clear(
    gone.filter(({ key }) => keys.has(key)),
    "replaced",
  );
  await reopenDifferences(
    tx,
    ctx,
    found.flatMap(({ existingId, existingStatus }) => (existingId && existingStatus === "cleared" ? [existingId] : [])),
  );
  await openDifferences(
    tx,
    ctx,
    { dayId, channelId },
    found.filter(({ existingId }) => existingId === null),
  );
  return tx
    .select({ id: difference.id })
    .from(difference)
    .where(and(eq(difference.tenantId, ctx.tenantId), eq(difference.dayId, dayId), eq(difference.status, "open")));
}

async function openDifferences(tx: Tx, ctx: Ctx, where: Pick<Compared, "dayId" | "channelId">, found: readonly Found[]): Promise<void> {
  if (found.length === 0) return;
  const ownerId = await ownerOfDifferences(tx, ctx);
  const now = ctx.now();
  const opened = await tx
    .insert(difference)
    .values(
      found.map(({ existingId: _, existingStatus: __, ...one }) => ({
        ...one,
        ...where,
        tenantId: ctx.tenantId,
        id: newId("difference"),
        status: "open" as const,
        ownerId,
        openedAt: now,
        updatedAt: now,
      })),
    )
    .returning();
  await emit(
    tx,
    ctx,
    ...opened.map(({ id, kind, outTradeNo, ourFen, theirFen }) => ({
      type: "difference.open",
      subject: id,
      details: { kind, outTradeNo, ourFen: ourFen?.toString() ?? null, theirFen: theirFen?.toString() ?? null, ownerId },
    })),
  );
}

/** The statement says paid and our books do not: the provider is asked with the same number, and its answer settles it in the usual way. */
async function askAboutPaid(tx: Tx, ctx: Ctx, found: readonly Found[]): Promise<boolean> {
  const unpaid = found.filter(
    ({ kind, ourFen, transactionId, existingStatus }) =>
      kind === "status" && ourFen === null && transactionId && existingStatus !== "resolved",
  );
  for (const { transactionId } of unpaid) await enqueue(tx, ctx, "query-transaction", transactionId as Id<"transaction">);
  return unpaid.length > 0;
}
