import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Id } from "~/lib/id";
import { seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { sealEvents } from "~/server/services/event";
import { waitForHorizon } from "~tests/support/horizon";
import { newTenant } from "~tests/support/system";
import { openTill, type Till } from "~tests/support/till";
import { checkTenant } from ".";

let till: Till;
let owner: postgres.Sql;
let ctx: Ctx;
let neighbour: Ctx;
/** One payment that was paid, one that waits with an open attempt. */
let paid: Id<"payment">;
let pending: Id<"payment">;
beforeAll(async () => {
  till = await openTill();
  owner = postgres(till.database.ownerUrl, { max: 1, onnotice: () => {} });
  ctx = await newTenant(till.sys);
  neighbour = await newTenant(till.sys);
  await till.channel(ctx, "alipay");
  paid = (await till.payment({ owner: ctx })).id;
  const { transaction } = await till.attempt(paid, "alipay_qr", ctx);
  await till.pay({ outTradeNo: transaction.outTradeNo });
  pending = (await till.payment({ owner: ctx })).id;
  await till.attempt(pending, "alipay_qr", ctx);
  till.advance(seconds(5));
  await till.work();
  await waitForHorizon(ctx);
  while (await sealEvents(ctx, ctx.tenantId));
});
afterAll(async () => {
  await owner.end();
  await till.close();
});

const broken = async (of: Ctx = ctx) => (await checkTenant(of)).filter((check) => check.broken > 0).map((check) => check.name);

/** As the schema's owner: walls do not stop them, they only have to name the tenant. */
const tamper = (statement: (sql: postgres.TransactionSql) => Promise<unknown>) =>
  owner.begin(async (sql) => {
    await sql`select set_config('app.tenant_id', ${ctx.tenantId}, true)`;
    await statement(sql);
  });

it("IDEM-10 healthy books break nothing, and every check looked at something", async () => {
  const checks = await checkTenant(ctx);

  expect(checks.filter((check) => check.broken > 0)).toEqual([]);
  const idle = checks.filter((check) => check.checked === 0).map((check) => check.name);
  expect(idle.sort()).toEqual([
    "a day is balanced or locked only when nothing of it is open, and differs only when something is",
    "a day that waits for its statement will be looked at",
    "a day that was compared names its own statement, and all of that is kept",
    "a statement's lines are gone once it has been compared",
    "a submitted application has its one submitted batch",
    "a tenant asks about its applications under review",
    "an application is asked about while it is under review, and at no other time",
    "an unsealed event has its sealer",
    "every application that waits to be submitted has its job",
    "every batch that nothing uses will be cancelled",
    "every case points at rows of its tenant and at one of its members",
    "every difference belongs to its day's channel and to a member, and an end has a reason",
    "every note belongs to a case",
    "every stored message that waits will be applied",
    "money that paid nothing is at risk and has a case",
    // Whole hours alone are counted, and none has passed.
    "the hours of the workbench equal a recount of the books",
  ]);
});

type Break = {
  what: string;
  break: (sql: postgres.TransactionSql) => Promise<unknown>;
  mend: (sql: postgres.TransactionSql) => Promise<unknown>;
  finds: string[];
};

const BREAKS: Break[] = [
  {
    what: "one fen more in one half of a booking",
    break: (sql) => sql`update app.entry set amount_fen = amount_fen + 1 where account = 'clearing'`,
    mend: (sql) => sql`update app.entry set amount_fen = amount_fen - 1 where account = 'clearing'`,
    finds: ["every booking sums to zero", "every attempt that succeeded is booked as received, and no other is"],
  },
  {
    what: "a paid payment of another amount",
    break: (sql) => sql`update app.payment set amount_fen = amount_fen + 1 where id = ${paid}`,
    mend: (sql) => sql`update app.payment set amount_fen = amount_fen - 1 where id = ${paid}`,
    finds: ["a paid payment has its one attempt, and the books say its amount"],
  },
  {
    what: "a payment called paid by hand",
    break: (sql) =>
      sql`update app.payment set status = 'paid', paid_transaction_id = (select id from app.transaction where payment_id = ${pending}) where id = ${pending}`,
    mend: (sql) => sql`update app.payment set status = 'pending', paid_transaction_id = null where id = ${pending}`,
    finds: [
      "a paid payment has its one attempt, and the books say its amount",
      "every settled payment says so once in the event log",
      "every pending payment is listed, and who ended is about to leave the list",
    ],
  },
  {
    what: "an attempt called succeeded by hand",
    break: (sql) => sql`update app.transaction set status = 'succeeded', received_fen = amount_fen where payment_id = ${pending}`,
    mend: (sql) => sql`update app.transaction set status = 'awaiting', received_fen = null where payment_id = ${pending}`,
    finds: [
      "every attempt that succeeded is booked as received, and no other is",
      "money that paid nothing is at risk and has a case",
      "every attempt that succeeded says so once in the event log",
      "every open attempt is listed, with its doubt, and who ended is about to leave the list",
    ],
  },
  {
    what: "a pending payment that is not listed",
    break: (sql) => sql`update app.pending_payment set created_at = created_at + interval '1 day'`,
    mend: (sql) => sql`update app.pending_payment set created_at = created_at - interval '1 day'`,
    finds: ["every pending payment is listed, and who ended is about to leave the list"],
  },
  {
    what: "an open attempt that is called in doubt",
    break: (sql) => sql`update app.open_transaction set in_doubt = true`,
    mend: (sql) => sql`update app.open_transaction set in_doubt = false`,
    finds: ["every open attempt is listed, with its doubt, and who ended is about to leave the list"],
  },
  {
    what: "ended ones that are still listed though their jobs are done",
    break: async (sql) => {
      await sql`insert into app.pending_payment (tenant_id, created_at, payment_id, amount_fen) select tenant_id, created_at, id, amount_fen from app.payment where id = ${paid}`;
      await sql`insert into app.open_transaction (tenant_id, transaction_id, payment_id, in_doubt) select tenant_id, id, payment_id, false from app.transaction where payment_id = ${paid}`;
    },
    mend: async (sql) => {
      await sql`delete from app.pending_payment where payment_id = ${paid}`;
      await sql`delete from app.open_transaction where payment_id = ${paid}`;
    },
    finds: [
      "every pending payment is listed, and who ended is about to leave the list",
      "every open attempt is listed, with its doubt, and who ended is about to leave the list",
    ],
  },
  {
    what: "a provider's number that is another's",
    break: (sql) => sql`update app.provider_trade set trade_no = trade_no || 'x'`,
    mend: (sql) => sql`update app.provider_trade set trade_no = left(trade_no, -1)`,
    finds: ["a provider's number belongs to the attempt that names it"],
  },
  {
    what: "a refund of what was never paid",
    break: (sql) => sql`update app.payment set refunded_fen = 1 where id = ${pending}`,
    mend: (sql) => sql`update app.payment set refunded_fen = 0 where id = ${pending}`,
    finds: ["refunds never exceed what was paid"],
  },
  {
    what: "an attempt that stands elsewhere in the list than its payment",
    break: (sql) =>
      sql`update app.transaction set payment_created_at = payment_created_at + interval '1 day' where payment_id = ${pending}`,
    mend: (sql) => sql`update app.transaction set payment_created_at = payment_created_at - interval '1 day' where payment_id = ${pending}`,
    finds: ["an attempt stands in the list where its payment stands"],
  },
  {
    what: "a payment shown by a method that no attempt of it has, or as if it had none",
    break: (sql) => sql`
      update app.payment set method = case when id = ${paid} then 'wechat_h5' end, environment = case when id = ${paid} then environment end`,
    mend: (sql) => sql`
      update app.payment p set method = t.method, environment = 'simulator' from app.transaction t where t.payment_id = p.id`,
    finds: ["the list shows a payment by one of its attempts, the one that paid if one has, and says how many there are"],
  },
  {
    what: "a payment that says one attempt more than it has",
    break: (sql) => sql`update app.payment set attempts = attempts + 1 where id = ${pending}`,
    mend: (sql) => sql`update app.payment set attempts = attempts - 1 where id = ${pending}`,
    finds: ["the list shows a payment by one of its attempts, the one that paid if one has, and says how many there are"],
  },
  {
    what: "outbox rows that are gone",
    break: (sql) =>
      sql`update app.outbox set subject = 'x' || subject where tenant_id = ${ctx.tenantId} and job in ('expire-payment', 'query-transaction')`,
    mend: (sql) => sql`update app.outbox set subject = substr(subject, 2) where tenant_id = ${ctx.tenantId} and subject like 'x%'`,
    finds: ["every pending payment will be looked at again", "every open attempt will be asked about again"],
  },
  {
    what: "a message that waits for nobody",
    break: (sql) => sql`update app.notification set state = 'waiting'`,
    mend: (sql) => sql`update app.notification set state = 'applied'`,
    finds: ["every stored message that waits will be applied"],
  },
  {
    what: "a message that points at nothing, though it settled an attempt",
    break: (sql) => sql`update app.notification set transaction_id = 'txn_00000000000000000000000000'`,
    mend: (sql) => sql`update app.notification set transaction_id = (select id from app.transaction where payment_id = ${paid})`,
    finds: ["an applied message points at an attempt of its tenant and channel"],
  },
  {
    what: "a checkout link that leads nowhere",
    break: (sql) => sql`update app.link_address set subject = 'x' || subject where subject = ${paid}`,
    mend: (sql) => sql`update app.link_address set subject = ${paid} where subject = 'x' || ${paid}::text`,
    finds: ["every checkout link leads to a payment"],
  },
  {
    what: "an edited event",
    break: (sql) => sql`update app.event set type = 'payment.settled' where type = 'payment.settle'`,
    mend: (sql) => sql`update app.event set type = 'payment.settle' where type = 'payment.settled'`,
    finds: ["every settled payment says so once in the event log", "the event log's hash chain is whole"],
  },
];

it.each(BREAKS)("IDEM-10 finds $what", async ({ break: damage, mend, finds }) => {
  await tamper(damage);
  const found = await broken();
  const next = await broken(neighbour);
  await tamper(mend);

  expect(found.sort()).toEqual([...finds].sort());
  expect(next).toEqual([]);
  expect(await broken()).toEqual([]);
});
