import type { Role } from "~/domain/tenant";
import { type Id, newId, randomBase32 } from "~/lib/id";
import { contextFor } from "~/server/api/context";
import { createCaller } from "~/server/api/root";
import type { Ctx, SystemCtx } from "~/server/context";
import { hashPassword } from "~/server/password";
import { insertUser, joinTenant } from "~/server/services/member";
import { checkSession, type Identity, type Origin, openSession } from "~/server/services/session";
import { enterTenant } from "~/server/services/tenant";
import { newTenant } from "./system";

/** Strangers, members and operators for tests, each one's own: nothing is shared between tests. */

export const PASSWORD = "grün-Vk3-pbt9qz-w7";
let passwordHash: Promise<string> | null = null;

export const origin = (ip = "192.0.2.1"): Origin => ({ ip, userAgent: "test", requestId: newId("request") });

export type Person = { id: Id<"user">; email: string; name: string; sessionVersion: 1 };

/** Somebody with an account and the password above, in no tenant yet. */
export async function newPerson(sys: SystemCtx, options: { isOperator?: boolean; name?: string } = {}): Promise<Person> {
  // One hash for all: made once, because it is slow by design.
  passwordHash ??= hashPassword(PASSWORD);
  const person = { id: newId("user"), email: `p-${randomBase32(10)}@example.test`, name: options.name ?? "林知遥" };
  const prepared = { ...person, isOperator: options.isOperator ?? false, passwordHash: await passwordHash };
  await sys.db.orm.transaction((tx) => insertUser(tx, prepared, sys.now()));
  return { ...person, sessionVersion: 1 };
}

/** Somebody signed in, with a caller that speaks for them through every check that the API makes. */
export type SignedIn = Person & { sessionId: Id<"session">; api: Api; identity(): Promise<Identity> };
export type Api = ReturnType<typeof createCaller>;

export const apiOf = (sys: SystemCtx, sessionId: Id<"session"> | null): Api => createCaller(contextFor(sys, sessionId));

export async function signInAs(sys: SystemCtx, person: Person): Promise<SignedIn> {
  const sessionId = await openSession(sys, person, origin());
  return {
    ...person,
    sessionId,
    api: apiOf(sys, sessionId),
    async identity() {
      const identity = await checkSession(sys, sessionId);
      if (!identity) throw new Error("the session is over");
      return identity;
    },
  };
}

/** A new member of the tenant, signed in to it. */
export async function newMember(ctx: Ctx, role: Role): Promise<SignedIn> {
  const person = await newPerson(ctx.sys);
  await ctx.transaction((tx) => joinTenant(tx, ctx, { userId: person.id, role }));
  return signInAs(ctx.sys, person);
}

export const newOperator = async (sys: SystemCtx): Promise<SignedIn> => signInAs(sys, await newPerson(sys, { isOperator: true }));

/** An operator who looks into the tenant by a grant. */
export async function newGrantee(ctx: Ctx): Promise<SignedIn> {
  const operator = await newOperator(ctx.sys);
  await enterTenant(ctx.sys, await operator.identity(), { tenantId: ctx.tenantId, reason: "客户来电求助", minutes: 60 }, origin());
  return operator;
}

/** A tenant with one signed-in member of each role. */
export async function newTenantWithStaff(sys: SystemCtx) {
  const ctx = await newTenant(sys);
  const [owner, admin, finance, viewer] = await Promise.all([
    newMember(ctx, "owner"),
    newMember(ctx, "admin"),
    newMember(ctx, "finance"),
    newMember(ctx, "viewer"),
  ]);
  return { ctx, owner, admin, finance, viewer };
}

/** The code of the error that a service or a procedure ends with; "ok" when it ends well. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "ok";
  } catch (error) {
    for (let current: unknown = error; current instanceof Error; current = current.cause) {
      if (current.name === "AppError") return (current as unknown as { code: string }).code;
    }
    throw error;
  }
}
