import type { IncomingMessage } from "node:http";
import { CALLBACK_BODY_MAX_BYTES } from "~/domain/notification";
import type { Provider } from "~/domain/provider";
import type { SystemCtx } from "~/server/context";
import type { Metrics } from "~/server/metrics";
import { BodyTooLargeError, readRawBody } from "~/server/raw-body";
import { answerCallback, type CallbackAddress, type CallbackAnswer, refusedOnTheWire } from "./callback";
import type { Exchange } from "./exchange";

/** Media types as the providers document them; parameters such as the charset are theirs to add. */
const CONTENT_TYPE: Record<Provider, RegExp> = {
  alipay: /^application\/x-www-form-urlencoded\s*(;|$)/i,
  wechat: /^application\/json\s*(;|$)/i,
};

/** Providers' messages, ahead of Next, whose pipeline alone costs ten times all of this. */
export async function handleCallback(sys: SystemCtx, metrics: Metrics, exchange: Exchange, address: CallbackAddress): Promise<void> {
  const { req, res } = exchange;
  exchange.route = `callback_${address.provider}`;
  const said = await answerTo(sys, exchange, address);
  metrics.callbacks.inc({ provider: said.provider, outcome: said.outcome });
  // A body that was not read to its end must not be taken for the next request.
  if (!req.complete) res.setHeader("connection", "close");
  if (said.status === 405) res.setHeader("allow", "POST");
  res.setHeader("cache-control", "no-store");
  if (said.contentType) res.setHeader("content-type", said.contentType);
  res.statusCode = said.status;
  res.end(said.body);
}

async function answerTo(sys: SystemCtx, exchange: Exchange, address: CallbackAddress): Promise<CallbackAnswer> {
  const { req, ip, requestId } = exchange;
  const { provider } = address;
  if (req.method !== "POST") return refusedOnTheWire(provider, 405);
  const header = headerReader(req);
  if (!carriesMessage(provider, header)) return refusedOnTheWire(provider, 415);
  try {
    const body = await readRawBody(req, CALLBACK_BODY_MAX_BYTES);
    return await answerCallback(sys, address, { method: "POST", header, body, sourceIp: ip }, requestId);
  } catch (error) {
    if (error instanceof BodyTooLargeError) return refusedOnTheWire(provider, 413);
    // The sender went away in the middle of its message: nobody reads this answer.
    if (req.destroyed || (error as { code?: string }).code === "ECONNRESET") return refusedOnTheWire(provider, 400);
    throw error;
  }
}

/** Whether the body is of the kind that this provider sends, as it is and not packed. */
export const carriesMessage = (provider: Provider, header: (name: string) => string | null): boolean =>
  CONTENT_TYPE[provider].test(header("content-type") ?? "") && header("content-encoding") === null;

/** A header that came twice is no header: merged values are not what was sent. */
function headerReader(req: IncomingMessage): (name: string) => string | null {
  return (name) => {
    const values = req.headersDistinct[name.toLowerCase()];
    return values?.length === 1 ? (values[0] ?? null) : null;
  };
}
