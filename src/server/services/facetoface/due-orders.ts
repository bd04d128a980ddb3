import { and, asc, eq, inArray, isNotNull, lte, type SQL, sql } from "drizzle-orm";
import { ASKED_STATUSES } from "~/domain/facetoface-news";
import type { Provider } from "~/domain/provider";
import type { Id } from "~/lib/id";
import { after, minutes } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { channel, facetofaceOrder as order } from "~/server/db/schema";
import type { AskedOrder } from "./ask";

/** Longer than a run of the job and its last answers: an order whose worker died is due again after this. */
export const LEASE_MS = minutes(5);

/** One to be asked, and until when it is ours alone. */
export type LeasedOrder = AskedOrder & { confirmExpiresAt: Date | null; leasedUntil: Date };

/** What came of a leased order when nothing about it changed. */
export type Noted = { id: Id<"facetoface">; leasedUntil: Date; nextQueryAt: Date; askedAt: Date | null };

export type DueChannel = { channelId: Id<"channel"> /** Whose requests are paced together. */; app: string };

const isAskedStatus = inArray(order.status, [...ASKED_STATUSES]);
const isDue = (ctx: Ctx): SQL | undefined => and(eq(order.tenantId, ctx.tenantId), lte(order.nextQueryAt, ctx.now()), isAskedStatus);

/** Channels of which some order is due. */
export function listDueChannels(ctx: Ctx): Promise<DueChannel[]> {
  return ctx.read(async (tx) => {
    const rows = await tx
      .selectDistinct({ channelId: order.channelId, provider: channel.provider, environment: channel.environment, appId: channel.appId })
      .from(order)
      .innerJoin(channel, and(eq(channel.tenantId, order.tenantId), eq(channel.id, order.channelId)))
      .where(isDue(ctx));
    return rows.map(({ channelId, ...names }) => ({ channelId, app: appOf(names) }));
  });
}

const appOf = ({ provider, environment, appId }: { provider: Provider; environment: string; appId: string }) =>
  `${provider}:${environment}:${appId}`;

/** Leases due orders of a channel, the longest due first. The due time moves ahead first, so that of two workers each gets its own. */
export function claimDueOrders(ctx: Ctx, channelId: Id<"channel">, limit: number): Promise<LeasedOrder[]> {
  const leasedUntil = after(ctx.now(), LEASE_MS);
  return ctx.transaction(async (tx) => {
    const due = tx.$with("due").as(
      tx
        .select({ id: order.id })
        .from(order)
        .where(and(isDue(ctx), eq(order.channelId, channelId), isNotNull(order.batchNo)))
        .orderBy(asc(order.nextQueryAt), asc(order.id))
        .limit(limit)
        .for("update", { skipLocked: true }),
    );
    const rows = await tx
      .with(due)
      .update(order)
      .set({ nextQueryAt: leasedUntil })
      .where(and(eq(order.tenantId, ctx.tenantId), inArray(order.id, tx.select({ id: due.id }).from(due))))
      .returning({
        id: order.id,
        channelId: order.channelId,
        batchNo: order.batchNo,
        status: order.status,
        heldAt: order.heldAt,
        closeReason: order.closeReason,
        providerState: order.providerState,
        products: order.products,
        merchantPid: order.merchantPid,
        orderNo: order.orderNo,
        confirmUrl: order.confirmUrl,
        confirmExpiresAt: order.confirmExpiresAt,
        rejectReason: order.rejectReason,
        submittedAt: order.submittedAt,
      });
    return rows.flatMap(({ batchNo, ...row }) => (batchNo === null ? [] : [{ ...row, batchNo, leasedUntil }]));
  });
}

/**
 * Writes down in one statement what a hundred questions came to. A row whose lease somebody else ended, by hand or by withdrawing it,
 * keeps what they wrote.
 */
export async function noteAnswers(ctx: Ctx, notes: readonly Noted[]): Promise<void> {
  if (notes.length === 0) return;
  const values = [...notes].sort((a, b) => (a.id < b.id ? -1 : 1));
  await ctx.transaction((tx) =>
    tx.execute(sql`
      update ${order} o
         set next_query_at = v."nextQueryAt",
             last_query_at = coalesce(v."askedAt", o.last_query_at),
             query_count = o.query_count + (v."askedAt" is not null)::int
        from jsonb_to_recordset(${JSON.stringify(values)}::jsonb)
             as v(id text, "leasedUntil" timestamptz, "nextQueryAt" timestamptz, "askedAt" timestamptz)
       where o.tenant_id = ${ctx.tenantId} and o.id = v.id and o.next_query_at = v."leasedUntil"`),
  );
}

/** When the next order is due; null when none is asked about any more. */
export function findNextDue(ctx: Ctx): Promise<Date | null> {
  return ctx.read(async (tx) => {
    const [first] = await tx
      .select({ dueAt: order.nextQueryAt })
      .from(order)
      .where(and(eq(order.tenantId, ctx.tenantId), isNotNull(order.nextQueryAt), isAskedStatus))
      .orderBy(asc(order.nextQueryAt))
      .limit(1);
    return first?.dueAt ?? null;
  });
}
