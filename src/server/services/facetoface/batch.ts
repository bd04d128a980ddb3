import { and, eq, isNull } from "drizzle-orm";
import type { BatchEnd } from "~/domain/facetoface";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { facetofaceBatch } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { emit } from "~/server/services/event";

export type Batch = typeof facetofaceBatch.$inferSelect;
type AnyTx = Parameters<Parameters<Ctx["read"]>[0]>[0];

const one = (ctx: Ctx, batchNo: string) => and(eq(facetofaceBatch.tenantId, ctx.tenantId), eq(facetofaceBatch.batchNo, batchNo));

export async function findBatch(tx: AnyTx, ctx: Ctx, batchNo: string): Promise<Batch | null> {
  const [found] = await tx.select().from(facetofaceBatch).where(one(ctx, batchNo));
  return found ?? null;
}

/** Keeps a batch that Alipay opened. Its hour is counted from before the call that opened it. */
export async function noteBatch(tx: Tx, ctx: Ctx, batch: { batchNo: string; orderId: Id<"facetoface">; openedAt: Date }): Promise<void> {
  await tx.insert(facetofaceBatch).values({ tenantId: ctx.tenantId, ...batch });
  await emit(tx, ctx, { type: "facetoface.batch_open", subject: batch.orderId, details: { batchNo: batch.batchNo } });
}

const END_EVENT: Record<Exclude<BatchEnd, "submitted">, string> = {
  cancelled: "facetoface.batch_cancel",
  expired: "facetoface.batch_expire",
};

/** Notes how an open batch ended; one that ended before keeps its end. A submission says so by its own event. */
export async function endBatch(tx: Tx, ctx: Ctx, batchNo: string, end: BatchEnd): Promise<void> {
  const [ended] = await tx
    .update(facetofaceBatch)
    .set({ end, endedAt: ctx.now() })
    .where(and(one(ctx, batchNo), isNull(facetofaceBatch.end)))
    .returning({ orderId: facetofaceBatch.orderId });
  if (ended && end !== "submitted") await emit(tx, ctx, { type: END_EVENT[end], subject: ended.orderId, details: { batchNo } });
}

/** A held application ended at Alipay: its batch is the one in use no longer, and another may be submitted in its place. */
export async function dropSubmittedBatch(tx: Tx, ctx: Ctx, batchNo: string): Promise<void> {
  const [dropped] = await tx
    .update(facetofaceBatch)
    .set({ end: "cancelled", endedAt: ctx.now() })
    .where(and(one(ctx, batchNo), eq(facetofaceBatch.end, "submitted")))
    .returning({ orderId: facetofaceBatch.orderId });
  if (dropped) await emit(tx, ctx, { type: "facetoface.batch_cancel", subject: dropped.orderId, details: { batchNo, by: "alipay" } });
}

/** An open batch that nobody will use any more: a job cancels it at Alipay. */
export async function abandonBatch(tx: Tx, ctx: Ctx, batchNo: string): Promise<void> {
  const batch = await findBatch(tx, ctx, batchNo);
  if (batch && batch.end === null) await enqueue(tx, ctx, "cancel-facetoface-batch", batchNo);
}
