import { and, eq } from "drizzle-orm";
import { ProviderError } from "~/lib/errors";
import { seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { facetofacePicture } from "~/server/db/schema";
import { type AgentOrderView, type AgentPicture, type AgentTokens, BATCH_GONE } from "~/server/providers/agent-port";
import type { AlipayChannel } from "~/server/providers/port";
import { agentProvider } from "~/server/providers/registry";
import { openPicture } from "~/server/services/picture";
import { asking, loadAgentChannel } from "./agent-call";
import type { AgentMethod, CallRecord } from "./calls";
import { isDying } from "./next-step";
import { openPerson } from "./person";
import type { StepKind, TakenStep } from "./take-step";

const CALL_DEADLINE_MS = seconds(8);
/** Up to 25 MB of pictures. Well within the lease of a step. */
const SIGN_DEADLINE_MS = seconds(60);

/**
 * What came of a step. `gone`: the batch is no more and its application was never submitted, so a new batch is begun. `again`: Alipay
 * says that it was not confirmed. `later`: nobody knows, or nothing was sent.
 */
export type StepOutcome =
  | { kind: "created"; batchNo: string; openedAt: Date }
  | { kind: "signed" }
  | { kind: "submitted"; orderNo: string | null; tokens: AgentTokens | null; learnt: "by_confirm" | "by_query" }
  | { kind: "again" }
  | { kind: "gone"; end: "cancelled" | "expired" }
  | { kind: "refused" | "later"; error: ProviderError };

export type MadeStep = { outcome: StepOutcome; calls: CallRecord[] };

/** Asks Alipay for one step of a submission. No transaction is open; what happened is stored by `storeStep`. */
export async function makeStep(ctx: Ctx, taken: TakenStep): Promise<MadeStep> {
  const calls: CallRecord[] = [];
  const via = await loadAgentChannel(ctx, taken.order.channelId);
  try {
    return { outcome: await STEPS[taken.kind]({ ctx, taken, via, calls }), calls };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { outcome: { kind: error.kind === "declined" ? "refused" : "later", error }, calls };
  }
}

type Step = { ctx: Ctx; taken: TakenStep; via: AlipayChannel; calls: CallRecord[] };

const STEPS: Record<StepKind, (step: Step) => Promise<StepOutcome>> = { create, sign, confirm, ask };

const optionsOf = ({ sys }: Ctx, deadlineMs = CALL_DEADLINE_MS) => ({ now: sys.now, deadlineMs });

async function create({ ctx, taken, via, calls }: Step): Promise<StepOutcome> {
  const vault = await ctx.vault();
  const { id, personSealed } = taken.order;
  const person = openPerson(vault, id, personSealed);
  const openedAt = ctx.now();
  const input = {
    account: person.account,
    contact: { name: person.contactName, mobile: person.contactMobile, email: person.contactEmail },
    orderTicket: person.orderTicket,
  };
  const { batchNo } = await asking(ctx, calls, { orderId: id, batchNo: null, method: "alipay.open.agent.create" }, () =>
    agentProvider().createBatch(via, input, optionsOf(ctx)),
  );
  return { kind: "created", batchNo, openedAt };
}

async function sign(step: Step): Promise<StepOutcome> {
  const { ctx, taken, via } = step;
  const { order } = taken;
  const vault = await ctx.vault();
  const person = openPerson(vault, order.id, order.personSealed);
  const application = {
    batchNo: batchOf(taken).batchNo,
    mccCode: order.mccCode,
    rate: order.rate,
    signAndAuth: order.signAndAuth,
    shopName: order.shopName,
    shopAddress: order.shopAddress,
    businessLicenseNo: person.businessLicenseNo,
    businessLicenseMobile: person.businessLicenseMobile,
    licenseLongTerm: order.licenseLongTerm,
    licenseValidUntil: order.licenseValidUntil,
    pictures: await openPictures(ctx, taken),
  };
  try {
    await asked(step, "alipay.open.agent.facetoface.sign", () =>
      agentProvider().signFacetoface(via, application, optionsOf(ctx, SIGN_DEADLINE_MS)),
    );
    return { kind: "signed" };
  } catch (error) {
    if (!isGone(error)) throw error;
    return batchOf(taken).end === "submitted" ? afterRefusal(step, error) : { kind: "gone", end: "expired" };
  }
}

async function confirm(step: Step): Promise<StepOutcome> {
  const { ctx, taken, via } = step;
  try {
    const { orderNo, tokens } = await asked(step, "alipay.open.agent.confirm", () =>
      agentProvider().confirmBatch(via, batchOf(taken).batchNo, optionsOf(ctx)),
    );
    return { kind: "submitted", orderNo, tokens, learnt: "by_confirm" };
  } catch (error) {
    if (!isGone(error)) throw error;
    return afterRefusal(step, error);
  }
}

/** Alipay says that the batch had ended. Only its answer tells whether by our own confirmation, which somebody else may have sent. */
async function afterRefusal(step: Step, refusal: ProviderError): Promise<StepOutcome> {
  const answer = await query(step);
  if (answer.kind !== "order") return { kind: "gone", end: "expired" };
  const { order } = answer;
  if (batchOf(step.taken).end === "submitted") {
    // What was held ended before the correction came: the correction is a new application.
    if (ENDED_STATES.has(order.state)) return { kind: "gone", end: "cancelled" };
    if (order.state === "MERCHANT_INFO_HOLD") return { kind: "refused", error: refusal };
  }
  return submitted(order);
}

const ENDED_STATES: ReadonlySet<string> = new Set(["MERCHANT_APPLY_ORDER_CANCELED", "MERCHANT_CONFIRM_TIME_OUT"]);

/** A confirmation whose outcome nobody knows. */
async function ask(step: Step): Promise<StepOutcome> {
  const answer = await query(step);
  const batch = batchOf(step.taken);
  if (answer.kind === "order") {
    // Still held, as it was before the correction: either it did not arrive, or it is held again. Once more does no harm.
    const isStillHeld = batch.end === "submitted" && answer.order.state === "MERCHANT_INFO_HOLD";
    return isStillHeld ? { kind: "again" } : submitted(answer.order);
  }
  if (answer.kind === "absent") return { kind: "gone", end: "expired" };
  return isDying(batch, step.ctx.now()) ? giveUp(step) : { kind: "again" };
}

/** No new batch while this one could still be confirmed by a request that is under way: it is cancelled first. */
async function giveUp(step: Step): Promise<StepOutcome> {
  const { ctx, taken, via } = step;
  const end = await asked(step, "alipay.open.agent.cancel", () => agentProvider().cancelBatch(via, batchOf(taken).batchNo, optionsOf(ctx)));
  if (end === "cancelled") return { kind: "gone", end };
  const answer = await query(step);
  return answer.kind === "order" ? submitted(answer.order) : { kind: "gone", end: "expired" };
}

/** Where it stands is for the schedule to ask: this early it tells little. Tokens are given once, to whoever confirms. */
const submitted = ({ orderNo }: AgentOrderView): StepOutcome => ({ kind: "submitted", orderNo, tokens: null, learnt: "by_query" });

const query = (step: Step) =>
  asked(step, "alipay.open.agent.order.query", () =>
    agentProvider().queryOrder(step.via, batchOf(step.taken).batchNo, optionsOf(step.ctx)),
  );

const asked = <T>({ ctx, taken, calls }: Step, method: AgentMethod, call: () => Promise<T>): Promise<T> =>
  asking(ctx, calls, { orderId: taken.order.id, batchNo: batchOf(taken).batchNo, method }, call);

const isGone = (error: unknown): error is ProviderError =>
  error instanceof ProviderError && error.kind === "declined" && BATCH_GONE.has(error.code);

function batchOf({ batch }: TakenStep) {
  if (!batch) throw new Error("this step is taken with a batch");
  return batch;
}

async function openPictures(ctx: Ctx, { order }: TakenStep): Promise<AgentPicture[]> {
  const links = await ctx.read((tx) =>
    tx
      .select({ slot: facetofacePicture.slot, pictureId: facetofacePicture.pictureId })
      .from(facetofacePicture)
      .where(and(eq(facetofacePicture.tenantId, ctx.tenantId), eq(facetofacePicture.orderId, order.id)))
      .orderBy(facetofacePicture.slot),
  );
  const pictures: AgentPicture[] = [];
  for (const { slot, pictureId } of links) pictures.push({ slot, ...(await openPicture(ctx, pictureId)) });
  return pictures;
}
