import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { EXPIRES_AFTER_MAX_MS, EXPIRES_AFTER_MIN_MS, EXPIRES_AFTER_MS } from "~/domain/payment";
import type { CreatePaymentInput } from "~/domain/payment-input";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/id";
import { after } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel, idempotencyKey, linkAddress, payment, tenant } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { emit } from "~/server/services/event";
import { checkoutUrl, tokenHash } from "./checkout-link";
import type { Payment } from "./move";

export type CreatedPayment = { payment: Payment; checkoutUrl: string };

/**
 * Creates what a buyer owes. The same key with the same request, and the same order number with the same content, answer what was
 * created first; with other content they are refused. Throws `idempotency_mismatch`, `conflict`, `limit_exceeded`, `not_found`.
 */
export async function createPayment(ctx: Ctx, input: CreatePaymentInput): Promise<CreatedPayment> {
  const vault = await ctx.vault();
  const created = await ctx.transaction(async (tx) => {
    const requestHash = hashOf(input);
    const known = input.idempotencyKey ? await findKeyed(tx, ctx, input.idempotencyKey, requestHash) : null;
    if (known) return known;
    await checkLimits(tx, ctx, input);
    const fresh = await insertPayment(tx, ctx, input);
    const stands = fresh ?? (await findSameOrder(tx, ctx, input));
    if (input.idempotencyKey) await rememberKey(tx, ctx, input.idempotencyKey, requestHash, stands.id);
    if (fresh) {
      const token = vault.linkToken("checkout", fresh.id);
      await tx
        .insert(linkAddress)
        .values({ tokenHash: tokenHash(token), kind: "checkout", tenantId: ctx.tenantId, subject: fresh.id, createdAt: ctx.now() });
      await enqueue(tx, ctx, "expire-payment", fresh.id, fresh.expiresAt);
      await emit(tx, ctx, {
        type: "payment.create",
        subject: fresh.id,
        details: { orderNo: fresh.orderNo, amountFen: fresh.amountFen.toString(), expiresAt: fresh.expiresAt.toISOString() },
      });
      await enqueue(tx, ctx, "roll-up", ctx.tenantId, after(ctx.now(), 2_000));
    }
    return stands;
  });
  return { payment: created, checkoutUrl: checkoutUrl(ctx, vault, created.id) };
}

/** The request as it counts for sameness; the key itself is not part of it. */
function hashOf({ idempotencyKey: _key, ...request }: CreatePaymentInput): string {
  const text = JSON.stringify(
    { ...request, amountFen: request.amountFen.toString(), expiresAt: request.expiresAt?.toISOString() ?? null },
    sortedKeys,
  );
  return createHash("sha256").update(text).digest("hex");
}

const sortedKeys = (_name: string, value: unknown): unknown =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

async function checkLimits(tx: Tx, ctx: Ctx, input: CreatePaymentInput): Promise<void> {
  const [limits] = await tx
    .select({ max: tenant.paymentMaxFen, status: tenant.status, haltedAt: tenant.haltedAt })
    .from(tenant)
    .where(eq(tenant.id, ctx.tenantId));
  if (limits?.status !== "active") throw new AppError("not_allowed_now", "tenant suspended", { cause: "tenant_suspended" });
  if (limits.haltedAt) throw new AppError("not_allowed_now", "the books are being examined", { cause: "books_broken" });
  if (input.amountFen > limits.max)
    throw new AppError("limit_exceeded", "amount above the tenant's limit", { maxFen: limits.max.toString() });
  const lifetime = expiryOf(ctx, input).getTime() - ctx.now().getTime();
  if (lifetime < EXPIRES_AFTER_MIN_MS || lifetime > EXPIRES_AFTER_MAX_MS)
    throw new AppError("invalid_input", "expiresAt out of range", { field: "expiresAt" });
  if (!input.channelId) return;
  const [found] = await tx
    .select({ id: channel.id, deletedAt: channel.deletedAt })
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, input.channelId)));
  if (!found || found.deletedAt) throw new AppError("not_found", "channel", { what: "channel" });
}

const expiryOf = (ctx: Ctx, input: CreatePaymentInput): Date => input.expiresAt ?? after(ctx.now(), EXPIRES_AFTER_MS);

async function insertPayment(tx: Tx, ctx: Ctx, input: CreatePaymentInput): Promise<Payment | null> {
  const [created] = await tx
    .insert(payment)
    .values({
      tenantId: ctx.tenantId,
      id: newId("payment"),
      orderNo: input.orderNo,
      subject: input.subject,
      body: input.body ?? null,
      amountFen: input.amountFen,
      status: "pending",
      expiresAt: expiryOf(ctx, input),
      channelId: input.channelId ?? null,
      createdBy: ctx.actor.id,
      createdAt: ctx.now(),
      updatedAt: ctx.now(),
    })
    .onConflictDoNothing()
    .returning();
  return created ?? null;
}

async function findSameOrder(tx: Tx, ctx: Ctx, input: CreatePaymentInput): Promise<Payment> {
  const [stands] = await tx
    .select()
    .from(payment)
    .where(and(eq(payment.tenantId, ctx.tenantId), eq(payment.orderNo, input.orderNo)));
  if (!stands) throw new AppError("state_changed", "order number vanished");
  const same = stands.amountFen === input.amountFen && stands.subject === input.subject && (stands.body ?? null) === (input.body ?? null);
  if (!same) throw new AppError("conflict", "order number used with other content", { field: "orderNo" });
  return stands;
}

async function findKeyed(tx: Tx, ctx: Ctx, key: string, requestHash: string): Promise<Payment | null> {
  const [known] = await tx
    .select({ requestHash: idempotencyKey.requestHash, subject: idempotencyKey.subject })
    .from(idempotencyKey)
    .where(
      and(
        eq(idempotencyKey.tenantId, ctx.tenantId),
        eq(idempotencyKey.caller, ctx.actor.id),
        eq(idempotencyKey.operation, "payment.create"),
        eq(idempotencyKey.key, key),
      ),
    );
  if (!known) return null;
  if (known.requestHash !== requestHash) throw new AppError("idempotency_mismatch", "key used with another request");
  const [stands] = await tx
    .select()
    .from(payment)
    .where(and(eq(payment.tenantId, ctx.tenantId), eq(payment.id, known.subject as Payment["id"])));
  return stands ?? null;
}

/** Committed together with the effect; a twin that came first wins, and this request is compared with it on its next try. */
async function rememberKey(tx: Tx, ctx: Ctx, key: string, requestHash: string, subject: string): Promise<void> {
  const stored = await tx
    .insert(idempotencyKey)
    .values({ tenantId: ctx.tenantId, caller: ctx.actor.id, operation: "payment.create", key, requestHash, subject, createdAt: ctx.now() })
    .onConflictDoNothing()
    .returning({ requestHash: idempotencyKey.requestHash });
  if (stored.length === 0) await findKeyed(tx, ctx, key, requestHash);
}
