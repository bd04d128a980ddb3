import { type Id, newId } from "~/lib/id";
import { fen } from "~/lib/money";
import type { CivilDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { difference, reconciliationDay, statement } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";

type Given = { channelId: Id<"channel">; ownerId: Id<"user">; outTradeNo: string };

/** A day that differs by one line that our books do not know. No provider is spoken to. */
export async function givenDifference(ctx: Ctx, { channelId, ownerId, outTradeNo }: Given) {
  const now = ctx.now();
  const { tenantId } = ctx;
  const ids = { day: newId("reconciliation"), difference: newId("difference"), statement: newId("statement") };
  await ctx.transaction(async (tx) => {
    await tx.insert(reconciliationDay).values({
      tenantId,
      id: ids.day,
      channelId,
      day: "2026-11-20" as CivilDate,
      status: "differs",
      statementId: ids.statement,
      ourPayments: 0,
      ourPaidFen: fen(0n),
      theirPayments: 1,
      theirPaidFen: fen(12_345n),
      begunAt: now,
      comparedAt: now,
      createdAt: now,
      updatedAt: now,
    });
    await tx
      .insert(statement)
      .values({ tenantId, id: ids.statement, dayId: ids.day, format: "none", bytes: 0, sha256: "", fetchedAt: now, createdAt: now });
    await tx.insert(difference).values({
      tenantId,
      id: ids.difference,
      dayId: ids.day,
      channelId,
      kind: "missing_here",
      key: `payment:${outTradeNo}`,
      status: "open",
      outTradeNo,
      theirFen: fen(12_345n),
      facts: { ourState: null, theirState: "交易", ourAt: null, theirAt: now.toISOString() },
      ownerId,
      openedAt: now,
      updatedAt: now,
    });
  });
  return ids;
}

/** A day that waits for its statement, with its job. */
export async function givenWaitingDay(ctx: Ctx, channelId: Id<"channel">, day = "2026-11-19"): Promise<Id<"reconciliation">> {
  const now = ctx.now();
  const id = newId("reconciliation");
  await ctx.transaction(async (tx) => {
    await tx.insert(reconciliationDay).values({
      tenantId: ctx.tenantId,
      id,
      channelId,
      day: day as CivilDate,
      status: "waiting",
      begunAt: now,
      createdAt: now,
      updatedAt: now,
    });
    await enqueue(tx, ctx, "reconcile-day", id);
  });
  return id;
}
