import { and, eq, ne } from "drizzle-orm";
import type { CaseKind } from "~/domain/exception";
import { notificationMachine } from "~/domain/notification";
import type { Id } from "~/lib/id";
import { yuanText } from "~/lib/money";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { notification } from "~/server/db/schema";
import { findCaseByKey } from "~/server/services/exception";
import { judge, lockAttempt } from "~/server/services/payment";
import { findAttempt, movedMoney, type Notification, refundKey, stateAfter, unknownOrderKey, type Verified } from "./apply";
import type { Rerun } from "./rerun";

/** One thing that a run looks at, and what becomes of it: words are the page's. */
export type Change = {
  object: "message" | "transaction" | "payment" | "books" | "case";
  subject: string | null;
  /** States as the machines call them; for the books an amount in yuan, for a case its kind. */
  from: string | null;
  to: string;
  changed: boolean;
  /** Why, in the word of the verdict. */
  why: NonNullable<Rerun["verdict"]>;
};
type Foreseen = { verdict: NonNullable<Rerun["verdict"]>; changes: Change[] };

/** What applying this message would do, under the locks that applying takes. Writes nothing. */
export async function foresee(tx: Tx, ctx: Ctx, stored: Notification, verified: Verified): Promise<Foreseen> {
  const told = (verdict: Foreseen["verdict"], ...changes: Omit<Change, "why">[]): Foreseen => ({
    verdict,
    changes: changes.map((change) => ({ ...change, why: verdict })),
  });
  if (notificationMachine.isFinal(stored.state)) return told("concluded", messageTo(stored, stored.state));
  const twin = await findTwin(tx, ctx, stored, verified);
  if (twin) return told("same_news", { object: "message", subject: twin, from: null, to: stored.state, changed: false });
  if (verified.kind === "refund") {
    return told("refund_not_ours", messageTo(stored, "misfit"), await caseOf(tx, ctx, "refund_unknown", refundKey(stored, verified)));
  }
  const { trade } = verified;
  if (verified.kind !== "trade" || !trade) return told("nothing_to_apply", messageTo(stored, "ignored"));

  const attemptId = await findAttempt(tx, ctx, stored.channelId, trade.outTradeNo);
  const locked = attemptId ? await lockAttempt(tx, ctx, { id: attemptId }) : null;
  if (!locked && !movedMoney(trade)) return told("nothing", messageTo(stored, "ignored"));
  if (!locked) {
    return told("unknown_order", messageTo(stored, "misfit"), await caseOf(tx, ctx, "unknown_order", unknownOrderKey(stored, trade)));
  }
  const { transaction, payment } = locked;
  const verdict = await judge(tx, ctx, locked, trade, "notification");
  const arrives = verdict.kind === "settle" || verdict.kind === "at_risk";
  const attemptTo = arrives ? "succeeded" : verdict.kind === "close" ? "closed" : transaction.status;
  const paymentTo = verdict.kind === "settle" ? "paid" : payment.status;
  const rows: Omit<Change, "why">[] = [
    messageTo(stored, stateAfter(verdict)),
    becomes("transaction", transaction.id, transaction.status, attemptTo),
    becomes("payment", payment.id, payment.status, paymentTo),
  ];
  if (arrives) {
    rows.push({ object: "books", subject: transaction.id, from: null, to: yuanText(trade.amount ?? transaction.amountFen), changed: true });
  }
  if (verdict.kind === "at_risk" || verdict.kind === "misfit") rows.push(await caseOf(tx, ctx, verdict.caseKind, transaction.id));
  return told(verdict.kind, ...rows);
}

const becomes = (object: Change["object"], subject: string, from: string, to: string) => ({
  object,
  subject,
  from,
  to,
  changed: from !== to,
});

const messageTo = (stored: Notification, to: string) => becomes("message", stored.id, stored.state, to);

/** A case that stands already is not opened twice, also when it has ended. */
async function caseOf(tx: Tx, ctx: Ctx, kind: CaseKind, dedupeKey: string): Promise<Omit<Change, "why">> {
  const standing = await findCaseByKey(tx, ctx, kind, dedupeKey);
  return { object: "case", subject: standing?.id ?? null, from: standing?.status ?? null, to: kind, changed: standing === null };
}

/** The same news, stored before under its true identity: perhaps a copy came that did verify. */
async function findTwin(tx: Tx, ctx: Ctx, stored: Notification, verified: Verified): Promise<Id<"notification"> | null> {
  const [twin] = await tx
    .select({ id: notification.id })
    .from(notification)
    .where(
      and(
        eq(notification.tenantId, ctx.tenantId),
        eq(notification.channelId, stored.channelId),
        eq(notification.messageId, verified.messageId),
        ne(notification.id, stored.id),
      ),
    );
  return twin?.id ?? null;
}
