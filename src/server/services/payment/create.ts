import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { EXPIRES_AFTER_MAX_MS, EXPIRES_AFTER_MIN_MS, EXPIRES_AFTER_MS } from "~/domain/payment";
import type { CreatePaymentInput } from "~/domain/payment-input";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/id";
import { after } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel, linkAddress, payment, tenant } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { emit } from "~/server/services/event";
import { findKeyed, type KeyedRequest, rememberKey, sortedText } from "~/server/services/idempotency";
import { checkoutUrl, tokenHash } from "./checkout-link";
import { getPayment } from "./close";
import { listPending, type Payment } from "./move";

export type CreatedPayment = { payment: Payment; checkoutUrl: string };

/**
 * Creates what a buyer owes. The same key with the same request, and the same order number with the same content, answer what was
 * created first; with other content they are refused. Throws `idempotency_mismatch`, `conflict`, `limit_exceeded`, `not_found`.
 */
export async function createPayment(ctx: Ctx, input: CreatePaymentInput): Promise<CreatedPayment> {
  const vault = await ctx.vault();
  const created = await ctx.transaction(async (tx) => {
    const keyed = keyedOf(input);
    const known = keyed ? await findKeyed(tx, ctx, keyed) : null;
    if (known) return getPayment(tx, ctx, known as Payment["id"]);
    await checkLimits(tx, ctx, input);
    const fresh = await insertPayment(tx, ctx, input);
    const stands = fresh ?? (await findSameOrder(tx, ctx, input));
    if (keyed) await rememberKey(tx, ctx, keyed, stands.id);
    if (fresh) {
      await listPending(tx, ctx, fresh);
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
function keyedOf({ idempotencyKey: key, ...request }: CreatePaymentInput): KeyedRequest | null {
  if (key === undefined) return null;
  const text = sortedText({ ...request, amountFen: request.amountFen.toString(), expiresAt: request.expiresAt?.toISOString() ?? null });
  return { operation: "payment.create", key, requestHash: createHash("sha256").update(text).digest("hex") };
}

async function checkLimits(tx: Tx, ctx: Ctx, input: CreatePaymentInput): Promise<void> {
  const [limits] = await tx
    .select({ max: tenant.paymentMaxFen, status: tenant.status, haltedAt: tenant.haltedAt })
    .from(tenant)
    .where(eq(tenant.id, ctx.tenantId));
  if (limits?.status !== "active") throw new AppError("not_allowed_now", "tenant suspended", { cause: "tenant_suspended" });
  if (limits.haltedAt) throw new AppError("not_allowed_now", "the books are being examined", { cause: "books_broken" });
  if (input.amountFen > limits.max)
    throw new AppError("limit_exceeded", "amount above the tenant's limit", { maxFen: limits.max.toString() });
  const now = ctx.now();
  const lifetime = expiryOf(now, input).getTime() - now.getTime();
  if (lifetime < EXPIRES_AFTER_MIN_MS || lifetime > EXPIRES_AFTER_MAX_MS)
    throw new AppError("invalid_input", "expiresAt out of range", { field: "expiresAt" });
  if (!input.channelId) return;
  const [found] = await tx
    .select({ id: channel.id, deletedAt: channel.deletedAt })
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, input.channelId)));
  if (!found || found.deletedAt) throw new AppError("not_found", "channel", { what: "channel" });
}

const expiryOf = (now: Date, input: CreatePaymentInput): Date => input.expiresAt ?? after(now, EXPIRES_AFTER_MS);

async function insertPayment(tx: Tx, ctx: Ctx, input: CreatePaymentInput): Promise<Payment | null> {
  const now = ctx.now();
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
      expiresAt: expiryOf(now, input),
      channelId: input.channelId ?? null,
      createdBy: ctx.actor.id,
      createdAt: now,
      updatedAt: now,
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
