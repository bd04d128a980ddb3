import type { TRPCError } from "@trpc/server";
import type { ApiContext } from "./context";
import { toAppError } from "./errors";
import { BATCH_CALLS_MAX } from "./input-limits";

/** What every HTTP adapter of the API is given, whether it stands before Next or inside it. */
export const httpOptions = {
  maxBatchSize: BATCH_CALLS_MAX,
  // Queries may come as POST, so that what people search for stays out of addresses (WEB-02).
  allowMethodOverride: true,
  responseMeta({ ctx, errors }: { ctx?: ApiContext | undefined; errors: readonly TRPCError[] }) {
    const headers = new Headers({ "cache-control": "no-store" });
    if (ctx) headers.set("x-request-id", ctx.requestId);
    const waits = errors.map((error) => Number(toAppError(error).details.retryAfterSeconds ?? 0)).filter((wait) => wait > 0);
    if (waits.length > 0) headers.set("retry-after", String(Math.max(...waits)));
    return { headers };
  },
  onError: logFailure,
};

type Failure = { error: TRPCError; path?: string | undefined; type: string; ctx?: ApiContext | undefined };

/** One line per failed call: refusals as security events, bugs with their stack. Used by the socket adapter too. */
export function logFailure({ error, path, type, ctx }: Failure): void {
  if (!ctx) return;
  const app = toAppError(error);
  const line = { path, type, requestId: ctx.requestId, ip: ctx.ip, code: app.code };
  if (app.code === "internal") ctx.sys.log.error({ ...line, error: error.cause ?? error }, "call failed");
  else if (app.code === "unavailable") ctx.sys.log.warn({ ...line, error: app.cause ?? app }, "call not possible now");
  else if (app.code === "forbidden" || app.code === "unauthenticated")
    ctx.sys.log.warn({ ...line, security: "refused", reason: app.message }, "call refused");
  else ctx.sys.log.debug(line, "call answered with an error");
}
