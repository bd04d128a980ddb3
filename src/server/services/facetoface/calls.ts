import type { ProviderError } from "~/lib/errors";
import { type Id, newId } from "~/lib/id";
import type { Ctx } from "~/server/context";
import type { TenantVault } from "~/server/crypto/vault";
import type { Tx } from "~/server/db/client";
import { facetofaceCall } from "~/server/db/schema";

/** Alipay's methods, as they stand in the record of calls. */
export type AgentMethod =
  | "alipay.open.agent.create"
  | "alipay.open.agent.facetoface.sign"
  | "alipay.open.agent.confirm"
  | "alipay.open.agent.cancel"
  | "alipay.open.agent.order.query";

/** What came of one call. `answerText` is the verified text; nothing that was not verified is kept. */
export type CallRecord = {
  orderId: Id<"facetoface">;
  batchNo: string | null;
  method: AgentMethod;
  startedAt: Date;
  ms: number;
} & ({ answerText: string | null } | { error: ProviderError });

/** Keeps what Alipay answered, with the change that it causes. */
export async function recordCall(tx: Tx, ctx: Ctx, vault: TenantVault, call: CallRecord): Promise<void> {
  const id = newId("call");
  const failed = "error" in call ? call.error : null;
  const answer = "error" in call ? (call.error.extra.answerText ?? null) : call.answerText;
  await tx.insert(facetofaceCall).values({
    tenantId: ctx.tenantId,
    id,
    orderId: call.orderId,
    batchNo: call.batchNo,
    method: call.method,
    outcome: failed ? failed.kind : "ok",
    code: failed ? failed.code.slice(0, 100) : null,
    answerSealed: answer === null ? null : vault.seal(callPlace(id), answer),
    ms: Math.round(call.ms),
    at: call.startedAt,
  });
}

/** The verified answer of a call, for people who may see it. */
export const openAnswer = (vault: TenantVault, callId: Id<"call">, sealed: Buffer): string =>
  vault.open(callPlace(callId), sealed).toString("utf8");

const callPlace = (callId: Id<"call">) => ({ table: "facetoface_call", column: "answer_sealed", rowId: callId });
