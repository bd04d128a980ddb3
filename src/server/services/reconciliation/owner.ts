import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { membership } from "~/server/db/schema";

/**
 * Whose a new difference is: the tenant's longest-serving finance member's, else an owner's, else anybody's who works there. People hand
 * them on to each other.
 */
export async function ownerOfDifferences(tx: Tx, ctx: Ctx): Promise<Id<"user">> {
  const rank = sql`case ${membership.role} when 'finance' then 0 when 'owner' then 1 when 'admin' then 2 else 3 end`;
  const [member] = await tx
    .select({ userId: membership.userId })
    .from(membership)
    .where(and(eq(membership.tenantId, ctx.tenantId), isNull(membership.disabledAt)))
    .orderBy(asc(rank), asc(membership.createdAt), asc(membership.userId))
    .limit(1);
  if (!member) throw new AppError("not_allowed_now", "a tenant without members has nobody to own a difference");
  return member.userId;
}
