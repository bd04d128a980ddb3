import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CivilDate } from "~/lib/time";
import { cutAt, readAll } from "~tests/fixtures/statement";
import { vectors, wechatChannel } from "~tests/fixtures/wechat/channel";
import {
  ALL_COLUMNS,
  ALL_SUMS,
  asFile,
  OLD_COLUMNS,
  PAYMENT,
  REFUND,
  type Row,
  record,
  STATEMENT,
  SUCCESS_COLUMNS,
  WECHAT_DAY,
} from "~tests/fixtures/wechat/statement";
import { inBatches } from "../statement/batches";
import { StatementError, type StatementErrorCode } from "../statement-port";
import { wechatStatements } from "./statement";
import { WechatStatementParser } from "./statement-file";

const parse = (chunks: Buffer[]) => readAll(inBatches(chunks, new WechatStatementParser(vectors.mchid, WECHAT_DAY as CivilDate)));
const parsed = (lines: readonly string[]) => parse([asFile(lines)]);
const refusal = async (work: Promise<unknown>): Promise<{ code: StatementErrorCode; lineNo: number | null }> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StatementError);
  return error as StatementError;
};
const onlyPayment = (row: Row = PAYMENT, sums = "`1.0,`19.9,`0.0,`0.0,`0.12,`19.99,`0.0") => [
  ALL_COLUMNS.join(","),
  record(row),
  ALL_SUMS,
  sums,
];

describe("WeChat Pay's statement", () => {
  it("gives every row with amounts in fen, fees to five decimals, and the totals", async () => {
    const { lines, totals } = await parsed(STATEMENT);

    expect(lines).toEqual([
      {
        lineNo: 2,
        kind: "payment",
        outTradeNo: "txn_0123456789abcdefghjkmnpqrs",
        providerTradeNo: "4200000000202601010000000001",
        outRefundNo: null,
        providerRefundNo: null,
        amount: 1999n,
        receipt: 1990n,
        feeMilliFen: 12_000n,
        rateText: "0.60%",
        providerState: "SUCCESS",
        at: new Date("2026-01-01T00:05:00Z"),
      },
      {
        lineNo: 3,
        kind: "refund",
        outTradeNo: "txn_0123456789abcdefghjkmnpqrs",
        providerTradeNo: "4200000000202601010000000001",
        outRefundNo: "rfd_0123456789abcdefghjkmnpqrs",
        providerRefundNo: "50000000002026010100000000001",
        amount: 500n,
        receipt: 490n,
        feeMilliFen: -3_000n,
        rateText: "0.60%",
        providerState: "PROCESSING",
        at: new Date("2026-01-01T01:30:00Z"),
      },
    ]);
    expect(totals).toEqual({ payments: 1, paidFen: 1999n, refunds: 1, refundedFen: 500n, feeMilliFen: 9_000n });
  });

  it("reads the same packed and plain, with a byte order mark and without", async () => {
    const bytes = asFile(STATEMENT);
    const read = (file: Buffer, format: "gzip" | "plain") =>
      readAll(wechatStatements.read(wechatChannel(), WECHAT_DAY, { bytes: file, format }));
    const expected = await parse([bytes]);

    expect(await read(gzipSync(bytes), "gzip")).toEqual(expected);
    expect(await read(bytes, "plain")).toEqual(expected);
    expect(await read(bytes.subarray(3), "plain")).toEqual(expected);
    expect(await refusal(read(gzipSync(bytes).subarray(0, -9), "gzip"))).toMatchObject({ code: "broken_archive" });
    expect(await refusal(read(bytes, "gzip"))).toMatchObject({ code: "broken_archive" });
    expect(await refusal(read(gzipSync(bytes), "plain"))).toMatchObject({ code: "not_a_statement" });
    expect(await refusal(readAll(wechatStatements.read(wechatChannel(), WECHAT_DAY, { bytes, format: "zip" })))).toMatchObject({
      code: "not_a_statement",
    });
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

  it("may have no rows", async () => {
    const { lines, totals } = await parsed([ALL_COLUMNS.join(","), ALL_SUMS, "`0.0,`0.0,`0.0,`0.0,`0.0,`0.0,`0.0"]);

    expect(lines).toEqual([]);
    expect(totals).toEqual({ payments: 0, paidFen: 0n, refunds: 0, refundedFen: 0n, feeMilliFen: 0n });
  });

  it("reads the older layout, which knows neither the order's total nor what was asked for", async () => {
    const { lines, totals } = await parsed([
      OLD_COLUMNS.join(","),
      record(PAYMENT, OLD_COLUMNS),
      record(REFUND, OLD_COLUMNS),
      "总交易单数,总交易额,总退款金额,总企业红包退款金额,手续费总金额",
      "`2,`19.99,`4.90,`0.0,`0.09",
    ]);

    expect(lines.map(({ amount, receipt }) => [amount, receipt])).toEqual([
      [1999n, null],
      [490n, null],
    ]);
    expect(totals).toMatchObject({ paidFen: 1999n, refundedFen: 490n });
  });

  it("reads a statement of payments only, also one that is summed up like all others", async () => {
    const rows = [SUCCESS_COLUMNS.join(","), record(PAYMENT, SUCCESS_COLUMNS)];
    const own = await parsed([...rows, "总交易单数,应结订单总金额,手续费总金额,订单总金额", "`1.0,`19.9,`0.12,`19.99"]);
    const shared = await parsed([...rows, ALL_SUMS, "`1,`19.90,`0.00,`0.00,`0.12000,`19.99,`0.00"]);

    expect(SUCCESS_COLUMNS).toHaveLength(20);
    expect(own.lines).toEqual((await parsed(onlyPayment())).lines);
    expect(shared).toEqual(own);
    expect(await refusal(parsed([...rows, ALL_SUMS, "`1,`19.90,`1.00,`0.00,`0.12000,`19.99,`0.00"]))).toMatchObject({ code: "bad_totals" });
  });

  it("keeps commas in titles, and backticks", async () => {
    const { lines } = await parsed(onlyPayment({ ...PAYMENT, 商品名称: "一,二`三", 商户数据包: "a,b," }));

    expect(lines).toEqual((await parsed(onlyPayment())).lines);
  });

  it("knows an order that was taken back by its bar code", async () => {
    const revoked: Row = { ...REFUND, 交易状态: "REVOKED" };
    const { lines, totals } = await parsed(onlyPayment(revoked, "`1.0,`0.0,`4.90,`0.0,`-0.03,`0.0,`5.0"));

    expect(lines).toMatchObject([{ kind: "revoked", amount: 500n, outRefundNo: revoked.商户退款单号, providerState: "REVOKED" }]);
    expect(totals).toEqual({ payments: 0, paidFen: 0n, refunds: 0, refundedFen: 0n, feeMilliFen: -3_000n });
  });

  it.each([
    ["0.12500", "0.13", true],
    ["0.12400", "0.12", true],
    ["0.12501", "0.12", false],
    ["0.12000", "0.13", false],
    ["0.12345", "0.12345", true],
    ["0.12345", "0.12346", false],
  ])("takes a fee of %s summed up as %s: %s", async (fee, total, right) => {
    const work = parsed(onlyPayment({ ...PAYMENT, 手续费: fee }, `\`1.0,\`19.9,\`0.0,\`0.0,\`${total},\`19.99,\`0.0`));

    expect(
      await work.then(
        () => true,
        () => false,
      ),
    ).toBe(right);
  });

  it.each([
    ["another currency", { 货币种类: "HKD" }, "unreadable_line"],
    ["no currency", { 货币种类: "" }, "unreadable_line"],
    ["another state", { 交易状态: "CLOSED" }, "unreadable_line"],
    ["another merchant", { 商户号: "1900000002" }, "wrong_account"],
    ["another day", { 交易时间: "2026-01-02 00:00:00" }, "wrong_day"],
    ["no time", { 交易时间: "2026-01-01" }, "unreadable_line"],
    ["no order number", { 商户订单号: "" }, "unreadable_line"],
    ["no provider's number", { 微信订单号: "" }, "unreadable_line"],
    ["a third decimal", { 订单金额: "19.991" }, "unreadable_line"],
    ["a sixth decimal of the fee", { 手续费: "0.123456" }, "unreadable_line"],
    ["an amount in a column that we do not give out", { 代金券金额: "none" }, "unreadable_line"],
    ["a payment with a minus", { 订单金额: "-19.99" }, "unreadable_line"],
    ["a refund without a number", { 交易状态: "REFUND" }, "unreadable_line"],
    ["more cells than columns", { 费率备注: "一,`二" }, "unreadable_line"],
    ["a backtick behind a comma in its title", { 商品名称: "一,`二" }, "unreadable_line"],
  ] as const)("refuses a row with %s", async (_what, changes, code) => {
    expect(await refusal(parsed(onlyPayment({ ...PAYMENT, ...changes })))).toMatchObject({ code, lineNo: 2 });
  });

  it.each([
    ["another file", { 0: "记账时间,微信支付业务单号" }, "not_a_statement", 1],
    ["no column of order numbers", { 0: ALL_COLUMNS.join(",").replace("商户订单号", "单号") }, "unknown_columns", 1],
    ["a column twice", { 0: ALL_COLUMNS.join(",").replace("费率备注", "费率") }, "unknown_columns", 1],
    ["a line that is neither", { 2: "x" }, "unreadable_line", 3],
    ["another count", { 4: "`3.0,`19.9,`4.90,`0.0,`0.09,`19.99,`5.0" }, "bad_totals", 5],
    ["another sum of what is settled", { 4: "`2.0,`19.99,`4.90,`0.0,`0.09,`19.99,`5.0" }, "bad_totals", 5],
    ["another sum of refunds", { 4: "`2.0,`19.9,`5.00,`0.0,`0.09,`19.99,`5.0" }, "bad_totals", 5],
    ["another sum of prepaid coupons", { 4: "`2.0,`19.9,`4.90,`0.1,`0.09,`19.99,`5.0" }, "bad_totals", 5],
    ["another sum of fees", { 4: "`2.0,`19.9,`4.90,`0.0,`0.10,`19.99,`5.0" }, "bad_totals", 5],
    ["another sum of orders", { 4: "`2.0,`19.9,`4.90,`0.0,`0.09,`19.98,`5.0" }, "bad_totals", 5],
    ["another sum of refunds asked for", { 4: "`2.0,`19.9,`4.90,`0.0,`0.09,`19.99,`4.9" }, "bad_totals", 5],
    ["a sum that is none", { 4: "`2.0,`19.9,`4.90,`0.0,`,`19.99,`5.0" }, "bad_totals", 5],
    ["fewer sums than names", { 4: "`2.0,`19.9" }, "cut_off", 5],
    ["no sum of fees", { 3: "总交易单数,订单总金额", 4: "`2.0,`19.99" }, "cut_off", 5],
    ["no sum of orders", { 3: "总交易单数,手续费总金额", 4: "`2.0,`0.09" }, "cut_off", 5],
  ] as const)("with %s is refused", async (_what, changes, code, lineNo) => {
    const lines = STATEMENT.map((line, index) => (changes as Record<number, string>)[index] ?? line);

    expect(await refusal(parsed(lines))).toMatchObject({ code, lineNo });
  });

  it("with rows behind its sums is refused", async () => {
    expect(await refusal(parsed([...STATEMENT, record(PAYMENT)]))).toMatchObject({ code: "unreadable_line", lineNo: 6 });
    expect((await parsed([...STATEMENT, ""])).lines).toHaveLength(2);
  });

  it("is never believed when its end is missing, wherever it was cut off", async () => {
    const bytes = asFile(STATEMENT);
    // The last sum reads the same without its zero.
    const needed = bytes.length - "\r\n".length - ".0".length;
    for (let end = 0; end < needed; end++) await refusal(parse([bytes.subarray(0, end)]));
    expect((await parse([bytes.subarray(0, needed)])).totals.refunds).toBe(1);
  });
});
