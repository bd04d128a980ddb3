import { eq } from "drizzle-orm";
import { type Id, newId } from "~/lib/id";
import type { SystemCtx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { user } from "~/server/db/schema";
import { assertPassword, hashPassword } from "~/server/password";

export type NewUser = { email: string; name: string; password: string; isOperator?: boolean; locale?: "zh" | "en" };
/** A person ready to be written: the slow hash is done before a transaction opens. */
export type PreparedUser = Omit<NewUser, "password"> & { id: Id<"user">; passwordHash: string };

/** Checks and hashes the password. Throws `invalid_input` naming the rule that it breaks. */
export async function prepareUser({ password, ...person }: NewUser): Promise<PreparedUser> {
  assertPassword(password, { email: person.email, name: person.name, isOperator: person.isOperator ?? false });
  return { ...person, id: newId("user"), passwordHash: await hashPassword(password) };
}

export async function insertUser(tx: Tx, { isOperator, locale, ...person }: PreparedUser, now: Date) {
  await tx
    .insert(user)
    .values({ ...person, isOperator: isOperator ? "yes" : "no", locale: locale ?? "zh", createdAt: now, updatedAt: now });
}

/** A person who belongs to no tenant yet: platform staff, made by a seed. */
export async function createUser(sys: SystemCtx, person: NewUser): Promise<Id<"user">> {
  const prepared = await prepareUser(person);
  await sys.db.orm.transaction((tx) => insertUser(tx, prepared, sys.now()));
  return prepared.id;
}

export async function findUserByEmail({ db }: Pick<SystemCtx, "db">, email: string) {
  const [row] = await db.orm.select().from(user).where(eq(user.email, email.toLowerCase()));
  return row ?? null;
}
