import { eq } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import { type Id, newId } from "~/lib/id";
import { fenFromText, TRADE_MAX_FEN } from "~/lib/money";
import { type Actor, inTenant, type SystemCtx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { tenant, tenantKey } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { insertUser, joinTenant, type NewInvitation, type NewMember, personFor, writeInvitation } from "~/server/services/member";

/** What a new tenant may ask for in one payment: as much as a provider takes. */
const PAYMENT_MAX = TRADE_MAX_FEN;
/** Above this a callback alone moves no money, the provider is asked first (CB-11): 500,000.00 yuan. */
const CONFIRM_ABOVE = fenFromText("50000000");

export type NewTenant = { name: string; slug: string };

/** Creates a tenant whose owner signs in with a password at once: command line and seeds. */
export async function createTenantWithOwner(
  sys: SystemCtx,
  actor: Actor,
  { owner, ...names }: NewTenant & { owner: NewMember },
): Promise<{ tenantId: Id<"tenant">; userId: Id<"user"> }> {
  const { userId, fresh } = await personFor(sys, owner);
  const tenantId = await writeTenant(sys, actor, names, async (tx, ctx) => {
    if (fresh) await insertUser(tx, fresh, ctx.now());
    await joinTenant(tx, ctx, { userId, role: "owner" });
  });
  return { tenantId, userId };
}

/** Creates a tenant and an invitation for its first owner, whose link is told once. */
export async function createTenant(
  sys: SystemCtx,
  actor: Actor,
  { ownerEmail, ...names }: NewTenant & { ownerEmail: string },
): Promise<{ tenantId: Id<"tenant">; invitation: NewInvitation }> {
  let invitation: NewInvitation | null = null;
  const tenantId = await writeTenant(sys, actor, names, async (tx, ctx) => {
    invitation = await writeInvitation(tx, ctx, { email: ownerEmail, role: "owner" });
  });
  if (!invitation) throw new Error("invariant broken: a tenant was created without its invitation");
  return { tenantId, invitation };
}

/** Tenant, its first data key and whatever makes it reachable are one transaction: there is never a tenant without a key. */
async function writeTenant(
  sys: SystemCtx,
  actor: Actor,
  { name, slug }: NewTenant,
  furnish: (tx: Tx, ctx: ReturnType<typeof inTenant>) => Promise<void>,
): Promise<Id<"tenant">> {
  const tenantId = newId("tenant");
  const ctx = inTenant(sys, tenantId, actor);
  await ctx.transaction(async (tx) => {
    const now = ctx.now();
    const [row] = await tx
      .insert(tenant)
      .values({
        id: tenantId,
        name,
        slug,
        status: "active",
        paymentMaxFen: PAYMENT_MAX,
        confirmAboveFen: CONFIRM_ABOVE,
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing({ target: tenant.slug })
      .returning({ id: tenant.id });
    if (!row) throw new AppError("conflict", "the slug is taken", { field: "slug" });
    await tx.insert(tenantKey).values({ tenantId, ...sys.vault.createTenantKey(tenantId, now), createdAt: now });
    await emit(tx, ctx, { type: "tenant.create", subject: tenantId, details: { name, slug } });
    await furnish(tx, ctx);
  });
  return tenantId;
}

export async function findTenantBySlug({ db }: Pick<SystemCtx, "db">, slug: string) {
  const [row] = await db.orm.select().from(tenant).where(eq(tenant.slug, slug));
  return row ?? null;
}
