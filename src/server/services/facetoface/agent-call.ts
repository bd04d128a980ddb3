import { ProviderError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { AlipayChannel } from "~/server/providers/port";
import { loadProviderChannel } from "~/server/services/channel";
import type { AgentMethod, CallRecord } from "./calls";

/** The channel of an application, with its keys parsed. Only Alipay's are ever stored with one. */
export async function loadAgentChannel(ctx: Ctx, channelId: Id<"channel">): Promise<AlipayChannel> {
  const via = await loadProviderChannel(ctx, channelId);
  if (via.provider !== "alipay") throw new Error("an application's channel is Alipay's");
  return via;
}

type Asked = { orderId: Id<"facetoface">; batchNo: string | null; method: AgentMethod };

/** Makes a call and keeps in `calls` what came of it, for the transaction that stores its effect. Throws what the call throws. */
export async function asking<T>(ctx: Ctx, calls: CallRecord[], asked: Asked, call: () => Promise<T>): Promise<T> {
  const startedAt = ctx.now();
  const began = performance.now();
  const about = () => ({ ...asked, startedAt, ms: performance.now() - began });
  try {
    const answer = await call();
    calls.push({ ...about(), answerText: textOf(answer) });
    return answer;
  } catch (error) {
    if (error instanceof ProviderError) calls.push({ ...about(), error });
    throw error;
  }
}

const textOf = (answer: unknown): string | null =>
  typeof answer === "object" && answer !== null && "answerText" in answer && typeof answer.answerText === "string"
    ? answer.answerText
    : null;
