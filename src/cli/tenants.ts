import { AppError } from "~/lib/errors";
import { isId } from "~/lib/id";
import { type Ctx, inTenant, type SystemCtx } from "~/server/context";
import { listTenantIds } from "~/server/services/invariant";
import { cliActor, UsageError } from "./command";

/** The one tenant that was named, or all. */
export async function tenantsToCheck(sys: SystemCtx, tenant: string | undefined): Promise<Ctx[]> {
  const all = await listTenantIds(sys);
  if (tenant === undefined) return all.map((id) => inTenant(sys, id, cliActor));
  if (!isId("tenant", tenant)) throw new UsageError("--tenant is not a tenant's id");
  if (!all.includes(tenant)) throw new AppError("not_found", "there is no such tenant");
  return [inTenant(sys, tenant, cliActor)];
}
