import { type Actor, inTenant, type SystemCtx } from "~/server/context";
import { emit, type NewEvent } from "~/server/services/event";
import type { Identity } from "./identity";
import type { Origin } from "./sign-in";

/** Who acts, when a signed-in person does something in the tenant that they work in. */
export function actorOf(access: NonNullable<Identity["tenant"]>["access"], userId: Identity["userId"], origin: Origin): Actor {
  const from = { id: userId, ip: origin.ip, requestId: origin.requestId };
  return access.kind === "grant" ? { kind: "operator", ...from, grantId: access.grantId } : { kind: "user", ...from, role: access.role };
}

/** Writes into the active tenant's history what a person did about their own sign-in; without a tenant the log alone has it. */
export async function noteInTenant(sys: SystemCtx, identity: Identity, origin: Origin, what: NewEvent): Promise<void> {
  if (!identity.tenant) return;
  const ctx = inTenant(sys, identity.tenant.id, actorOf(identity.tenant.access, identity.userId, origin));
  await ctx.transaction((tx) => emit(tx, ctx, what));
}
