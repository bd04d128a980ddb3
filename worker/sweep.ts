import { minutes } from "~/lib/time";
import { inTenant, type SystemCtx } from "~/server/context";
import { listTenantIds, recreateMissingJobs } from "~/server/services/invariant";

/** Nothing should ever be missing; if a bug or a restored backup lost a row, money must not wait for a person to notice. */
const SWEEP_EVERY_MS = minutes(5);

/** Walks all tenants now and then, and writes again what an unfinished object needs and has not (IDEM-07, IDEM-08). */
export function startSweeper(sys: SystemCtx, workerId: string, everyMs: number = SWEEP_EVERY_MS): { stop(): Promise<void> } {
  let stopping = false;
  let under: Promise<void> = Promise.resolve();

  const sweep = async () => {
    for (const tenantId of await listTenantIds(sys)) {
      if (stopping) return;
      const ctx = inTenant(sys, tenantId, { kind: "worker", id: workerId });
      const made = await recreateMissingJobs(ctx);
      if (made.length > 0) ctx.log.error({ made }, "jobs were missing and have been written again");
    }
  };
  const tick = () => {
    under = sweep().catch((error: unknown) => sys.log.warn({ error }, "sweep did not finish; the next one goes on"));
  };
  const timer = setInterval(tick, everyMs);
  tick();
  return {
    async stop() {
      stopping = true;
      clearInterval(timer);
      await under;
    },
  };
}
