import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { event, notification } from "~/server/db/schema";
import type { RawNotification } from "~/server/providers/port";
import { prepareAttempt } from "~/server/services/payment";
import { booksOf, expectSound, messagesOf } from "~tests/support/books";
import { alipayLetter, ask, type Letterbox, openLetterbox, tradeNoOf, wechatLetter } from "~tests/support/letters";
import { createTestDatabase } from "~tests/support/postgres";
import { ROWS_READ } from "~tests/support/rows-read";
import { order } from "~tests/support/sales";
import { openTestSystem } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { receive } from ".";

const { database, sys } = await systemForFile();
let owner: postgres.Sql;
beforeAll(async () => {
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner?.end();
});

type Letter = { channelId: Id<"channel">; raw: RawNotification };
type Due = { paymentId: Id<"payment">; outTradeNo: string; letter: Letter };

/** An open payment and the news that it was paid. */
async function due(box: Letterbox, provider: "alipay" | "wechat" = "alipay"): Promise<Due> {
  const { owed, attempt } = await ask(box.ctx, provider === "alipay" ? "alipay_qr" : "wechat_native");
  const said = { outTradeNo: attempt.outTradeNo, amountFen: 8_800n };
  const raw = provider === "alipay" ? alipayLetter(said, sys.now()) : wechatLetter(said, sys.now());
  return { paymentId: owed.id, outTradeNo: attempt.outTradeNo, letter: { channelId: box[provider], raw } };
}

const dueMany = async (box: Letterbox, count: number) => {
  const all: Due[] = [];
  for (let n = 0; n < count; n += 1) all.push(await due(box, n % 2 === 0 ? "alipay" : "wechat"));
  return all;
};

/** All at once, as from many connections. An answer is `outcome` and whether the provider may forget it; what throws is "failed". */
const deliver = (letters: readonly Letter[]): Promise<string[]> =>
  Promise.all(
    letters.map(({ channelId, raw }) =>
      receive(sys, channelId, raw, "r").then(
        ({ outcome, ok }) => `${outcome} ${ok}`,
        () => "failed",
      ),
    ),
  );

/** The transactions that wrote a tenant's events of being paid. */
async function callsOf(ctx: Ctx): Promise<string[]> {
  const rows = await ctx.read((tx) => tx.select({ type: event.type, txid: event.txid }).from(event));
  return [...new Set(rows.filter(({ type }) => type === "payment.settle").map(({ txid }) => txid))];
}

describe("messages that come together", () => {
  it("share calls, and each is answered for itself", async () => {
    const box = await openLetterbox(sys);
    const paid = await dueMany(box, 20);

    const said = await deliver(paid.map(({ letter }) => letter));

    expect(said).toEqual(paid.map(() => "settled true"));
    expect((await callsOf(box.ctx)).length).toBeLessThan(10);
    for (const { paymentId } of paid)
      expect(await booksOf(box.ctx, paymentId)).toMatchObject({ status: "paid", clearing: 8_800n, orders: -8_800n, cases: [] });
    await expectSound(box.ctx);
  });

  it("CB-09 copies that wait together are one message: written once, counted, and answered as the first was", async () => {
    const box = await openLetterbox(sys);
    const [news, other, ...earlier] = await dueMany(box, 4);
    if (!news || !other) throw new Error("nothing is due");
    // Both channels are known from now on, so that nobody has to wait for theirs.
    await deliver(earlier.map(({ letter }) => letter));
    const before = await callsOf(box.ctx);
    const copy = news.letter;

    const first = await deliver([copy, copy, other.letter, copy]);
    const again = await deliver([copy, copy]);

    expect(first).toEqual(["settled true", "duplicate true", "settled true", "duplicate true"]);
    expect(again).toEqual(["duplicate true", "duplicate true"]);
    const kept = await box.ctx.read((tx) =>
      tx.select({ number: notification.outTradeNo, copies: notification.copies, last: notification.lastCopyAt }).from(notification),
    );
    expect(kept).toHaveLength(4);
    expect(kept).toEqual(
      expect.arrayContaining([
        { number: news.outTradeNo, copies: 5, last: expect.any(Date) },
        { number: other.outTradeNo, copies: 1, last: null },
      ]),
    );
    expect(await callsOf(box.ctx)).toHaveLength(before.length + 1);
    await expectSound(box.ctx);
  });

  it("copies that wait together and do not fit are each answered by the general path", async () => {
    const box = await openLetterbox(sys);
    const owed = await ask(box.ctx, "alipay_qr");
    const wrong = { channelId: box.alipay, raw: alipayLetter({ outTradeNo: owed.attempt.outTradeNo, amountFen: 8_799n }, sys.now()) };

    // Whichever of them comes first.
    expect((await deliver([wrong, wrong, wrong])).sort()).toEqual(["duplicate false", "duplicate false", "misfit false"]);
    expect(await messagesOf(box.ctx)).toHaveLength(1);
  });

  it("more than fit into one call are all answered", async () => {
    const box = await openLetterbox(sys);
    const paid = await dueMany(box, 70);

    expect(await deliver(paid.map(({ letter }) => letter))).toEqual(paid.map(() => "settled true"));
    expect((await messagesOf(box.ctx)).map(({ state }) => state)).toEqual(paid.map(() => "applied"));
    await expectSound(box.ctx);
  });

  it("CB-09 in whatever order: copies, two attempts of one payment, wrong sums and strangers among good ones", async () => {
    const box = await openLetterbox(sys);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), async (places) => {
        const [good, other, wrong] = [await due(box), await due(box, "wechat"), await ask(box.ctx, "alipay_qr")];
        const twice = await order(box.ctx, { amountFen: 8_800n });
        const byAlipay = await prepareAttempt(box.ctx, { paymentId: twice.id, method: "alipay_qr" });
        const byWechat = await prepareAttempt(box.ctx, { paymentId: twice.id, method: "wechat_native" });
        const alipay = (outTradeNo: string, amountFen = 8_800n) => ({
          channelId: box.alipay,
          raw: alipayLetter({ outTradeNo, amountFen }, sys.now()),
        });
        const letters = [
          good.letter,
          alipay(good.outTradeNo),
          alipay(good.outTradeNo),
          other.letter,
          alipay(wrong.attempt.outTradeNo, 8_799n),
          alipay(`txn_${good.outTradeNo.slice(4, 20)}`),
          alipay(byAlipay.attempt.outTradeNo),
          { channelId: box.wechat, raw: wechatLetter({ outTradeNo: byWechat.attempt.outTradeNo, amountFen: 8_800n }, sys.now()) },
        ];

        const answers = await deliver(places.map((place) => letters[place] as Letter));

        const of = (...wanted: number[]) => wanted.map((place) => answers[places.indexOf(place)]).sort();
        expect(of(0, 1, 2)).toEqual(["duplicate true", "duplicate true", "settled true"]);
        expect(of(3)).toEqual(["settled true"]);
        expect(of(4, 5)).toEqual(["misfit false", "misfit false"]);
        expect(of(6, 7)).toEqual(["settled true", "settled true"]);
        expect(await booksOf(box.ctx, good.paymentId)).toMatchObject({ status: "paid", clearing: 8_800n, orders: -8_800n, cases: [] });
        expect(await booksOf(box.ctx, twice.id)).toMatchObject({ clearing: 17_600n, orders: -8_800n, atRisk: -8_800n });
        expect(await booksOf(box.ctx, wrong.owed.id)).toMatchObject({ status: "pending", clearing: 0n });
      }),
      { numRuns: 6 },
    );
    await expectSound(box.ctx);
  });

  it("more tenants at once than there are lines are all answered, and the lines are given back", async () => {
    const boxes = [];
    for (let n = 0; n < 6; n += 1) boxes.push(await openLetterbox(sys));
    const paid = (await Promise.all(boxes.map((box) => dueMany(box, 12)))).flat();

    expect(await deliver(paid.map(({ letter }) => letter))).toEqual(paid.map(() => "settled true"));

    for (const { ctx } of boxes) await expectSound(ctx);
    const lines = Array.from({ length: 4 }, () => sys.db.takeLine());
    expect(lines.map((line) => line !== null)).toEqual([true, true, true, false]);
    for (const line of lines) line?.free();
  });

  it("ERR-01 a line whose connection is cut fails what was under way, and serves again", async () => {
    const box = await openLetterbox(sys);
    const [held, other, later] = await dueMany(box, 3);
    if (!held || !other || !later) throw new Error("nothing is due");
    await deliver([later.letter]);
    const again = await due(box);
    const ours = postgres(database.appUrl, { max: 1, onnotice: () => {} });
    // Somebody holds the payment, so that the call waits while its connection is cut.
    const cut = owner.begin(async (sql) => {
      await sql`select set_config('app.tenant_id', ${box.ctx.tenantId}, true)`;
      await sql`select 1 from app.payment where id = ${held.paymentId} for update`;
      const said = deliver([held.letter]);
      let ended: { n: number }[] = [];
      for (let tries = 0; tries < 100 && ended.length === 0; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        ended = await ours<{ n: number }[]>`
          select pg_terminate_backend(pid)::int as n from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like '%receive_paid%'`;
      }
      expect(ended).toHaveLength(1);
      return said;
    });

    expect(await cut).toEqual(["failed"]);
    expect(await deliver([held.letter, other.letter, again.letter])).toEqual(["settled true", "settled true", "settled true"]);
    await ours.end();
    await expectSound(box.ctx);
  });

  it("one that the database refuses does not spoil the others", async () => {
    const box = await openLetterbox(sys);
    const [first, ...others] = await dueMany(box, 6);
    const [holder] = await deliver([first?.letter as Letter]);
    const late = await ask(box.ctx, "alipay_qr");
    // Its number at the provider stands on another attempt already.
    const taken = alipayLetter(
      { outTradeNo: late.attempt.outTradeNo, amountFen: 8_800n, tradeNo: tradeNoOf(first?.outTradeNo ?? "") },
      sys.now(),
    );

    const said = await deliver([{ channelId: box.alipay, raw: taken }, ...others.map(({ letter }) => letter)]);

    expect(holder).toBe("settled true");
    expect(said.slice(1)).toEqual(others.map(() => "settled true"));
    expect(said[0]).not.toBe("settled true");
    expect(await booksOf(box.ctx, late.owed.id)).toMatchObject({ status: "pending", clearing: 0n });
    await expectSound(box.ctx);
  });

  it("CB-08 are all unanswered when the database goes away in the middle, and settle when they come again", async () => {
    const box = await openLetterbox(sys);
    const paid = await dueMany(box, 5);
    const letters = paid.map(({ letter }) => letter);
    await owner.unsafe(`
      create function app.go_away() returns trigger language plpgsql as 'begin perform pg_terminate_backend(pg_backend_pid()); return new; end';
      create trigger go_away before insert on app.notification for each row execute function app.go_away()`);

    const lost = await deliver(letters);
    await owner.unsafe("drop trigger go_away on app.notification; drop function app.go_away()");

    expect(lost).toEqual(paid.map(() => "failed"));
    for (const { paymentId } of paid) expect(await booksOf(box.ctx, paymentId)).toMatchObject({ status: "pending", clearing: 0n });
    expect(await deliver(letters)).toEqual(paid.map(() => "settled true"));
    await expectSound(box.ctx);
  });

  it("TEN-02 of two tenants never share a call", async () => {
    const [mine, theirs] = [await openLetterbox(sys), await openLetterbox(sys)];
    const [ours, others] = [await dueMany(mine, 8), await dueMany(theirs, 8)];

    const said = await deliver(ours.flatMap(({ letter }, index) => [letter, (others[index] as Due).letter]));

    expect(said).toEqual([...ours, ...others].map(() => "settled true"));
    const [left, right] = [await callsOf(mine.ctx), await callsOf(theirs.ctx)];
    expect(left.filter((txid) => right.includes(txid))).toEqual([]);
    await expectSound(mine.ctx);
    await expectSound(theirs.ctx);
  });
});

it("plans made while a tenant is new still find each row by its key when it has many", async () => {
  const { ctx, alipay } = await openLetterbox(sys);
  const app = postgres(database.appUrl, { max: 1, onnotice: () => {} });
  await openAttempts(app, ctx, alipay, ["first"]);
  for (const outTradeNo of ["first", "none1", "none2", "none3", "none4", "none5", "none6"])
    await call(app, ctx, [paidMessage(alipay, outTradeNo)]);

  const numbers = Array.from({ length: 2_000 }, (_, n) => `many${n}`);
  await openAttempts(app, ctx, alipay, numbers);
  const { outcomes, rowsRead } = await app.begin(async (tx) => {
    const before = await rowsReadBy(tx);
    const outcomes = await call(
      tx,
      ctx,
      numbers.slice(0, 10).map((outTradeNo) => paidMessage(alipay, outTradeNo)),
    );
    return { outcomes, rowsRead: (await rowsReadBy(tx)) - before };
  });
  await app.end();

  expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 10 }, () => "settled"));
  expect(rowsRead).toBeGreaterThanOrEqual(20);
  expect(rowsRead).toBeLessThan(200);
});

it("what a callback changes of payments and attempts stands in none of their indexes", async () => {
  // On pages that nobody wrote before: where there is no room for a changed row it moves to another page, and into every index.
  const fresh = await createTestDatabase();
  const empty = await openTestSystem(fresh.appUrl);
  const { ctx, alipay } = await openLetterbox(empty);
  const app = postgres(fresh.appUrl, { max: 1, onnotice: () => {} });
  const numbers = Array.from({ length: 10 }, (_, n) => `hot${n}`);
  await openAttempts(app, ctx, alipay, numbers);
  const changed = await app.begin(async (tx) => {
    const messages = numbers.map((outTradeNo) => paidMessage(alipay, outTradeNo));
    await call(tx, ctx, messages);
    return tx`select relname as name, n_tup_upd::int as rows, n_tup_hot_upd::int as without_index
      from pg_stat_xact_user_tables where schemaname = 'app' and relname in ('payment', 'transaction') order by 1`;
  });
  await app.end();
  await empty.close();
  await fresh.drop();

  expect(changed).toEqual([
    { name: "payment", rows: 10, without_index: 10 },
    { name: "transaction", rows: 10, without_index: 10 },
  ]);
});

type Sql = postgres.Sql | postgres.TransactionSql;

const paidMessage = (channel: string, outTradeNo: string) => ({
  ...{ id: `ntf_${outTradeNo}`, channel, provider: "alipay", message: outTradeNo, out_trade_no: outTradeNo, trade_no: outTradeNo },
  ...{ state: "TRADE_SUCCESS", fen: "8800", app: "app", seller: "seller", paid_at: sys.now(), body: "eA==", body_bytes: 1 },
  ...{ headers: {}, steps: [], source_ip: "127.0.0.1", succeed_event: `evt_a${outTradeNo}`, settle_event: `evt_b${outTradeNo}` },
  job: `job_${outTradeNo}`,
});

async function call(sql: Sql, ctx: Ctx, messages: readonly object[]): Promise<{ outcome: string }[]> {
  const args = [ctx.tenantId, messages, sys.now()] as never[];
  const [row] = await sql.unsafe("select * from app.receive_paid($1, $2, $3)", args, { prepare: true });
  return row?.outcomes;
}

async function rowsReadBy(sql: Sql): Promise<number> {
  const [row] = await sql.unsafe<{ rows: number }[]>(ROWS_READ);
  return row?.rows ?? 0;
}

const openAttempts = (sql: postgres.Sql, { tenantId }: Ctx, channel: string, numbers: readonly string[]) =>
  sql.begin(async (tx) => {
    await tx`select set_config('app.tenant_id', ${tenantId}, true)`;
    await tx`insert into app.payment (tenant_id, id, order_no, subject, amount_fen, status, expires_at, method, environment, attempts, created_by, created_at, updated_at)
      select ${tenantId}, 'pay_' || n, n, 'x', 8800, 'pending', now(), 'alipay_qr', 'simulator', 1, 'test', now(), now() from unnest(${numbers as string[]}::text[]) n`;
    await tx`insert into app.transaction (tenant_id, id, payment_id, payment_created_at, channel_id, provider, method, out_trade_no, app_id, seller_id, amount_fen, status, created_by, created_at, updated_at)
      select ${tenantId}, 'txn_' || n, 'pay_' || n, now(), ${channel}, 'alipay', 'alipay_qr', n, 'app', 'seller', 8800, 'awaiting', 'test', now(), now()
        from unnest(${numbers as string[]}::text[]) n`;
    await tx`insert into app.pending_payment (tenant_id, created_at, payment_id, amount_fen)
      select ${tenantId}, now(), 'pay_' || n, 8800 from unnest(${numbers as string[]}::text[]) n`;
    await tx`insert into app.open_transaction (tenant_id, transaction_id, payment_id, in_doubt)
      select ${tenantId}, 'txn_' || n, 'pay_' || n, false from unnest(${numbers as string[]}::text[]) n`;
  });
