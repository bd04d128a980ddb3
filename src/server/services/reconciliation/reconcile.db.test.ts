import { and, eq, isNotNull } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Provider } from "~/domain/provider";
import { ASK_AGAIN_MS, GIVE_UP_AFTER_MS, LOOK_AGAIN_MS, readyAt } from "~/domain/reconciliation";
import { ListDifferences } from "~/domain/reconciliation-input";
import type { Id } from "~/lib/id";
import { addDays, beijingDate, type CivilDate, hours, minutes, startOfBeijingDate } from "~/lib/time";
import type { Ctx } from "~/server/context";
import {
  channel,
  event,
  outbox,
  paymentTransaction,
  reconciliationDay,
  statement,
  statementLine,
  statementPiece,
} from "~/server/db/schema";
import type { StatementChange } from "~/simulator/control/types";
import { expectSound } from "~tests/support/books";
import { codeOf, newTenantWithStaff } from "~tests/support/factories";
import { openTill, type Till } from "~tests/support/till";
import {
  beginDays,
  getCalendar,
  getDayDetail,
  listDifferences,
  lockDay,
  reconcileDate,
  reconcileDay,
  rerunDay,
  resolveDifference,
  unlockDay,
} from ".";

let till: Till;
beforeAll(async () => {
  till = await openTill();
});
afterAll(() => till.close());

/** Each test has days of its own: the clock stands at 09:00 Beijing of a day that no test has seen. */
let today: CivilDate;
beforeEach(async () => {
  await till.faults({});
  today = addDays(beijingDate(till.sys.now()), 1);
  till.clock.set(new Date(startOfBeijingDate(today).getTime() + hours(9)));
});

const toTomorrow = (beyond = 0) => till.clock.set(new Date(readyAt(today).getTime() + beyond));

async function shop() {
  const { ctx, finance, owner, viewer } = await newTenantWithStaff(till.sys);
  const alipay = await till.channel(ctx, "alipay");
  const wechat = await till.channel(ctx, "wechat");
  return { ctx, alipay, wechat, finance, owner, viewer };
}
type Shop = Awaited<ReturnType<typeof shop>>;

const METHOD = { alipay: "alipay_qr", wechat: "wechat_native" } as const;

/** A payment that was paid, and whose callback arrived. */
async function sale({ ctx }: Shop, provider: Provider, amountFen = 8_800n): Promise<string> {
  const owed = await till.payment({ owner: ctx, amountFen });
  const { transaction } = await till.attempt(owed.id, METHOD[provider], ctx);
  await till.pay({ outTradeNo: transaction.outTradeNo });
  return transaction.outTradeNo;
}

async function accountOf(ctx: Ctx, channelId: Id<"channel">): Promise<string> {
  const [row] = await ctx.read((tx) => tx.select({ sellerId: channel.sellerId }).from(channel).where(eq(channel.id, channelId)));
  if (!row) throw new Error("the channel was just made");
  return row.sellerId;
}

/** Has the simulator write something else into the day's statement than what happened. */
async function plant(desk: Shop, provider: Provider, changes: StatementChange[], day: string = today) {
  const account = await accountOf(desk.ctx, desk[provider]);
  await till.statements({ provider, account, day, changes });
}

async function dayOf({ ctx, ...desk }: Shop, provider: Provider, day: CivilDate = today) {
  const [row] = await ctx.read((tx) =>
    tx
      .select({ id: reconciliationDay.id })
      .from(reconciliationDay)
      .where(and(eq(reconciliationDay.channelId, desk[provider]), eq(reconciliationDay.day, day))),
  );
  if (!row) throw new Error("the day was not begun");
  return getDayDetail(ctx, row.id);
}

const changeOf = (wish: string, outTradeNo: string): StatementChange =>
  wish === "amount"
    ? { kind: "amount", outTradeNo, amount: "99.99" }
    : wish === "fee"
      ? { kind: "fee", outTradeNo, fee: "7.77" }
      : { kind: wish as "missing" | "duplicate" | "status", outTradeNo };

const all = async (ctx: Ctx, dayId?: Id<"reconciliation">) =>
  (await listDifferences(ctx, ListDifferences.parse({ limit: 100, dayId }))).items;
const told = (items: Awaited<ReturnType<typeof all>>) =>
  items.map(({ kind, status, outTradeNo, ourFen, theirFen }) => ({ kind, status, outTradeNo, ourFen, theirFen })).sort(byNumber);
const byNumber = (a: { outTradeNo: string; kind: string }, b: { outTradeNo: string; kind: string }) =>
  `${a.outTradeNo}${a.kind}` < `${b.outTradeNo}${b.kind}` ? -1 : 1;

/** Compares today's statements as the worker does, once they can be there. */
async function compare({ ctx }: Shop, beyond = 0): Promise<void> {
  toTomorrow(beyond);
  await beginDays(ctx);
  await till.work();
}

describe("IDEM-09 a day of both providers", () => {
  it("is balanced when both sides agree, and its statement is kept as it came", async () => {
    const desk = await shop();
    await sale(desk, "alipay", 12_346n);
    await sale(desk, "alipay", 1n);
    await sale(desk, "wechat", 10_000n);

    await compare(desk);

    for (const [provider, count, fen] of [
      ["alipay", 2, 12_347n],
      ["wechat", 1, 10_000n],
    ] as const) {
      const { day, open, statement: file } = await dayOf(desk, provider);
      expect(day).toMatchObject({ status: "balanced", failureCode: null, unlisted: 0 });
      expect([day.ourPayments, day.theirPayments, day.ourPaidFen, day.theirPaidFen]).toEqual([count, count, fen, fen]);
      expect([open, day.theirRefunds, day.otherDayPayments]).toEqual([0, 0, 0]);
      expect(file).toMatchObject({ format: provider === "alipay" ? "zip" : "gzip", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    }
    expect(await all(desk.ctx)).toEqual([]);
    expect(await desk.ctx.read((tx) => tx.select().from(statementLine))).toEqual([]);
    const pieces = await desk.ctx.read((tx) => tx.select().from(statementPiece));
    expect(pieces.length).toBe(2);
    // Numbers of orders stand in a statement in plain text; sealed, they do not.
    expect(pieces.every(({ contentSealed }) => !contentSealed.includes("txn_") && !contentSealed.includes("PK"))).toBe(true);
    await expectSound(desk.ctx);
  });

  it("is balanced on a day without any payment, when the provider has none either", async () => {
    const desk = await shop();
    await sale(desk, "alipay");
    await sale(desk, "wechat");
    await compare(desk);
    today = addDays(today, 1);

    await compare(desk);

    for (const provider of ["alipay", "wechat"] as const) {
      const { day } = await dayOf(desk, provider);
      expect(day).toMatchObject({ status: "balanced", ourPayments: 0, theirPayments: 0 });
    }
    await expectSound(desk.ctx);
  });

  it("begins with the first attempt, once, and goes on after the channel was deleted", async () => {
    const desk = await shop();
    await sale(desk, "alipay");
    till.clock.set(startOfBeijingDate(addDays(today, 3)));

    const next = await beginDays(desk.ctx);
    await beginDays(desk.ctx);

    expect(next).toEqual(new Date(startOfBeijingDate(addDays(today, 4)).getTime() + minutes(5)));
    const { channels } = await getCalendar(desk.ctx, { month: addDays(today, 2).slice(0, 7) });
    const rows = await desk.ctx.read((tx) => tx.select().from(reconciliationDay));
    expect(rows.map(({ channelId, day }) => [channelId, day]).sort()).toEqual([0, 1, 2].map((more) => [desk.alipay, addDays(today, more)]));
    expect(channels.map(({ id }) => id).sort()).toEqual([desk.alipay, desk.wechat].sort());
    const jobs = await till.sys.db.orm
      .select()
      .from(outbox)
      .where(and(eq(outbox.tenantId, desk.ctx.tenantId), eq(outbox.job, "reconcile-day")));
    const due = new Map(jobs.map(({ subject, dueAt }) => [rows.find(({ id }) => id === subject)?.day, dueAt.getTime()]));
    // The last one is not ready before 10:00; the others are asked for one after the other, the newest first.
    expect(due.get(addDays(today, 2))).toBe(readyAt(addDays(today, 2)).getTime());
    expect((due.get(today) ?? 0) - (due.get(addDays(today, 1)) ?? 0)).toBeGreaterThanOrEqual(2_000);
  });
});

it("IDEM-09 a day that somebody compared by hand leaves none before it out", async () => {
  const desk = await shop();
  await sale(desk, "alipay");
  const next = addDays(today, 1);
  till.clock.set(readyAt(next));
  await reconcileDate(desk.ctx, next);

  await beginDays(desk.ctx);

  const rows = await desk.ctx.read((tx) => tx.select().from(reconciliationDay).where(eq(reconciliationDay.channelId, desk.alipay)));
  expect(rows.map(({ day }) => day).sort()).toEqual([today, next]);
});

describe("IDEM-09 what the two sides do not agree on", () => {
  it("gets a kind and an owner, and nothing else is on the list: Alipay", async () => {
    const desk = await shop();
    const [fine, gone, off, twice] = [
      await sale(desk, "alipay", 5_000n),
      await sale(desk, "alipay", 6_000n),
      await sale(desk, "alipay", 7_000n),
      await sale(desk, "alipay", 8_000n),
    ];
    await plant(desk, "alipay", [
      { kind: "missing", outTradeNo: gone },
      { kind: "amount", outTradeNo: off, amount: "70.01" },
      { kind: "duplicate", outTradeNo: twice },
      { kind: "extra", outTradeNo: "stranger_1", amount: "9.90" },
    ]);

    await compare(desk);

    const { day, kinds } = await dayOf(desk, "alipay");
    expect(day.status).toBe("differs");
    const items = await all(desk.ctx, day.id);
    expect(told(items)).toEqual(
      [
        { kind: "missing_there", status: "open", outTradeNo: gone, ourFen: 6_000n, theirFen: null },
        { kind: "amount", status: "open", outTradeNo: off, ourFen: 7_000n, theirFen: 7_001n },
        { kind: "duplicate", status: "open", outTradeNo: twice, ourFen: null, theirFen: 8_000n },
        { kind: "missing_here", status: "open", outTradeNo: "stranger_1", ourFen: null, theirFen: 990n },
      ].sort(byNumber),
    );
    expect(items.every(({ ownerId }) => ownerId === desk.finance.id)).toBe(true);
    expect(items.some(({ outTradeNo }) => outTradeNo === fine)).toBe(false);
    expect(kinds.map(({ kind, open }) => [kind, open]).sort()).toEqual([
      ["amount", 1],
      ["duplicate", 1],
      ["missing_here", 1],
      ["missing_there", 1],
    ]);
    expect((await dayOf(desk, "alipay")).day).toMatchObject({ ourPaidFen: 26_000n, theirPaidFen: 28_991n });
    await expectSound(desk.ctx);
  });

  it("gets a kind and an owner, and nothing else is on the list: WeChat Pay", async () => {
    const desk = await shop();
    const [fine, gone, off, dear, revoked] = [
      await sale(desk, "wechat", 5_000n),
      await sale(desk, "wechat", 6_000n),
      await sale(desk, "wechat", 7_000n),
      await sale(desk, "wechat", 10_000n),
      await sale(desk, "wechat", 9_000n),
    ];
    await plant(desk, "wechat", [
      { kind: "missing", outTradeNo: gone },
      { kind: "amount", outTradeNo: off, amount: "69.99" },
      { kind: "fee", outTradeNo: dear, fee: "1.20" },
      { kind: "status", outTradeNo: revoked },
      { kind: "extra", outTradeNo: "stranger_2", amount: "0.01" },
    ]);

    await compare(desk);

    const { day } = await dayOf(desk, "wechat");
    const items = await all(desk.ctx, day.id);
    expect(told(items)).toEqual(
      [
        { kind: "missing_there", status: "open", outTradeNo: gone, ourFen: 6_000n, theirFen: null },
        { kind: "amount", status: "open", outTradeNo: off, ourFen: 7_000n, theirFen: 6_999n },
        { kind: "fee", status: "open", outTradeNo: dear, ourFen: 10_000n, theirFen: 10_000n },
        { kind: "status", status: "open", outTradeNo: revoked, ourFen: 9_000n, theirFen: 9_000n },
        { kind: "missing_here", status: "open", outTradeNo: "stranger_2", ourFen: null, theirFen: 1n },
      ].sort(byNumber),
    );
    expect(items.find(({ kind }) => kind === "fee")).toMatchObject({ ourFee: 60_000n, theirFee: 120_000n });
    expect(items.some(({ outTradeNo }) => outTradeNo === fine)).toBe(false);
    await expectSound(desk.ctx);
  });

  it.each(["alipay", "wechat"] as const)("is every planted one and no other, whatever the mix: %s", async (provider) => {
    const desk = await shop();
    const sales: string[] = [];
    for (let n = 0; n < 18; n += 1) sales.push(await sale(desk, provider, BigInt(1_000 + n)));
    const wishes = ["none", "missing", "amount", "duplicate", ...(provider === "wechat" ? ["fee", "status"] : [])];
    const chosen = sales.map((outTradeNo) => ({ outTradeNo, wish: wishes[Math.floor(Math.random() * wishes.length)] ?? "none" }));
    const planted = chosen.filter(({ wish }) => wish !== "none");
    const extras = Array.from({ length: 3 }, (_, n) => `stranger_${n}`);
    await plant(desk, provider, [
      ...planted.map(({ outTradeNo, wish }) => changeOf(wish, outTradeNo)),
      ...extras.map((outTradeNo) => ({ kind: "extra" as const, outTradeNo, amount: "5.00" })),
    ]);

    await compare(desk);

    const { day } = await dayOf(desk, provider);
    const found = (await all(desk.ctx, day.id)).map(({ kind, outTradeNo }) => `${outTradeNo} ${kind}`);
    const kinds: Record<string, string> = { missing: "missing_there" };
    const wanted = [
      ...planted.map(({ outTradeNo, wish }) => `${outTradeNo} ${kinds[wish] ?? wish}`),
      ...extras.map((no) => `${no} missing_here`),
    ];
    expect(found.sort(), JSON.stringify(chosen)).toEqual(wanted.sort());
    await expectSound(desk.ctx);
  });

  it("ends by a person's word, and the last one balances the day; looking again changes nothing of that", async () => {
    const desk = await shop();
    const [gone, other] = [await sale(desk, "alipay"), await sale(desk, "alipay")];
    await plant(desk, "alipay", [
      { kind: "missing", outTradeNo: gone },
      { kind: "amount", outTradeNo: other, amount: "1.00" },
    ]);
    await compare(desk);
    const { day } = await dayOf(desk, "alipay");
    const [first, second] = await all(desk.ctx, day.id);
    if (!first || !second) throw new Error("two differences were planted");

    const early = await codeOf(lockDay(desk.ctx, day.id));
    await resolveDifference(desk.ctx, first.id, "渠道次日补记");
    const between = (await dayOf(desk, "alipay")).day.status;
    await resolveDifference(desk.ctx, second.id, "渠道已更正");
    const again = await codeOf(resolveDifference(desk.ctx, second.id, "再来一次"));

    expect([early, between, again]).toEqual(["not_allowed_now", "differs", "not_allowed_now"]);
    expect((await dayOf(desk, "alipay")).day.status).toBe("balanced");
    await rerunDay(desk.ctx, day.id);
    await till.work();
    expect((await dayOf(desk, "alipay")).day.status).toBe("balanced");
    expect((await all(desk.ctx, day.id)).map(({ status, reason }) => [status, reason]).sort()).toEqual([
      ["resolved", "渠道已更正"],
      ["resolved", "渠道次日补记"],
    ]);
    await expectSound(desk.ctx);
  });

  it("is cleared by the house once a new statement agrees, and opened again when it does not", async () => {
    const desk = await shop();
    const gone = await sale(desk, "wechat");
    await plant(desk, "wechat", [{ kind: "missing", outTradeNo: gone }]);
    await compare(desk);
    const { day } = await dayOf(desk, "wechat");

    await plant(desk, "wechat", []);
    await rerunDay(desk.ctx, day.id);
    await till.work();
    const cleared = await all(desk.ctx, day.id);
    const balanced = (await dayOf(desk, "wechat")).day.status;
    await plant(desk, "wechat", [{ kind: "missing", outTradeNo: gone }]);
    await rerunDay(desk.ctx, day.id);
    await till.work();

    expect(cleared.map(({ status, reason }) => [status, reason])).toEqual([["cleared", "agrees_now"]]);
    expect(balanced).toBe("balanced");
    const back = await all(desk.ctx, day.id);
    expect(back.map(({ id, status, reason }) => [id, status, reason])).toEqual([[cleared[0]?.id, "open", null]]);
    const kept = await desk.ctx.read((tx) => tx.select().from(statement).where(eq(statement.dayId, day.id)));
    expect(kept.length).toBe(3);
    await expectSound(desk.ctx);
  });

  it("is listed the largest first, as far as people can work through it; the day is not balanced before the rest is", async () => {
    const desk = await shop();
    await sale(desk, "alipay");
    const strangers = Array.from({ length: 1_003 }, (_, n) => ({
      kind: "extra" as const,
      outTradeNo: `other_${n}`,
      amount: `${n + 1}.00`,
    }));
    await plant(desk, "alipay", strangers);

    await compare(desk);

    const { day, open } = await dayOf(desk, "alipay");
    expect([day.status, day.unlisted, open]).toEqual(["differs", 3, 1_000]);
    const smallest = await listDifferences(desk.ctx, ListDifferences.parse({ dayId: day.id, q: "other_2" }));
    const listed = await listDifferences(desk.ctx, ListDifferences.parse({ dayId: day.id, q: "other_3" }));
    expect([smallest.items.length, listed.items.length]).toEqual([0, 1]);
    await expectSound(desk.ctx);
  });
});

describe("IDEM-09 money around midnight", () => {
  it("that stands in the next day's statement is late, and found there", async () => {
    const desk = await shop();
    till.clock.set(new Date(startOfBeijingDate(addDays(today, 1)).getTime() - minutes(2)));
    const late = await sale(desk, "alipay", 4_200n);
    await plant(desk, "alipay", [{ kind: "next_day", outTradeNo: late }]);

    await compare(desk);
    const before = await dayOf(desk, "alipay");
    const opened = told(await all(desk.ctx, before.day.id));
    today = addDays(today, 1);
    await compare(desk);

    expect([before.day.status, opened]).toEqual([
      "differs",
      [{ kind: "late", status: "open", outTradeNo: late, ourFen: 4_200n, theirFen: null }],
    ]);
    const [own, next] = [await dayOf(desk, "alipay", addDays(today, -1)), await dayOf(desk, "alipay")];
    expect([own.day.status, next.day.status]).toEqual(["balanced", "balanced"]);
    expect(next.day).toMatchObject({ ourPayments: 0, theirPayments: 1, otherDayPayments: 1, otherDayFen: 4_200n });
    expect((await all(desk.ctx, own.day.id)).map(({ status, reason, foundOn }) => [status, reason, foundOn])).toEqual([
      ["cleared", "found_on_other_day", today],
    ]);
    // Whoever compares either day again finds the same.
    for (const { day } of [own, next]) {
      await rerunDay(desk.ctx, day.id);
      await till.work();
    }
    expect([(await dayOf(desk, "alipay", addDays(today, -1))).day.status, (await dayOf(desk, "alipay")).day.status]).toEqual([
      "balanced",
      "balanced",
    ]);
    await expectSound(desk.ctx);
  });

  it("of a channel's first day is missing at once, since no day before it will be compared", async () => {
    const desk = await shop();
    till.clock.set(new Date(startOfBeijingDate(addDays(today, 1)).getTime() + minutes(3)));
    today = addDays(today, 1);
    const early = await sale(desk, "alipay", 4_200n);
    await plant(desk, "alipay", [{ kind: "missing", outTradeNo: early }]);

    await compare(desk);

    const { day } = await dayOf(desk, "alipay");
    expect(told(await all(desk.ctx, day.id)).map(({ kind, status }) => [kind, status])).toEqual([["missing_there", "open"]]);
    expect(day.looks).toBe(1);
  });

  it("that another day's statement once held is missed again when that one is taken back", async () => {
    const desk = await shop();
    till.clock.set(new Date(startOfBeijingDate(addDays(today, 1)).getTime() - minutes(2)));
    const late = await sale(desk, "wechat", 4_200n);
    await plant(desk, "wechat", [{ kind: "next_day", outTradeNo: late }]);
    await compare(desk);
    today = addDays(today, 1);
    await compare(desk);
    const before = addDays(today, -1);
    const balanced = (await dayOf(desk, "wechat", before)).day.status;

    await plant(desk, "wechat", [{ kind: "missing", outTradeNo: late }], before);
    await rerunDay(desk.ctx, (await dayOf(desk, "wechat")).day.id);
    await till.work();

    const own = await dayOf(desk, "wechat", before);
    expect([balanced, own.day.status]).toEqual(["balanced", "differs"]);
    const open = (await all(desk.ctx, own.day.id)).filter(({ status }) => status === "open");
    expect(told(open)).toEqual([{ kind: "missing_there", status: "open", outTradeNo: late, ourFen: 4_200n, theirFen: null }]);
    await expectSound(desk.ctx);
  });

  it("that is not in the next day's statement either is missing", async () => {
    const desk = await shop();
    till.clock.set(new Date(startOfBeijingDate(addDays(today, 1)).getTime() - minutes(2)));
    const late = await sale(desk, "wechat", 4_200n);
    await plant(desk, "wechat", [{ kind: "missing", outTradeNo: late }]);
    await compare(desk);
    today = addDays(today, 1);

    await compare(desk);

    const own = await dayOf(desk, "wechat", addDays(today, -1));
    expect(told(await all(desk.ctx, own.day.id))).toEqual([
      { kind: "late", status: "cleared", outTradeNo: late, ourFen: 4_200n, theirFen: null },
      { kind: "missing_there", status: "open", outTradeNo: late, ourFen: 4_200n, theirFen: null },
    ]);
    expect((await all(desk.ctx, own.day.id)).find(({ kind }) => kind === "late")?.reason).toBe("replaced");
    expect(own.day.status).toBe("differs");
    await expectSound(desk.ctx);
  });
});

describe("IDEM-09 money that our books have missed", () => {
  it("is asked about with the same number, settled in the usual way, and the day is looked at again", async () => {
    const desk = await shop();
    const { ctx } = desk;
    const owed = await till.payment({ owner: ctx, amountFen: 7_700n });
    const { transaction } = await till.attempt(owed.id, "alipay_qr", ctx);
    // For good: redelivery after the clock has moved is lost as well.
    await till.faults({ "notify.alipay": { kind: "drop" } });
    await till.pay({ outTradeNo: transaction.outTradeNo });

    toTomorrow();
    // By hand, so that the schedule of queries has not asked before.
    await reconcileDate(ctx, today);
    const found = await all(ctx);
    const before = await dayOf(desk, "alipay");
    await till.work();
    till.clock.set(new Date(readyAt(today).getTime() + LOOK_AGAIN_MS + 1));
    await reconcileDay(ctx, before.day.id);

    expect(told(found)).toEqual([{ kind: "status", status: "open", outTradeNo: transaction.outTradeNo, ourFen: null, theirFen: 7_700n }]);
    const [attempt] = await ctx.read((tx) => tx.select().from(paymentTransaction).where(eq(paymentTransaction.id, transaction.id)));
    expect(attempt).toMatchObject({ status: "succeeded", receivedFen: 7_700n });
    expect((await dayOf(desk, "alipay")).day).toMatchObject({ status: "balanced", ourPaidFen: 7_700n });
    expect((await all(ctx)).map(({ status, reason }) => [status, reason])).toEqual([["cleared", "agrees_now"]]);
    await expectSound(ctx);
  });
});

describe("a statement that cannot be had", () => {
  it.each(["alipay", "wechat"] as const)(
    "is waited for while %s has not written it, and given up for a person to see after three days",
    async (provider) => {
      const desk = await shop();
      await sale(desk, provider);
      await plant(desk, provider, [{ kind: "late" }]);

      await compare(desk);
      const waiting = (await dayOf(desk, provider)).day;
      const next = await reconcileDay(desk.ctx, waiting.id);
      toTomorrow(GIVE_UP_AFTER_MS + minutes(1));
      const last = await reconcileDay(desk.ctx, waiting.id);
      const failed = (await dayOf(desk, provider)).day;
      await plant(desk, provider, []);
      await rerunDay(desk.ctx, waiting.id);
      await till.work();

      expect(waiting).toMatchObject({ status: "waiting", failureCode: expect.stringMatching(/^not_ready:/), asks: 1 });
      // The clock goes on meanwhile.
      expect(Math.round((next?.getTime() ?? 0) / minutes(1)) * minutes(1)).toBe(readyAt(today).getTime() + ASK_AGAIN_MS);
      expect([last, failed.status, failed.failureCode]).toEqual([null, "failed", "not_ready:gave_up"]);
      expect((await dayOf(desk, provider)).day.status).toBe("balanced");
      await expectSound(desk.ctx);
    },
  );

  it.each([
    ["wechat", "wechat.GET /v3/bill/tradebill", "statement_bad_hash", "waiting", "bad_hash"],
    ["wechat", "wechat.GET /v3/billdownload/file", "statement_cut_off", "waiting", "broken_archive"],
    ["wechat", "wechat.GET /v3/bill/tradebill", "statement_unfinished", "failed", "cut_off"],
    ["wechat", "wechat.GET /v3/billdownload/file", "reset", "waiting", "unknown:connection_lost"],
    ["alipay", "alipay.GET /downloadBillFile.resource", "statement_cut_off", "failed", "broken_archive"],
    ["alipay", "alipay.GET /downloadBillFile.resource", "error500", "waiting", "unknown:http_500"],
    ["alipay", "alipay.data.dataservice.bill.downloadurl.query", "statement_unfinished", "failed", "cut_off"],
    ["wechat", "wechat.GET /v3/bill/tradebill", "statement_bad_totals", "failed", "bad_totals"],
    ["wechat", "wechat.GET /v3/bill/tradebill", "statement_foreign_address", "waiting", "unavailable:"],
    ["wechat", "wechat.GET /v3/bill/tradebill", "bad_signature", "waiting", "unknown:"],
    ["alipay", "alipay.data.dataservice.bill.downloadurl.query", "statement_bad_totals", "failed", "bad_totals"],
    ["alipay", "alipay.data.dataservice.bill.downloadurl.query", "statement_foreign_address", "waiting", "unavailable:"],
    ["alipay", "alipay.data.dataservice.bill.downloadurl.query", "unsigned", "waiting", "unknown:"],
  ] as const)("from %s because of %s %s changes nothing, and the next one is compared", async (provider, route, kind, status, code) => {
    const desk = await shop();
    await sale(desk, provider);
    await till.faults({ [route]: { kind } });

    toTomorrow();
    await reconcileDate(desk.ctx, today);
    const stuck = (await dayOf(desk, provider)).day;
    await till.faults({});
    await reconcileDay(desk.ctx, stuck.id);

    expect([stuck.status, stuck.failureCode?.startsWith(code)]).toEqual([status, true]);
    expect(stuck.comparedAt).toBeNull();
    expect(await all(desk.ctx)).toEqual([]);
    expect((await dayOf(desk, provider)).day).toMatchObject({ status: "balanced", failureCode: null });
    await expectSound(desk.ctx);
  });

  it("half kept by a process that died is fetched again, and never used", async () => {
    const desk = await shop();
    await sale(desk, "wechat");
    toTomorrow();
    await beginDays(desk.ctx);
    const { day } = await dayOf(desk, "wechat");
    await desk.ctx.transaction((tx) =>
      tx.insert(statement).values({
        tenantId: desk.ctx.tenantId,
        id: "stm_00000000000000000000000000" as Id<"statement">,
        dayId: day.id,
        format: "gzip",
        bytes: 5_000_000,
        sha256: "half",
        createdAt: till.sys.now(),
      }),
    );

    await till.work();

    const after = await dayOf(desk, "wechat");
    expect(after.day.status).toBe("balanced");
    expect(after.statement?.sha256).toMatch(/^[0-9a-f]{64}$/);
    const whole = await desk.ctx.read((tx) => tx.select().from(statement).where(isNotNull(statement.fetchedAt)));
    expect(whole.length).toBe(1);
    await expectSound(desk.ctx);
  });
});

describe("a day", () => {
  it("that two workers compare at once has each difference once, and one event for each", async () => {
    const desk = await shop();
    const [gone, off] = [await sale(desk, "alipay"), await sale(desk, "alipay")];
    await plant(desk, "alipay", [
      { kind: "missing", outTradeNo: gone },
      { kind: "amount", outTradeNo: off, amount: "1.00" },
    ]);
    toTomorrow();
    await beginDays(desk.ctx);
    const { day } = await dayOf(desk, "alipay");

    await Promise.allSettled(Array.from({ length: 4 }, () => reconcileDay(desk.ctx, day.id)));

    expect((await all(desk.ctx, day.id)).length).toBe(2);
    const opened = await desk.ctx.read((tx) => tx.select().from(event).where(eq(event.type, "difference.open")));
    expect(opened.length).toBe(2);
    expect((await dayOf(desk, "alipay")).day.status).toBe("differs");
    await till.work();
    await expectSound(desk.ctx);
  });

  it("that is locked is not compared again before somebody unlocks it", async () => {
    const desk = await shop();
    await sale(desk, "alipay");
    await compare(desk);
    const { day } = await dayOf(desk, "alipay");

    await lockDay(desk.ctx, day.id);
    const refused = await codeOf(rerunDay(desk.ctx, day.id));
    const job = await reconcileDay(desk.ctx, day.id);
    const locked = (await dayOf(desk, "alipay")).day;
    await unlockDay(desk.ctx, day.id);
    await rerunDay(desk.ctx, day.id);
    await till.work();

    expect([refused, job]).toEqual(["not_allowed_now", null]);
    expect([locked.status, locked.looks]).toEqual(["locked", day.looks]);
    expect((await dayOf(desk, "alipay")).day.status).toBe("balanced");
  });

  it("of two channels of one account tells what neither knows once, and misses nothing of the other's", async () => {
    const desk = await shop();
    const account = await accountOf(desk.ctx, desk.alipay);
    const twin = await till.channel(desk.ctx, "alipay", account);
    await sale(desk, "alipay", 100n);
    const owed = await till.payment({ owner: desk.ctx, amountFen: 200n, channelId: twin });
    const { transaction } = await till.attempt(owed.id, "alipay_qr", desk.ctx);
    await till.pay({ outTradeNo: transaction.outTradeNo });
    expect(await accountOf(desk.ctx, twin)).toBe(account);
    await plant(desk, "alipay", [{ kind: "extra", outTradeNo: "stranger_3", amount: "3.00" }]);

    await compare(desk);

    const items = await all(desk.ctx);
    expect(items.map(({ channelId, kind, outTradeNo }) => [channelId, kind, outTradeNo])).toEqual([
      [desk.alipay, "missing_here", "stranger_3"],
    ]);
    const second = await dayOf({ ...desk, alipay: twin }, "alipay");
    expect(second.day).toMatchObject({ status: "balanced", ourPaidFen: 200n, theirPaidFen: 200n });
    await expectSound(desk.ctx);
  });
});
