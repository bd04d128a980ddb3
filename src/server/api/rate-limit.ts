import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Permission } from "~/domain/tenant";
import { AppError } from "~/lib/errors";

/**
 * Counted in the memory of each process: nothing to lose, nothing that can be down (RATE-02), and a tenant's burst costs others
 * nothing. Sign-in has its own, stricter count in the database.
 */
const perCaller = new RateLimiterMemory({ keyPrefix: "caller", points: 100, duration: 1 });
const perProcedure = new RateLimiterMemory({ keyPrefix: "procedure", points: 25, duration: 1 });
const exports = new RateLimiterMemory({ keyPrefix: "export", points: 5, duration: 60 });

/** Counts one call (RATE-01). `caller` is the tenant, or the address of somebody without one. Throws `too_many_requests`. */
export async function countCall(caller: string, path: string, permission: Permission | null): Promise<void> {
  try {
    await perProcedure.consume(`${caller}:${path}`);
    await perCaller.consume(caller);
    if (permission === "export.create") await exports.consume(caller);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw tooManyRequests(refused.msBeforeNext);
  }
}

export function tooManyRequests(waitMs: number): AppError {
  return new AppError("too_many_requests", "rate limit", { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) });
}
