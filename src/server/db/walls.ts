import type postgres from "postgres";

/**
 * The walls between tenants, raised again at every migration, so that no new table can be forgotten: every table with a
 * `tenant_id` gets row-level security, enabled and forced, for reading and writing (TEN-02). `nullif`: after a
 * transaction-local setting ends, a pooled connection reads it as '', which must be nobody.
 */

/** Tables that hold a tenant's id but stand outside: they lead to the tenant before one is set, or serve all. Ids only. */
export const OUTSIDE_THE_WALL = ["channel_address", "link_address", "member_address", "outbox"] as const;

/** What may only be added to. The application cannot update, delete or truncate them (AUD-02). */
export const APPEND_ONLY = ["event", "event_seal", "entry", "case_note", "provider_trade"] as const;

/** Never deleted by the application either; changed by one writer each. */
const NO_DELETE = [
  "tenant",
  "user",
  "payment",
  "transaction",
  "exception_case",
  "reconciliation_day",
  "statement",
  "statement_piece",
  "difference",
  "channel",
  "facetoface_order",
  "facetoface_batch",
  "tenant_key",
  "operator_grant",
] as const;

export async function raiseWalls(sql: postgres.Sql, appRole: string): Promise<void> {
  const tables = await sql<{ name: string; walled: boolean }[]>`
    select c.relname as name,
           exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as walled
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'app' and c.relkind in ('r', 'p') order by 1`;

  const role = sql(appRole);
  for (const { name, walled } of tables) {
    const table = sql(`app.${name}`);
    if (walled && !(OUTSIDE_THE_WALL as readonly string[]).includes(name)) {
      await sql`alter table ${table} enable row level security`;
      await sql`alter table ${table} force row level security`;
      await sql`drop policy if exists wall on ${table}`;
      await sql`create policy wall on ${table} for all to public
        using (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
        with check (tenant_id = nullif(current_setting('app.tenant_id', true), ''))`;
    }
    await sql`revoke all on ${table} from ${role}`;
    if ((APPEND_ONLY as readonly string[]).includes(name)) await sql`grant select, insert on ${table} to ${role}`;
    else if ((NO_DELETE as readonly string[]).includes(name)) await sql`grant select, insert, update on ${table} to ${role}`;
    else await sql`grant select, insert, update, delete on ${table} to ${role}`;
  }
  await sql`grant usage on schema app to ${role}`;
  await sql`grant usage on all sequences in schema app to ${role}`;
  await sql`revoke execute on all functions in schema app from public`;
  await sql`grant execute on all functions in schema app to ${role}`;
}
