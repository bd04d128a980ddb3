import type { Role, TenantStatus } from "~/domain/tenant";
import type { Id } from "~/lib/id";
import type { SystemCtx } from "~/server/context";

export type Membership = { tenantId: Id<"tenant">; slug: string; name: string; status: TenantStatus; role: Role };

/** The tenants that a person may work in now, by name. */
export async function listMemberships({ db }: Pick<SystemCtx, "db">, userId: Id<"user">): Promise<Membership[]> {
  const rows = await db.sql<{ tenant_id: Id<"tenant">; slug: string; name: string; status: TenantStatus; role: Role }[]>`
    select * from app.memberships_of(${userId}) order by name, tenant_id`;
  return rows.map(({ tenant_id: tenantId, ...rest }) => ({ tenantId, ...rest }));
}
