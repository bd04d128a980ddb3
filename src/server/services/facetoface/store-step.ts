import { and, eq, inArray, sql } from "drizzle-orm";
import { ASK_FIRST_AFTER_MS } from "~/domain/facetoface";
import type { ProviderError } from "~/lib/errors";
import { after, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { TenantVault } from "~/server/crypto/vault";
import type { Tx } from "~/server/db/client";
import { facetofaceCall } from "~/server/db/schema";
import { retryGapMs } from "~/server/outbox/claim";
import { enqueue } from "~/server/outbox/enqueue";
import { emit } from "~/server/services/event";
import { abandonBatch, dropSubmittedBatch, endBatch, noteBatch } from "./batch";
import { recordCall } from "./calls";
import type { MadeStep, StepOutcome } from "./make-step";
import { type FacetofaceOrder, moveOrder, type OrderDetails } from "./move";
import { lockTaken, setStep, type TakenStep } from "./take-step";
import { sealTokens } from "./tokens";

/** Alipay's words are kept up to here. */
const REASON_MAX = 500;

/**
 * Stores what came of a step. Answers "go on", or when to try again; null when a person has to act. When somebody else went on
 * meanwhile, or the application ended, nothing changes but the record of the calls; a batch that was opened for it is cancelled.
 */
export async function storeStep(ctx: Ctx, taken: TakenStep, { outcome, calls }: MadeStep): Promise<"go on" | Date | null> {
  const vault = await ctx.vault();
  return ctx.transaction(async (tx) => {
    const order = await lockTaken(tx, ctx, taken);
    for (const call of calls) await recordCall(tx, ctx, vault, call);
    if (outcome.kind === "created") await noteBatch(tx, ctx, { ...outcome, orderId: taken.order.id });
    if (order) return store({ tx, ctx, vault, taken, order }, outcome);
    if (outcome.kind === "created") await abandonBatch(tx, ctx, outcome.batchNo);
    return "go on";
  });
}

type Owned = { tx: Tx; ctx: Ctx; vault: TenantVault; taken: TakenStep; order: FacetofaceOrder };

async function store(owned: Owned, outcome: StepOutcome): Promise<"go on" | Date | null> {
  switch (outcome.kind) {
    case "created":
      return step(owned, { step: "created", batchNo: outcome.batchNo });
    case "signed":
    case "again":
      return step(owned, { step: "signed" });
    case "gone":
      return beginAnew(owned, outcome.end);
    case "submitted":
      return submit(owned, outcome);
    case "refused":
      return fail(owned, outcome.error);
    case "later":
      return tryLater(owned, outcome.error);
  }
}

async function step({ tx, ctx, order }: Owned, details: OrderDetails): Promise<"go on"> {
  await setStep(tx, ctx, order.id, { ...details, stepLeaseUntil: null });
  return "go on";
}

async function beginAnew(owned: Owned, end: "cancelled" | "expired"): Promise<"go on"> {
  const { tx, ctx, taken } = owned;
  if (taken.batch?.end === "submitted") await dropSubmittedBatch(tx, ctx, taken.batch.batchNo);
  else if (taken.batch) await endBatch(tx, ctx, taken.batch.batchNo, end);
  return step(owned, { step: "new", batchNo: null, orderNo: null });
}

async function submit({ tx, ctx, vault, order }: Owned, outcome: Extract<StepOutcome, { kind: "submitted" }>): Promise<"go on"> {
  const { batchNo } = order;
  if (batchNo === null) throw new Error("what is submitted has a batch");
  const now = ctx.now();
  const nextQueryAt = after(now, ASK_FIRST_AFTER_MS);
  const { tokens } = outcome;
  const details: OrderDetails = {
    step: "confirmed",
    stepLeaseUntil: null,
    orderNo: outcome.orderNo ?? order.orderNo,
    submittedAt: now,
    heldAt: null,
    nextQueryAt,
    ...(tokens && {
      tokensSealed: sealTokens(vault, order.id, tokens),
      tokenExpiresAt: tokens.expiresIn === null ? null : after(now, seconds(tokens.expiresIn)),
    }),
  };
  await endBatch(tx, ctx, batchNo, "submitted");
  const why = { batchNo, orderNo: details.orderNo ?? null, learnt: outcome.learnt, withTokens: tokens !== null };
  const moved = await moveOrder(tx, ctx, order.id, "submit", details, why);
  if (!moved) throw new Error("a locked application may be submitted");
  await enqueue(tx, ctx, "poll-facetoface", ctx.tenantId, nextQueryAt);
  return "go on";
}

/**
 * Alipay refuses: somebody has to look. What was not submitted begins anew after that; a held application stays in its batch. Where
 * the question about a confirmation was refused, nobody knows yet what came of it, so the batch is kept.
 */
async function fail({ tx, ctx, taken, order }: Owned, error: ProviderError): Promise<null> {
  const isHeld = taken.batch?.end === "submitted";
  if (taken.batch && taken.kind !== "ask" && !isHeld) await abandonBatch(tx, ctx, taken.batch.batchNo);
  const from: OrderDetails = taken.kind === "ask" ? {} : isHeld ? { step: "created" } : { step: "new", batchNo: null };
  await setFailure(tx, ctx, order, { ...from, failureCode: error.code, failureReason: error.extra.said ?? null });
  return null;
}

/** Notes on a locked row why its submission waits for a person. */
export async function setFailure(
  tx: Tx,
  ctx: Ctx,
  { id, step }: Pick<FacetofaceOrder, "id" | "step">,
  { failureCode, failureReason, ...details }: OrderDetails & { failureCode: string; failureReason: string | null },
): Promise<void> {
  const code = failureCode.slice(0, 100);
  await setStep(tx, ctx, id, {
    ...details,
    failureCode: code,
    failureReason: failureReason?.slice(0, REASON_MAX) ?? null,
    stepLeaseUntil: null,
  });
  await emit(tx, ctx, { type: "facetoface.fail", subject: id, details: { code, step } });
}

/** What was never sent leaves no doubt behind. */
const BEFORE = { create: "new", sign: "created", confirm: "signed", ask: "confirming" } as const;

async function tryLater({ tx, ctx, taken, order }: Owned, error: ProviderError): Promise<Date> {
  const unsent = error.kind === "unavailable" ? { step: BEFORE[taken.kind] } : {};
  await setStep(tx, ctx, order.id, { ...unsent, stepLeaseUntil: null });
  const gapMs = Math.max(retryGapMs(await failuresInARow(tx, ctx, order)), error.extra.retryAfterMs ?? 0);
  return after(ctx.now(), gapMs);
}

/** Calls without an answer since the last step that had one; a question about a step is none. */
async function failuresInARow(tx: Tx, ctx: Ctx, { id }: FacetofaceOrder): Promise<number> {
  const own = and(eq(facetofaceCall.tenantId, ctx.tenantId), eq(facetofaceCall.orderId, id));
  const [counted] = await tx
    .select({ failures: sql<number>`count(*)::int` })
    .from(facetofaceCall)
    .where(
      and(
        own,
        inArray(facetofaceCall.outcome, ["unavailable", "unknown"]),
        sql`${facetofaceCall.at} >= coalesce((select max(c.at) from ${facetofaceCall} c where c.tenant_id = ${ctx.tenantId} and c.order_id = ${id}
              and c.outcome in ('ok', 'declined') and c.method <> 'alipay.open.agent.order.query'), '-infinity')`,
      ),
    );
  return counted?.failures ?? 0;
}
