import { CALLBACK_BODY_MAX_BYTES } from "~/domain/notification";
import type { Provider } from "~/domain/provider";
import { newId } from "~/lib/id";
import { clientAddress } from "~/server/client-address";
import { BodyTooLargeError, readRawBody } from "~/server/raw-body";
import { getSystem } from "~/server/system";
import { answerCallback, type CallbackAnswer, refusedOnTheWire } from "./callback";
import { carriesMessage } from "./callbacks";

type Props = { params: Promise<{ channelId: string }> };

/** The same answer as the web process gives ahead of Next, for an installation that runs under plain `next start`. */
export const callbackRoute =
  (provider: Provider) =>
  async (request: Request, { params }: Props): Promise<Response> => {
    const { status, contentType, body } = await answerTo(provider, request, (await params).channelId);
    const headers = { "cache-control": "no-store", ...(contentType ? { "content-type": contentType } : {}) };
    return new Response(status === 204 ? null : body, { status, headers });
  };

async function answerTo(provider: Provider, request: Request, target: string): Promise<CallbackAnswer> {
  const header = (name: string) => request.headers.get(name);
  if (!carriesMessage(provider, header)) return refusedOnTheWire(provider, 415);
  try {
    const raw = {
      method: "POST",
      header,
      body: await readRawBody(request, CALLBACK_BODY_MAX_BYTES),
      sourceIp: clientAddress(undefined, header("x-forwarded-for"), 1),
    };
    return await answerCallback(await getSystem(), { provider, target }, raw, newId("request"));
  } catch (error) {
    if (error instanceof BodyTooLargeError) return refusedOnTheWire(provider, 413);
    throw error;
  }
}
