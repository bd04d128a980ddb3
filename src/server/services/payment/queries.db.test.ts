import { describe, expect, it } from "vitest";
import { ListPayments } from "~/domain/payment-input";
import type { Ctx } from "~/server/context";
import { event } from "~/server/db/schema";
import { abandon, at, newShop, order, settle } from "~tests/support/sales";
import { systemForFile } from "~tests/support/system-for-file";
import { countPayments, exportPayments, getPaymentDetail, listPayments, prepareAttempt, sumPayments } from ".";
import { moveTransaction } from "./move";

const { sys } = await systemForFile();

const filter = (input: unknown = {}) => ListPayments.parse(input);
const numbersOf = (page: { items: { orderNo: string }[] }) => page.items.map(({ orderNo }) => orderNo);

/** Five orders on two days: paid, paid too little, without an answer, cancelled, open. */
async function aWeek(ctx: Ctx) {
  const [monday, tuesday] = [at(ctx, "2026-11-16 23:59:00"), at(ctx, "2026-11-17 00:01:00")];
  const paid = await order(monday, { amountFen: 10_000n, orderNo: "A1", subject: "视觉检测模组" });
  await settle(monday, paid.id, "alipay_qr");
  const short = await order(monday, { amountFen: 20_000n, orderNo: "A2" });
  await settle(monday, short.id, "wechat_native", 19_999n);
  const silent = await order(tuesday, { amountFen: 30_000n, orderNo: "A3" });
  const { attempt } = await prepareAttempt(tuesday, { paymentId: silent.id, method: "alipay_pc" });
  await tuesday.transaction((tx) => moveTransaction(tx, tuesday, attempt.id, "doubt", { failureCode: "timeout" }));
  const lost = await order(tuesday, { amountFen: 40_000n, orderNo: "B4" });
  await abandon(tuesday, lost.id);
  await order(at(ctx, "2026-11-17 09:00:00"), { amountFen: 50_000n, orderNo: "B5" });
  return { paid, short, silent, attempt };
}

describe("the list", () => {
  it("calls uncertain what has an open case or an attempt without an answer", async () => {
    const ctx = await newShop(sys);
    await aWeek(ctx);

    const page = await listPayments(ctx, filter({ status: "unknown" }));

    expect(numbersOf(page)).toEqual(["A3", "A2"]);
    expect(page.items.map(({ inDoubt, openCases }) => [inDoubt, openCases])).toEqual([
      [true, []],
      [false, ["wrong_amount"]],
    ]);
    expect((await countPayments(ctx, filter())).counts).toMatchObject({ all: 5, unknown: 2, paid: 1, closed: 1, pending: 3 });
  });

  it("filters by Beijing days with both ends, by method, by amount, by beginning of a title, and by any number", async () => {
    const ctx = await newShop(sys);
    const { attempt } = await aWeek(ctx);
    const found = async (input: unknown) => numbersOf(await listPayments(ctx, filter(input))).sort();

    expect(await found({ from: "2026-11-16", to: "2026-11-16" })).toEqual(["A1", "A2"]);
    expect(await found({ from: "2026-11-17" })).toEqual(["A3", "B4", "B5"]);
    expect(await found({ method: "wechat_native" })).toEqual(["A2"]);
    expect(await found({ provider: "alipay" })).toEqual(["A1", "A3"]);
    expect(await found({ provider: "alipay", method: "wechat_native" })).toEqual([]);
    expect(await found({ environment: "live" })).toEqual([]);
    expect(await found({ environment: "live", status: "paid" })).toEqual([]);
    expect(await found({ environment: "simulator" })).toEqual(["A1", "A2", "A3"]);
    expect(await found({ provider: "alipay", from: "2026-11-17" })).toEqual(["A3"]);
    expect(await found({ provider: "alipay", to: "2026-11-16" })).toEqual(["A1"]);
    expect(await found({ provider: "alipay", status: "pending", minFen: "30000", from: "2026-11-17" })).toEqual(["A3"]);
    expect(await found({ minFen: "20000", maxFen: "40000" })).toEqual(["A2", "A3", "B4"]);
    expect(await found({ q: "视觉" })).toEqual(["A1"]);
    expect(await found({ q: attempt.outTradeNo })).toEqual(["A3"]);
    expect(await found({ q: "A" })).toEqual(["A1", "A2", "A3"]);
    expect(await found({ q: "%" })).toEqual([]);
  });

  it("lists a payment with many attempts by the latest of them, once, and pages through them without a gap", async () => {
    const ctx = await newShop(sys);
    const numbers = ["C1", "C2", "C3", "C4", "C5"];
    for (const [minute, orderNo] of numbers.entries()) {
      const then = at(ctx, `2026-11-18 10:0${minute}:00`);
      const { id } = await order(then, { amountFen: 100n, orderNo });
      for (const method of ["alipay_pc", "alipay_qr", "wechat_native"] as const) await prepareAttempt(then, { paymentId: id, method });
    }
    const walk = async (input: object) => {
      const seen: string[][] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await listPayments(ctx, filter({ ...input, limit: 2, cursor }));
        seen.push(numbersOf(page));
        if (!page.nextCursor) return seen;
        cursor = page.nextCursor;
      }
    };
    const pages = [["C5", "C4"], ["C3", "C2"], ["C1"]];

    expect(await walk({ provider: "wechat" })).toEqual(pages);
    expect(await walk({ environment: "simulator" })).toEqual(pages);
    expect(await walk({ method: "wechat_native" })).toEqual(pages);
    expect(await walk({ method: "wechat_native", minFen: "100" })).toEqual(pages);
    expect((await countPayments(ctx, filter({ provider: "wechat" }))).counts).toMatchObject({ all: 5, pending: 5, paid: 0 });
    expect(await walk({ provider: "alipay" })).toEqual([[]]);
    expect((await countPayments(ctx, filter({ method: "alipay_qr" }))).counts).toMatchObject({ all: 0, pending: 0 });
  });

  it("pages by keyset without a gap or a repeat, newest first or by amount", async () => {
    const ctx = await newShop(sys);
    await aWeek(ctx);
    const walk = async (sort: "created" | "amount") => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listPayments(ctx, filter({ sort, limit: 2, cursor }));
        seen.push(...numbersOf(page));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return seen;
    };

    expect(await walk("amount")).toEqual(["B5", "B4", "A3", "A2", "A1"]);
    expect((await walk("created"))[0]).toBe("B5");
    expect(new Set(await walk("created")).size).toBe(5);
  });

  it("sums what the filter finds", async () => {
    const ctx = await newShop(sys);
    await aWeek(ctx);

    expect(await sumPayments(ctx, filter({ status: "pending" }))).toEqual({ count: 3, totalFen: 100_000n });
  });
});

describe("the detail", () => {
  it("tells who did what, with their name, and keeps personal data out", async () => {
    const ctx = await newShop(sys);
    const { paid } = await aWeek(ctx);

    const detail = await getPaymentDetail(ctx, paid.id);

    expect(detail.history.map(({ type }) => type).sort()).toEqual([
      "payment.create",
      "payment.settle",
      "transaction.create",
      "transaction.succeed",
    ]);
    expect(detail.history.every((one) => "actorName" in one)).toBe(true);
    expect(detail.entries.reduce((sum, { amountFen }) => sum + amountFen, 0n)).toBe(0n);
    expect(JSON.stringify(detail, (_key, value) => (typeof value === "bigint" ? String(value) : value))).not.toMatch(/Sealed/);
  });
});

describe("the export", () => {
  it("IN-06 holds what the filter holds, and is in the audit log without what was searched for", async () => {
    const ctx = await newShop(sys);
    await aWeek(ctx);
    await order(await newShop(sys), { amountFen: 100n, orderNo: "A9" });

    const pages = [];
    for await (const page of exportPayments(ctx, filter({ q: "A", minFen: "15000", cursor: undefined }))) pages.push(page);

    expect(pages.flat().map(({ orderNo }) => orderNo)).toEqual(["A3", "A2"]);
    const events = await ctx.read((tx) => tx.select().from(event));
    const [audited] = events.filter(({ type }) => type === "payment.export");
    expect(audited?.details).toMatchObject({ searched: true, minFen: "15000" });
    expect(audited?.details).not.toHaveProperty("q");
  });
});
