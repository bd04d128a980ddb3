import { and, eq } from "drizzle-orm";
import { type NotificationState, notificationMachine } from "~/domain/notification";
import type { Verdict } from "~/domain/settlement";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { notification } from "~/server/db/schema";
import type { VerifyStep } from "~/server/providers/port";
import { emit } from "~/server/services/event";
import { attachFoundOrder } from "~/server/services/exception";
import {
  applyNotification,
  findNotification,
  lockNotification,
  type Notification,
  outTradeNoOf,
  unknownOrderKey,
  type Verified,
} from "./apply";
import { type Change, foresee } from "./foresee";
import { verifyStored } from "./stored";

export type Rerun = {
  mode: "dry" | "real";
  at: Date;
  verified: boolean;
  keyId: string | null;
  failedStep: VerifyStep["name"] | null;
  cause: VerifyStep["cause"];
  steps: VerifyStep[];
  verdict: Verdict["kind"] | "unknown_order" | "refund_not_ours" | "nothing_to_apply" | "concluded" | "same_news" | null;
  /** What was looked at; of these, what is changed (or would be). */
  changes: Change[];
};

/**
 * Runs a stored message again with today's keys, at the moment it came. `dry` says what would change and changes nothing; `real`
 * does it, in one transaction with what it answers. A refused message that verifies now is admitted under its true identity
 * first. Throws `not_found`.
 */
export async function rerunNotification(ctx: Ctx, id: Id<"notification">, mode: "dry" | "real"): Promise<Rerun> {
  const stored = await ctx.read((tx) => findNotification(tx, ctx, id));
  if (!stored) throw new AppError("not_found", "message", { what: "notification" });
  const verified = await verifyStored(ctx, stored, stored.receivedAt);
  const { keyId, steps } = verified;
  const common = { mode, at: ctx.now(), keyId, steps };
  if (!verified.ok) {
    const { failedStep, cause } = verified;
    if (mode === "real") {
      await ctx.transaction((tx) => emit(tx, ctx, { type: "notification.rerun", subject: id, details: { verified: false, cause } }));
    }
    return { ...common, verified: false, failedStep, cause, verdict: null, changes: [] };
  }
  const outcome = await ctx.transaction((tx) => run(tx, ctx, id, verified, mode));
  return { ...common, verified: true, failedStep: null, cause: null, ...outcome };
}

/** Foreseen under the same locks under which it is done, so that what is told is what happened. */
async function run(tx: Tx, ctx: Ctx, id: Id<"notification">, verified: Verified, mode: "dry" | "real") {
  const locked = await lockNotification(tx, ctx, id);
  if (!locked) throw new AppError("not_found", "message", { what: "notification" });
  const foreseen = await foresee(tx, ctx, locked, verified);
  if (mode === "dry") return foreseen;
  await emit(tx, ctx, {
    type: "notification.rerun",
    subject: id,
    details: { verified: true, before: locked.state, verdict: foreseen.verdict },
  });
  if (!foreseen.changes.some(({ changed }) => changed)) return foreseen;
  const admitted = locked.state === "waiting" ? locked : await admit(tx, ctx, locked, verified);
  const state = await applyNotification(tx, ctx, admitted, verified);
  if (verified.trade && foundPlace(state)) await attachFoundOrder(tx, ctx, unknownOrderKey(locked, verified.trade));
  return foreseen;
}

const foundPlace = (state: NotificationState) => state === "applied" || state === "ignored";

/** A refused or misfitting message waits again, under the identity that its verified content gives it. */
async function admit(tx: Tx, ctx: Ctx, stored: Notification, verified: Verified): Promise<Notification> {
  const { from, to } = notificationMachine.transitions.admit;
  if (!from.includes(stored.state as (typeof from)[number]))
    throw new AppError("not_allowed_now", "message has ended", { status: stored.state });
  const [admitted] = await tx
    .update(notification)
    .set({
      state: to,
      kind: verified.kind,
      messageId: verified.messageId,
      keyId: verified.keyId,
      failedStep: null,
      cause: null,
      steps: verified.steps,
      outTradeNo: outTradeNoOf(verified),
      providerTradeNo: verified.trade?.providerTradeNo ?? null,
      providerState: verified.trade?.providerState ?? verified.refund?.state ?? null,
      amountFen: verified.trade?.amount ?? verified.refund?.amount ?? null,
    })
    .where(and(eq(notification.tenantId, ctx.tenantId), eq(notification.id, stored.id), eq(notification.state, stored.state)))
    .returning();
  if (!admitted) throw new AppError("state_changed", "message moved under lock");
  await emit(tx, ctx, { type: "notification.admit", subject: stored.id, details: { before: stored.state } });
  return admitted;
}
