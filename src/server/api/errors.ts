import { TRPCError } from "@trpc/server";
import type { TRPC_ERROR_CODE_KEY } from "@trpc/server/unstable-core-do-not-import";
import { ZodError } from "zod";
import { AppError, type AppErrorCode, ProviderError } from "~/lib/errors";
import { sqlState } from "~/server/db/client";

/** How each of our words is said in tRPC. */
const TRPC_CODE: Record<AppErrorCode, TRPC_ERROR_CODE_KEY> = {
  invalid_input: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  fresh_sign_in_required: "FORBIDDEN",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
  idempotency_mismatch: "CONFLICT",
  in_progress: "CONFLICT",
  state_changed: "CONFLICT",
  not_allowed_now: "PRECONDITION_FAILED",
  limit_exceeded: "UNPROCESSABLE_CONTENT",
  too_many_requests: "TOO_MANY_REQUESTS",
  provider_declined: "UNPROCESSABLE_CONTENT",
  provider_unavailable: "BAD_GATEWAY",
  provider_unknown: "GATEWAY_TIMEOUT",
  channel_missing: "PRECONDITION_FAILED",
  channel_invalid: "PRECONDITION_FAILED",
  expired: "PRECONDITION_FAILED",
  unavailable: "SERVICE_UNAVAILABLE",
  internal: "INTERNAL_SERVER_ERROR",
};

/** What PostgreSQL says of a burden or of an input, not of a bug. Anything else is a bug. */
const SQL_MEANING: Record<string, AppErrorCode> = {
  "57014": "unavailable", // statement timeout
  "55P03": "unavailable", // lock timeout
  "23505": "conflict", // somebody else was first with the same number or name
  "40001": "state_changed",
  "40P01": "unavailable", // deadlock: one of the two has to come again
  "57P01": "unavailable", // the database is being restarted
  "57P03": "unavailable",
  "53300": "unavailable", // no connection left
  "22021": "invalid_input", // a NUL or half a character in a text
};

const CONNECTION_LOST = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
]);

/** Finds the error a person can act on behind whatever was thrown; `internal` when there is none. */
export function toAppError(error: unknown): AppError {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (current instanceof AppError) return current;
    if (current instanceof ProviderError) {
      // The provider's own words stay in its adapter and in the log.
      return new AppError(`provider_${current.kind}`, current.code, {}, { cause: current });
    }
    if (current instanceof ZodError) return new AppError("invalid_input", "input does not fit", {}, { cause: current });
    const { code } = current as { code?: unknown };
    if (typeof code === "string" && CONNECTION_LOST.has(code))
      return new AppError("unavailable", "database connection", {}, { cause: error });
  }
  const meaning = SQL_MEANING[sqlState(error) ?? ""];
  if (meaning) return new AppError(meaning, "database", {}, { cause: error });
  return new AppError(codeOfTrpc(error), "unexpected", {}, { cause: error });
}

/** What tRPC itself refuses (unknown path, wrong method, too many in a batch) is the caller's doing. */
function codeOfTrpc(error: unknown): AppErrorCode {
  if (!(error instanceof TRPCError)) return "internal";
  if (error.code === "NOT_FOUND") return "not_found";
  if (error.code === "UNAUTHORIZED") return "unauthenticated";
  if (error.code === "FORBIDDEN") return "forbidden";
  if (error.code === "TOO_MANY_REQUESTS") return "too_many_requests";
  return error.code === "INTERNAL_SERVER_ERROR" ? "internal" : "invalid_input";
}

/** The same failure in tRPC's words, for middleware and callers. */
export function toTrpcError(error: unknown): TRPCError {
  const app = toAppError(error);
  return new TRPCError({ code: TRPC_CODE[app.code], message: app.code, cause: app });
}

export type InputIssue = { field: string; rule: string; limit?: number };

/** Field and rule of each thing that does not fit; never the value (ERR-02). */
export function inputIssues(error: unknown): InputIssue[] {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (!(current instanceof ZodError)) continue;
    return current.issues.slice(0, 20).map((issue) => {
      const bound = "minimum" in issue ? issue.minimum : "maximum" in issue ? issue.maximum : undefined;
      const field = issue.path.map((part) => String(part).slice(0, 40)).join(".");
      return { field, rule: issue.code, ...(bound === undefined ? {} : { limit: Number(bound) }) };
    });
  }
  return [];
}
