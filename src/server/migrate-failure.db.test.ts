import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Built, buildProgram } from "~tests/support/built";
import { findFreePort } from "~tests/support/ports";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { startNode } from "~tests/support/processes";
import { makeTemporaryFolder } from "~tests/support/temporary-folder";
import { migrate } from "./migrate";
import { describeMigrationFailure } from "./migrate-failure";

/** What a person reads when `npm run migrate` fails. */

let database: TestDatabase;
let program: Built;
const folder = makeTemporaryFolder("migration-failure");
const migrationsFolder = path.join(folder.path, "drizzle");
beforeAll(async () => {
  [database, program] = await Promise.all([createTestDatabase(), buildProgram("src/server/migrate.ts")]);
  withMigration("9999_broken", [
    "select 1 as fine;",
    `create table app.broken (a int);\n${"-- long ago\n".repeat(500)}`,
    "select nothing_like_it();",
  ]);
});
afterAll(async () => {
  program?.remove();
  await database?.drop();
  folder.remove();
});

/** The committed migrations with one more behind them. */
function withMigration(tag: string, statements: string[]): void {
  cpSync(path.resolve("drizzle"), migrationsFolder, { recursive: true });
  const journalFile = path.join(migrationsFolder, "meta", "_journal.json");
  const journal = JSON.parse(readFileSync(journalFile, "utf8"));
  const last = journal.entries.at(-1);
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag });
  writeFileSync(journalFile, JSON.stringify(journal));
  writeFileSync(path.join(migrationsFolder, `${tag}.sql`), statements.join("\n--> statement-breakpoint\n"));
  mkdirSync(path.join(folder.path, "src", "server", "db"), { recursive: true });
  symlinkSync(path.resolve("src/server/db/functions"), path.join(folder.path, "src", "server", "db", "functions"));
}

const complaint = (folderOfMigrations: string, urls: { ownerUrl: string; appUrl: string }) =>
  migrate({ ...urls, migrationsFolder: folderOfMigrations }).then(
    () => "it went well",
    (error: unknown) => describeMigrationFailure(error, folderOfMigrations),
  );

it("names the migration, the statement and PostgreSQL's reason in one line, and applies nothing", async () => {
  expect(await complaint(migrationsFolder, database)).toBe(
    '9999_broken at "select nothing_like_it();": function nothing_like_it() does not exist (42883). ' +
      "No migration of this run was applied: mend that, then run npm run migrate again",
  );

  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  const [table] = await owner`select to_regclass('app.broken') is null as absent`;
  await owner.end();
  expect(table?.absent).toBe(true);
});

it("names the step behind the migrations that failed", async () => {
  const committed = path.resolve("drizzle");
  const nobody = new URL(database.appUrl);
  nobody.username = "no_such_role";

  expect(await complaint(committed, { ownerUrl: database.ownerUrl, appUrl: nobody.href })).toMatch(
    /^the walls: role "no_such_role" does not exist \(42704\)\. The migrations are applied, this step is not: [^\n]*$/,
  );
});

it("says which role may migrate, and which address is wrong", async () => {
  const wrongPassword = new URL(database.ownerUrl);
  wrongPassword.password = "wrong";
  const nowhere = new URL(database.ownerUrl);
  nowhere.port = String(await findFreePort());

  expect(await complaint(migrationsFolder, { ownerUrl: database.appUrl, appUrl: database.appUrl })).toContain(
    "give MIGRATE_DATABASE_URL the role that owns the schema",
  );
  expect(await complaint(migrationsFolder, { ownerUrl: wrongPassword.href, appUrl: database.appUrl })).toMatch(
    /^the database refuses the connection: password authentication failed [^\n]*\(28P01\): correct MIGRATE_DATABASE_URL/,
  );
  expect(await complaint(migrationsFolder, { ownerUrl: nowhere.href, appUrl: database.appUrl })).toMatch(
    /^the database does not answer \(ECONNREFUSED\): start it or correct MIGRATE_DATABASE_URL, [^\n]*$/,
  );
});

it("ERR-04 the program says it in one line and ends with 1", async () => {
  const url = new URL(database.ownerUrl);
  url.port = String(await findFreePort());
  const started = startNode([program.file], {
    env: { PATH: process.env.PATH, NODE_ENV: "production", DATABASE_URL: database.appUrl, MIGRATE_DATABASE_URL: url.href },
  });

  expect(await started.ended).toBe(1);
  expect(started.output().trim()).toMatch(/^migration failed: the database does not answer \(ECONNREFUSED\)[^\n]*$/);
});
