import { and, desc, eq, inArray } from "drizzle-orm";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { event, user } from "~/server/db/schema";

/** 经过: what happened to these things, newest first, with the names of the people who did it. */
export function historyOf(tx: Tx, ctx: Ctx, subjects: readonly string[], limit: number) {
  return tx
    .select({
      id: event.id,
      type: event.type,
      subject: event.subject,
      actorKind: event.actorKind,
      actorId: event.actorId,
      actorName: user.name,
      at: event.at,
      details: event.details,
    })
    .from(event)
    .leftJoin(user, eq(user.id, event.actorId as never))
    .where(and(eq(event.tenantId, ctx.tenantId), inArray(event.subject, [...subjects])))
    .orderBy(desc(event.at), desc(event.no))
    .limit(limit);
}
