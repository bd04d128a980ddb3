import { and, eq } from "drizzle-orm";
import { CONFIRM_LIVES_MS, type FacetofaceEvent, facetofaceMachine } from "~/domain/facetoface";
import { closeReasonOf, nextAskAt, type OrderNews, readProviderState } from "~/domain/facetoface-news";
import { after } from "~/lib/time";
import { announce, type Ctx } from "~/server/context";
import type { Tx } from "~/server/db/client";
import { facetofaceOrder } from "~/server/db/schema";
import type { AgentOrderView } from "~/server/providers/agent-port";
import { type FacetofaceOrder, moveOrder, type OrderDetails } from "./move";

/** Alipay's reasons are kept up to here. */
const REASON_MAX = 1_000;

export type ViewSource = "poll" | "hand";
export type AppliedView = {
  order: FacetofaceOrder;
  /** `details`: the same state with something new about it. */
  news: OrderNews["kind"] | "details";
};

/**
 * Takes Alipay's word for an application that the caller has locked, whoever asked. What lies behind what we know changes nothing; what
 * the machine has no place for is logged, and stays with the record of the call. Notes the question and plans the next one.
 */
export async function applyOrderView(
  tx: Tx,
  ctx: Ctx,
  locked: FacetofaceOrder,
  view: AgentOrderView,
  { source }: { source: ViewSource },
): Promise<AppliedView> {
  const news = newsOf(locked, view);
  const now = ctx.now();
  const asked = { queryCount: locked.queryCount + 1, lastQueryAt: now };
  if (news.kind === "event") {
    const { event } = news;
    const changes = { ...factsOf(locked, view), ...changesOf(event, view, now) };
    const stands = { ...locked, ...changes, status: facetofaceMachine.transitions[event].to };
    const moved = await moveOrder(
      tx,
      ctx,
      locked.id,
      event,
      { ...changes, ...asked, nextQueryAt: nextAskAt(stands, now) },
      {
        source,
        providerState: view.state,
        ...(changes.closeReason && { closeReason: changes.closeReason }),
        ...(view.agentAppId && { agentAppId: view.agentAppId }),
      },
    );
    if (!moved) throw new Error(`an application moved under lock: ${event} from ${locked.status}`);
    return { order: moved, news: "event" };
  }
  if (news.kind === "misfit")
    ctx.log.warn(
      { orderId: locked.id, status: locked.status, providerState: view.state, otherOrder: isOther(locked, view), source },
      "Alipay's word for an application does not fit ours; nothing was changed",
    );
  if (news.kind === "outdated")
    ctx.log.info({ orderId: locked.id, status: locked.status, providerState: view.state, source }, "an answer older than what we know");
  const facts = news.kind === "same" ? factsOf(locked, view) : {};
  const isNew = Object.keys(facts).length > 0;
  const order = await noteQuestion(tx, ctx, locked, { ...facts, ...asked });
  // No event: nothing happened. Open screens fetch the new link or product all the same.
  if (isNew) announce(tx, { tenantId: ctx.tenantId, type: "facetoface.query", subject: order.id });
  return { order, news: isNew ? "details" : news.kind };
}

/** Whether an answer can be noted with a hundred others: it says what we know, or less. */
export const isNothingNew = (known: Known, view: AgentOrderView): boolean => {
  const { kind } = newsOf(known, view);
  return kind === "outdated" || (kind === "same" && Object.keys(factsOf(known, view)).length === 0);
};

/** Alipay was asked and nothing moved: counts the question and plans the next one. */
export async function noteQuestion(tx: Tx, ctx: Ctx, locked: FacetofaceOrder, details: OrderDetails): Promise<FacetofaceOrder> {
  const [noted] = await tx
    .update(facetofaceOrder)
    .set({ nextQueryAt: nextAskAt(locked, ctx.now()), ...details })
    .where(and(eq(facetofaceOrder.tenantId, ctx.tenantId), eq(facetofaceOrder.id, locked.id)))
    .returning();
  if (!noted) throw new Error("a locked application is there");
  return noted;
}

/** What has to be known of an application in order to judge an answer. */
export type Known = Pick<
  FacetofaceOrder,
  "status" | "heldAt" | "closeReason" | "providerState" | "products" | "merchantPid" | "orderNo" | "confirmUrl" | "rejectReason"
>;

function newsOf(known: Known, view: AgentOrderView): OrderNews {
  return isOther(known, view) ? { kind: "misfit" } : readProviderState(known, view.state);
}

/** An answer that names another application than the one we submitted says nothing about ours, whoever signed it. */
const isOther = (known: Pick<Known, "orderNo">, view: AgentOrderView): boolean =>
  known.orderNo !== null && view.orderNo !== null && known.orderNo !== view.orderNo;

/** What the answer says beside the state and we do not hold yet. What it leaves out, we keep. */
function factsOf(known: Known, view: AgentOrderView): OrderDetails {
  const products = view.products.map(({ code, name, status, rejectReason }) => ({ code, name, status, rejectReason }));
  const facts: OrderDetails = {};
  if (view.state !== known.providerState) facts.providerState = view.state;
  if (products.length > 0 && !isSameList(products, known.products)) facts.products = products;
  if (view.merchantPid && view.merchantPid !== known.merchantPid) facts.merchantPid = view.merchantPid;
  if (view.orderNo && known.orderNo === null) facts.orderNo = view.orderNo;
  if (view.confirmUrl && view.confirmUrl !== known.confirmUrl) facts.confirmUrl = view.confirmUrl;
  if (view.state === "MERCHANT_INFO_HOLD" && reasonOf(view) !== known.rejectReason) facts.rejectReason = reasonOf(view);
  return facts;
}

function isSameList(products: NonNullable<Known["products"]>, known: Known["products"]): boolean {
  if (products.length !== known?.length) return false;
  return products.every((product, index) => {
    const other = known[index];
    return (
      product.code === other?.code &&
      product.name === other.name &&
      product.status === other.status &&
      product.rejectReason === other.rejectReason
    );
  });
}

/** What an event of the machine brings with it. */
function changesOf(event: FacetofaceEvent, view: AgentOrderView, now: Date): OrderDetails {
  switch (event) {
    case "hold":
      return { heldAt: now, rejectReason: reasonOf(view) };
    case "audit":
      return { heldAt: null, rejectReason: null };
    case "approve":
      return { heldAt: null, rejectReason: null, approvedAt: now, confirmExpiresAt: after(now, CONFIRM_LIVES_MS) };
    case "open":
      return { heldAt: null, rejectReason: null };
    case "close":
      return { closeReason: closeReasonOf(view.state), rejectReason: reasonOf(view) };
    default:
      throw new Error(`Alipay's word never means ${event}`);
  }
}

/** The application's own reason, or its products'. */
function reasonOf(view: AgentOrderView): string | null {
  const reasons = view.rejectReason ? [view.rejectReason] : view.products.flatMap(({ rejectReason }) => rejectReason ?? []);
  return reasons.length === 0 ? null : [...new Set(reasons)].join("；").slice(0, REASON_MAX);
}
