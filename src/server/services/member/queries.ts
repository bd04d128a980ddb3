import { and, asc, eq, gt, ilike, or, sql } from "drizzle-orm";
import { roleMay } from "~/domain/tenant";
import { asId } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { decodeCursor, encodeCursor } from "~/server/db/cursor";
import { escapeLike } from "~/server/db/like";
import { membership, session, user } from "~/server/db/schema";
import { maskEmail } from "./mask";

export type ListMembersInput = { search?: string | undefined; cursor?: string | undefined; limit: number };

/** The members of the tenant by name. Addresses are whole for those who manage members, masked for everybody else (PII-01). */
export async function listMembers(ctx: Ctx, { search, cursor, limit }: ListMembersInput) {
  const whole = ctx.actor.kind === "user" && roleMay(ctx.actor.role, "member.write");
  const [name = "", id = ""] = cursor ? decodeCursor(cursor, 2) : [];
  const pattern = search ? `%${escapeLike(search)}%` : null;
  const rows = await ctx.read((tx) =>
    tx
      .select({
        userId: membership.userId,
        name: user.name,
        email: user.email,
        role: membership.role,
        disabledAt: membership.disabledAt,
        joinedAt: membership.createdAt,
        // Only what they did in this tenant: when they worked for another one is not ours to know.
        lastSeenAt: sql<Date | null>`(select max(${session.lastSeenAt}) from ${session}
          where ${session.userId} = ${user.id} and ${session.activeTenantId} = ${ctx.tenantId})`.mapWith(session.lastSeenAt),
      })
      .from(membership)
      .innerJoin(user, eq(user.id, membership.userId))
      .where(
        and(
          eq(membership.tenantId, ctx.tenantId),
          pattern ? or(ilike(user.name, pattern), whole ? ilike(user.email, pattern) : undefined) : undefined,
          cursor ? or(gt(user.name, name), and(eq(user.name, name), gt(user.id, asId("user", id)))) : undefined,
        ),
      )
      .orderBy(asc(user.name), asc(user.id))
      .limit(limit + 1),
  );
  const items = rows.slice(0, limit).map((row) => {
    const isSelf = row.userId === ctx.actor.id;
    return { ...row, isSelf, email: whole || isSelf ? row.email : maskEmail(row.email) };
  });
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.name, last.userId]) : null };
}
