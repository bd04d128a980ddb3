import { desc, eq } from "drizzle-orm";
import type { Role } from "~/domain/tenant";
import { type Id, newId } from "~/lib/id";
import { after } from "~/lib/time";
import { inTenant, type SystemCtx } from "~/server/context";
import { session, user } from "~/server/db/schema";
import { passwordFits } from "~/server/password";
import { emit } from "~/server/services/event";
import { issueDevice, knownDevice } from "./device";
import { ABSOLUTE_MS, machineNow } from "./identity";
import { listMemberships } from "./memberships";
import { beginTry, forgetTries, type Try, undoTry } from "./throttle";

/** Where a request came from. */
export type Origin = { ip: string; userAgent: string; requestId: string };

export type Credentials = { email: string; password: string; deviceToken: string | null };

export type SignInResult =
  | { kind: "signed_in"; sessionId: Id<"session">; deviceToken: string }
  /** Unknown account, wrong password, disabled: one answer for all (SES-08). */
  | { kind: "refused" }
  | { kind: "wait"; retryAfterSeconds: number };

/** Signs a person in: throttled, then hashed, then a new session. Unknown accounts take the same path and the same time. */
export async function signIn(sys: SystemCtx, { email, password, deviceToken }: Credentials, origin: Origin): Promise<SignInResult> {
  const device = knownDevice(sys.config, email, deviceToken);
  const address: Try = { kind: "address", name: origin.ip };
  const account: Try = device ? { kind: "device", name: device } : { kind: "account", name: email };

  const waitMs = await beginBoth(sys, address, account);
  if (waitMs > 0) {
    sys.log.warn({ security: "sign_in_throttled", ip: origin.ip, requestId: origin.requestId, waitMs }, "sign-in throttled");
    return { kind: "wait", retryAfterSeconds: Math.ceil(waitMs / 1_000) };
  }

  const [person] = await sys.db.orm.select().from(user).where(eq(user.email, email));
  const fits = await passwordFits(person?.passwordHash ?? null, password);
  if (!person || !fits || person.disabledAt) {
    sys.log.warn(
      { security: "sign_in_refused", userId: person?.id ?? null, ip: origin.ip, requestId: origin.requestId },
      "sign-in refused",
    );
    return { kind: "refused" };
  }

  await undoTry(sys, address);
  await forgetTries(sys, account);
  const sessionId = await openSession(sys, person, origin);
  sys.log.info({ security: "sign_in", userId: person.id, sessionId, ip: origin.ip, requestId: origin.requestId }, "signed in");
  return { kind: "signed_in", sessionId, deviceToken: issueDevice(sys.config, email) };
}

/** A try that the account's count refuses never reaches the hash, so the address is not charged for it. */
async function beginBoth(sys: SystemCtx, address: Try, account: Try): Promise<number> {
  const addressWait = await beginTry(sys, address);
  if (addressWait > 0) return addressWait;
  const accountWait = await beginTry(sys, account);
  if (accountWait > 0) await undoTry(sys, address);
  return accountWait;
}

type Person = { id: Id<"user">; sessionVersion: number };

/** A new session under a new id, in the tenant that the person worked in last. Callers have checked the password. */
export async function openSession(sys: SystemCtx, person: Person, origin: Origin): Promise<Id<"session">> {
  const tenant = await chooseTenant(sys, person.id);
  const now = machineNow();
  const row = {
    id: newId("session"),
    userId: person.id,
    userVersion: person.sessionVersion,
    activeTenantId: tenant?.tenantId ?? null,
    createdAt: now,
    authenticatedAt: now,
    lastSeenAt: now,
    expiresAt: after(now, ABSOLUTE_MS),
    ip: origin.ip,
    userAgent: origin.userAgent,
  };
  if (!tenant) {
    await sys.db.orm.insert(session).values(row);
    return row.id;
  }
  const ctx = inTenant(sys, tenant.tenantId, {
    kind: "user",
    id: person.id,
    role: tenant.role,
    ip: origin.ip,
    requestId: origin.requestId,
  });
  await ctx.transaction(async (tx) => {
    await tx.insert(session).values(row);
    await emit(tx, ctx, { type: "session.sign_in", subject: person.id });
  });
  return row.id;
}

async function chooseTenant(sys: SystemCtx, userId: Id<"user">): Promise<{ tenantId: Id<"tenant">; role: Role } | null> {
  const memberships = (await listMemberships(sys, userId)).filter(({ status }) => status === "active");
  const [last] = await sys.db.orm
    .select({ tenantId: session.activeTenantId })
    .from(session)
    .where(eq(session.userId, userId))
    .orderBy(desc(session.createdAt))
    .limit(1);
  return memberships.find(({ tenantId }) => tenantId === last?.tenantId) ?? memberships[0] ?? null;
}
