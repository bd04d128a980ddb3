import { and, count, eq, gt } from "drizzle-orm";
import type { SubmitStep } from "~/domain/facetoface";
import type { Id } from "~/lib/id";
import { after, hours, minutes } from "~/lib/time";
import { announce, type Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { channel, facetofaceBatch, facetofaceOrder, tenant } from "~/server/db/schema";
import { abandonBatch, findBatch } from "./batch";
import { lockOrder } from "./find";
import type { FacetofaceOrder, OrderDetails } from "./move";
import { type KnownBatch, type NextStep, nextStep, STEP_UNDER_WAY } from "./next-step";

/** Longer than any step takes, the sending of five pictures too. Whoever comes later goes on in place of one who died. */
export const STEP_LEASE_MS = minutes(2);
/** Batches that one application may open in an hour: one is the rule, and whatever makes it more must not flood Alipay. */
const BATCHES_PER_HOUR_MAX = 10;
const LOOK_AGAIN_MS = minutes(10);

export type StepKind = Exclude<NextStep["kind"], "over" | "wait">;
/** A step that this worker alone may make until its lease ends. */
export type TakenStep = { kind: StepKind; order: FacetofaceOrder; step: SubmitStep; leaseUntil: Date; batch: KnownBatch | null };
export type Taken = TakenStep | { kind: "over" } | { kind: "wait"; until: Date } | { kind: "unusable"; order: FacetofaceOrder };

/** Notes the step that comes next as under way, for one worker of all who ask. */
export async function takeStep(ctx: Ctx, id: Id<"facetoface">): Promise<Taken> {
  return ctx.transaction(async (tx) => {
    const order = await lockOrder(tx, ctx, id);
    if (!order) return { kind: "over" };
    const batch = order.batchNo === null ? null : await findBatch(tx, ctx, order.batchNo);
    const next = nextStep({ ...order, batch }, ctx.now());
    if (next.kind === "over" || next.kind === "wait") return next;
    if (next.kind !== "ask" && !(await isUsable(tx, ctx, order.channelId))) return { kind: "unusable", order };
    if (next.kind === "create" && !(await mayBegin(tx, ctx, id))) return { kind: "wait", until: after(ctx.now(), LOOK_AGAIN_MS) };
    if (next.kind === "create" && batch) await abandonBatch(tx, ctx, batch.batchNo);
    const step = STEP_UNDER_WAY[next.kind];
    const leaseUntil = after(ctx.now(), STEP_LEASE_MS);
    const fresh = next.kind === "create" ? { batchNo: null } : {};
    const taken = await setStep(tx, ctx, id, { step, stepLeaseUntil: leaseUntil, ...fresh });
    return { kind: next.kind, order: taken, step, leaseUntil, batch: next.kind === "create" ? null : batch };
  });
}

/** The row while it is still this worker's to change; null when somebody else went on, or the application ended meanwhile. */
export async function lockTaken(tx: Tx, ctx: Ctx, taken: TakenStep): Promise<FacetofaceOrder | null> {
  const order = await lockOrder(tx, ctx, taken.order.id);
  const mine = order?.status === "init" && order.step === taken.step && order.stepLeaseUntil?.getTime() === taken.leaseUntil.getTime();
  return mine ? order : null;
}

/** Changes how far the submission of a locked row has come. Open screens hear of it; it is no event of its own. */
export async function setStep(tx: Tx, ctx: Ctx, id: Id<"facetoface">, details: OrderDetails): Promise<FacetofaceOrder> {
  const [stands] = await tx
    .update(facetofaceOrder)
    .set({ ...details, updatedAt: ctx.now() })
    .where(and(eq(facetofaceOrder.tenantId, ctx.tenantId), eq(facetofaceOrder.id, id)))
    .returning();
  if (!stands) throw new Error("a locked application is there");
  announce(tx, { tenantId: ctx.tenantId, type: "facetoface.step", subject: id });
  return stands;
}

async function isUsable(tx: Tx, ctx: Ctx, channelId: Id<"channel">): Promise<boolean> {
  const [via] = await tx
    .select({ status: channel.status, deletedAt: channel.deletedAt })
    .from(channel)
    .where(and(eq(channel.tenantId, ctx.tenantId), eq(channel.id, channelId)));
  return via?.status === "enabled" && via.deletedAt === null;
}

/** A suspended tenant begins nothing new; what was begun is finished. */
async function mayBegin(tx: Tx, ctx: Ctx, id: Id<"facetoface">): Promise<boolean> {
  const [own] = await tx.select({ status: tenant.status }).from(tenant).where(eq(tenant.id, ctx.tenantId));
  const [lately] = await tx
    .select({ opened: count() })
    .from(facetofaceBatch)
    .where(
      and(
        eq(facetofaceBatch.tenantId, ctx.tenantId),
        eq(facetofaceBatch.orderId, id),
        gt(facetofaceBatch.openedAt, after(ctx.now(), -hours(1))),
      ),
    );
  return own?.status === "active" && (lately?.opened ?? 0) < BATCHES_PER_HOUR_MAX;
}
