import { and, desc, eq } from "drizzle-orm";
import { OPEN_TRANSACTION_STATUSES } from "~/domain/payment";
import { type Method, methodsOf, type Provider } from "~/domain/provider";
import { AppError, ProviderError } from "~/lib/errors";
import { asId, type Id } from "~/lib/id";
import { seconds } from "~/lib/time";
import { type Ctx, inTenant, type SystemCtx } from "~/server/context";
import { channel, exceptionCase, linkAddress, paymentTransaction, tenant } from "~/server/db/schema";
import type { Launch } from "~/server/providers/port";
import { listUsableChannels } from "~/server/services/channel";
import { startAttempt } from "./attempt";
import { tokenHash } from "./checkout-link";
import { getPayment } from "./close";
import type { Payment, Transaction } from "./move";
import { queryAttempt } from "./query";

/** A buyer presses "I have paid" as often as they like; the provider is asked this often at most. */
const ASK_EVERY_MS = seconds(3);
/** What was given up here may have been paid all the same: a buyer who says so has it looked up, but not for every press. */
const ASK_AGAIN_EVERY_MS = seconds(30);
/** The buyer waits for all of them; a payment rarely has more than two. */
const ASKED_MAX = 4;

type ReadTx = Parameters<Parameters<Ctx["read"]>[0]>[0];

export type Checkout = { ctx: Ctx; paymentId: Id<"payment"> };

/** Finds the payment behind a checkout link. A wrong token and a foreign one give the same answer. Throws `not_found`. */
export async function openCheckout(sys: SystemCtx, token: string, origin: { ip: string; requestId: string }): Promise<Checkout> {
  const [address] = await sys.db.orm
    .select({ tenantId: linkAddress.tenantId, subject: linkAddress.subject })
    .from(linkAddress)
    .where(and(eq(linkAddress.tokenHash, tokenHash(token)), eq(linkAddress.kind, "checkout")));
  if (!address) throw new AppError("not_found", "checkout", { what: "checkout" });
  const paymentId = asId("payment", address.subject);
  return { paymentId, ctx: inTenant(sys, address.tenantId, { kind: "buyer", id: paymentId, ...origin }) };
}

/** What a buyer may know: what is owed, to whom, until when, how it can be paid, and how it stands. Nothing about anybody else. */
export async function getCheckout({ ctx, paymentId }: Checkout) {
  return ctx.read(async (tx) => {
    const owed = await getPayment(tx, ctx, paymentId);
    const [merchant] = await tx.select({ name: tenant.name, status: tenant.status }).from(tenant).where(eq(tenant.id, ctx.tenantId));
    const channels = await listUsableChannels(tx, ctx, owed.channelId);
    const attempts = await tx
      .select()
      .from(paymentTransaction)
      .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.paymentId, paymentId)))
      .orderBy(desc(paymentTransaction.createdAt), desc(paymentTransaction.id))
      .limit(20);
    const [doubt] = await tx
      .select({ kind: exceptionCase.kind, amountFen: exceptionCase.amountFen })
      .from(exceptionCase)
      .where(and(eq(exceptionCase.tenantId, ctx.tenantId), eq(exceptionCase.paymentId, paymentId), eq(exceptionCase.status, "open")))
      .orderBy(desc(exceptionCase.openedAt), desc(exceptionCase.id))
      .limit(1);
    const paid = attempts.find((attempt) => attempt.id === owed.paidTransactionId);
    const used = await findChannelOf(tx, ctx, paid?.channelId ?? attempts[0]?.channelId ?? owed.channelId);
    return {
      merchant: merchant?.name ?? "",
      orderNo: owed.orderNo,
      subject: owed.subject,
      body: owed.body,
      amountFen: owed.amountFen,
      status: owed.status,
      closeReason: owed.closeReason,
      expiresAt: owed.expiresAt,
      createdAt: owed.createdAt,
      paidAt: owed.paidAt,
      /** Somebody at the merchant's cancelled it, and its attempts are being closed at their providers. */
      cancelling: owed.cancelRequestedAt !== null,
      environment: used?.environment ?? channels[0]?.environment ?? null,
      /** The merchant's own page, where it told us one. */
      returnUrl: used?.returnUrl ?? channels.find((one) => one.returnUrl !== null)?.returnUrl ?? null,
      /** JSAPI needs the payer's openid, which only the merchant's own page knows. */
      methods: channels.flatMap(({ provider }) => methodsOf(provider)).filter((method) => method !== "wechat_jsapi"),
      attempts: attempts.map((attempt) => ({
        id: attempt.id,
        provider: attempt.provider,
        method: attempt.method,
        status: attempt.status,
        failureCode: attempt.failureCode,
        /** While the outcome is unknown: the provider has been asked since, knows the trade, and says that nobody has paid it. */
        answered: attempt.status === "unknown" && attempt.providerState !== null,
        launch: OPEN_TRANSACTION_STATUSES.includes(attempt.status) && owed.status === "pending" ? publicLaunch(attempt.launch) : null,
        createdAt: attempt.createdAt,
      })),
      receipt: paid
        ? {
            provider: paid.provider,
            method: paid.method,
            providerTradeNo: paid.providerTradeNo,
            buyerAccount: paid.buyerAccount,
            paidAt: paid.paidAt,
          }
        : null,
      doubt: doubt ? { kind: doubt.kind, amountFen: doubt.amountFen } : null,
      now: ctx.now(),
    };
  });
}

export type CheckoutView = Awaited<ReturnType<typeof getCheckout>>;

/** Also when it takes no more payments: what was paid through it stays where it was paid. */
async function findChannelOf(tx: ReadTx, ctx: Ctx, id: Id<"channel"> | null) {
  if (!id) return null;
  const [found] = await tx
    .select({ environment: channel.environment, returnUrl: channel.returnUrl })
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, id)));
  return found ?? null;
}

/** JSON columns hand dates back as text; the page gets them as they are. */
const publicLaunch = (launch: Record<string, unknown> | null): Launch | null =>
  launch ? ({ ...launch, expiresAt: typeof launch.expiresAt === "string" ? new Date(launch.expiresAt) : null } as Launch) : null;

/** Begins an attempt for the buyer. A provider's failure is an answer here, not an exception: the page says what it means. */
export async function startFromCheckout(checkout: Checkout, method: Method, clientIp: string) {
  const { ctx, paymentId } = checkout;
  try {
    const { launch } = await startAttempt(ctx, { paymentId, method, clientIp });
    return { launch, failure: null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { launch: null, failure: { kind: error.kind, code: error.code } };
  }
}

/**
 * Asks the providers now: of the open attempts, and after a payment was closed of those that a buyer may have paid all the same.
 * Answers how many could be asked, and whose provider gave no answer.
 */
export async function askFromCheckout({ ctx, paymentId }: Checkout): Promise<{ asked: number; unanswered: Provider[] }> {
  const worthAsking = await ctx.read(async (tx) => {
    const owed = await getPayment(tx, ctx, paymentId);
    const attempts = await tx
      .select()
      .from(paymentTransaction)
      .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.paymentId, paymentId)))
      .orderBy(desc(paymentTransaction.createdAt), desc(paymentTransaction.id));
    return attempts.filter((attempt) => isWorthAsking(owed, attempt, ctx.now())).slice(0, ASKED_MAX);
  });
  const unanswered: Provider[] = [];
  await Promise.all(
    worthAsking.map(async ({ id, provider }) => {
      try {
        await queryAttempt(ctx, id);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        unanswered.push(provider);
      }
    }),
  );
  return { asked: worthAsking.length, unanswered };
}

function isWorthAsking(owed: Payment, attempt: Transaction, now: Date): boolean {
  const open = OPEN_TRANSACTION_STATUSES.includes(attempt.status);
  const givenUp = owed.status === "closed" && attempt.status === "closed" && attempt.launch !== null;
  if (!open && !givenUp) return false;
  const restMs = open ? ASK_EVERY_MS : ASK_AGAIN_EVERY_MS;
  return attempt.lastQueryAt === null || now.getTime() - attempt.lastQueryAt.getTime() >= restMs;
}
