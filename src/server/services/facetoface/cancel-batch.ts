import { BATCH_LIVES_MS, type BatchEnd } from "~/domain/facetoface";
import { ProviderError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { after, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { agentProvider } from "~/server/providers/registry";
import { asking, loadAgentChannel } from "./agent-call";
import { type Batch, endBatch, findBatch } from "./batch";
import { type CallRecord, recordCall } from "./calls";
import { getOrder } from "./find";
import type { FacetofaceOrder } from "./move";

const DEADLINE_MS = seconds(8);

/** Job: cancels a batch at Alipay that nothing uses any more. One that is older than an hour is dead by itself. */
export async function cancelBatch(ctx: Ctx, batchNo: string): Promise<Date | null> {
  const open = await ctx.read(async (tx) => {
    const batch = await findBatch(tx, ctx, batchNo);
    return batch ? { batch, order: await getOrder(tx, ctx, batch.orderId) } : null;
  });
  if (!open || !isAbandoned(open.batch, open.order)) return null;
  const calls: CallRecord[] = [];
  const store = async (end: BatchEnd | null) => {
    const vault = await ctx.vault();
    await ctx.transaction(async (tx: Tx) => {
      for (const call of calls) await recordCall(tx, ctx, vault, call);
      if (end) await endBatch(tx, ctx, batchNo, end);
    });
  };
  try {
    await store(await endAtAlipay(ctx, open.batch, open.order.channelId, calls));
  } catch (error) {
    // The row comes back after a while, until the batch has died of age.
    if (error instanceof ProviderError) await store(null);
    throw error;
  }
  return null;
}

const isAbandoned = ({ batchNo, end }: Batch, order: FacetofaceOrder): boolean =>
  end === null && !(order.status === "init" && order.batchNo === batchNo);

async function endAtAlipay(ctx: Ctx, batch: Batch, channelId: Id<"channel">, calls: CallRecord[]): Promise<BatchEnd> {
  if (ctx.now() >= after(batch.openedAt, BATCH_LIVES_MS)) return "expired";
  const { batchNo, orderId } = batch;
  const via = await loadAgentChannel(ctx, channelId);
  const options = { now: ctx.sys.now, deadlineMs: DEADLINE_MS };
  const end = await asking(ctx, calls, { orderId, batchNo, method: "alipay.open.agent.cancel" }, () =>
    agentProvider().cancelBatch(via, batchNo, options),
  );
  if (end !== "final") return end === "absent" ? "expired" : end;
  const answer = await asking(ctx, calls, { orderId, batchNo, method: "alipay.open.agent.order.query" }, () =>
    agentProvider().queryOrder(via, batchNo, options),
  );
  // A cancellation of ours whose answer was lost.
  if (answer.kind !== "order") return "cancelled";
  ctx.log.error({ orderId, batchNo, providerState: answer.order.state }, "a batch that nothing uses was submitted");
  return "submitted";
}
