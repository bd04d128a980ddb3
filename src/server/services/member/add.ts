import type { Role } from "~/domain/tenant";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { passwordFits } from "~/server/password";
import { joinTenant } from "./join";
import { findUserByEmail, insertUser, type PreparedUser, prepareUser } from "./user";

export type NewMember = { email: string; password: string; name?: string };

/**
 * Somebody who is to join a tenant with a password set for them (command line, seeds): who they are already, when the password is
 * theirs, or a new person. Throws `conflict` when the address belongs to somebody with another password.
 */
export async function personFor(
  sys: Ctx["sys"],
  { email, password, name }: NewMember,
): Promise<{ userId: Id<"user">; fresh: PreparedUser | null }> {
  const known = await findUserByEmail(sys, email);
  if (!known) {
    const fresh = await prepareUser({ email: email.toLowerCase(), name: name ?? email.split("@")[0] ?? email, password });
    return { userId: fresh.id, fresh };
  }
  if (!(await passwordFits(known.passwordHash, password))) throw new AppError("conflict", `${email} exists with another password`);
  return { userId: known.id, fresh: null };
}

/** Adds a member with a password, without an invitation. */
export async function addMember(ctx: Ctx, member: NewMember & { role: Role }): Promise<Id<"user">> {
  const { userId, fresh } = await personFor(ctx.sys, member);
  await ctx.transaction(async (tx) => {
    if (fresh) await insertUser(tx, fresh, ctx.now());
    await joinTenant(tx, ctx, { userId, role: member.role });
  });
  return userId;
}
