import { ProviderError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { AgentOrderView } from "~/server/providers/agent-port";
import { agentProvider } from "~/server/providers/registry";
import { loadAgentChannel } from "./agent-call";
import { type AppliedView, applyOrderView, type Known, noteQuestion, type ViewSource } from "./apply-view";
import { recordCall } from "./calls";
import { lockOrder } from "./find";

/** A query is a question: it may take this long, then the schedule asks again. */
const QUERY_DEADLINE_MS = seconds(6);

/** What stood in the row when Alipay was asked. */
export type AskedOrder = Known & {
  id: Id<"facetoface">;
  channelId: Id<"channel">;
  batchNo: string;
  submittedAt: Date | null;
};

/** What came of a question. `unfit`: Alipay does not know of a submission that we have confirmed. */
export type Answer = { startedAt: Date; ms: number } & (
  | { kind: "view"; view: AgentOrderView; answerText: string }
  | { kind: "unfit" | "failed"; error: ProviderError }
);

/** Asks Alipay where an application stands. Throws AppError when the channel cannot ask at all. */
export async function askAlipay(ctx: Ctx, { channelId, batchNo }: Pick<AskedOrder, "channelId" | "batchNo">): Promise<Answer> {
  const via = await loadAgentChannel(ctx, channelId);
  const startedAt = ctx.now();
  const began = performance.now();
  const took = () => ({ startedAt, ms: performance.now() - began });
  try {
    const answer = await agentProvider().queryOrder(via, batchNo, { now: ctx.sys.now, deadlineMs: QUERY_DEADLINE_MS });
    if (answer.kind === "order") return { ...took(), kind: "view", view: answer.order, answerText: answer.answerText };
    const code = answer.kind === "absent" ? "BATCH_IS_NOT_EXIST" : "BATCH_STATUS_NOT_SUBMIT";
    return { ...took(), kind: "unfit", error: new ProviderError("declined", code, "Alipay does not know of this submission") };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { ...took(), kind: "failed", error };
  }
}

/**
 * Applies what came of a question, with its call on record. An answer about what was submitted before a correction says nothing about
 * what stands now. Null when the application is gone.
 */
export async function settleAnswer(
  ctx: Ctx,
  asked: AskedOrder,
  answer: Answer,
  { source }: { source: ViewSource },
): Promise<AppliedView | null> {
  const vault = await ctx.vault();
  return ctx.transaction(async (tx) => {
    const locked = await lockOrder(tx, ctx, asked.id);
    if (!locked) return null;
    const call = { orderId: asked.id, batchNo: asked.batchNo, method: "alipay.open.agent.order.query", ...answer } as const;
    await recordCall(tx, ctx, vault, call);
    if (isSuperseded(asked, locked)) return { order: locked, news: "outdated" };
    if (answer.kind === "view") return applyOrderView(tx, ctx, locked, answer.view, { source });
    if (answer.kind === "unfit")
      ctx.log.warn({ orderId: asked.id, batchNo: asked.batchNo, code: answer.error.code, source }, "Alipay does not know of a submission");
    const noted = { queryCount: locked.queryCount + 1, lastQueryAt: ctx.now() };
    // What somebody asked in vain, the schedule asks when it would have.
    const schedule = source === "hand" ? { nextQueryAt: locked.nextQueryAt } : {};
    return { order: await noteQuestion(tx, ctx, locked, { ...noted, ...schedule }), news: answer.kind === "unfit" ? "misfit" : "same" };
  });
}

const isSuperseded = (asked: AskedOrder, now: { batchNo: string | null; submittedAt: Date | null; status: string }): boolean =>
  asked.batchNo !== now.batchNo || asked.submittedAt?.getTime() !== now.submittedAt?.getTime();
