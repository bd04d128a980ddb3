import type { Role } from "~/domain/tenant";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { memberAddress, membership } from "~/server/db/schema";
import { emit } from "~/server/services/event";

/** Makes a person a member. The address outside the wall is written in the same transaction, so that sign-in finds the tenant. */
export async function joinTenant(tx: Tx, ctx: Ctx, member: { userId: Id<"user">; role: Role; invitedBy?: Id<"user"> }): Promise<void> {
  const now = ctx.now();
  await tx
    .insert(membership)
    .values({ tenantId: ctx.tenantId, ...member, createdAt: now, updatedAt: now })
    // Somebody who was disabled and is invited again comes back with the new role.
    .onConflictDoUpdate({ target: [membership.tenantId, membership.userId], set: { role: member.role, disabledAt: null, updatedAt: now } });
  await tx.insert(memberAddress).values({ tenantId: ctx.tenantId, userId: member.userId }).onConflictDoNothing();
  await emit(tx, ctx, { type: "member.join", subject: member.userId, details: { role: member.role } });
}
