import { and, eq, isNull } from "drizzle-orm";
import { GRANT_MINUTES_MAX } from "~/domain/member";
import { AppError, invariant } from "~/lib/errors";
import { newId } from "~/lib/id";
import { after, minutes } from "~/lib/time";
import { inTenant, type SystemCtx } from "~/server/context";
import { operatorGrant, session } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { type Identity, machineNow, type Origin } from "~/server/services/session";
import { existing } from "./move";

type Entry = { tenantId: string; reason: string; minutes: number };

/** Lets an operator look into a tenant: with a reason, for hours at most, written into that tenant's own history (TEN-11). */
export async function enterTenant(sys: SystemCtx, identity: Identity, entry: Entry, origin: Origin): Promise<{ expiresAt: Date }> {
  invariant(identity.isOperator && entry.minutes <= GRANT_MINUTES_MAX, "only operators enter, and for hours at most");
  if (identity.tenant?.access.kind === "grant") await leaveTenant(sys, identity, origin);
  const grantId = newId("grant");
  const ctx = inTenant(sys, await existing(sys, entry.tenantId), { kind: "operator", id: identity.userId, grantId, ...from(origin) });
  const now = machineNow();
  const expiresAt = after(now, minutes(entry.minutes));
  await ctx.transaction(async (tx) => {
    await tx
      .insert(operatorGrant)
      .values({ tenantId: ctx.tenantId, id: grantId, userId: identity.userId, reason: entry.reason, createdAt: now, expiresAt });
    await tx.update(session).set({ activeTenantId: ctx.tenantId, grantId }).where(eq(session.id, identity.sessionId));
    await emit(tx, ctx, { type: "tenant.enter", subject: ctx.tenantId, details: { grant: grantId, reason: entry.reason, expiresAt } });
  });
  sys.log.warn({ security: "operator_enter", userId: identity.userId, tenantId: ctx.tenantId, grantId }, "operator entered a tenant");
  return { expiresAt };
}

/** Ends the grant. Throws `not_allowed_now` for somebody who is not inside by one. */
export async function leaveTenant(sys: SystemCtx, identity: Identity, origin: Origin): Promise<void> {
  const { tenant } = identity;
  if (tenant?.access.kind !== "grant") throw new AppError("not_allowed_now", "not inside by a grant");
  const { grantId } = tenant.access;
  const ctx = inTenant(sys, tenant.id, { kind: "operator", id: identity.userId, grantId, ...from(origin) });
  await ctx.transaction(async (tx) => {
    await tx
      .update(operatorGrant)
      .set({ endedAt: machineNow() })
      .where(and(eq(operatorGrant.tenantId, ctx.tenantId), eq(operatorGrant.id, grantId), isNull(operatorGrant.endedAt)));
    await tx.update(session).set({ activeTenantId: null, grantId: null }).where(eq(session.id, identity.sessionId));
    await emit(tx, ctx, { type: "tenant.leave", subject: ctx.tenantId, details: { grant: grantId } });
  });
}

const from = ({ ip, requestId }: Origin) => ({ ip, requestId });
