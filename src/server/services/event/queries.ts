import { and, desc, eq, gte, lt, or, sql } from "drizzle-orm";
import type { ListEventsInput } from "~/domain/event";
import { AppError } from "~/lib/errors";
import { asId } from "~/lib/id";
import { addDays, type CivilDate, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { beginsWith } from "~/server/db/like";
import { event, eventSeal, FREQUENT_NOUNS, isRare, user } from "~/server/db/schema";

export type EventRow = Awaited<ReturnType<typeof select>>[number];

/** Newest first, by keyset on (at, id). */
export async function listEvents(ctx: Ctx, input: ListEventsInput): Promise<{ items: EventRow[]; nextCursor: string | null }> {
  const { noun, actorKind, q, from, to, cursor, limit } = input;
  const where = and(
    noun ? beginsWith(event.type, `${noun}.`) : undefined,
    noun && !FREQUENT_NOUNS.includes(noun) ? isRare(event.type) : undefined,
    actorKind ? eq(event.actorKind, actorKind) : undefined,
    q ? or(eq(event.subject, q), eq(event.actorId, q), eq(event.requestId, q), eq(event.id, asId("event", q))) : undefined,
    from ? gte(event.at, startOfBeijingDate(from as CivilDate)) : undefined,
    to ? lt(event.at, startOfBeijingDate(addDays(to as CivilDate, 1))) : undefined,
    cursor ? behindCursor(cursor) : undefined,
  );
  const rows = await ctx.read((tx) => select(tx, ctx, where, limit + 1));
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? `${last.at.toISOString()}~${last.id}` : null };
}

/** One event with its link in the chain. */
export async function getEvent(ctx: Ctx, id: string): Promise<EventRow & { seal: { seq: string; hash: string } | null }> {
  return ctx.read(async (tx) => {
    const [row] = await select(tx, ctx, eq(event.id, asId("event", id)), 1);
    if (!row) throw new AppError("not_found", "event", { what: "event" });
    const [link] = await tx
      .select({ seq: eventSeal.seq, hash: eventSeal.hash })
      .from(eventSeal)
      .where(and(eq(eventSeal.tenantId, ctx.tenantId), eq(eventSeal.eventId, row.id)));
    return { ...row, seal: link ? { seq: link.seq.toString(), hash: link.hash.toString("hex") } : null };
  });
}

/** A person's name stands beside their id: they acted in this tenant, so its members may know who it was. */
function select(tx: Tx, ctx: Ctx, where: ReturnType<typeof and>, limit: number) {
  return tx
    .select({
      id: event.id,
      at: event.at,
      type: event.type,
      subject: event.subject,
      actorKind: event.actorKind,
      actorId: event.actorId,
      actorName: user.name,
      ip: event.ip,
      requestId: event.requestId,
      details: event.details,
    })
    .from(event)
    .leftJoin(user, eq(user.id, event.actorId as never))
    .where(and(eq(event.tenantId, ctx.tenantId), where))
    .orderBy(desc(event.at), desc(event.id))
    .limit(limit);
}

function behindCursor(cursor: string) {
  const match = /^(\d{4}-\d{2}-\d{2}T[\d:.]{12}Z)~(evt_[0-9a-z]{26})$/.exec(cursor);
  if (!match) throw new AppError("invalid_input", "not a cursor", { field: "cursor" });
  return sql`(${event.at}, ${event.id}) < (${match[1]}::timestamptz, ${match[2]})`;
}
