import { and, count, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ASK_AGAIN_MS, ASK_EVERY_MS } from "~/domain/facetoface";
import { FairGate } from "~/lib/fair-gate";
import type { Id } from "~/lib/id";
import { hours, after as later, minutes, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { channelKey, event, facetofaceCall, facetofaceOrder, outbox } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { closeTransport } from "~/server/providers/transport";
import { recreateMissingJobs } from "~/server/services/invariant";
import { givenOrder, submittedOrder } from "~tests/support/facetoface";
import { newTenant } from "~tests/support/system";
import { openTill, type Till } from "~tests/support/till";
import { pollFacetoface } from ".";
import { LEASE_MS } from "./due-orders";

const QUERY = "alipay.open.agent.order.query";

let till: Till;
beforeAll(async () => {
  till = await openTill();
});
afterAll(async () => {
  await till?.close();
  await closeTransport();
});

const pace = (total: number, perKey: number, runMs = seconds(600)) => ({ gate: new FairGate({ total, perKey }), runMs });

/** So many applications of a channel, all in Alipay's review and known to be, due now. */
async function inReview(ctx: Ctx, channelId: Id<"channel">, howMany: number): Promise<Id<"facetoface">[]> {
  const { id, ...template } = await submittedOrder(ctx, { channelId, status: "merchant_auditing", providerState: "MERCHANT_AUDITING" });
  await makeAllDue(ctx);
  await pollFacetoface(ctx, ctx.tenantId);
  const ids = [id];
  // One submission at Alipay serves for all: who asks cannot tell, and the batch of each is its own row here.
  const [known] = await ctx.read((tx) => tx.select().from(facetofaceOrder).where(eq(facetofaceOrder.id, id)));
  if (!known) throw new Error("the application is gone");
  for (let index = 1; index < howMany; index += 1) {
    const { batchNo, orderNo } = await submittedOrder(ctx, { channelId, nextQueryAt: null }).then(async (extra) => {
      ids.push(extra.id);
      return extra;
    });
    await ctx.transaction((tx) =>
      tx
        .update(facetofaceOrder)
        .set({ status: known.status, providerState: known.providerState, products: known.products, merchantPid: known.merchantPid, batchNo, orderNo })
        .where(eq(facetofaceOrder.id, ids[index] ?? id)),
    );
  }
  await makeAllDue(ctx);
  void template;
  return ids;
}
