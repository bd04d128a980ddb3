import { sql } from "drizzle-orm";
import type { Tx } from "~/server/db/client";

/**
 * How many rows of ours PostgreSQL has read for this transaction. What earlier ones of the connection read may still be counted, so
 * the difference between two looks tells.
 */
export const ROWS_READ = `
  select sum(coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0))::int as rows from pg_stat_xact_user_tables where schemaname = 'app'`;

export async function rowsReadBy(tx: Tx): Promise<number> {
  const [row] = await tx.execute<{ rows: number }>(sql.raw(ROWS_READ));
  return row?.rows ?? 0;
}
