import type { Role, TenantStatus } from "~/domain/tenant";
import type { Id } from "~/lib/id";
import type { SystemCtx } from "~/server/context";

export type Membership = { tenantId: Id<"tenant">; slug: string; name: string; status: TenantStatus; role: Role; joinedAt: Date };

/** The tenants that a person may work in now, in the order in which they joined. */
export async function listMemberships({ db }: Pick<SystemCtx, "db">, userId: Id<"user">): Promise<Membership[]> {
  const rows = await db.sql<{ tenant_id: Id<"tenant">; slug: string; name: string; status: TenantStatus; role: Role; joined_at: Date }[]>`
    select * from app.memberships_of(${userId}) order by joined_at, tenant_id`;
  return rows.map(({ tenant_id: tenantId, joined_at: joinedAt, ...rest }) => ({ tenantId, joinedAt, ...rest }));
}
