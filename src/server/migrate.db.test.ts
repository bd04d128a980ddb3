import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createBareDatabase, type TestDatabase } from "~tests/support/postgres";
import { makeTemporaryFolder } from "~tests/support/temporary-folder";
import { migrate } from "./migrate";

/** Databases in use hold rows when a new version's migrations reach them. */

let database: TestDatabase;
let folder: ReturnType<typeof makeTemporaryFolder>;
beforeEach(async () => {
  folder = makeTemporaryFolder("migrations");
  database = await createBareDatabase();
});
afterEach(async () => {
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

const TENANTS = ["ten_a", "ten_b"];

/** What `write` left for each tenant before the named migration, as it looks after all: `reader` crosses the walls, `owner` must not. */
async function migrated(tag: string, write: (sql: postgres.TransactionSql, tenant: string) => Promise<unknown>) {
  await run(migrationsBefore(tag));
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  const reader = postgres(database.readerUrl, { max: 1 });
  for (const tenant of TENANTS) await owner.begin((sql) => write(sql, tenant));
  await run(committed);
  return { owner, reader, end: () => Promise.all([owner.end(), reader.end()]) };
}

it("0002 fills what attempts repeat of their payments, for every tenant, and leaves the walls up", async () => {
  const { owner, reader, end } = await migrated("0002_list_by_filter", writeAttempt);

  const filled = await reader`
    select t.tenant_id as tenant, t.payment_created_at = p.created_at as same
      from app.transaction t join app.payment p on p.tenant_id = t.tenant_id and p.id = t.payment_id order by 1`;
  expect(filled).toEqual([
    { tenant: "ten_a", same: true },
    { tenant: "ten_b", same: true },
  ]);
  expect(await owner`select 1 from app.transaction`).toHaveLength(0);
  expect(await owner`select 1 from app.payment`).toHaveLength(0);
  await end();
});

it("0005 sets apart what is pending, what is open and whose the providers' numbers are, for every tenant", async () => {
  const { owner, reader, end } = await migrated("0005_open_rows_apart", writeAttempts);

  const found = await reader`
    select t.id as tenant,
           (select array_agg(l.payment_id || ' ' || (l.created_at = p.created_at)) from app.pending_payment l
              join app.payment p on p.tenant_id = l.tenant_id and p.id = l.payment_id where l.tenant_id = t.id) as pending,
           (select array_agg(o.transaction_id || ' ' || o.in_doubt order by 1) from app.open_transaction o where o.tenant_id = t.id) as open,
           (select array_agg(n.channel_id || ' ' || n.trade_no || ' ' || n.transaction_id) from app.provider_trade n where n.tenant_id = t.id) as numbers
      from app.tenant t where t.id = any(${TENANTS}) order by 1`;
  const each = { pending: ["pay_1 true"], open: ["txn_1 false", "txn_2 true"], numbers: ["chn_1 2026112000 txn_3"] };
  expect(found).toEqual(TENANTS.map((tenant) => ({ tenant, ...each })));
  for (const table of ["payment", "transaction", "pending_payment"]) expect(await owner`select 1 from app.${owner(table)}`).toHaveLength(0);
  await end();
});

it("0006 tells each case the time of its payment, for every tenant", async () => {
  const { owner, reader, end } = await migrated("0006_case_knows_its_payments_time", async (sql, tenant) => {
    await writePending(sql, tenant);
    await sql`
      insert into app.exception_case (tenant_id, id, kind, status, dedupe_key, amount_fen, channel_id, payment_id, facts, opened_at, updated_at)
      values (${tenant}, 'cas_1', 'paid_twice', 'open', 'a', 1, 'chn_1', 'pay_1', '{}', now(), now()),
             (${tenant}, 'cas_2', 'unknown_order', 'open', 'b', 1, 'chn_1', null, '{}', now(), now())`;
  });

  const told = await reader`
    select c.tenant_id as tenant, c.id, c.payment_created_at as at from app.exception_case c where c.tenant_id = any(${TENANTS}) order by 1, 2`;
  const at = new Date("2026-01-02T03:04:05.678Z");
  expect(told).toEqual(
    TENANTS.flatMap((tenant) => [
      { tenant, id: "cas_1", at },
      { tenant, id: "cas_2", at: null },
    ]),
  );
  expect(await owner`select 1 from app.exception_case`).toHaveLength(0);
  await end();
});

it("0009 tells each payment how it was paid, or tried last, and how often, for every tenant", async () => {
  const { owner, reader, end } = await migrated("0009_attempts_told_by_their_payment", async (sql, tenant) => {
    await writeAttempts(sql, tenant);
    await sql`
      insert into app.channel (tenant_id, id, provider, name, environment, app_id, seller_id, base_url, key_mode, status, created_at, updated_at, created_by, updated_by)
      values (${tenant}, 'chn_2', 'wechat', 'W', 'sandbox', 'a', 's', 'http://127.0.0.1', 'wechat', 'enabled', now(), now(), 'test', 'test')`;
    const later = (id: string, payment: string) => sql`
      insert into app.transaction (tenant_id, id, payment_id, payment_created_at, channel_id, provider, method, out_trade_no, app_id, seller_id, amount_fen, status, created_by, created_at, updated_at)
      values (${tenant}, ${id}, ${payment}, now(), 'chn_2', 'wechat', 'wechat_h5', ${id}, 'a', 's', 1, 'closed', 'test', now() + interval '1 hour', now())`;
    await later("txn_0", "pay_1");
    await later("txn_4", "pay_3");
    await sql`
      insert into app.payment (tenant_id, id, order_no, subject, amount_fen, status, expires_at, created_by, created_at, updated_at)
      values (${tenant}, 'pay_2', 'SO2', 'S', 1, 'pending', now(), 'test', now(), now())`;
  });

  const told = await reader`
    select p.tenant_id as tenant, p.id, p.method, p.environment, p.attempts from app.payment p where p.tenant_id = any(${TENANTS}) order by 1, 2`;
  expect(told).toEqual(
    TENANTS.flatMap((tenant) => [
      { tenant, id: "pay_1", method: "wechat_h5", environment: "sandbox", attempts: 3 },
      { tenant, id: "pay_2", method: null, environment: null, attempts: 0 },
      { tenant, id: "pay_3", method: "alipay_qr", environment: "simulator", attempts: 2 },
    ]),
  );
  for (const table of ["payment", "transaction", "channel"]) expect(await owner`select 1 from app.${owner(table)}`).toHaveLength(0);
  await end();
});

/** One pending payment with two open attempts, and one that was paid. */
async function writeAttempts(sql: postgres.TransactionSql, tenant: string): Promise<void> {
  await writePending(sql, tenant);
  await sql`
    insert into app.transaction (tenant_id, id, payment_id, payment_created_at, channel_id, provider, method, out_trade_no, app_id, seller_id, amount_fen, status, created_by, created_at, updated_at)
    values (${tenant}, 'txn_1', 'pay_1', now(), 'chn_1', 'alipay', 'alipay_qr', 'txn_1', 'a', 's', 1, 'awaiting', 'test', now(), now()),
           (${tenant}, 'txn_2', 'pay_1', now(), 'chn_1', 'alipay', 'alipay_qr', 'txn_2', 'a', 's', 1, 'unknown', 'test', now(), now())`;
  await sql`
    insert into app.payment (tenant_id, id, order_no, subject, amount_fen, status, expires_at, paid_transaction_id, paid_at, created_by, created_at, updated_at)
    values (${tenant}, 'pay_3', 'SO3', 'S', 1, 'paid', now(), 'txn_3', now(), 'test', now(), now())`;
  await sql`
    insert into app.transaction (tenant_id, id, payment_id, payment_created_at, channel_id, provider, method, out_trade_no, app_id, seller_id, amount_fen, received_fen, provider_trade_no, status, created_by, created_at, updated_at)
    values (${tenant}, 'txn_3', 'pay_3', now(), 'chn_1', 'alipay', 'alipay_qr', 'txn_3', 'a', 's', 1, 1, '2026112000', 'succeeded', 'test', now(), now())`;
}

async function writeAttempt(sql: postgres.TransactionSql, tenant: string): Promise<void> {
  await writePending(sql, tenant);
  await sql`
    insert into app.transaction (tenant_id, id, payment_id, channel_id, provider, method, out_trade_no, app_id, seller_id, amount_fen, status, created_by, created_at, updated_at)
    values (${tenant}, 'txn_1', 'pay_1', 'chn_1', 'alipay', 'alipay_qr', 'txn_1', 'a', 's', 1, 'awaiting', 'test', now(), now())`;
}

async function writePending(sql: postgres.TransactionSql, tenant: string): Promise<void> {
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
}
