import { and, eq, type SQL, sql } from "drizzle-orm";
import { AUDIT_SLOW_AFTER_MS, CONFIRM_EXPIRING_MS, type FacetofaceAttention } from "~/domain/facetoface";
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

/** Whether an application needs a person at `now`; never null. */
export function needsAttention(now: Date): SQL<boolean> {
  return sql<boolean>`coalesce(${sql.join(Object.values(conditions(now)), sql` or `)}, false)`;
}

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
