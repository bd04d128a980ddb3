import type { Provider } from "~/domain/provider";
import type { SystemCtx } from "~/server/context";
import type { RawNotification } from "~/server/providers/port";
import { tradeProvider } from "~/server/providers/registry";
import { type CallbackChannel, callbackChannel, findChannelsOfApp } from "~/server/services/channel";
import { type Keep, type Receipt, receive } from "~/server/services/notification";
import { Strangers } from "./strangers";

/** What a provider reads: the status, and for Alipay the exact word. */
export type CallbackAnswer = { status: number; contentType: string | null; body: string; outcome: CallbackOutcome; provider: Provider };
export type CallbackOutcome = Receipt["outcome"] | "failed" | "unreadable";

/** The seeds' four addresses: they name no channel, so the app is looked up by what the message says of itself. */
export const SHARED_ADDRESSES = ["enterprise", "employee", "bill", "voucher"] as const;

const strangers = new Strangers();

export type CallbackAddress = { provider: Provider; target: string };

/** Which callback a path is, or null. `target` is a channel's id, or one of the shared words. */
export function callbackAddress(path: string): CallbackAddress | null {
  const match = /^\/api\/payment\/(?:(alipay|wechat)\/notify|notification)\/([0-9a-z_]{1,40})\/?$/.exec(path);
  return match ? { provider: (match[1] ?? "alipay") as Provider, target: match[2] ?? "" } : null;
}

/**
 * One inbound message from the wire to the answer, for the web process and for Next's route handlers alike. It answers only after
 * commit; what cannot be stored is never confirmed (CB-08).
 */
export async function answerCallback(
  sys: SystemCtx,
  { provider, target }: CallbackAddress,
  raw: RawNotification,
  requestId: string,
): Promise<CallbackAnswer> {
  try {
    // Nobody signs an empty message, so there is nothing to keep. The doctor of a channel sends one to see whether it arrives.
    if (raw.body.length === 0 && (await callbackChannel(sys, target))?.channel.provider === provider)
      return said(provider, "unreadable", 400);
    const shared = (SHARED_ADDRESSES as readonly string[]).includes(target);
    const keep = strangers.mayBeStored(raw.sourceIp) ? "refused_too" : "verified_only";
    const receipt = shared ? await receiveShared(sys, raw, requestId, keep) : await receiveFor(sys, provider, target, raw, requestId, keep);
    if (receipt.outcome === "limited") return said(provider, "limited", 429);
    if (receipt.outcome === "refused" || receipt.outcome === "absent") strangers.note(raw.sourceIp);
    return answerOf(provider, receipt);
  } catch (error) {
    sys.log.error({ requestId, provider, error }, "callback could not be stored; the provider will come again");
    return said(provider, "failed", 500);
  }
}

/** What did not even arrive whole: too large, another method or kind of content. */
export const refusedOnTheWire = (provider: Provider, status: number): CallbackAnswer => said(provider, "unreadable", status);

function answerOf(provider: Provider, { outcome, ok }: Pick<Receipt, "outcome" | "ok">): CallbackAnswer {
  if (ok) {
    return provider === "alipay"
      ? { status: 200, contentType: "text/plain; charset=utf-8", body: "success", outcome, provider }
      : { status: 204, contentType: null, body: "", outcome, provider };
  }
  if (outcome === "absent") return said(provider, outcome, 404);
  return said(provider, outcome, outcome === "refused" && provider === "wechat" ? 401 : 400);
}

/** Why not, in words that tell a stranger nothing. */
const REASON: Partial<Record<CallbackOutcome, string>> = {
  refused: "signature not accepted",
  absent: "no such address",
  misfit: "does not match our records",
  limited: "too many requests",
  failed: "temporarily unavailable",
  unreadable: "request not accepted",
};

function said(provider: Provider, outcome: CallbackOutcome, status: number): CallbackAnswer {
  if (provider === "alipay") return { status, contentType: "text/plain; charset=utf-8", body: "fail", outcome, provider };
  const body = JSON.stringify({ code: "FAIL", message: REASON[outcome] ?? "not accepted" });
  return { status, contentType: "application/json; charset=utf-8", body, outcome, provider };
}

/** The address names a provider, and so does the channel: a channel of the other one is not there. */
async function receiveFor(sys: SystemCtx, provider: Provider, channelId: string, raw: RawNotification, requestId: string, keep: Keep) {
  const known = await callbackChannel(sys, channelId);
  if (known?.channel.provider !== provider) return { outcome: "absent" as const, ok: false };
  return receive(sys, channelId, raw, requestId, keep);
}

/**
 * Tries the channels that name the app, and delivers to those whose own key verifies. What nobody's key verifies is shown to a
 * tenant only when no other could be meant: naming somebody's app id must not be a way to read their mail.
 */
async function receiveShared(
  sys: SystemCtx,
  raw: RawNotification,
  requestId: string,
  keep: Keep,
): Promise<Pick<Receipt, "outcome" | "ok">> {
  const candidates = await candidatesOf(sys, appIdOf(raw.body));
  const believed = candidates.filter((known) => verifies(sys, known, raw));
  const [only, ...others] = candidates;
  if (believed.length === 0) {
    if (!only) return { outcome: "absent", ok: false };
    return others.length === 0 ? receive(sys, only.channel.channelId, raw, requestId, keep) : { outcome: "refused", ok: false };
  }
  let answer: Pick<Receipt, "outcome" | "ok"> | null = null;
  for (const { channel } of believed) {
    const receipt = await receive(sys, channel.channelId, raw, requestId, keep);
    if (!answer?.ok) answer = receipt;
  }
  return answer ?? { outcome: "refused", ok: false };
}

async function candidatesOf(sys: SystemCtx, appId: string | null): Promise<CallbackChannel[]> {
  if (!appId) return [];
  const addresses = await findChannelsOfApp(sys, appId);
  const known = await Promise.all(addresses.map(({ channelId }) => callbackChannel(sys, channelId)));
  return known.filter((channel) => channel !== null && channel.channel.provider === "alipay") as CallbackChannel[];
}

const verifies = (sys: SystemCtx, { channel }: CallbackChannel, raw: RawNotification): boolean =>
  tradeProvider(channel).verifyNotification(channel, raw, sys.now()).ok;

/** What the message says of itself, unverified: it only chooses whose key is tried. */
function appIdOf(body: Buffer): string | null {
  const appIds = new URLSearchParams(body.toString("latin1")).getAll("app_id");
  return appIds.length === 1 && /^\d{16,32}$/.test(appIds[0] ?? "") ? (appIds[0] ?? null) : null;
}
