import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import type { z } from "zod";
import type { Permission } from "~/domain/tenant";
import { CSV_BOM } from "~/lib/csv";
import { AppError } from "~/lib/errors";
import { boundedRequest } from "~/server/bounded-request";
import { clientAddress } from "~/server/client-address";
import type { Ctx } from "~/server/context";
import { getSystem } from "~/server/system";
import { admit } from "./admit";
import { type ApiContext, createContext } from "./context";
import { toTrpcError } from "./errors";
import { checkInputLimits } from "./input-limits";
import { logFailure } from "./transport";

/** A filter is a few hundred bytes. */
const BODY_BYTES_MAX = 16 * 1024;

type Download<Schema extends z.ZodType> = {
  /** Named like a procedure, for counting and logs. */
  name: string;
  permission: Permission;
  input: Schema;
  file: (ctx: Ctx, input: z.output<Schema>) => Promise<{ fileName: string; lines: AsyncGenerator<string, void> }>;
};

/**
 * A CSV file for somebody who holds the permission, streamed. It is asked for, checked, counted and refused as a procedure is:
 * the filter travels in the body, since searches do not belong into addresses (WEB-02), and a failure before the first line is
 * the API's own error. The file name is ours, the browser saves it and reads nothing into it (IN-06).
 */
export async function download<Schema extends z.ZodType>(request: Request, wanted: Download<Schema>): Promise<Response> {
  const context = createContext(await getSystem(), {
    headers: request.headers,
    ip: clientAddress(undefined, request.headers.get("x-forwarded-for"), 1),
    transport: "http",
  });
  return answerDownload(context, request, wanted);
}

/** The same for a caller whose context is known: tests. */
export async function answerDownload<Schema extends z.ZodType>(
  context: ApiContext,
  request: Request,
  wanted: Download<Schema>,
): Promise<Response> {
  try {
    const ctx = await admit(context, { name: wanted.name, permission: wanted.permission, changes: true });
    const { fileName, lines } = await wanted.file(ctx, await readInput(request, wanted.input));
    const first = await lines.next();
    return new Response(streamOf(first.done ? "" : first.value, lines), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${fileName}"`,
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "x-request-id": context.requestId,
      },
    });
  } catch (thrown) {
    return refusal(context, wanted.name, thrown);
  }
}

async function readInput<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  const bounded = await boundedRequest(request, BODY_BYTES_MAX);
  if (!bounded) throw new AppError("invalid_input", "body too large");
  const given: unknown = await bounded.json().catch(() => {
    throw new AppError("invalid_input", "not JSON");
  });
  checkInputLimits(given);
  return schema.parse(given);
}

function streamOf(first: string, lines: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(CSV_BOM + first)),
    async pull(controller) {
      const next = await lines.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await lines.return();
    },
  });
}

/** In the shape of a tRPC error, so that screens read both alike. */
function refusal(context: ApiContext, path: string, thrown: unknown): Response {
  const error = toTrpcError(thrown);
  const app = error.cause as AppError;
  logFailure({ error, path, type: "download", ctx: context });
  const wait = Number(app.details.retryAfterSeconds ?? 0);
  return Response.json(
    { error: { message: app.code, code: -32_600, data: { appCode: app.code, requestId: context.requestId, details: app.details } } },
    {
      status: getHTTPStatusCodeFromError(error),
      headers: { "cache-control": "no-store", "x-request-id": context.requestId, ...(wait > 0 ? { "retry-after": String(wait) } : {}) },
    },
  );
}
