import { sql } from "drizzle-orm";
import type { Ctx } from "~/server/context";
import { eventually } from "./processes";

/**
 * Waits until no transaction that began before the tenant's newest event is still running. PostgreSQL counts the transactions of all
 * databases of a server together, so files that run beside each other hold back each other's sealing for a moment.
 */
export async function waitForHorizon(ctx: Ctx): Promise<void> {
  await eventually("older transactions have ended", () =>
    ctx.read(async (tx) => {
      const [row] = await tx.execute<{ clear: boolean }>(
        sql`select not exists (select 1 from app.event where tenant_id = ${ctx.tenantId} and txid >= pg_snapshot_xmin(pg_current_snapshot())) as clear`,
      );
      return row?.clear ?? false;
    }),
  );
}
