import { and, asc, eq, isNull } from "drizzle-orm";
import type { Role } from "~/domain/tenant";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { membership } from "~/server/db/schema";
import { emit } from "~/server/services/event";

/** The new role counts from the member's next request. Throws `not_allowed_now` for the last owner. */
export async function changeRole(ctx: Ctx, { userId, role }: { userId: string; role: Role }): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await lockMember(tx, ctx, userId);
    if (before.role === role) return;
    if (before.role === "owner" && !before.disabledAt) await assertAnotherOwner(tx, ctx, userId);
    await tx.update(membership).set({ role, updatedAt: ctx.now() }).where(isMember(ctx, userId));
    await emit(tx, ctx, { type: "member.change_role", subject: userId, details: { before: before.role, after: role } });
  });
}

/** Shuts a member out from their next request on. Throws `not_allowed_now` for the last owner and for oneself. */
export async function disableMember(ctx: Ctx, userId: string): Promise<void> {
  if (userId === ctx.actor.id) throw new AppError("not_allowed_now", "one does not disable oneself", { reason: "self" });
  await ctx.transaction(async (tx) => {
    const before = await lockMember(tx, ctx, userId);
    if (before.disabledAt) return;
    if (before.role === "owner") await assertAnotherOwner(tx, ctx, userId);
    await tx.update(membership).set({ disabledAt: ctx.now(), updatedAt: ctx.now() }).where(isMember(ctx, userId));
    await emit(tx, ctx, { type: "member.disable", subject: userId, details: { role: before.role } });
  });
}

export async function enableMember(ctx: Ctx, userId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await lockMember(tx, ctx, userId);
    if (!before.disabledAt) return;
    await tx.update(membership).set({ disabledAt: null, updatedAt: ctx.now() }).where(isMember(ctx, userId));
    await emit(tx, ctx, { type: "member.enable", subject: userId, details: { role: before.role } });
  });
}

const isMember = (ctx: Ctx, userId: string) => and(eq(membership.tenantId, ctx.tenantId), eq(membership.userId, userId as Id<"user">));

/** Locks all owners first and in one order, so that two who demote each other do not both succeed, nor wait for each other. */
async function lockMember(tx: Tx, ctx: Ctx, userId: string) {
  await lockOwners(tx, ctx);
  const [row] = await tx.select().from(membership).where(isMember(ctx, userId)).for("update");
  if (!row) throw new AppError("not_found");
  return row;
}

async function assertAnotherOwner(tx: Tx, ctx: Ctx, userId: string): Promise<void> {
  const owners = await lockOwners(tx, ctx);
  if (owners.every((owner) => owner.userId === userId)) {
    throw new AppError("not_allowed_now", "the last owner stays", { reason: "last_owner" });
  }
}

function lockOwners(tx: Tx, ctx: Ctx) {
  return tx
    .select({ userId: membership.userId })
    .from(membership)
    .where(and(eq(membership.tenantId, ctx.tenantId), eq(membership.role, "owner"), isNull(membership.disabledAt)))
    .orderBy(asc(membership.userId))
    .for("update");
}
