import { and, eq, ne } from "drizzle-orm";
import { type Books, judgeTrade, type Source, type TradeNews, type Verdict } from "~/domain/settlement";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { yuanText } from "~/lib/money";
import type { Ctx } from "~/server/context";
import { sqlState, type Tx } from "~/server/db/client";
import { payment, paymentTransaction, providerTrade, tenant } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import type { TradeView } from "~/server/providers/port";
import { dismissAnsweredDoubt, openCase } from "~/server/services/exception";
import { bookReceipt } from "./books";
import { movePayment, moveTransaction, type Payment, type Transaction } from "./move";

export type Applied = { verdict: Verdict; caseId: Id<"case"> | null };

export type Origin = { source: Source; notificationId: Id<"notification"> | null };

/** Locks an attempt with its payment, in the one order that all use: payment, then transaction. Null when there is no such attempt. */
export async function lockAttempt(
  tx: Tx,
  ctx: Ctx,
  where: { id: Id<"transaction"> },
): Promise<{ payment: Payment; transaction: Transaction } | null> {
  const [found] = await tx
    .select({ paymentId: paymentTransaction.paymentId })
    .from(paymentTransaction)
    .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.id, where.id)));
  if (!found) return null;
  const [owed] = await tx
    .select()
    .from(payment)
    .where(and(eq(payment.tenantId, ctx.tenantId), eq(payment.id, found.paymentId)))
    .for("update");
  const [attempt] = await tx
    .select()
    .from(paymentTransaction)
    .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.id, where.id)))
    .for("update");
  return owed && attempt ? { payment: owed, transaction: attempt } : null;
}

/** What the news would mean, without doing it: the dry run of the inbox, and the first half of `applyTrade`. */
export async function judge(
  tx: Tx,
  ctx: Ctx,
  locked: { payment: Payment; transaction: Transaction },
  news: TradeNews,
  source: Source,
): Promise<Verdict> {
  const { payment: owed, transaction: attempt } = locked;
  const [limits] = await tx.select({ confirmAbove: tenant.confirmAboveFen }).from(tenant).where(eq(tenant.id, ctx.tenantId));
  if (!limits) throw new AppError("not_found", "tenant");
  const books: Books = {
    transaction: {
      id: attempt.id,
      status: attempt.status,
      amount: attempt.amountFen,
      appId: attempt.appId,
      sellerId: attempt.sellerId,
      providerTradeNo: attempt.providerTradeNo,
      launched: attempt.launch !== null,
    },
    payment: { status: owed.status, amount: owed.amountFen, paidTransactionId: owed.paidTransactionId },
    tradeNoTaken: await tradeNoTaken(tx, ctx, attempt, news.providerTradeNo),
  };
  return judgeTrade(news, books, source, limits.confirmAbove);
}

/** Does what the news means, under lock: moves, books, opens cases, and notes what is left to ask. */
export async function applyTrade(
  tx: Tx,
  ctx: Ctx,
  locked: { payment: Payment; transaction: Transaction },
  trade: TradeView,
  origin: Origin,
): Promise<Applied> {
  const { payment: owed, transaction: attempt } = locked;
  const verdict = await judge(tx, ctx, locked, trade, origin.source);
  const why = { source: origin.source, notificationId: origin.notificationId };
  switch (verdict.kind) {
    case "settle": {
      await receive(tx, ctx, attempt, trade, origin);
      const settled = await movePayment(
        tx,
        ctx,
        owed.id,
        "settle",
        { paidTransactionId: attempt.id, paidAt: trade.paidAt ?? ctx.now() },
        { ...why, transactionId: attempt.id },
      );
      if (!settled) throw new AppError("state_changed", "payment moved under lock");
      await bookReceipt(tx, ctx, attempt, attempt.amountFen, "orders");
      if (origin.source === "query") await dismissAnsweredDoubt(tx, ctx, attempt.id);
      await enqueue(tx, ctx, "finish-payment", owed.id);
      return { verdict, caseId: await reportForeignRefund(tx, ctx, locked, trade, origin) };
    }
    case "at_risk": {
      const received = trade.amount ?? attempt.amountFen;
      await receive(tx, ctx, attempt, trade, origin);
      await bookReceipt(tx, ctx, attempt, received, "at_risk");
      await enqueue(tx, ctx, "finish-payment", owed.id);
      return { verdict, caseId: (await report(tx, ctx, locked, trade, origin, verdict.caseKind, null)).id };
    }
    case "misfit": {
      const opened = await report(tx, ctx, locked, trade, origin, verdict.caseKind, verdict.cause);
      if (verdict.ask) await enqueue(tx, ctx, "query-transaction", attempt.id);
      return { verdict, caseId: opened.id };
    }
    case "confirm_first":
      await enqueue(tx, ctx, "query-transaction", attempt.id);
      return { verdict, caseId: null };
    case "close":
      await moveTransaction(tx, ctx, attempt.id, "close", { providerState: trade.providerState || null, nextQueryAt: null }, why);
      return { verdict, caseId: null };
    case "fail":
      await moveTransaction(tx, ctx, attempt.id, "fail", { failureCode: "never_created", nextQueryAt: null }, why);
      return { verdict, caseId: null };
    case "nothing":
      return { verdict, caseId: null };
  }
}

/** Money came in for this attempt, whatever becomes of the payment. */
async function receive(tx: Tx, ctx: Ctx, attempt: Transaction, trade: TradeView, origin: Origin): Promise<void> {
  const vault = await ctx.vault();
  const late = attempt.status === "closed" || attempt.status === "failed";
  const moved = await moveTransaction(
    tx,
    ctx,
    attempt.id,
    late ? "succeed_late" : "succeed",
    {
      providerState: trade.providerState,
      providerTradeNo: trade.providerTradeNo,
      receivedFen: trade.amount ?? attempt.amountFen,
      receiptFen: trade.receipt,
      buyerIdSealed: trade.buyerId === null ? null : vault.seal(buyerPlace(attempt.outTradeNo), trade.buyerId),
      buyerAccount: trade.buyerAccount,
      paidAt: trade.paidAt ?? ctx.now(),
      notifiedAt: origin.source === "notification" ? ctx.now() : null,
      notificationId: origin.notificationId,
      nextQueryAt: null,
    },
    { source: origin.source, notificationId: origin.notificationId, amountFen: (trade.amount ?? attempt.amountFen).toString() },
  );
  if (!moved) throw new AppError("state_changed", "attempt moved under lock");
}

/** First news of a payment that already says "refunded": it was paid, and money went back without us. */
async function reportForeignRefund(
  tx: Tx,
  ctx: Ctx,
  locked: { payment: Payment; transaction: Transaction },
  trade: TradeView,
  origin: Origin,
): Promise<Id<"case"> | null> {
  if (trade.state !== "refunded") return null;
  const back = { ...trade, amount: trade.refunded ?? trade.amount };
  return (await report(tx, ctx, locked, back, origin, "refund_unknown", "refund_not_ours")).id;
}

async function report(
  tx: Tx,
  ctx: Ctx,
  { payment: owed, transaction: attempt }: { payment: Payment; transaction: Transaction },
  trade: TradeView,
  origin: Origin,
  kind: Parameters<typeof openCase>[2]["kind"],
  cause: string | null,
) {
  return openCase(tx, ctx, {
    kind,
    dedupeKey: attempt.id,
    amountFen: trade.amount ?? attempt.amountFen,
    expectedFen: attempt.amountFen,
    channelId: attempt.channelId,
    paymentId: owed.id,
    transactionId: attempt.id,
    notificationId: origin.notificationId,
    outTradeNo: attempt.outTradeNo,
    providerTradeNo: trade.providerTradeNo,
    facts: {
      cause,
      source: origin.source,
      theirState: trade.providerState,
      theirAmount: trade.amount === null ? null : yuanText(trade.amount),
      theirAppId: trade.appId,
      theirSellerId: trade.sellerId,
      theirTradeNo: trade.providerTradeNo,
      theirPaidAt: trade.paidAt?.toISOString() ?? null,
      ourState: attempt.status,
      ourPaymentState: owed.status,
      ourAmount: yuanText(attempt.amountFen),
      ourAppId: attempt.appId,
      ourSellerId: attempt.sellerId,
      ourTradeNo: attempt.providerTradeNo,
    },
  });
}

async function tradeNoTaken(tx: Tx, ctx: Ctx, attempt: Transaction, tradeNo: string | null): Promise<boolean> {
  if (tradeNo === null) return false;
  const [other] = await tx
    .select({ id: providerTrade.transactionId })
    .from(providerTrade)
    .where(
      and(
        eq(providerTrade.tenantId, ctx.tenantId),
        eq(providerTrade.channelId, attempt.channelId),
        eq(providerTrade.tradeNo, tradeNo),
        ne(providerTrade.transactionId, attempt.id),
      ),
    )
    .limit(1);
  return other !== undefined;
}

/** Bound to the number at the provider, the one name of the row that a callback knows before it is read. */
export const buyerPlace = (outTradeNo: string) => ({ table: "transaction", column: "buyer_id_sealed", rowId: outTradeNo });

/** Two transactions wanted the same rows in the same moment; the whole attempt may simply be made again. */
export const isRace = (error: unknown): boolean => ["40001", "40P01", "23505", "55P03"].includes(sqlState(error) ?? "");
