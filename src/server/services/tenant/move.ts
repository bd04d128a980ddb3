import { and, eq, inArray } from "drizzle-orm";
import { tenantMachine } from "~/domain/tenant";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Fen } from "~/lib/money";
import { type Actor, inTenant, type SystemCtx } from "~/server/context";
import { tenant } from "~/server/db/schema";
import { emit } from "~/server/services/event";

/** The only writer of a tenant's `status`; its members feel it with their next request. Throws `not_found` and `state_changed`. */
export async function moveTenant(
  sys: SystemCtx,
  actor: Actor,
  { tenantId, reason }: { tenantId: string; reason: string },
  event: keyof typeof tenantMachine.transitions,
): Promise<void> {
  const { from, to } = tenantMachine.transitions[event];
  const ctx = inTenant(sys, await existing(sys, tenantId), actor);
  await ctx.transaction(async (tx) => {
    const [row] = await tx
      .update(tenant)
      .set({ status: to, updatedAt: ctx.now() })
      .where(and(eq(tenant.id, ctx.tenantId), inArray(tenant.status, [...from])))
      .returning({ id: tenant.id });
    if (!row) throw new AppError("state_changed", `the tenant is ${to} already`);
    await emit(tx, ctx, { type: `tenant.${event}`, subject: ctx.tenantId, details: { before: from[0], after: to, reason } });
  });
}

/** How much one payment may ask for, and above what a callback is confirmed by asking the provider. */
export async function setLimits(
  sys: SystemCtx,
  actor: Actor,
  { tenantId, paymentMaxFen, confirmAboveFen }: { tenantId: string; paymentMaxFen: bigint; confirmAboveFen: bigint },
): Promise<void> {
  const ctx = inTenant(sys, await existing(sys, tenantId), actor);
  await ctx.transaction(async (tx) => {
    const [before] = await tx.select().from(tenant).where(eq(tenant.id, ctx.tenantId)).for("update");
    if (!before) throw new AppError("not_found");
    await tx
      .update(tenant)
      .set({ paymentMaxFen: paymentMaxFen as Fen, confirmAboveFen: confirmAboveFen as Fen, updatedAt: ctx.now() })
      .where(eq(tenant.id, ctx.tenantId));
    await emit(tx, ctx, {
      type: "tenant.set_limits",
      subject: ctx.tenantId,
      details: {
        before: { paymentMaxFen: String(before.paymentMaxFen), confirmAboveFen: String(before.confirmAboveFen) },
        after: { paymentMaxFen: String(paymentMaxFen), confirmAboveFen: String(confirmAboveFen) },
      },
    });
  });
}

/** A tenant that an operator named. Events cannot be written into one that is not there. */
export async function existing(sys: Pick<SystemCtx, "db">, tenantId: string): Promise<Id<"tenant">> {
  if (!(await tenantExists(sys, tenantId))) throw new AppError("not_found");
  return tenantId as Id<"tenant">;
}

export async function tenantExists({ db }: Pick<SystemCtx, "db">, tenantId: string): Promise<boolean> {
  const rows = await db.orm
    .select({ id: tenant.id })
    .from(tenant)
    .where(eq(tenant.id, tenantId as Id<"tenant">));
  return rows.length > 0;
}
