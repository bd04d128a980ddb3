import { createHash } from "node:crypto";
import { and, desc, eq, gt, isNull } from "drizzle-orm";
import { INVITATION_HOURS } from "~/domain/member";
import type { Role } from "~/domain/tenant";
import { AppError } from "~/lib/errors";
import { type Id, newId, randomBase32 } from "~/lib/id";
import { paths } from "~/lib/paths";
import { after, hours } from "~/lib/time";
import { type Actor, type Ctx, inTenant, type SystemCtx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { invitation, linkAddress, membership, tenant, user } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import type { Identity, Origin } from "~/server/services/session";
import { joinTenant } from "./join";
import { maskEmail } from "./mask";
import { insertUser, prepareUser } from "./user";

const hashOf = (token: string): Buffer => createHash("sha256").update(`invitation\n${token}`).digest();

const isOpen = (ctx: Pick<Ctx, "now">) =>
  and(isNull(invitation.acceptedAt), isNull(invitation.revokedAt), gt(invitation.expiresAt, ctx.now()));

/** The link is told once: the token is stored as a hash alone. */
export type NewInvitation = { id: Id<"invitation">; url: string; expiresAt: Date };

/** Invites by link. An earlier open invitation to the same address is revoked. Throws `conflict` for a member. */
export function inviteMember(ctx: Ctx, { email, role }: { email: string; role: Role }): Promise<NewInvitation> {
  return ctx.transaction(async (tx) => {
    const [member] = await tx
      .select({ userId: membership.userId })
      .from(membership)
      .innerJoin(user, eq(user.id, membership.userId))
      .where(and(eq(membership.tenantId, ctx.tenantId), eq(user.email, email), isNull(membership.disabledAt)));
    if (member) throw new AppError("conflict", "already a member", { field: "email" });
    const open = await tx
      .select({ id: invitation.id })
      .from(invitation)
      .where(and(eq(invitation.tenantId, ctx.tenantId), eq(invitation.email, email), isOpen(ctx)));
    for (const { id } of open) await revokeIn(tx, ctx, id);
    return writeInvitation(tx, ctx, { email, role });
  });
}

/** Writes an invitation inside a transaction of its tenant, such as the one that creates it. */
export async function writeInvitation(tx: Tx, ctx: Ctx, { email, role }: { email: string; role: Role }): Promise<NewInvitation> {
  const id = newId("invitation");
  const token = randomBase32();
  const expiresAt = after(ctx.now(), hours(INVITATION_HOURS));
  await tx.insert(invitation).values({
    tenantId: ctx.tenantId,
    id,
    email,
    role,
    invitedBy: ctx.actor.id as Id<"user">,
    createdAt: ctx.now(),
    expiresAt,
  });
  await tx
    .insert(linkAddress)
    .values({ tokenHash: hashOf(token), kind: "invitation", tenantId: ctx.tenantId, subject: id, createdAt: ctx.now() });
  await emit(tx, ctx, { type: "member.invite", subject: id, details: { email: maskEmail(email), role } });
  return { id, url: `${ctx.sys.config.appUrl}${paths.invitation(token)}`, expiresAt };
}

export function listInvitations(ctx: Ctx) {
  return ctx.read((tx) =>
    tx
      .select({
        id: invitation.id,
        email: invitation.email,
        role: invitation.role,
        createdAt: invitation.createdAt,
        expiresAt: invitation.expiresAt,
      })
      .from(invitation)
      .where(and(eq(invitation.tenantId, ctx.tenantId), isOpen(ctx)))
      .orderBy(desc(invitation.createdAt), desc(invitation.id))
      .limit(100),
  );
}

/** Throws `not_found` for one that is not open. */
export async function revokeInvitation(ctx: Ctx, id: string): Promise<void> {
  await ctx.transaction((tx) => revokeIn(tx, ctx, id as Id<"invitation">));
}

async function revokeIn(tx: Tx, ctx: Ctx, id: Id<"invitation">): Promise<void> {
  const [row] = await tx
    .update(invitation)
    .set({ revokedAt: ctx.now() })
    .where(and(eq(invitation.tenantId, ctx.tenantId), eq(invitation.id, id), isOpen(ctx)))
    .returning({ email: invitation.email });
  if (!row) throw new AppError("not_found");
  await emit(tx, ctx, { type: "member.revoke_invitation", subject: id, details: { email: maskEmail(row.email) } });
}

/** What an invitation's page shows before it is accepted. Used, revoked, expired and invented tokens all answer `not_found`. */
export async function openInvitation(sys: SystemCtx, token: string) {
  const found = await locate(sys, token);
  if (!found) throw new AppError("not_found");
  const ctx = inTenant(sys, found.tenantId, { kind: "worker", id: "invitation" });
  const [row] = await ctx.read((tx) =>
    tx
      .select({ email: invitation.email, role: invitation.role, expiresAt: invitation.expiresAt, tenantName: tenant.name })
      .from(invitation)
      .innerJoin(tenant, eq(tenant.id, invitation.tenantId))
      .where(and(eq(invitation.tenantId, ctx.tenantId), eq(invitation.id, found.subject), eq(tenant.status, "active"), isOpen(ctx))),
  );
  if (!row) throw new AppError("not_found");
  const [known] = await sys.db.orm.select({ id: user.id }).from(user).where(eq(user.email, row.email));
  // Whoever holds the token was given it for this address, so it may be told that the address has an account.
  return { ...row, hasAccount: known !== undefined };
}

type Acceptance = { token: string; account?: { name: string; password: string } };

/** Accepts once: somebody signed in joins as who they are, somebody new gets an account under the invited address. */
export async function acceptInvitation(
  sys: SystemCtx,
  { token, account }: Acceptance,
  identity: Identity | null,
  origin: Origin,
): Promise<{ tenantId: Id<"tenant">; email: string }> {
  const offered = await openInvitation(sys, token);
  const found = await locate(sys, token);
  if (!found) throw new AppError("not_found");
  if (identity && identity.email !== offered.email) throw new AppError("forbidden", "invited somebody else", { reason: "other_account" });
  if (!identity && offered.hasAccount) throw new AppError("unauthenticated", "this address has an account", { reason: "sign_in_first" });
  if (!identity && !account) throw new AppError("invalid_input", "name and password are missing", { field: "account" });

  const fresh = !identity && account ? await prepareUser({ email: offered.email, ...account }) : null;
  const userId = identity?.userId ?? fresh?.id;
  if (!userId) throw new AppError("unauthenticated");
  const actor: Actor = { kind: "user", id: userId, role: offered.role, ip: origin.ip, requestId: origin.requestId };
  const ctx = inTenant(sys, found.tenantId, actor);
  await ctx.transaction(async (tx) => {
    // The row is the lock: of two who open the link at once, one joins.
    const [row] = await tx
      .update(invitation)
      .set({ acceptedAt: ctx.now() })
      .where(and(eq(invitation.tenantId, ctx.tenantId), eq(invitation.id, found.subject), isOpen(ctx)))
      .returning({ role: invitation.role, invitedBy: invitation.invitedBy });
    if (!row) throw new AppError("not_found");
    if (fresh) await insertUser(tx, fresh, ctx.now());
    await joinTenant(tx, ctx, { userId, role: row.role, invitedBy: row.invitedBy });
  });
  return { tenantId: ctx.tenantId, email: offered.email };
}

async function locate({ db }: Pick<SystemCtx, "db">, token: string) {
  const [row] = await db.orm
    .select({ tenantId: linkAddress.tenantId, subject: linkAddress.subject })
    .from(linkAddress)
    .where(and(eq(linkAddress.tokenHash, hashOf(token)), eq(linkAddress.kind, "invitation")));
  return row ? { tenantId: row.tenantId, subject: row.subject as Id<"invitation"> } : null;
}
