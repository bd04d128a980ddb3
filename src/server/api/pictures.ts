import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { PICTURE_MAX_BYTES, PICTURE_MIME } from "~/domain/picture";
import { AppError } from "~/lib/errors";
import { isId } from "~/lib/id";
import { boundedRequest } from "~/server/bounded-request";
import { clientAddress } from "~/server/client-address";
import { openPicture, type PictureRefusal, storePicture } from "~/server/services/picture";
import { getSystem } from "~/server/system";
import { admit } from "./admit";
import { type ApiContext, createContext } from "./context";
import { toTrpcError } from "./errors";
import { logFailure } from "./transport";

/** Pictures of applications travel beside the API: JSON would carry them a third larger and all in memory at once. */

const STATUS: Record<PictureRefusal, number> = { picture_too_small: 400, picture_too_large: 413, picture_type: 400 };

/** Takes one picture, raw, as the body of a request. Answers 201 with its id; `{ code }` for everything else. */
export const uploadPicture = async (request: Request): Promise<Response> => answerUpload(await contextOf(request), request);

/** Shows one picture to somebody who may see it. */
export const showPicture = async (request: Request, pictureId: string): Promise<Response> =>
  answerPicture(await contextOf(request), pictureId);

const contextOf = async (request: Request): Promise<ApiContext> =>
  createContext(await getSystem(), {
    headers: request.headers,
    ip: clientAddress(undefined, request.headers.get("x-forwarded-for"), 1),
    transport: "http",
  });

/** The same for a caller whose context is known: tests. */
export async function answerUpload(context: ApiContext, request: Request): Promise<Response> {
  const name = "facetoface.picture";
  try {
    const ctx = await admit(context, { name, permission: "facetoface.write", changes: true });
    const bounded = await boundedRequest(request, PICTURE_MAX_BYTES);
    const stored = bounded ? await storePicture(ctx, Buffer.from(await bounded.arrayBuffer())) : { refusal: "picture_too_large" as const };
    if ("refusal" in stored) return json(context, STATUS[stored.refusal], { code: stored.refusal });
    return json(context, 201, stored);
  } catch (thrown) {
    return refused(context, name, thrown);
  }
}

/** The same for a caller whose context is known: tests. */
export async function answerPicture(context: ApiContext, pictureId: string): Promise<Response> {
  const name = "facetoface.showPicture";
  try {
    const ctx = await admit(context, { name, permission: "facetoface.unmask", changes: false });
    if (!isId("picture", pictureId)) throw new AppError("not_found", "picture");
    const { type, bytes } = await openPicture(ctx, pictureId);
    return new Response(new Uint8Array(bytes), {
      headers: {
        "content-type": PICTURE_MIME[type],
        "content-length": String(bytes.length),
        // Whatever else the bytes may mean to a browser, here they are a picture and nothing runs (WEB-01).
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "same-origin",
        "content-disposition": `inline; filename="${pictureId}.${type}"`,
        "cache-control": "private, no-store",
        "x-request-id": context.requestId,
      },
    });
  } catch (thrown) {
    return refused(context, name, thrown);
  }
}

function refused(context: ApiContext, path: string, thrown: unknown): Response {
  const error = toTrpcError(thrown);
  const app = error.cause as AppError;
  logFailure({ error, path, type: "picture", ctx: context });
  return json(context, getHTTPStatusCodeFromError(error), { code: app.code, requestId: context.requestId });
}

const json = (context: ApiContext, status: number, body: object): Response =>
  Response.json(body, { status, headers: { "cache-control": "no-store", "x-request-id": context.requestId } });
