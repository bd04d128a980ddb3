import { and, eq } from "drizzle-orm";
import { AppError } from "~/lib/errors";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { idempotencyKey } from "~/server/db/schema";

/** A request that its caller may send again: the operation it asks for, the key it repeats, and a digest of what else it says. */
export type KeyedRequest = { operation: "payment.create" | "facetoface.create"; key: string; requestHash: string };

/** What this key made before, null when it is new. Throws `idempotency_mismatch` when it came with another request. */
export async function findKeyed(tx: Tx, ctx: Ctx, { operation, key, requestHash }: KeyedRequest): Promise<string | null> {
  const [known] = await tx
    .select({ requestHash: idempotencyKey.requestHash, subject: idempotencyKey.subject })
    .from(idempotencyKey)
    .where(
      and(
        eq(idempotencyKey.tenantId, ctx.tenantId),
        eq(idempotencyKey.caller, ctx.actor.id),
        eq(idempotencyKey.operation, operation),
        eq(idempotencyKey.key, key),
      ),
    );
  if (!known) return null;
  if (known.requestHash !== requestHash) throw new AppError("idempotency_mismatch", "key used with another request");
  return known.subject;
}

/**
 * Committed together with the effect. Answers the subject that stands: the given one, or that of a twin that came first, for which
 * this waits. Whoever must not do a thing twice remembers the key before doing it.
 */
export async function rememberKey(tx: Tx, ctx: Ctx, request: KeyedRequest, subject: string): Promise<string> {
  const stored = await tx
    .insert(idempotencyKey)
    .values({ ...request, tenantId: ctx.tenantId, caller: ctx.actor.id, subject, createdAt: ctx.now() })
    .onConflictDoNothing()
    .returning({ subject: idempotencyKey.subject });
  return stored[0]?.subject ?? (await findKeyed(tx, ctx, request)) ?? subject;
}

/** A request as text in which the order of its fields does not count. */
export const sortedText = (request: unknown): string => JSON.stringify(request, sortedKeys);

const sortedKeys = (_name: string, value: unknown): unknown =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
