import { and, desc, eq, ilike, lt, or, sql } from "drizzle-orm";
import type { TenantStatus } from "~/domain/tenant";
import { AppError } from "~/lib/errors";
import type { SystemCtx } from "~/server/context";
import { memberAddress, tenant } from "~/server/db/schema";

export type ListTenantsInput = {
  search?: string | undefined;
  status?: TenantStatus | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** For operators: the tenants, newest first. Nothing in here comes from behind a wall. */
export async function listTenants({ db }: Pick<SystemCtx, "db">, { search, status, cursor, limit }: ListTenantsInput) {
  const before = cursor ? readCursor(cursor) : null;
  const pattern = search ? `%${search.replace(/[\\%_]/g, "\\$&")}%` : null;
  const found = pattern ? or(ilike(tenant.name, pattern), ilike(tenant.slug, pattern), eq(tenant.id, search as never)) : undefined;
  const [rows, counts] = await Promise.all([
    db.orm
      .select({
        id: tenant.id,
        name: tenant.name,
        slug: tenant.slug,
        status: tenant.status,
        paymentMaxFen: tenant.paymentMaxFen,
        confirmAboveFen: tenant.confirmAboveFen,
        createdAt: tenant.createdAt,
        members: sql<number>`(select count(*)::int from ${memberAddress} where ${memberAddress.tenantId} = ${tenant.id})`,
      })
      .from(tenant)
      .where(
        and(
          found,
          status ? eq(tenant.status, status) : undefined,
          before ? or(lt(tenant.createdAt, before.at), and(eq(tenant.createdAt, before.at), lt(tenant.id, before.id))) : undefined,
        ),
      )
      .orderBy(desc(tenant.createdAt), desc(tenant.id))
      .limit(limit + 1),
    db.orm.select({ status: tenant.status, count: sql<number>`count(*)::int` }).from(tenant).where(found).groupBy(tenant.status),
  ]);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const countOf = (wanted: TenantStatus) => counts.find((row) => row.status === wanted)?.count ?? 0;
  return {
    items,
    counts: { active: countOf("active"), suspended: countOf("suspended") },
    nextCursor: rows.length > limit && last ? `${last.createdAt.getTime()}.${last.id}` : null,
  };
}

function readCursor(cursor: string) {
  const match = /^(\d{1,15})\.(ten_[0-9a-z]{26})$/.exec(cursor);
  if (!match) throw new AppError("invalid_input", "not a cursor", { field: "cursor" });
  return { at: new Date(Number(match[1])), id: match[2] as typeof tenant.$inferSelect.id };
}
