import { and, eq } from "drizzle-orm";
import type { Verdict } from "~/domain/settlement";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { yuanText } from "~/lib/money";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { notification, paymentTransaction } from "~/server/db/schema";
import type { VerifiedNotification, VerifyStep } from "~/server/providers/port";
import { emit } from "~/server/services/event";
import { judge, lockAttempt } from "~/server/services/payment";
import { applyNotification, findNotification, lockNotification, type Notification, stateAfter } from "./apply";
import { verifyStored } from "./stored";

/** One thing that a run would change, or changed: words are the page's. */
export type Change = {
  object: "message" | "transaction" | "payment" | "books" | "case";
  subject: string | null;
  change: string;
  why: string;
};

export type Rerun = {
  mode: "dry" | "real";
  verified: boolean;
  keyId: string | null;
  failedStep: VerifyStep["name"] | null;
  cause: string | null;
  steps: VerifyStep[];
  verdict: Verdict["kind"] | "unknown_order" | "nothing_to_apply" | "already_applied" | null;
  changes: Change[];
};

/**
 * Runs a stored message again with today's keys, at the moment it came. `dry` says what would change and changes nothing; `real`
 * does it. A refused message that verifies now is admitted under its true identity first. Throws `not_found`, `not_allowed_now`.
 */
export async function rerunNotification(ctx: Ctx, id: Id<"notification">, mode: "dry" | "real"): Promise<Rerun> {
  const stored = await ctx.read((tx) => findNotification(tx, ctx, id));
  if (!stored) throw new AppError("not_found", "message", { what: "notification" });
  const verified = await verifyStored(ctx, stored, stored.receivedAt);
  if (!verified.ok) {
    if (mode === "real")
      await ctx.transaction((tx) =>
        emit(tx, ctx, { type: "notification.rerun", subject: id, details: { verified: false, cause: verified.cause } }),
      );
    return {
      mode,
      verified: false,
      keyId: verified.keyId,
      failedStep: verified.failedStep,
      cause: verified.cause,
      steps: verified.steps,
      verdict: null,
      changes: [],
    };
  }
  const common = { mode, verified: true as const, keyId: verified.keyId, failedStep: null, cause: null, steps: verified.steps };
  const foreseen = await ctx.transaction((tx) => foresee(tx, ctx, stored, verified));
  if (mode === "dry" || foreseen.verdict === "already_applied") return { ...common, ...foreseen };
  await ctx.transaction((tx) => runForReal(tx, ctx, stored, verified));
  return { ...common, ...foreseen };
}

type Verified = Extract<VerifiedNotification, { ok: true }>;

async function foresee(tx: Tx, ctx: Ctx, stored: Notification, verified: Verified): Promise<Pick<Rerun, "verdict" | "changes">> {
  if (stored.state === "applied") return { verdict: "already_applied", changes: [] };
  if (verified.kind !== "trade" || !verified.trade)
    return { verdict: "nothing_to_apply", changes: [messageTo(stored, "ignored", "no_trade")] };
  const { trade } = verified;
  const [found] = await tx
    .select({ id: paymentTransaction.id })
    .from(paymentTransaction)
    .where(
      and(
        eq(paymentTransaction.tenantId, ctx.tenantId),
        eq(paymentTransaction.outTradeNo, trade.outTradeNo),
        eq(paymentTransaction.channelId, stored.channelId),
      ),
    );
  const locked = found ? await lockAttempt(tx, ctx, { id: found.id }) : null;
  if (!locked) return { verdict: "unknown_order", changes: [messageTo(stored, "misfit", "unknown_order"), caseOf("unknown_order", null)] };
  const verdict = await judge(tx, ctx, locked, trade, "notification");
  const { transaction, payment } = locked;
  const amount = yuanText(trade.amount ?? transaction.amountFen);
  const why = verdict.kind;
  const changes: Change[] = [messageTo(stored, stateAfter(verdict), why)];
  if (verdict.kind === "settle" || verdict.kind === "at_risk") {
    changes.push({ object: "transaction", subject: transaction.id, change: `${transaction.status} → succeeded`, why });
    changes.push({ object: "books", subject: transaction.id, change: `+${amount}`, why: verdict.kind === "settle" ? "orders" : "at_risk" });
  }
  if (verdict.kind === "settle") changes.push({ object: "payment", subject: payment.id, change: `${payment.status} → paid`, why });
  if (verdict.kind === "at_risk" || verdict.kind === "misfit") changes.push(caseOf(verdict.caseKind, payment.id));
  if (verdict.kind === "close")
    changes.push({ object: "transaction", subject: transaction.id, change: `${transaction.status} → closed`, why });
  return { verdict: verdict.kind, changes };
}

const messageTo = (stored: Notification, state: string, why: string): Change => ({
  object: "message",
  subject: stored.id,
  change: stored.state === state ? state : `${stored.state} → ${state}`,
  why,
});

const caseOf = (kind: string, subject: string | null): Change => ({ object: "case", subject, change: kind, why: kind });

async function runForReal(tx: Tx, ctx: Ctx, stored: Notification, verified: Verified): Promise<void> {
  const locked = await lockNotification(tx, ctx, stored.id);
  if (!locked || locked.state === "applied" || locked.state === "ignored") return;
  await emit(tx, ctx, { type: "notification.rerun", subject: stored.id, details: { verified: true, before: locked.state } });
  const admitted = locked.state === "waiting" ? locked : await admit(tx, ctx, locked, verified);
  if (admitted) await applyNotification(tx, ctx, admitted, verified);
}

/** A refused or misfitting message waits again, under the identity that its verified content gives it. Null: the same news stands already. */
async function admit(tx: Tx, ctx: Ctx, stored: Notification, verified: Verified): Promise<Notification | null> {
  const [twin] = await tx
    .select({ id: notification.id })
    .from(notification)
    .where(
      and(
        eq(notification.tenantId, ctx.tenantId),
        eq(notification.channelId, stored.channelId),
        eq(notification.messageId, verified.messageId),
      ),
    );
  if (twin && twin.id !== stored.id) throw new AppError("not_allowed_now", "the same news is stored already", { twin: twin.id });
  const [admitted] = await tx
    .update(notification)
    .set({
      state: "waiting",
      kind: verified.kind,
      messageId: verified.messageId,
      keyId: verified.keyId,
      failedStep: null,
      cause: null,
      steps: verified.steps,
      outTradeNo: verified.trade?.outTradeNo ?? stored.outTradeNo,
      providerTradeNo: verified.trade?.providerTradeNo ?? null,
      providerState: verified.trade?.providerState ?? verified.refund?.state ?? null,
      amountFen: verified.trade?.amount ?? verified.refund?.amount ?? null,
    })
    .where(and(eq(notification.tenantId, ctx.tenantId), eq(notification.id, stored.id), eq(notification.state, stored.state)))
    .returning();
  return admitted ?? null;
}
