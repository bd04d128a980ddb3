import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { after, hours, minutes } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { tenant } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { checkTenant } from "./check-tenant";

const CHECK_EVERY_MS = hours(1);
/** While something is broken people are at work: see soon whether they are done. */
const CHECK_AGAIN_MS = minutes(1);

/**
 * Job: checks every invariant of the tenant. A breach that two looks in a row agree on stops new payments and is told to the audit
 * log and to the operators' log; the next clean check lets them begin again (IDEM-10). Money under way is always received.
 */
export async function checkBooks(ctx: Ctx): Promise<Date> {
  const broken = await brokenNow(ctx);
  if (broken.length === 0) {
    await resume(ctx);
    return after(ctx.now(), CHECK_EVERY_MS);
  }
  ctx.log.error({ alert: "books_broken", broken }, "an invariant is broken: new payments of this tenant are stopped");
  await ctx.transaction(async (tx) => {
    const halted = await tx
      .update(tenant)
      .set({ haltedAt: ctx.now(), updatedAt: ctx.now() })
      .where(and(eq(tenant.id, ctx.tenantId), isNull(tenant.haltedAt)))
      .returning({ id: tenant.id });
    if (halted.length > 0) await emit(tx, ctx, { type: "tenant.halt", subject: ctx.tenantId, details: { broken } });
  });
  return after(ctx.now(), CHECK_AGAIN_MS);
}

/** The names that are broken in two looks: each look is a moment, and only what stays is a breach. */
async function brokenNow(ctx: Ctx): Promise<string[]> {
  const names = async () => (await checkTenant(ctx)).filter((result) => result.broken > 0).map((result) => result.name);
  const first = await names();
  if (first.length === 0) return [];
  const second = await names();
  return first.filter((name) => second.includes(name));
}

async function resume(ctx: Ctx): Promise<void> {
  await ctx.transaction(async (tx) => {
    const resumed = await tx
      .update(tenant)
      .set({ haltedAt: null, updatedAt: ctx.now() })
      .where(and(eq(tenant.id, ctx.tenantId), isNotNull(tenant.haltedAt)))
      .returning({ id: tenant.id });
    if (resumed.length > 0) await emit(tx, ctx, { type: "tenant.unhalt", subject: ctx.tenantId });
  });
}
