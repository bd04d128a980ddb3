import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "~tests/support/postgres";
import { eventually } from "~tests/support/processes";
import { type Database, openDatabase } from "./client";

let database: TestDatabase;
let db: Database;
let owner: postgres.Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  await owner`create table app.one (id text primary key)`;
  await owner`create table app.two (id text primary key)`;
  await owner`grant select, insert on app.one, app.two to app_user`;
  db = openDatabase(database.appUrl);
});
afterAll(async () => {
  await db.close();
  await owner.end();
  await database.drop();
});

const LANES = 12;
const ROUNDS = 12;

it("ERR-04 connections that die in the middle of transactions tear none of them apart, and the pool heals", async () => {
  let stop = false;
  let done = 0;
  const lane = async (name: number) => {
    for (let index = 0; !stop; index += 1) {
      const id = `${name}-${index}`;
      try {
        await db.orm.transaction(async (tx) => {
          await tx.execute(sql`insert into app.one values (${id})`);
          // Waits for something else, as loading a key does: nothing of this transaction is under way then.
          await new Promise((resolve) => setImmediate(resolve));
          await tx.transaction((savepoint) => savepoint.execute(sql`insert into app.two values (${id})`));
        });
        done += 1;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  };
  const single = async () => {
    while (!stop) await db.sql`select 1`.catch(() => new Promise((resolve) => setTimeout(resolve, 5)));
  };
  const lanes = [...Array.from({ length: LANES }, (_, name) => lane(name)), ...Array.from({ length: LANES }, single)];

  for (let round = 0; round < ROUNDS; round += 1) {
    const before = done;
    await eventually("work goes on", () => done > before + 20);
    await database.dropConnections();
  }
  await eventually("work goes on", () => db.sql`select 1`.then(() => true).catch(() => false));
  stop = true;
  await Promise.all(lanes);

  const one = await owner`select id from app.one order by id`.catch(() => owner`select id from app.one order by id`);
  const two = await owner`select id from app.two order by id`;
  expect(two.map(({ id }) => id)).toEqual(one.map(({ id }) => id));
  // Every place of the pool answers at once: none waits for a connection that never comes.
  const answers = await Promise.all(Array.from({ length: 24 }, () => db.sql`select 1 as one`));
  expect(answers).toHaveLength(24);
});
