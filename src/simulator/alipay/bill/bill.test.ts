import { crc32 } from "node:zlib";
import iconv from "iconv-lite";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { randomDigits } from "../../random";
import { BILL_METHOD, timed, unzip } from "../../testing/bill-readers";
import { newAlipayApp, openSimulator, type TestBench } from "../../testing/harness";

type App = Awaited<ReturnType<typeof newAlipayApp>>;
let bench: TestBench;
let at: ReturnType<typeof timed>;
let app: App;
beforeAll(async () => {
  bench = await openSimulator();
  at = timed(bench);
  app = await newAlipayApp(bench);
});
afterAll(() => bench.close());

const DAY = "2026-03-04";
const ask = async (biz: object) => (await at.alipay(app, BILL_METHOD, biz)).node;

describe("asking for a day's statement at Alipay", () => {
  it("refuses today and the future, and has nothing before nine the next morning", async () => {
    await at.setClock("2026-03-05 08:59:00");

    expect(await at.alipayBill(app, "2026-03-05")).toMatchObject({ code: "40004", sub_code: "INVAILID_ARGUMENTS" });
    expect(await at.alipayBill(app, "2026-03-06")).toMatchObject({ code: "40004", sub_code: "INVAILID_ARGUMENTS" });
    expect(await at.alipayBill(app, DAY)).toMatchObject({ code: "40004", sub_code: "BILL_NOT_EXIST" });
    await at.setClock("2026-03-05 09:00:00");
    expect(await at.alipayBill(app, DAY)).toMatchObject({ code: "10000" });
  });

  it.each([
    ["no day", { bill_type: "trade" }, "INVAILID_ARGUMENTS"],
    ["no type", { bill_date: DAY }, "INVAILID_ARGUMENTS"],
    ["a day that does not exist", { bill_type: "trade", bill_date: "2026-02-30" }, "INVAILID_ARGUMENTS"],
    ["another form", { bill_type: "trade", bill_date: "20260304" }, "INVAILID_ARGUMENTS"],
    ["a month", { bill_type: "trade", bill_date: "2026-02" }, "TYPE_NOT_SUPPORTED"],
    ["a kind that is not served", { bill_type: "signcustomer", bill_date: DAY }, "TYPE_NOT_SUPPORTED"],
    ["a kind that does not exist", { bill_type: "trades", bill_date: DAY }, "TYPE_NOT_SUPPORTED"],
  ])("refuses %s", async (_what, biz, code) => {
    await at.setClock("2026-03-05 10:00:00");
    expect(await ask(biz)).toMatchObject({ code: "40004", sub_code: code });
  });

  it("gives an empty file for a day without trades, and says so", async () => {
    await at.setClock("2026-03-05 10:00:00");
    const node = await at.alipayBill(app, DAY);
    const file = await at.alipayFile(app, DAY);

    expect(node.bill_file_code).toBe("EMPTY_DATA_WITH_BILL_FILE");
    expect(file.rows).toEqual([]);
    expect(file.detail).toContain("#交易合计：0笔，商家实收共0.00元，商家优惠共0.00元");
  });
});

describe("the link", () => {
  it("leads back to us, works for thirty seconds, and is then refused with a page", async () => {
    await at.setClock("2026-03-05 10:00:00");
    const url = String((await at.alipayBill(app, DAY)).bill_download_url);
    const fresh = await at.fetchBytes(url);
    await bench.advance("31s");
    const stale = await at.fetchBytes(url);

    expect(url.startsWith(`${bench.url}/downloadBillFile.resource?bizType=trade&userId=${app.sellerId}&fileType=csv.zip&`)).toBe(true);
    expect(fresh.status).toBe(200);
    expect(fresh.headers.get("content-length")).toBe(String(fresh.bytes.length));
    expect(fresh.headers.get("content-disposition")).toBe(`attachment; filename=${app.sellerId}0156_20260304.csv.zip`);
    expect([stale.status, stale.headers.get("content-type")]).toEqual([403, "text/html; charset=utf-8"]);
  });

  it("is unguessable: another token finds nothing", async () => {
    await at.setClock("2026-03-05 10:00:00");
    const url = new URL(String((await at.alipayBill(app, DAY)).bill_download_url));
    const token = url.searchParams.get("token") ?? "";
    url.searchParams.set("token", token.slice(0, -1) + (token.endsWith("A") ? "B" : "A"));

    expect(token).toMatch(/^[0-9A-Za-z]{43}$/);
    expect((await at.fetchBytes(url.href)).status).toBe(404);
    expect((await at.fetchBytes(`${bench.url}/downloadBillFile.resource`)).status).toBe(404);
  });

  it("keeps its file, whatever is planted after it was given out", async () => {
    await at.setClock("2026-03-04 12:00:00");
    await at.alipayPaid(app, "KEPT_1", "1.00");
    await at.setClock("2026-03-05 10:00:00");
    const url = String((await at.alipayBill(app, DAY)).bill_download_url);
    const before = await at.fetchBytes(url);
    await bench.control("POST", "statements", {
      provider: "alipay",
      account: app.appId,
      day: DAY,
      changes: [{ kind: "missing", outTradeNo: "KEPT_1" }],
    });

    expect((await at.fetchBytes(url)).bytes.equals(before.bytes)).toBe(true);
    expect((await at.alipayFile(app, DAY)).rows).toEqual([]);
  });
});

describe("the file", () => {
  beforeEach(async () => {
    app = await newAlipayApp(bench);
  });

  it("has payments and refunds of the merchant's day, of all its apps, as the real one writes them", async () => {
    const second = await newAlipayApp(bench);
    await bench.control("POST", "accounts", {
      provider: "alipay",
      appId: second.appId,
      sellerId: app.sellerId,
      appPublicKey: second.publicKey,
    });
    const stranger = await newAlipayApp(bench);
    await at.setClock("2026-03-03 23:50:00");
    await at.alipayPaid(app, "EARLY_1", "5.00");
    await at.setClock("2026-03-04 00:00:05");
    await at.alipayPaid(app, "FIRST_1", "88.88", { subject: "螺丝，M4, 不锈钢", body: "附言" }, "888");
    await at.alipayPaid(stranger, "OTHER_1", "7.00");
    await at.setClock("2026-03-04 12:00:00");
    await at.alipayPaid(second, "SECOND_1", "100.00");
    await at.alipay(app, "alipay.trade.refund", {
      out_trade_no: "EARLY_1",
      refund_amount: "1.25",
      out_request_no: "R_1",
      refund_reason: "退一半",
    });
    await at.setClock("2026-03-05 00:00:00");
    await at.alipayPaid(app, "LATE_1", "3.00");
    await at.setClock("2026-03-05 09:30:00");
    const file = await at.alipayFile(app, DAY);
    const next = await at.alipayFile(app, "2026-03-03");

    const pid = `${app.sellerId}0156`;
    const dashes = "-".repeat(41);
    expect(file.names).toEqual([`${pid}_20260304_业务明细.csv`, `${pid}_20260304_业务明细(汇总).csv`]);
    expect(file.detail.slice(0, 4)).toEqual([
      "#支付宝业务明细查询",
      `#账号：[${pid}]`,
      "#起始日期：[2026年03月04日 00:00:00]   终止日期：[2026年03月05日 00:00:00]",
      `#${dashes}业务明细列表${"-".repeat(40)}`,
    ]);
    expect(file.header).toHaveLength(25);
    expect([file.header[0], file.header[1], file.header[21], file.header[24]]).toEqual([
      "支付宝交易号",
      "商户订单号",
      "退款批次号/请求号",
      "备注",
    ]);
    // A comma in a title is not quoted, so that row has a cell too many.
    const [first = [], secondRow = [], refund = []] = file.rows;
    expect(file.rows).toHaveLength(3);
    expect(first).toHaveLength(26);
    expect(first.slice(1, 5)).toEqual(["FIRST_1\t", "交易\t", "螺丝，M4", " 不锈钢\t"]);
    expect(first.slice(12, 24)).toEqual(["88.88", "88.88", "0.00", "0.00", "8.88", "0.00", "0.00", "\t", "0.00", "0.00", "\t", "-0.53"]);
    expect(first.at(-1)).toBe("附言\t");
    expect(secondRow).toHaveLength(25);
    expect(file.cell(secondRow, "商户订单号")).toBe("SECOND_1");
    expect(file.cell(secondRow, "完成时间")).toMatch(/^2026-03-04 12:00:\d\d$/);
    expect(refund[0]).toMatch(/^20260303\d{20}\t$/);
    expect(refund.slice(1, 4)).toEqual(["EARLY_1\t", "退款\t", "书\t"]);
    expect(refund.slice(11)).toEqual([
      "-1.25",
      "-1.25",
      "0.00",
      "0.00",
      "0.00",
      "0.00",
      "0.00",
      "\t",
      "0.00",
      "0.00",
      "R_1\t",
      "0.00",
      "0.00",
      "退一半\t",
    ]);
    expect(file.detail.slice(-5, -2)).toEqual([
      `#${dashes}业务明细列表结束${"-".repeat(36)}`,
      "#交易合计：2笔，商家实收共188.88元，商家优惠共0.00元",
      "#退款合计：1笔，商家实收退款共-1.25元，商家优惠退款共0.00元",
    ]);
    expect(file.detail.at(-2)).toMatch(/^#导出时间：\[2026年03月05日 09:30:\d\d\]$/);
    expect(file.detail.at(-1)).toBe("");
    expect(file.summary[4]?.split(",")).toHaveLength(12);
    expect(file.summary[5]).toBe("合计\t,\t,2,1,187.63,187.63,8.88,0.00,0.00,-1.13,0.00,186.50");
    expect(file.summary[6]).toBe(`#${dashes}业务汇总列表结束${"-".repeat(36)}`);
    // The order of the third was refunded on the fourth, and stands in its own day all the same.
    expect(next.rows.map((row) => next.cell(row, "商户订单号"))).toEqual(["EARLY_1"]);
  });

  it("has names and contents in GBK, unmarked, with checksums that agree", async () => {
    await at.setClock("2026-03-04 12:00:00");
    await at.alipayPaid(app, `GBK_${randomDigits(6)}`, "1.00", { subject: "钢管😀" });
    await at.setClock("2026-03-05 10:00:00");
    const { bytes } = await at.fetchBytes(String((await at.alipayBill(app, DAY)).bill_download_url));
    const files = unzip(bytes);

    expect(files.map(({ name }) => name.toString("hex"))).toEqual(
      ["业务明细.csv", "业务明细(汇总).csv"].map((name) => iconv.encode(`${app.sellerId}0156_20260304_${name}`, "gbk").toString("hex")),
    );
    expect(files.map(({ flags }) => flags)).toEqual([0, 0]);
    expect(files.map(({ crc }) => crc)).toEqual(files.map((file) => crc32(file.bytes)));
    expect(files[0]?.bytes.includes(iconv.encode("钢管?\t,", "gbk"))).toBe(true);
    expect(files[0]?.bytes.subarray(0, 1).toString()).toBe("#");
  });

  it("rounds half a fen of the fee up", async () => {
    await at.setClock("2026-03-04 12:00:00");
    for (const [number, amount] of [
      ["FEE_1", "0.83"],
      ["FEE_2", "2.50"],
      ["FEE_3", "0.84"],
    ] as const)
      await at.alipayPaid(app, number, amount);
    await at.setClock("2026-03-05 10:00:00");
    const file = await at.alipayFile(app, DAY);

    expect(file.rows.map((row) => file.cell(row, "服务费（元）"))).toEqual(["0.00", "-0.02", "-0.01"]);
  });
});
