/**
 * Errors a person can act on. The set is closed: each code has words in every language
 * (src/messages) and one mapping per edge.
 */
export const APP_ERROR_CODES = [
  "invalid_input",
  "unauthenticated",
  "forbidden",
  "fresh_sign_in_required",
  "not_found",
  "conflict",
  "idempotency_mismatch",
  "in_progress",
  "state_changed",
  "not_allowed_now",
  "limit_exceeded",
  "too_many_requests",
  "provider_declined",
  "provider_unavailable",
  "provider_unknown",
  "channel_missing",
  "channel_invalid",
  "expired",
  "unavailable",
  "internal",
] as const;
export type AppErrorCode = (typeof APP_ERROR_CODES)[number];

/** An expected failure. `message` is for logs and developers; people get words chosen by `code`. */
export class AppError extends Error {
  override readonly name = "AppError";
  constructor(
    readonly code: AppErrorCode,
    message: string = code,
    /** Safe to show: field names, numbers, provider words we wrote ourselves. Never secrets or provider text. */
    readonly details: Readonly<Record<string, string | number | boolean>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/**
 * What talking to a provider can end in.
 * `declined` is final; `unavailable` was never sent, so retry; `unknown` was perhaps done, so query with the same number.
 */
export type ProviderErrorKind = "declined" | "unavailable" | "unknown";

export class ProviderError extends Error {
  override readonly name = "ProviderError";
  constructor(
    readonly kind: ProviderErrorKind,
    /** The provider's own code, or ours in snake_case where it said nothing (`timeout`, `bad_signature`, `circuit_open` …). */
    readonly code: string,
    message: string,
    /**
     * `claimed` is what an answer said that could not be verified: for people, never to be acted upon. `said` is the reason that a
     * verified refusal gives in the provider's words, and `answerText` all of it: for the tenant's people, never logged.
     */
    readonly extra: {
      httpStatus?: number;
      traceId?: string;
      retryAfterMs?: number;
      claimed?: string;
      said?: string;
      answerText?: string;
    } = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Crashes loudly on what must never be: a bug, not an input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
