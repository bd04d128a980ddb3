import { and, desc, eq, ilike, or, sql } from "drizzle-orm";
import type { TenantStatus } from "~/domain/tenant";
import { AppError } from "~/lib/errors";
import type { SystemCtx } from "~/server/context";
import { decodeCursor, encodeCursor } from "~/server/db/cursor";
import { escapeLike } from "~/server/db/like";
import { memberAddress, tenant } from "~/server/db/schema";

export type ListTenantsInput = {
  search?: string | undefined;
  status?: TenantStatus | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** For operators: the tenants, newest first. Nothing in here comes from behind a wall. */
export async function listTenants({ db }: Pick<SystemCtx, "db">, { search, status, cursor, limit }: ListTenantsInput) {
  const [at = "", id = ""] = cursor ? decodeCursor(cursor, 2) : [];
  if (cursor && Number.isNaN(Date.parse(at))) throw new AppError("invalid_input", "cursor", { field: "cursor" });
  const pattern = search ? `%${escapeLike(search)}%` : null;
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
          cursor ? sql`(${tenant.createdAt}, ${tenant.id}) < (${at}::timestamptz, ${id})` : undefined,
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
    nextCursor: rows.length > limit && last ? encodeCursor([last.createdAt.toISOString(), last.id]) : null,
  };
}
