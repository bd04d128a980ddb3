import { sql } from "drizzle-orm";
import type { Ctx } from "~/server/context";
import { verifyChain } from "~/server/services/event";
import { CHECKS, type Check } from "./checks";

export type CheckResult = { name: string; checked: number; broken: number; examples: string[] };

/** A check may read a whole tenant; a web request may not wait that long, but this is never part of one. */
const CHECK_TIMEOUT = "120s";

/** Every invariant of one tenant, and its hash chain. Reads only. */
export async function checkTenant(ctx: Ctx): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of CHECKS) results.push(await run(ctx, check));
  const chain = await verifyChain(ctx);
  const place = chain.firstBad;
  results.push({
    name: "the event log's hash chain is whole",
    checked: chain.length,
    broken: place ? 1 : 0,
    examples: place ? [`${place.fault} at ${place.seq ?? place.eventId}`] : [],
  });
  return results;
}

async function run(ctx: Ctx, { name, rows }: Check): Promise<CheckResult> {
  return ctx.read(async (tx) => {
    await tx.execute(sql`select set_config('statement_timeout', ${CHECK_TIMEOUT}, true)`);
    const [seen] = await tx.execute<{ checked: number; broken: number; examples: string[] | null }>(sql`
      select count(*)::int as checked, count(*) filter (where bad)::int as broken,
             (array_agg(id::text order by id) filter (where bad))[1:5] as examples
        from (${rows(ctx.tenantId)}) looked_at`);
    return { name, checked: seen?.checked ?? 0, broken: seen?.broken ?? 0, examples: seen?.examples ?? [] };
  });
}
