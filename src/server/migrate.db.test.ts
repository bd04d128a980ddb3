import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createBareDatabase, type TestDatabase } from "~tests/support/postgres";
import { makeTemporaryFolder } from "~tests/support/temporary-folder";
import { migrate } from "./migrate";

/** Databases in use hold rows when a new version's migrations reach them. */

let database: TestDatabase;
const folder = makeTemporaryFolder("migrations");
beforeAll(async () => {
  database = await createBareDatabase();
});
afterAll(async () => {
  await database?.drop();
  folder.remove();
});

const committed = path.resolve("drizzle");

/** The migrations before the named one, as an earlier version carried them. */
function migrationsBefore(tag: string): string {
  const earlier = path.join(folder.path, "drizzle");
  cpSync(committed, earlier, { recursive: true });
  const journal = JSON.parse(readFileSync(path.join(committed, "meta", "_journal.json"), "utf8"));
  const at = journal.entries.findIndex((entry: { tag: string }) => entry.tag === tag);
  expect(at).toBeGreaterThan(0);
  writeFileSync(path.join(earlier, "meta", "_journal.json"), JSON.stringify({ ...journal, entries: journal.entries.slice(0, at) }));
  mkdirSync(path.join(folder.path, "src", "server", "db"), { recursive: true });
  symlinkSync(path.resolve("src/server/db/functions"), path.join(folder.path, "src", "server", "db", "functions"));
  return earlier;
}

const run = (migrationsFolder: string) => migrate({ ownerUrl: database.ownerUrl, appUrl: database.appUrl, migrationsFolder });

it("0002 fills what attempts repeat of their payments, for every tenant, and leaves the walls up", async () => {
  await run(migrationsBefore("0002_list_by_filter"));
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  const reader = postgres(database.readerUrl, { max: 1 });
  for (const tenant of ["ten_a", "ten_b"]) await owner.begin((sql) => writeAttempt(sql, tenant));

  await run(committed);

  const filled = await reader`
    select t.tenant_id as tenant, t.payment_created_at = p.created_at as same
      from app.transaction t join app.payment p on p.tenant_id = t.tenant_id and p.id = t.payment_id order by 1`;
  expect(filled).toEqual([
    { tenant: "ten_a", same: true },
    { tenant: "ten_b", same: true },
  ]);
  expect(await owner`select 1 from app.transaction`).toHaveLength(0);
  expect(await owner`select 1 from app.payment`).toHaveLength(0);
  await Promise.all([owner.end(), reader.end()]);
});

async function writeAttempt(sql: postgres.TransactionSql, tenant: string): Promise<void> {
  await sql`select set_config('app.tenant_id', ${tenant}, true)`;
  await sql`
    insert into app.tenant (id, name, slug, status, payment_max_fen, confirm_above_fen, created_at, updated_at)
    values (${tenant}, 'T', ${tenant.replace("_", "-")}, 'active', 100, 100, now(), now())`;
  await sql`
    insert into app.channel (tenant_id, id, provider, name, environment, app_id, seller_id, base_url, key_mode, status, created_at, updated_at, created_by, updated_by)
    values (${tenant}, 'chn_1', 'alipay', 'A', 'simulator', 'a', 's', 'http://127.0.0.1', 'public_key', 'enabled', now(), now(), 'test', 'test')`;
  await sql`
    insert into app.payment (tenant_id, id, order_no, subject, amount_fen, status, expires_at, created_by, created_at, updated_at)
    values (${tenant}, 'pay_1', 'SO1', 'S', 1, 'pending', now(), 'test', '2026-01-02T03:04:05.678Z', now())`;
  await sql`
    insert into app.transaction (tenant_id, id, payment_id, channel_id, provider, method, out_trade_no, app_id, seller_id, amount_fen, status, created_by, created_at, updated_at)
    values (${tenant}, 'txn_1', 'pay_1', 'chn_1', 'alipay', 'alipay_qr', 'txn_1', 'a', 's', 1, 'awaiting', 'test', now(), now())`;
}
