import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import type { Ctx } from "~/server/context";
import { event } from "~/server/db/schema";
import { emit } from "~/server/services/event";
import { eventually } from "~tests/support/processes";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";

const { database, sys } = await systemForFile();
let ctx: Ctx;
let neighbour: Ctx;

beforeEach(async () => {
  [ctx, neighbour] = [await newTenant(sys), await newTenant(sys)];
  await ctx.transaction((tx) => emit(tx, ctx, { type: "test.ask", subject: "ours" }));
});

const subjects = sql`select subject from ${event}`;

describe("a question", () => {
  it("sees the tenant's rows without naming it, and a neighbour none of them", async () => {
    expect(await ctx.ask(subjects)).toEqual([{ subject: "ours" }]);
    expect(await neighbour.ask(subjects)).toEqual([]);
    expect(await neighbour.ask(sql`${subjects} where tenant_id = ${ctx.tenantId}`)).toEqual([]);
  });

  it("leaves nothing of its tenant on the connection", async () => {
    await ctx.ask(subjects);
    await expect(ctx.ask(sql`select 1 / 0`)).rejects.toThrow("division by zero");

    const left = await Promise.all(
      Array.from(
        { length: 16 },
        () =>
          sys.db
            .sql`select current_setting('app.tenant_id', true) as tenant, current_setting('transaction_read_only') as "readOnly", (select count(*) from app.event) as seen`,
      ),
    );

    for (const [row] of left) expect(row).toMatchObject({ readOnly: "off", seen: 0n });
    expect(left.some(([row]) => row?.tenant)).toBe(false);
  });

  it("is refused without a tenant", async () => {
    const asked = sys.db.sql`select app.ask('', 'select 1', '{}')`;
    await expect(asked).rejects.toMatchObject({ code: "22023" });
    await expect(sys.db.sql`select app.ask(null, 'select 1', '{}')`).rejects.toMatchObject({ code: "22023" });
  });

  it("takes what people type as a value, whatever it looks like", async () => {
    const typed = ["'", '"', "\\", "{a,b}", "$1", "null", "NULL", "", " ", "'); drop table app.payment --", "视觉\u{1f680}", '\\"', ","];

    const [row] = await ctx.ask<Record<string, string>>(
      sql`select ${sql.join(
        typed.map((text, n) => sql`${text} as ${sql.identifier(String(n))}`),
        sql`, `,
      )}, ${null}::text is null as nothing`,
    );

    expect(row).toEqual({ ...Object.fromEntries(typed.map((text, n) => [String(n), text])), nothing: true });
  });
});

describe("a statement that writes is refused", () => {
  it.each([
    ["as the question", sql`insert into ${event} select * from ${event} returning id`, /syntax error/],
    ["inside it", sql`with gone as (delete from app.outbox returning id) select * from gone`, /data-modifying statement/],
    [
      "in a function",
      sql`select app.receive_refused(${"t"}, '{}', '[{"id":"job_1","job":"x","subject":"y"}]', now())::text`,
      /read-only transaction/,
    ],
    ["after it asked for the right to", sql`select set_config('transaction_read_only', 'off', true)`, /read-write mode/],
  ])("%s", async (_where, statement, message) => {
    await expect(ctx.ask(statement)).rejects.toThrow(message);
  });
});

it("ERR-04 a question whose connection is lost ends in an error, and the next one is answered", async () => {
  await ctx.ask(subjects);
  const lost = ctx.ask(sql`select pg_sleep(4)`).then(
    () => null,
    (error: unknown) => error,
  );
  const running = sql`select 1 as one from pg_stat_activity where query like ${"select app.ask%"} and wait_event = ${"PgSleep"}`;
  await eventually("the question is under way", async () => (await neighbour.ask(running)).length > 0);

  await database.dropConnections();

  expect(await lost).toBeInstanceOf(Error);
  await eventually("questions are answered again", () =>
    ctx.ask(subjects).then(
      (rows) => rows.length === 1,
      () => false,
    ),
  );
  expect(await Promise.all(Array.from({ length: 16 }, () => ctx.ask(subjects)))).toHaveLength(16);
});
