import { and, eq, inArray } from "drizzle-orm";
import { OPEN_TRANSACTION_STATUSES, QUERY_GAPS_MS } from "~/domain/payment";
import { type Method, methodProvider } from "~/domain/provider";
import { AppError, ProviderError } from "~/lib/errors";
import { type Id, newId } from "~/lib/id";
import { after } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { type channel, payment, paymentTransaction, tenant } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import type { Launch } from "~/server/providers/port";
import { tradeProvider } from "~/server/providers/registry";
import { chooseChannel, loadProviderChannel } from "~/server/services/channel";
import { emit } from "~/server/services/event";
import { checkoutUrl } from "./checkout-link";
import { keepOpen, moveTransaction, type Payment, showAttempt, type Transaction } from "./move";

/** More tries than a patient buyer makes; a loop stops here. */
const ATTEMPTS_MAX = 20;
/** The longest that a buyer waits for a provider to prepare a payment. */
const CREATE_DEADLINE_MS = 8_000;

export type AttemptRequest = {
  paymentId: Id<"payment">;
  method: Method;
  channelId?: Id<"channel">;
  openid?: string;
  clientIp?: string;
};

export type Attempt = { transaction: Transaction; launch: Launch | null };

/**
 * Begins, or takes up again, an attempt by one method. The row with its number is stored before the provider is called, and the
 * same number is sent on every retry. Throws AppError (`expired`, `not_allowed_now`, `channel_missing`) or ProviderError.
 */
export async function startAttempt(ctx: Ctx, request: AttemptRequest): Promise<Attempt> {
  const { owed, attempt } = await prepareAttempt(ctx, request);
  if (attempt.status === "awaiting" && isFresh(attempt.launch, ctx.now()))
    return { transaction: attempt, launch: attempt.launch as Launch };
  return launchAttempt(ctx, owed, attempt, request);
}

/** Stores the attempt, or finds the open one of the same method. No provider is called. */
export async function prepareAttempt(ctx: Ctx, request: AttemptRequest): Promise<{ owed: Payment; attempt: Transaction }> {
  return ctx.transaction(async (tx) => {
    const [owed] = await tx
      .select()
      .from(payment)
      .where(and(eq(payment.tenantId, ctx.tenantId), eq(payment.id, request.paymentId)))
      .for("update");
    if (!owed) throw new AppError("not_found", "payment", { what: "payment" });
    checkPayable(owed, ctx.now());
    await checkNotHalted(tx, ctx);
    const via = await chooseChannel(tx, ctx, { method: request.method, channelId: request.channelId ?? null, preferred: owed.channelId });
    const open = await findOpenAttempt(tx, ctx, owed.id, via.id, request.method);
    return { owed, attempt: open ?? (await insertAttempt(tx, ctx, owed, via, request.method)) };
  });
}

/** While an invariant is broken no new money is asked for; what is under way is still received and booked (IDEM-10). */
async function checkNotHalted(tx: Tx, ctx: Ctx): Promise<void> {
  const [own] = await tx.select({ haltedAt: tenant.haltedAt }).from(tenant).where(eq(tenant.id, ctx.tenantId));
  if (own?.haltedAt) throw new AppError("not_allowed_now", "the books are being examined", { cause: "books_broken" });
}

function checkPayable(owed: Payment, now: Date): void {
  if (owed.status !== "pending") throw new AppError("not_allowed_now", "payment is not pending", { status: owed.status });
  if (owed.cancelRequestedAt) throw new AppError("not_allowed_now", "payment is being cancelled", { status: "closed" });
  if (owed.expiresAt <= now) throw new AppError("expired", "payment has expired");
}

async function findOpenAttempt(
  tx: Tx,
  ctx: Ctx,
  paymentId: Id<"payment">,
  channelId: Id<"channel">,
  method: Method,
): Promise<Transaction | null> {
  const [open] = await tx
    .select()
    .from(paymentTransaction)
    .where(
      and(
        eq(paymentTransaction.tenantId, ctx.tenantId),
        eq(paymentTransaction.paymentId, paymentId),
        eq(paymentTransaction.channelId, channelId),
        eq(paymentTransaction.method, method),
        inArray(paymentTransaction.status, [...OPEN_TRANSACTION_STATUSES]),
      ),
    )
    .limit(1);
  return open ?? null;
}

/** The first attempt of a payment by this channel and method, whatever became of it. */
export async function findFirstAttempt(
  ctx: Ctx,
  paymentId: Id<"payment">,
  channelId: Id<"channel">,
  method: Method,
): Promise<Transaction | null> {
  return ctx.read(async (tx) => {
    const [first] = await tx
      .select()
      .from(paymentTransaction)
      .where(
        and(
          eq(paymentTransaction.tenantId, ctx.tenantId),
          eq(paymentTransaction.paymentId, paymentId),
          eq(paymentTransaction.channelId, channelId),
          eq(paymentTransaction.method, method),
        ),
      )
      .orderBy(paymentTransaction.createdAt, paymentTransaction.id)
      .limit(1);
    return first ?? null;
  });
}

async function insertAttempt(tx: Tx, ctx: Ctx, owed: Payment, via: typeof channel.$inferSelect, method: Method): Promise<Transaction> {
  if (owed.attempts >= ATTEMPTS_MAX) throw new AppError("limit_exceeded", "too many attempts", { attemptsMax: ATTEMPTS_MAX });
  const id = newId("transaction");
  const now = ctx.now();
  const firstQueryAt = after(now, QUERY_GAPS_MS[0]);
  const [created] = await tx
    .insert(paymentTransaction)
    .values({
      tenantId: ctx.tenantId,
      id,
      paymentId: owed.id,
      paymentCreatedAt: owed.createdAt,
      channelId: via.id,
      provider: methodProvider(method),
      method,
      outTradeNo: id,
      appId: via.appId,
      sellerId: via.sellerId,
      amountFen: owed.amountFen,
      status: "created",
      nextQueryAt: firstQueryAt,
      createdBy: ctx.actor.id,
      createdAt: now,
      updatedAt: now,
    })
    .returning();
  if (!created) throw new Error("insert answers its row");
  await keepOpen(tx, ctx, created);
  await showAttempt(tx, ctx, owed, created, via.environment);
  await emit(tx, ctx, { type: "transaction.create", subject: id, details: { paymentId: owed.id, method, channelId: via.id } });
  await enqueue(tx, ctx, "query-transaction", id, firstQueryAt);
  return created;
}

/** Asks the provider to prepare the payment, with no transaction open, and stores what came of it. */
export async function launchAttempt(
  ctx: Ctx,
  owed: Payment,
  attempt: Transaction,
  request: Pick<AttemptRequest, "openid" | "clientIp">,
): Promise<Attempt> {
  const via = await loadProviderChannel(ctx, attempt.channelId);
  const vault = await ctx.vault();
  try {
    const launch = await tradeProvider(via).create(
      via,
      {
        method: attempt.method,
        outTradeNo: attempt.outTradeNo,
        amount: attempt.amountFen,
        subject: owed.subject,
        body: owed.body,
        expiresAt: owed.expiresAt,
        returnUrl: checkoutUrl(ctx, vault, owed.id),
        openid: request.openid,
        clientIp: request.clientIp,
      },
      { now: ctx.sys.now, deadlineMs: CREATE_DEADLINE_MS },
    );
    const launched = await ctx.transaction((tx) => storeLaunch(tx, ctx, attempt, launch));
    return { transaction: launched, launch };
  } catch (error) {
    if (error instanceof ProviderError) await ctx.transaction((tx) => storeRefusal(tx, ctx, attempt, error));
    throw error;
  }
}

async function storeLaunch(tx: Tx, ctx: Ctx, attempt: Transaction, launch: Launch): Promise<Transaction> {
  const moved = await moveTransaction(tx, ctx, attempt.id, "launch", { launch: { ...launch }, failureCode: null }, { kind: launch.kind });
  if (moved) return moved;
  // A callback may have come before our call returned, or a renewed code replaces the old one.
  const [stands] = await tx
    .update(paymentTransaction)
    .set({ launch: { ...launch }, updatedAt: ctx.now() })
    .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.id, attempt.id)))
    .returning();
  if (!stands) throw new AppError("not_found", "attempt");
  return stands;
}

/** `declined` is final; `unknown` is a state of its own and is asked about at once; `unavailable` was never sent, so the number stays usable. */
async function storeRefusal(tx: Tx, ctx: Ctx, attempt: Transaction, error: ProviderError): Promise<void> {
  // A buyer may already hold a link or a code of this number: then a refusal to make it again ends nothing, and a query decides.
  if (error.kind === "declined" && attempt.launch === null) {
    await moveTransaction(tx, ctx, attempt.id, "fail", { failureCode: error.code, nextQueryAt: null }, { code: error.code });
    return;
  }
  if (error.kind === "unknown") await moveTransaction(tx, ctx, attempt.id, "doubt", { failureCode: error.code }, { code: error.code });
  if (error.kind !== "unavailable") await enqueue(tx, ctx, "query-transaction", attempt.id);
}

function isFresh(launch: Transaction["launch"], now: Date): boolean {
  if (!launch) return false;
  if (launch.kind === "redirect" && launch.expiresAt === null) return true;
  const until = typeof launch.expiresAt === "string" ? new Date(launch.expiresAt) : null;
  return until === null || until > after(now, 30_000);
}
