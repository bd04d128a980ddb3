import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runMigrations as migrateQueue } from "bullmq";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as migrateSchema } from "drizzle-orm/postgres-js/migrator";
import pg from "pg";
import postgres from "postgres";
import { raiseWalls } from "./db/walls";
import { describeMigrationFailure, MigrationStepError } from "./migrate-failure";
import { OUTBOX_QUEUE } from "./outbox/jobs";

export type MigrateOptions = {
  /** Connection of the role that owns the schema. */
  ownerUrl: string;
  /** Connection of the application's role, which must exist and own nothing. */
  appUrl: string;
  migrationsFolder: string;
};

/** Any two starts at once wait for each other on this number. */
const MIGRATION_LOCK = 7_201_626;

/** Brings the schema, BullMQ's schema, the walls and the grants to what this version needs. Safe to run at any time, and twice at once. */
export async function migrate({ ownerUrl, appUrl, migrationsFolder }: MigrateOptions): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  const appRole = decodeURIComponent(new URL(appUrl).username);
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await sql`create schema if not exists app`;
    await migrateSchema(drizzle(sql, { casing: "snake_case" }), { migrationsFolder });
    await step("the statistics", () => expectFewTenants(sql));
    await step("the functions", () => createFunctions(sql, path.join(migrationsFolder, "..", "src", "server", "db", "functions")));
    await step("the walls", () => raiseWalls(sql, appRole));
    await step("the queue", () => prepareQueue(sql, ownerUrl, appRole));
    await step("the grants", async () => {
      // The application looks up, at its start, whether the schema is the one it expects.
      await sql`grant usage on schema drizzle to ${sql(appRole)}`;
      await sql`grant select on drizzle.__drizzle_migrations to ${sql(appRole)}`;
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Names what failed, since the statement alone would not. */
async function step(what: string, work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    throw new MigrationStepError(what, error);
  });
}

/**
 * Of a table that it has not looked at yet, PostgreSQL believes that each tenant has one row, so that any index that begins with
 * the tenant seems as good as the key. Plans made then are kept, also by foreign keys, and read all rows of a tenant for each one
 * that they seek, until the first ANALYZE. So a new table is said to belong to one tenant. Versions before 18 cannot be told.
 */
async function expectFewTenants(sql: postgres.Sql): Promise<void> {
  const [server] = await sql<{ version: number }[]>`select current_setting('server_version_num')::int as version`;
  if (!server || server.version < 180_000) return;
  await sql`
    select pg_restore_attribute_stats('schemaname', 'app', 'relname', c.relname::text, 'attname', a.attname::text, 'inherited', false,
                                      'version', ${server.version}::int, 'null_frac', 0::real, 'avg_width', 31, 'n_distinct', 1::real)
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' and c.reltuples < 0 and a.attname = 'tenant_id' and not a.attisdropped`;
}

/** Functions for hot paths: each file says `create or replace`, so the newest text always stands. */
async function createFunctions(sql: postgres.Sql, folder: string): Promise<void> {
  for (const file of readdirSync(folder).sort()) {
    if (file.endsWith(".sql")) await sql.unsafe(readFileSync(path.join(folder, file), "utf8"));
  }
}

/** BullMQ keeps its tables in a schema of its own; the application works in it but owns none of it. */
async function prepareQueue(sql: postgres.Sql, ownerUrl: string, appRole: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await migrateQueue(client, "bullmq");
  } finally {
    await client.end();
  }
  const role = sql(appRole);
  // BullMQ makes a queue's number sequence on first use, which takes the right to create: so it is made here.
  const [sequence] = await sql<{ name: string }[]>`select bullmq.job_id_seq_name(${OUTBOX_QUEUE}) as name`;
  await sql`create sequence if not exists ${sql(`bullmq.${sequence?.name}`)}`;
  await sql`grant usage on schema bullmq to ${role}`;
  await sql`grant select, insert, update, delete on all tables in schema bullmq to ${role}`;
  await sql`grant usage, select, update on all sequences in schema bullmq to ${role}`;
  await sql`grant execute on all functions in schema bullmq to ${role}`;
}

const isMain = process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href;
if (isMain) {
  const ownerUrl = process.env.MIGRATE_DATABASE_URL ?? process.env.DATABASE_URL;
  const appUrl = process.env.DATABASE_URL;
  if (!ownerUrl || !appUrl) {
    console.error("DATABASE_URL is not set: give the application's connection, and MIGRATE_DATABASE_URL for the role that owns the schema");
    process.exit(2);
  }
  const migrationsFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "drizzle");
  migrate({ ownerUrl, appUrl, migrationsFolder }).then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(`migration failed: ${describeMigrationFailure(error, migrationsFolder)}`);
      process.exit(1);
    },
  );
}
