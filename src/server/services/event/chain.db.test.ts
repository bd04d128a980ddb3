import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ctx } from "~/server/context";
import { outbox } from "~/server/db/schema";
import { waitForHorizon } from "~tests/support/horizon";
import { newTenant, openTestSystem } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { emit, sealEvents, verifyChain } from ".";

const { database, sys } = await systemForFile();
let owner: postgres.Sql;
beforeAll(async () => {
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
});

/** Events of one tenant, sealed in two batches: two heads stand outside the database. */
async function sealedChain(): Promise<Ctx> {
  const ctx = await newTenant(sys);
  for (const half of [0, 1]) {
    for (const index of [0, 1, 2]) {
      await ctx.transaction((tx) =>
        emit(tx, ctx, { type: "payment.settle", subject: `pay_${half}${index}`, details: { amountFen: "100", b: [1, { a: null }] } }),
      );
    }
    await waitForHorizon(ctx);
    await sealEvents(ctx, ctx.tenantId);
  }
  expect(await verifyChain(ctx)).toMatchObject({ ok: true, length: 6, pending: 0, headsCompared: 2, firstBad: null });
  return ctx;
}

/** What somebody with the owner's password can do: walls do not stop them, they only have to name the tenant. */
async function tamper(ctx: Ctx, change: (sql: postgres.TransactionSql) => Promise<unknown>): Promise<void> {
  await owner.begin(async (sql) => {
    await sql`select set_config('app.tenant_id', ${ctx.tenantId}, true)`;
    await change(sql);
  });
}

describe("AUD-02 the event log", () => {
  it("AUD-02 cannot be changed by the application", async () => {
    const ctx = await sealedChain();
    const attempts = [
      "update app.event set subject = 'x'",
      "delete from app.event",
      "truncate app.event",
      "update app.event_seal set seq = 9",
      "delete from app.event_seal",
    ];

    for (const statement of attempts) {
      await expect(ctx.transaction((tx) => tx.execute(statement))).rejects.toMatchObject({ cause: { code: "42501" } });
    }
  });

  it("AUD-02 an edited event is found", async () => {
    const ctx = await sealedChain();

    await tamper(ctx, (sql) => sql`update app.event set details = '{"amountFen":"1"}' where subject = 'pay_02'`);

    expect((await verifyChain(ctx)).firstBad).toMatchObject({ seq: "3", fault: "edited" });
  });

  it("AUD-02 a deleted event is found, and so is a deleted link", async () => {
    const [event, link] = [await sealedChain(), await sealedChain()];

    await tamper(event, (sql) => sql`delete from app.event where subject = 'pay_01'`);
    await tamper(link, (sql) => sql`delete from app.event_seal where seq = 2`);

    expect((await verifyChain(event)).firstBad).toMatchObject({ seq: "2", fault: "missing_event" });
    expect((await verifyChain(link)).firstBad).toMatchObject({ seq: "2", fault: "missing_link" });
  });

  it("AUD-02 two events in each other's place are found", async () => {
    const ctx = await sealedChain();

    await tamper(ctx, async (sql) => {
      const [a, b] = await sql`delete from app.event_seal where seq in (2, 3) returning *`;
      if (!a || !b) throw new Error("two links");
      for (const [seq, link] of [
        [a.seq, b],
        [b.seq, a],
      ]) {
        await sql`insert into app.event_seal (tenant_id, seq, event_id, txid, no, hash) values (${link.tenant_id}, ${seq}, ${link.event_id}, ${link.txid}, ${link.no}, ${link.hash})`;
      }
    });

    expect((await verifyChain(ctx)).firstBad).toMatchObject({ seq: "2", fault: "edited" });
  });

  it("AUD-02 an event slipped in where the chain has passed is found", async () => {
    const ctx = await sealedChain();

    await tamper(
      ctx,
      (sql) => sql`insert into app.event (tenant_id, id, txid, type, subject, actor_kind, actor_id, at, details)
        select tenant_id, 'evt_00000000000000000000000000', txid, type, 'pay_forged', actor_kind, actor_id, at, details
          from app.event where subject = 'pay_00'`,
    );

    expect((await verifyChain(ctx)).firstBad).toMatchObject({ eventId: "evt_00000000000000000000000000", fault: "inserted" });
  });

  it("AUD-02 a tail cut off with its links is found by the head outside", async () => {
    const ctx = await sealedChain();

    await tamper(ctx, async (sql) => {
      await sql`delete from app.event_seal where seq > 4`;
      await sql`delete from app.event where subject in ('pay_11', 'pay_12')`;
    });

    expect((await verifyChain(ctx)).firstBad).toMatchObject({ seq: "6", fault: "cut" });
  });

  it("AUD-02 a chain that was built again over changed events is found by the heads outside", async () => {
    const ctx = await sealedChain();

    await tamper(ctx, async (sql) => {
      await sql`delete from app.event_seal`;
      await sql`update app.event set details = '{"amountFen":"1"}' where subject = 'pay_00'`;
    });
    // The forger's own sealer, which does not tell the file outside.
    const away = await openTestSystem(database.appUrl);
    await sealEvents({ ...ctx, sys: { ...ctx.sys, config: away.config } }, ctx.tenantId);
    await away.close();

    expect((await verifyChain(ctx)).firstBad).toMatchObject({ seq: "3", fault: "rebuilt" });
  });

  it("AUD-02 chains of two tenants know nothing of each other", async () => {
    const [mine, theirs] = [await sealedChain(), await sealedChain()];

    await tamper(theirs, (sql) => sql`delete from app.event where subject = 'pay_01'`);

    expect((await verifyChain(mine)).ok).toBe(true);
  });
});

describe("sealing", () => {
  it("waits for a transaction that is still running, so that no event can appear behind the chain", async () => {
    const ctx = await newTenant(sys);
    let commit = () => {};
    const held = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let written = () => {};
    const began = new Promise<void>((resolve) => {
      written = resolve;
    });
    const slow = ctx.transaction(async (tx) => {
      await emit(tx, ctx, { type: "payment.create", subject: "slow" });
      written();
      await held;
    });
    await began;
    // Another job's row would wait for the slow one's: the event alone is written beside it.
    await ctx.transaction((tx) =>
      tx.execute(`insert into app.event (tenant_id, id, type, subject, actor_kind, actor_id, at, details)
      values ('${ctx.tenantId}', 'evt_fast', 'payment.create', 'fast', 'cli', 'cli', now(), '{}')`),
    );

    const again = await sealEvents(ctx, ctx.tenantId);
    expect(again).toBeInstanceOf(Date);
    expect(await verifyChain(ctx)).toMatchObject({ ok: true, length: 0, pending: 1 });

    commit();
    await slow;
    await waitForHorizon(ctx);
    expect(await sealEvents(ctx, ctx.tenantId)).toBeNull();
    expect(await verifyChain(ctx)).toMatchObject({ ok: true, length: 2, pending: 0 });
  });

  it("two sealers at once make one chain", async () => {
    const ctx = await newTenant(sys);
    await ctx.transaction((tx) =>
      emit(tx, ctx, ...Array.from({ length: 50 }, (_, index) => ({ type: "payment.create", subject: `pay_${index}` }))),
    );

    await Promise.all(Array.from({ length: 4 }, () => sealEvents(ctx, ctx.tenantId)));
    while (await sealEvents(ctx, ctx.tenantId));

    expect(await verifyChain(ctx)).toMatchObject({ ok: true, length: 50, pending: 0 });
  });

  it("every event asks for the sealer", async () => {
    const ctx = await newTenant(sys);

    await ctx.transaction((tx) => emit(tx, ctx, { type: "payment.create", subject: "pay_1" }));

    const rows = await sys.db.orm.select().from(outbox);
    expect(rows.filter((row) => row.tenantId === ctx.tenantId).map((row) => row.job)).toEqual(["seal-events"]);
  });
});
