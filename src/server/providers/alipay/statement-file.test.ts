import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CivilDate } from "~/lib/time";
import { exampleChannel } from "~tests/fixtures/alipay/channel";
import {
  ALIPAY_DAY,
  asFile,
  COLUMNS,
  detailsEntry,
  END,
  gbk,
  HEAD,
  PAYMENT,
  REFUND,
  STATEMENT,
  statementZip,
  sumsEntry,
  TAIL,
} from "~tests/fixtures/alipay/statement";
import { cutAt, readAll } from "~tests/fixtures/statement";
import { zipOf } from "~tests/fixtures/zip";
import { inBatches } from "../statement/batches";
import { StatementError, type StatementErrorCode } from "../statement-port";
import { alipayStatements } from "./statement";
import { AlipayStatementParser } from "./statement-file";

const SELLER = "2088000000000001";
const parse = (chunks: Buffer[], { seller = SELLER, day = ALIPAY_DAY } = {}) =>
  readAll(inBatches(chunks, new AlipayStatementParser(seller, day as CivilDate)));
const parsed = (lines: readonly string[]) => parse([asFile(lines)]);

const refusal = async (work: Promise<unknown>): Promise<{ code: StatementErrorCode; lineNo: number | null; message: string }> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StatementError);
  return error as StatementError;
};

/** The statement of these rows, with sums that fit `PAYMENT` for each payment. */
const ofPayments = (rows: readonly string[]) => {
  const cents = rows.length * 1240;
  const yuan = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
  return [...HEAD, ...rows, END, `#交易合计：${rows.length}笔，商家实收共${yuan}元`, "#退款合计：0笔，商家实收退款共0.00元"];
};
const withTitle = (title: string) => PAYMENT.replace(",下单测试,", `,${title},`);

describe("Alipay's statement", () => {
  it("gives every row with amounts in fen, refunds without their minus, and the totals", async () => {
    const { lines, batches, totals } = await parsed(STATEMENT);

    expect(lines).toEqual([
      {
        lineNo: 6,
        kind: "payment",
        outTradeNo: "txn_0123456789abcdefghjkmnpqrs",
        providerTradeNo: "2026030422001458860515315453",
        outRefundNo: null,
        providerRefundNo: null,
        amount: 1250n,
        receipt: 1240n,
        feeMilliFen: 8000n,
        rateText: null,
        providerState: "交易",
        at: new Date("2026-03-04T02:55:23Z"),
      },
      {
        lineNo: 7,
        kind: "refund",
        outTradeNo: "txn_0123456789abcdefghjkmnpqrs",
        providerTradeNo: "2026030422001458860515315453",
        outRefundNo: "rfd_0123456789abcdefghjkmnpqrs",
        providerRefundNo: null,
        amount: 250n,
        receipt: 240n,
        feeMilliFen: -2000n,
        rateText: null,
        providerState: "退款",
        at: new Date("2026-03-04T02:56:48Z"),
      },
    ]);
    expect(batches).toEqual([2]);
    expect(totals).toEqual({ payments: 1, paidFen: 1250n, refunds: 1, refundedFen: 250n, feeMilliFen: 6000n });
  });

  it("is read out of its archive, past the file of sums", async () => {
    const file = { bytes: statementZip(), format: "zip" as const };

    expect(await readAll(alipayStatements.read(exampleChannel(), ALIPAY_DAY, file))).toEqual(await parsed(STATEMENT));
  });

  it("comes in batches", async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => withTitle(`第${index}个`));
    const file = { bytes: statementZip(ofPayments(rows)), format: "zip" as const };

    const { lines, batches, totals } = await readAll(alipayStatements.read(exampleChannel(), ALIPAY_DAY, file));

    expect(lines.map(({ lineNo }) => lineNo)).toEqual(rows.map((_, index) => index + 6));
    expect(totals).toMatchObject({ payments: 2_500, paidFen: 3_125_000n });
    expect(batches.length).toBeGreaterThan(1);
    expect(Math.max(...batches)).toBeLessThan(2_000);
  });

  it("may have no rows", async () => {
    const { lines, totals } = await parsed(ofPayments([]));

    expect(lines).toEqual([]);
    expect(totals).toEqual({ payments: 0, paidFen: 0n, refunds: 0, refundedFen: 0n, feeMilliFen: 0n });
  });

  it("reads the same wherever the bytes are split", async () => {
    const bytes = asFile(STATEMENT);
    const whole = await parse([bytes]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), async (places) => {
        expect((await parse(cutAt(bytes, places))).lines).toEqual(whole.lines);
      }),
    );
    expect((await parse(cutAt(bytes, [...bytes.keys()]))).totals).toEqual(whole.totals);
  });

  it("finds its columns by name, wherever they stand, and leaves others alone", async () => {
    const order = [24, 2, 1, 0, 12, 11, 22, 21, 5, 4, 3, 16];
    const picked = (line: string) => [...order.map((place) => line.split(",")[place]), "更多"].join(",");
    const lines = STATEMENT.map((line, index) => (index >= 4 && index <= 6 ? picked(line) : line));

    expect((await parsed(lines)).lines).toEqual((await parsed(STATEMENT)).lines);
  });

  it("takes the time of creation where none of completion stands", async () => {
    const { lines } = await parsed(ofPayments([PAYMENT.replace("2026-03-04 10:55:23", "\t")]));

    expect(lines[0]?.at).toEqual(new Date("2026-03-04T02:55:16Z"));
  });

  it("takes a number in Chinese for what it says", async () => {
    const { lines } = await parsed(ofPayments([PAYMENT.replace("txn_0123456789abcdefghjkmnpqrs", "订单一号")]));

    expect(lines[0]?.outTradeNo).toBe("订单一号");
  });

  it("reads characters whose second byte is a letter, a backtick or a bar", async () => {
    const odd = "乗俓漙亅丂";
    expect(gbk(odd).toString("latin1")).toMatch(/[\x40-\x7e]/);

    expect((await parsed(ofPayments([withTitle(odd)]))).lines).toEqual((await parsed(ofPayments([PAYMENT]))).lines);
  });

  it.each(["，", "一,二", ",", "a,b,c,d", "2026-03-04 10:55:16,x", '"一,二"', "x,交易,y"])(
    "gives the comma in the title %j to the title",
    async (title) => {
      expect((await parsed(ofPayments([withTitle(title)]))).lines).toEqual((await parsed(ofPayments([PAYMENT]))).lines);
    },
  );

  it("gives commas in the remark to the remark, and in both to both", async () => {
    const expected = (await parsed(ofPayments([PAYMENT]))).lines;

    expect((await parsed(ofPayments([`${PAYMENT}一,二,三`]))).lines).toEqual(expected);
    expect((await parsed(ofPayments([`${withTitle("a,b")}一,二`]))).lines).toEqual(expected);
  });

  it("refuses a row whose commas could mean two things", async () => {
    // A title that ends like a row of its own would read with either amount.
    const [, , , , created, finished, , , , , , amount] = PAYMENT.split(",");
    const title = `x,${created},${finished},,,,,,9999.00,9999.00,0.00,0.00,0.00,0.00,0.00,,0.00,0.00,,0.00,0.00,y`;

    expect(amount).toBe("12.50");
    expect(await refusal(parsed(ofPayments([withTitle(title)])))).toMatchObject({ code: "unreadable_line", lineNo: 6 });
  });

  it.each([
    ["fewer cells", PAYMENT.replace("\t,", "\t")],
    ["more commas than words have", withTitle(",".repeat(600))],
    ["another kind of business", PAYMENT.replace("交易\t", "转账\t")],
    ["no provider's number", PAYMENT.replace("2026030422001458860515315453", "x")],
    ["no number of ours", PAYMENT.replace("txn_0123456789abcdefghjkmnpqrs", "")],
    ["three decimals", PAYMENT.replace("12.50", "12.505")],
    ["no amount", PAYMENT.replace("12.50", "")],
    ["an amount in a column that we do not need", PAYMENT.replace("0.10,0.00,,", "0.10,zero,,")],
    ["a payment with a minus", PAYMENT.replace("12.50", "-12.50")],
    ["a refund without a minus", REFUND.replace("-2.50", "2.50")],
    ["no time", PAYMENT.replace("2026-03-04 10:55:23", "10:55:23")],
    ["a time that no clock shows", PAYMENT.replace("10:55:23", "24:55:23")],
    ["a control character in a number", PAYMENT.replace("txn_0123456789abcdefghjkmnpqrs", "txn\u0001")],
    ["a second header", COLUMNS],
    ["a remark by somebody", "#备注"],
  ])("refuses a row with %s", async (_what, row) => {
    expect(await refusal(parsed([...HEAD, row, ...TAIL]))).toMatchObject({ code: "unreadable_line", lineNo: 6 });
  });

  it.each([
    ["another title", { 0: "#支付宝账务明细查询" }, "not_a_statement", 1],
    ["no account", { 1: "#账号：[]" }, "not_a_statement", 2],
    ["another seller", { 1: "#账号：[20880000000000020156]" }, "wrong_account", 2],
    ["another day", { 2: "#起始日期：[2026年03月03日 00:00:00]   终止日期：[2026年03月04日 00:00:00]" }, "wrong_day", 3],
    ["two days", { 2: "#起始日期：[2026年03月04日 00:00:00]   终止日期：[2026年03月06日 00:00:00]" }, "wrong_day", 3],
    ["a day before it too", { 2: "#起始日期：[2026年03月03日 00:00:00]   终止日期：[2026年03月05日 00:00:00]" }, "wrong_day", 3],
    ["part of a day", { 2: "#起始日期：[2026年03月04日 08:00:00]   终止日期：[2026年03月05日 00:00:00]" }, "not_a_statement", 3],
    ["another list", { 3: "#----业务汇总列表----" }, "not_a_statement", 4],
    ["no column of amounts", { 4: COLUMNS.replace("订单金额（元）", "金额") }, "unknown_columns", 5],
    ["a column twice", { 4: COLUMNS.replace("备注", "完成时间") }, "unknown_columns", 5],
    ["a payment of another day", { 5: PAYMENT.replace("04 10:55:23", "05 00:00:00") }, "wrong_day", 6],
    ["a refund of another day", { 6: REFUND.replace("04 10:56:48", "03 23:59:59") }, "wrong_day", 7],
    ["another number of payments", { 8: "#交易合计：2笔，商家实收共12.40元，商家优惠共0.10元" }, "bad_totals", 9],
    ["another sum of payments", { 8: "#交易合计：1笔，商家实收共12.41元，商家优惠共0.10元" }, "bad_totals", 9],
    ["another sum of discounts", { 8: "#交易合计：1笔，商家实收共12.40元，商家优惠共0.00元" }, "bad_totals", 9],
    ["another number of refunds", { 9: "#退款合计：0笔，商家实收退款共-2.40元" }, "bad_totals", 10],
    ["another sum of refunds", { 9: "#退款合计：1笔，商家实收退款共-2.50元" }, "bad_totals", 10],
    ["no sums of refunds", { 9: "#导出时间：[2026年03月05日 05:46:49]" }, "cut_off", 10],
    ["a row behind the sums", { 10: PAYMENT }, "unreadable_line", 11],
  ] as const)("with %s is refused", async (_what, changes, code, lineNo) => {
    const lines = STATEMENT.map((line, index) => (changes as Record<number, string>)[index] ?? line);

    expect(await refusal(parsed(lines))).toMatchObject({ code, lineNo });
  });

  it("tells no cell in its errors", async () => {
    expect((await refusal(parsed([...HEAD, PAYMENT.replace("12.50", "secret"), ...TAIL]))).message).not.toContain("secret");
  });

  it("is never believed when its end is missing, wherever it was cut off", async () => {
    const bytes = asFile(STATEMENT);
    // Behind the number of refunds nothing is missed: their sums stand there or not.
    const needed = asFile([...STATEMENT.slice(0, -2), "#退款合计：1笔"]).length - "\r\n".length;
    for (let end = 0; end < needed; end++) await refusal(parse([bytes.subarray(0, end)]));
    expect((await parse([bytes.subarray(0, needed)])).totals.refunds).toBe(1);
  });

  it("is refused as another file than a ZIP, and when the archive holds none", async () => {
    const read = (bytes: Buffer, format: "zip" | "gzip") => readAll(alipayStatements.read(exampleChannel(), ALIPAY_DAY, { bytes, format }));

    expect(await refusal(read(statementZip(), "gzip"))).toMatchObject({ code: "not_a_statement" });
    expect(await refusal(read(zipOf(sumsEntry), "zip"))).toMatchObject({ code: "not_a_statement" });
    expect(await refusal(read(zipOf(detailsEntry(gbk("x"), { says: { crc32: 1 } })), "zip"))).toMatchObject({ code: "broken_archive" });
    expect(await refusal(read(Buffer.alloc(64 * 1024 * 1024 + 1), "zip"))).toMatchObject({ code: "too_large" });
  });
});
