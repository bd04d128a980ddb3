import { and, eq, sql } from "drizzle-orm";
import { nextQueryGapMs, OPEN_TRANSACTION_STATUSES, transactionMachine } from "~/domain/payment";
import { AppError, ProviderError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { after } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { paymentTransaction } from "~/server/db/schema";
import type { TradeView } from "~/server/providers/port";
import { tradeProvider } from "~/server/providers/registry";
import { loadProviderChannel } from "~/server/services/channel";
import { type Applied, applyTrade, lockAttempt } from "./apply-trade";
import type { Transaction } from "./move";

/** A query is a question: it may take this long, then the schedule asks again. */
const QUERY_DEADLINE_MS = 6_000;

export type QueryResult = { transaction: Transaction; trade: TradeView; applied: Applied };

/** Asks the provider where an attempt stands, with the same number, and applies the answer. Throws ProviderError when it cannot be known now. */
export async function queryAttempt(ctx: Ctx, transactionId: Id<"transaction">): Promise<QueryResult> {
  const attempt = await ctx.read((tx) => getTransaction(tx, ctx, transactionId));
  const via = await loadProviderChannel(ctx, attempt.channelId);
  const trade = await tradeProvider(via).query(via, attempt.outTradeNo, { now: ctx.sys.now, deadlineMs: QUERY_DEADLINE_MS });
  return ctx.transaction(async (tx) => {
    const locked = await lockAttempt(tx, ctx, { id: transactionId });
    if (!locked) throw new AppError("not_found", "attempt");
    const applied = await applyTrade(tx, ctx, locked, trade, { source: "query", notificationId: null });
    const [stands] = await tx
      .update(paymentTransaction)
      .set({
        providerState: trade.state === "absent" ? sql`${paymentTransaction.providerState}` : trade.providerState,
        queryCount: sql`${paymentTransaction.queryCount} + 1`,
        lastQueryAt: ctx.now(),
      })
      .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.id, transactionId)))
      .returning();
    if (!stands) throw new AppError("not_found", "attempt");
    return { transaction: stands, trade, applied };
  });
}

/** Job: one step of the schedule that does not depend on callbacks. Answers when to ask again, null when there is nothing left to ask. */
export async function queryTransaction(ctx: Ctx, subject: string): Promise<Date | null> {
  const id = subject as Id<"transaction">;
  const attempt = await ctx.read((tx) => findTransaction(tx, ctx, id));
  if (!attempt) return null;
  try {
    const { transaction } = await queryAttempt(ctx, id);
    return await plan(ctx, transaction);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    ctx.log.info({ transactionId: id, code: error.code, kind: error.kind }, "query without an answer");
    return plan(ctx, attempt);
  }
}

async function plan(ctx: Ctx, attempt: Transaction): Promise<Date | null> {
  if (!OPEN_TRANSACTION_STATUSES.includes(attempt.status) || transactionMachine.isFinal(attempt.status)) return null;
  const nextAt = after(ctx.now(), nextQueryGapMs(attempt.status, attempt.queryCount));
  await ctx.transaction((tx) =>
    tx
      .update(paymentTransaction)
      .set({ nextQueryAt: nextAt })
      .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.id, attempt.id))),
  );
  return nextAt;
}

type AnyTx = Parameters<Parameters<Ctx["read"]>[0]>[0];

export async function findTransaction(tx: AnyTx, ctx: Ctx, id: Id<"transaction">): Promise<Transaction | null> {
  const [found] = await tx
    .select()
    .from(paymentTransaction)
    .where(and(eq(paymentTransaction.tenantId, ctx.tenantId), eq(paymentTransaction.id, id)));
  return found ?? null;
}

export async function getTransaction(tx: AnyTx, ctx: Ctx, id: Id<"transaction">): Promise<Transaction> {
  const found = await findTransaction(tx, ctx, id);
  if (!found) throw new AppError("not_found", "attempt", { what: "transaction" });
  return found;
}
