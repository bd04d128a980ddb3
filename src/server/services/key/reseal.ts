import { sql } from "drizzle-orm";
import type { Ctx } from "~/server/context";
import { envelopeHeader } from "~/server/crypto/envelope";
import type { SealedColumn } from "~/server/crypto/sealed-columns";
import type { TenantVault } from "~/server/crypto/vault";
import type { Tx } from "~/server/db/client";

type Batch = { column: SealedColumn; vault: TenantVault; version: number; after: string; limit: number };
type Found = { id: string; row_id: string; sealed: Buffer };

/**
 * Opens and seals anew up to `limit` texts of one column that were not sealed under `version`. The rows are locked meanwhile, so
 * nobody's change is lost. `last` is where to go on, null at the end.
 */
export async function resealBatch(
  tx: Tx,
  ctx: Ctx,
  { column, vault, version, after, limit }: Batch,
): Promise<{ count: number; last: string | null }> {
  const table = sql`app.${sql.identifier(column.table)}`;
  const sealed = sql.identifier(column.column);
  const found = await tx.execute<Found>(sql`
    select id, ${sql.identifier(column.rowId)} as row_id, ${sealed} as sealed
      from ${table}
     where tenant_id = ${ctx.tenantId} and id > ${after} and ${sealed} is not null
       and substring(${sealed} from 1 for 5) <> ${envelopeHeader(version)}
     order by id limit ${limit} for no key update`);
  if (found.length === 0) return { count: 0, last: null };

  const anew = found.map(({ id, row_id, sealed: old }) => {
    const place = { table: column.table, column: column.column, rowId: row_id };
    return { id, sealed: vault.seal(place, vault.open(place, old)).toString("hex") };
  });
  await tx.execute(sql`
    update ${table} t set ${sealed} = decode(v.sealed, 'hex')
      from jsonb_to_recordset(${JSON.stringify(anew)}::jsonb) as v(id text, sealed text)
     where t.tenant_id = ${ctx.tenantId} and t.id = v.id`);
  return { count: found.length, last: found.length < limit ? null : (found.at(-1)?.id ?? null) };
}
