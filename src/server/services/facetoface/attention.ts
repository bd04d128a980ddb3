import { and, eq, type SQL, sql } from "drizzle-orm";
import {
  AUDIT_SLOW_AFTER_MS,
  CONFIRM_EXPIRING_MS,
  FACETOFACE_ATTENTIONS,
  type FacetofaceAttention,
  facetofaceMachine,
} from "~/domain/facetoface";
import { after } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { facetofaceOrder as order } from "~/server/db/schema";

/** Above this nobody counts on. */
const COUNT_MAX = 1_000;

/** `attentionOf` of the domain in SQL: the same words by the same rules; a test holds the two together. */
const conditions = (now: Date): Record<FacetofaceAttention, SQL> => {
  const expiringBefore = after(now, CONFIRM_EXPIRING_MS).toISOString();
  const slowBefore = after(now, -AUDIT_SLOW_AFTER_MS).toISOString();
  return {
    submit_failed: sql`(${order.status} = 'init' and ${order.failureCode} is not null)`,
    held: sql`(${order.status} = 'submitted' and ${order.heldAt} is not null)`,
    confirm_expiring: sql`(${order.status} = 'merchant_confirm' and ${order.confirmExpiresAt} <= ${expiringBefore}::timestamptz)`,
    audit_slow: sql`(${order.status} in ('submitted', 'merchant_auditing') and ${order.submittedAt} <= ${slowBefore}::timestamptz)`,
  };
};

/**
 * Whether an application needs a person at `now`; never null. What has ended needs nobody, and is most of what there is: said first, so
 * that the index of statuses leads past it.
 */
export function needsAttention(now: Date): SQL<boolean> {
  const open = sql.join(
    OPEN_STATUSES.map((status) => sql.raw(`'${status}'`)),
    sql`, `,
  );
  return sql<boolean>`(${order.status} in (${open}) and coalesce(${sql.join(Object.values(conditions(now)), sql` or `)}, false))`;
}

const OPEN_STATUSES = facetofaceMachine.states.filter((status) => !facetofaceMachine.isFinal(status));

/** Why an application needs a person at `now`, the most urgent word; null when it does not. */
export function attentionWord(now: Date): SQL<FacetofaceAttention | null> {
  const branches = Object.entries(conditions(now)).map(([word, condition]) => sql`when ${condition} then ${word}`);
  return sql<FacetofaceAttention | null>`case ${sql.join(branches, sql` `)} end`;
}

/** How many applications need a person now, at most a thousand: for the badge. */
export async function countAttention(tx: Tx, ctx: Ctx): Promise<number> {
  const needing = tx
    .select({ one: sql`1`.as("one") })
    .from(order)
    .where(and(eq(order.tenantId, ctx.tenantId), needsAttention(ctx.now())))
    .limit(COUNT_MAX)
    .as("needing");
  const [row] = await tx.select({ count: sql<number>`count(*)::int` }).from(needing);
  return row?.count ?? 0;
}

export type AttentionSum = { attention: FacetofaceAttention; count: number; since: Date };

/** How many applications wait for a person, by why, and since when the first of them does: for the workbench. */
export async function sumAttention(tx: Tx, ctx: Ctx): Promise<AttentionSum[]> {
  const now = ctx.now();
  const word = attentionWord(now);
  const since = sql`case ${word} when 'submit_failed' then ${order.updatedAt} when 'held' then ${order.heldAt}
    when 'confirm_expiring' then ${order.confirmExpiresAt} - ${CONFIRM_EXPIRING_MS / 1_000} * interval '1 second' else ${order.submittedAt} end`;
  const rows = await tx
    .select({
      attention: word,
      count: sql<number>`count(*)::int`,
      // As epoch milliseconds: Drizzle has no decoder for an aggregate's timestamp.
      since: sql<string>`(extract(epoch from min(${since})) * 1000)::bigint::text`,
    })
    .from(order)
    .where(and(eq(order.tenantId, ctx.tenantId), needsAttention(now)))
    .groupBy(sql`1`);
  return FACETOFACE_ATTENTIONS.flatMap((attention) =>
    rows.filter((row) => row.attention === attention).map(({ count, since }) => ({ attention, count, since: new Date(Number(since)) })),
  );
}
