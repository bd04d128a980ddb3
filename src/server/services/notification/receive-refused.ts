import { newId } from "~/lib/id";
import { after } from "~/lib/time";
import type { Ctx } from "~/server/context";
import type { JobName } from "~/server/outbox/jobs";
import type { RawNotification, VerifiedNotification } from "~/server/providers/port";
import type { CallbackChannel } from "~/server/services/channel";
import { SEAL_AFTER_MS } from "~/server/services/event";
import { keptHeaders } from "./headers";

type Refused = Extract<VerifiedNotification, { ok: false }>;

/**
 * Keeps a refused message: the exact text, the key and the failing step, so that people can see why. One round trip by
 * `app.receive_refused`; nothing that the message says of itself is believed.
 */
export async function receiveRefused(ctx: Ctx, known: CallbackChannel, raw: RawNotification, refused: Refused): Promise<void> {
  const id = newId("notification");
  const sealed = (column: string, plain: Buffer | string) =>
    known.vault.seal({ table: "notification", column, rowId: id }, plain).toString("base64");
  const message = {
    id,
    event: newId("event"),
    channel: known.channel.channelId,
    provider: known.channel.provider,
    source_ip: raw.sourceIp,
    headers: keptHeaders(raw),
    body: sealed("body_sealed", raw.body),
    body_bytes: raw.body.length,
    signed_text: refused.signedText === null ? null : sealed("signed_text_sealed", refused.signedText),
    key_id: refused.keyId?.slice(0, 80) ?? null,
    failed_step: refused.failedStep,
    cause: refused.cause,
    steps: refused.steps,
    out_trade_no: refused.claimed.outTradeNo === null ? null : wellFormed(refused.claimed.outTradeNo.slice(0, 64)),
    request: "requestId" in ctx.actor ? ctx.actor.requestId : null,
  };
  await ctx.call("receive_refused", [message, jobsFor(ctx, known, refused), ctx.now()]);
  ctx.sys.live.publish([
    { tenantId: ctx.tenantId, type: "notification.refuse", subject: id },
    { tenantId: ctx.tenantId, type: "outbox.due", subject: "tidy-up" },
  ]);
  ctx.log.warn({ security: "callback_refused", notificationId: id, step: refused.failedStep, cause: refused.cause }, "callback refused");
}

/** Cutting may leave half a sign, which JSON can write and the database refuses to read: as UTF-8 has it, U+FFFD. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

/** Refused messages are bounded by tidying up; an unknown serial may be a platform certificate that we have not fetched yet. */
function jobsFor(ctx: Ctx, { channel }: CallbackChannel, { cause }: Refused) {
  const now = ctx.now();
  const job = (name: JobName, subject: string, dueAt = now) => ({ id: newId("job"), job: name, subject, due_at: dueAt });
  return [
    job("seal-events", ctx.tenantId, after(now, SEAL_AFTER_MS)),
    job("tidy-up", ctx.tenantId),
    ...(cause === "unknown_serial" ? [job("refresh-certificates", channel.channelId)] : []),
  ];
}
