import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "./postgres";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Sends each query on one connection and answers the last one's rows. */
async function asked(url: string, ...queries: string[]) {
  const sql = postgres(url, { max: 1 });
  try {
    let rows: postgres.Row[] = [];
    for (const query of queries) rows = await sql.unsafe(query);
    return rows;
  } finally {
    await sql.end();
  }
}

it("gives each file a migrated database of its own", async () => {
  const other = await createTestDatabase();

  const schemas = await asked(database.readerUrl, "select nspname from pg_namespace where nspname in ('app', 'bullmq') order by 1");

  expect(schemas.map((row) => row.nspname)).toEqual(["app", "bullmq"]);
  expect(new URL(other.appUrl).pathname).not.toBe(new URL(database.appUrl).pathname);
  await other.drop();
});

it("TEN-03 gives the application a role that owns nothing and cannot pass row security", async () => {
  const [role] = await asked(
    database.appUrl,
    "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user",
  );
  const [owned] = await asked(
    database.appUrl,
    "select count(*)::int as tables from pg_class where pg_get_userbyid(relowner) = current_user",
  );

  expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false });
  expect(owned).toEqual({ tables: 0 });
});

it("gives readers a role that cannot write, whatever it asks for", async () => {
  await expect(asked(database.readerUrl, "create table public.mine (id int)")).rejects.toMatchObject({ code: "25006" });
  await expect(
    asked(database.readerUrl, "set default_transaction_read_only = off", "create table public.mine (id int)"),
  ).rejects.toMatchObject({ code: "42501" });
});
