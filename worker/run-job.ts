import { AppError, ProviderError } from "~/lib/errors";
import { asId } from "~/lib/id";
import { inTenant, type SystemCtx } from "~/server/context";
import { sqlState } from "~/server/db/client";
import { type Claimed, finish, reschedule, retryLater } from "~/server/outbox/claim";
import type { JobName } from "~/server/outbox/jobs";

/** Told one id inside one tenant; answers when it wants to be called again, or null when it is done. Throwing means "try later". */
export type Handler = (ctx: ReturnType<typeof inTenant>, subject: string) => Promise<Date | null>;
export type JobCounts = { done: number; again: number; failed: number };

/** What one worker process does with a claimed row. It never throws: what cannot be noted now comes back when the lease ends. */
export function jobRunner(sys: SystemCtx, handlers: Readonly<Record<JobName, Handler>>, workerId: string) {
  const counts: JobCounts = { done: 0, again: 0, failed: 0 };

  const run = async (row: Claimed): Promise<void> => {
    const ctx = inTenant(sys, asId("tenant", row.tenantId), { kind: "worker", id: workerId });
    // A row may have been written by a newer version of the house: it waits for a worker that knows it.
    const handler: Handler | undefined = handlers[row.job as JobName];
    try {
      if (!handler) throw new AppError("unavailable", `no handler for ${row.job}`);
      const next = await handler(ctx, row.subject);
      await (next ? reschedule(sys, row, next) : finish(sys, row));
      counts[next ? "again" : "done"] += 1;
    } catch (error) {
      counts.failed += 1;
      ctx.log[isExpected(error) ? "info" : "error"](
        { job: row.job, subject: row.subject, attempts: row.attempts, error },
        "job failed; it will run again",
      );
      await retryLater(sys, row, reasonOf(error)).catch((later: unknown) =>
        ctx.log.warn({ job: row.job, subject: row.subject, error: later }, "retry not noted; the lease will run out"),
      );
    }
  };
  return { run, counts };
}

/** Providers and databases that are away are everyday; anything else is a bug somebody has to see. */
function isExpected(error: unknown): boolean {
  return error instanceof ProviderError || error instanceof AppError || sqlState(error) !== null;
}

/** A code for the row, never a text from outside. */
function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  if (error instanceof ProviderError) return `${error.kind}:${error.code}`;
  return sqlState(error) ?? (error instanceof Error ? error.name : "unknown");
}
