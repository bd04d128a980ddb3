import { and, desc, eq, gt, isNull, ne } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { after } from "~/lib/time";
import type { SystemCtx } from "~/server/context";
import { session, user } from "~/server/db/schema";
import { assertPassword, hashPassword, passwordFits } from "~/server/password";
import { checkSession, IDLE_MS, type Identity, machineNow } from "./identity";
import { noteInTenant } from "./note";
import type { Origin } from "./sign-in";
import { beginTry, forgetTries } from "./throttle";

/** A person's own open sessions, newest first. */
export async function listSessions({ db }: Pick<SystemCtx, "db">, identity: Identity) {
  const now = machineNow();
  const rows = await db.orm
    .select({ id: session.id, createdAt: session.createdAt, lastSeenAt: session.lastSeenAt, ip: session.ip, userAgent: session.userAgent })
    .from(session)
    .innerJoin(user, and(eq(user.id, session.userId), eq(user.sessionVersion, session.userVersion)))
    .where(
      and(
        eq(session.userId, identity.userId),
        isNull(session.revokedAt),
        gt(session.expiresAt, now),
        gt(session.lastSeenAt, after(now, -IDLE_MS)),
      ),
    )
    .orderBy(desc(session.createdAt), desc(session.id))
    .limit(100);
  return rows.map((row) => ({ ...row, isThis: row.id === identity.sessionId }));
}

/** Ends one of a person's own sessions; it is over with its next request. */
export async function revokeSession(sys: SystemCtx, identity: Identity, sessionId: string, origin: Origin): Promise<void> {
  const [row] = await sys.db.orm
    .update(session)
    .set({ revokedAt: machineNow() })
    .where(and(eq(session.id, sessionId as Id<"session">), eq(session.userId, identity.userId), isNull(session.revokedAt)))
    .returning({ id: session.id });
  if (!row) throw new AppError("not_found");
  sys.log.info({ security: "session_revoked", userId: identity.userId, sessionId: row.id, ip: origin.ip }, "session revoked");
  await noteInTenant(sys, identity, origin, { type: "session.revoke", subject: identity.userId, details: { session: row.id } });
}

/** Ends all of a person's sessions but the one they ask from. Answers how many. */
export async function revokeOtherSessions(sys: SystemCtx, identity: Identity, origin: Origin): Promise<number> {
  const rows = await sys.db.orm
    .update(session)
    .set({ revokedAt: machineNow() })
    .where(and(eq(session.userId, identity.userId), ne(session.id, identity.sessionId), isNull(session.revokedAt)))
    .returning({ id: session.id });
  sys.log.info({ security: "session_revoked", userId: identity.userId, count: rows.length, ip: origin.ip }, "other sessions revoked");
  await noteInTenant(sys, identity, origin, { type: "session.revoke_others", subject: identity.userId, details: { count: rows.length } });
  return rows.length;
}

/** Signing out. A session that is over already is peace. */
export async function signOut(sys: SystemCtx, sessionId: Id<"session">, origin: Origin): Promise<void> {
  const identity = await checkSession(sys, sessionId, { touch: false });
  const [row] = await sys.db.orm
    .update(session)
    .set({ revokedAt: machineNow() })
    .where(and(eq(session.id, sessionId), isNull(session.revokedAt)))
    .returning({ userId: session.userId });
  if (!row) return;
  sys.log.info({ security: "sign_out", userId: row.userId, sessionId, ip: origin.ip, requestId: origin.requestId }, "signed out");
  if (identity) await noteInTenant(sys, identity, origin, { type: "session.sign_out", subject: row.userId });
}

/** Takes the password once more, so that what needs fresh authentication may go on for ten minutes (SES-09). */
export async function confirmPassword(sys: SystemCtx, identity: Identity, password: string, origin: Origin): Promise<void> {
  await checkOwnPassword(sys, identity, password, origin);
  await sys.db.orm.update(session).set({ authenticatedAt: machineNow() }).where(eq(session.id, identity.sessionId));
}

/** A new password ends every other session of its owner at once. */
export async function changePassword(
  sys: SystemCtx,
  identity: Identity,
  { current, next }: { current: string; next: string },
  origin: Origin,
): Promise<void> {
  const person = await checkOwnPassword(sys, identity, current, origin);
  assertPassword(next, { email: person.email, name: person.name, isOperator: person.isOperator === "yes" });
  const passwordHash = await hashPassword(next);
  const sessionVersion = person.sessionVersion + 1;
  await sys.db.orm.transaction(async (tx) => {
    // The version in the condition: of two changes at once, one wins and the other starts over.
    const [changed] = await tx
      .update(user)
      .set({ passwordHash, sessionVersion, updatedAt: sys.now() })
      .where(and(eq(user.id, person.id), eq(user.sessionVersion, person.sessionVersion)))
      .returning({ id: user.id });
    if (!changed) throw new AppError("state_changed", "the password was changed meanwhile");
    await tx.update(session).set({ userVersion: sessionVersion, authenticatedAt: machineNow() }).where(eq(session.id, identity.sessionId));
  });
  sys.log.info({ security: "password_changed", userId: person.id, ip: origin.ip }, "password changed");
  await noteInTenant(sys, identity, origin, { type: "session.change_password", subject: person.id });
}

async function checkOwnPassword(sys: SystemCtx, identity: Identity, password: string, origin: Origin) {
  // A stolen session must not become a place to guess the password.
  const attempt = { kind: "device", name: `confirm\n${identity.userId}` } as const;
  const waitMs = await beginTry(sys, attempt);
  if (waitMs > 0) throw new AppError("too_many_requests", "password tries", { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
  const [person] = await sys.db.orm.select().from(user).where(eq(user.id, identity.userId));
  if (!person || !(await passwordFits(person.passwordHash, password))) {
    sys.log.warn({ security: "password_refused", userId: identity.userId, ip: origin.ip }, "password refused");
    throw new AppError("invalid_input", "wrong password", { field: "password", rule: "wrong" });
  }
  await forgetTries(sys, attempt);
  return person;
}
