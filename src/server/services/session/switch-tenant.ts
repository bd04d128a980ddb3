import { eq } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import { inTenant, type SystemCtx } from "~/server/context";
import { session } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import type { Identity } from "./identity";
import { listMemberships } from "./memberships";
import type { Origin } from "./sign-in";

/** Moves the session into another tenant of the same person. One that they do not belong to is simply not there (TEN-07). */
export async function switchTenant(sys: SystemCtx, identity: Identity, tenantId: string, origin: Origin): Promise<void> {
  const membership = (await listMemberships(sys, identity.userId)).find((one) => one.tenantId === tenantId);
  if (!membership) throw new AppError("not_found");
  const ctx = inTenant(sys, membership.tenantId, {
    kind: "user",
    id: identity.userId,
    role: membership.role,
    ip: origin.ip,
    requestId: origin.requestId,
  });
  await ctx.transaction(async (tx) => {
    await tx.update(session).set({ activeTenantId: membership.tenantId, grantId: null }).where(eq(session.id, identity.sessionId));
    await emit(tx, ctx, { type: "session.enter", subject: identity.userId });
  });
}
