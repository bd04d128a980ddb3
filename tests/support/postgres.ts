import postgres from "postgres";
import { inject } from "vitest";
import { randomBase32 } from "~/lib/id";

export type TestDatabase = {
  /** Owns the schema: for what only migrations may do. */
  ownerUrl: string;
  /** The application's role, behind the walls. */
  appUrl: string;
  /** Reads every tenant's rows, writes none. */
  readerUrl: string;
  /** Ends every connection to it in the middle of whatever it does, as a restarting server does. */
  dropConnections(): Promise<void>;
  drop(): Promise<void>;
};

/** A migrated, empty database of one's own, copied from the run's template. For one file: `afterAll(() => database.drop())`. */
export const createTestDatabase = (): Promise<TestDatabase> => createCopy("xjz");

/** One that no migration has seen. */
export const createBareDatabase = (): Promise<TestDatabase> => createCopy("template0");

async function createCopy(template: string): Promise<TestDatabase> {
  const server = inject("testServer");
  const name = `test_${randomBase32(12)}`;
  await asSuperuser((sql) => sql`create database ${sql(name)} template ${sql(template)} owner app_owner`);
  return {
    ownerUrl: withDatabase(server.owner, name),
    appUrl: withDatabase(server.app, name),
    readerUrl: withDatabase(server.reader, name),
    dropConnections: () => asSuperuser((sql) => sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`),
    drop: () => asSuperuser((sql) => sql`drop database ${sql(name)} with (force)`),
  };
}

async function asSuperuser(work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(inject("testServer").superuser, { max: 1, onnotice: () => {} });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
