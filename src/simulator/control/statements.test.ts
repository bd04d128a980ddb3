import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readWechatBill, timed } from "../testing/bill-readers";
import { newAlipayApp, newWechatMerchant, openSimulator, type TestBench } from "../testing/harness";
import type { StatementChange, StatementView } from "./types";

type Merchant = Awaited<ReturnType<typeof newWechatMerchant>>;
type App = Awaited<ReturnType<typeof newAlipayApp>>;
let bench: TestBench;
let at: ReturnType<typeof timed>;
beforeAll(async () => {
  bench = await openSimulator();
  at = timed(bench);
});
afterAll(() => bench.close());

const DAY = "2026-03-04";
const NEXT = "2026-03-05";

describe("differences planted in a statement of WeChat Pay", () => {
  let merchant: Merchant;
  beforeEach(async () => {
    merchant = await newWechatMerchant(bench);
    await at.setClock("2026-03-04 12:00:00");
    await at.wechatPaid(merchant, "ORDER_A", 1_000);
    await at.setClock("2026-03-04 13:00:00");
    await at.wechatPaid(merchant, "ORDER_B", 2_000);
    await at.wechatRefund(merchant, "ORDER_B", "REFUND_B", 2_000, 500);
    await at.setClock("2026-03-06 12:00:00");
  });

  const plant = (changes?: StatementChange[], day = DAY) =>
    bench.control<StatementView>("POST", "statements", {
      provider: "wechat",
      account: merchant.mchid,
      day,
      ...(changes ? { changes } : {}),
    });
  /** What the file says: number, state, paid, given back, fee; and its sums. */
  async function written(day = DAY) {
    const { body } = await at.tradeBill(merchant, `bill_date=${day}`);
    const { rows, sums } = readWechatBill((await at.wechatDownload(merchant, body.download_url)).bytes);
    return {
      rows: rows.map((row) => [row.商户订单号, row.交易状态, row.订单金额, row.退款金额, row.手续费].join(" ")),
      sums: [sums.总交易单数, sums.订单总金额, sums.退款总金额, sums.手续费总金额].join(" "),
    };
  }
  const A = "ORDER_A SUCCESS 10.00 0.00 0.06000";
  const B = "ORDER_B SUCCESS 20.00 0.00 0.12000";
  const BACK = "ORDER_B REFUND 0.00 5.00 -0.03000";

  it("shows the rows as they are while nothing is planted", async () => {
    const view = await plant();

    expect(view).toMatchObject({
      provider: "wechat",
      merchant: merchant.mchid,
      day: DAY,
      ready: true,
      readyAt: "2026-03-05T02:00:00.000Z",
    });
    expect(view.rows).toEqual([
      expect.objectContaining({ kind: "payment", outTradeNo: "ORDER_A", refundNo: null, amount: "10.00", fee: "0.06000", planted: null }),
      expect.objectContaining({ kind: "payment", outTradeNo: "ORDER_B", amount: "20.00", fee: "0.12000" }),
      expect.objectContaining({ kind: "refund", outTradeNo: "ORDER_B", refundNo: "REFUND_B", amount: "5.00", fee: "-0.03000" }),
    ]);
    expect(view.totals).toEqual({ payments: 2, paidFen: "3000", refunds: 1, refundedFen: "500" });
    expect(await written()).toEqual({ rows: [A, B, BACK], sums: "3.0 30.0 5.0 0.15" });
  });

  it.each<[string, StatementChange, string[], string]>([
    ["leaves a row out", { kind: "missing", outTradeNo: "ORDER_A" }, [B, BACK], "2.0 20.0 5.0 0.09"],
    ["leaves a refund out", { kind: "missing", outTradeNo: "ORDER_B", refundNo: "REFUND_B" }, [A, B], "2.0 30.0 0.0 0.18"],
    [
      "adds a row",
      { kind: "extra", outTradeNo: "GHOST", amount: "7.01", minute: 5 },
      ["GHOST SUCCESS 7.01 0.00 0.04000", A, B, BACK],
      "4.0 37.01 5.0 0.19",
    ],
    [
      "writes another amount and leaves the fee",
      { kind: "amount", outTradeNo: "ORDER_A", amount: "10.01" },
      ["ORDER_A SUCCESS 10.01 0.00 0.06000", B, BACK],
      "3.0 30.01 5.0 0.15",
    ],
    [
      "writes another amount of a refund",
      { kind: "amount", outTradeNo: "ORDER_B", refundNo: "REFUND_B", amount: "5.01" },
      [A, B, "ORDER_B REFUND 0.00 5.01 -0.03000"],
      "3.0 30.0 5.01 0.15",
    ],
    ["writes a row twice", { kind: "duplicate", outTradeNo: "ORDER_A" }, [A, A, B, BACK], "4.0 40.0 5.0 0.21"],
    [
      "writes another fee",
      { kind: "fee", outTradeNo: "ORDER_A", fee: "0.07" },
      ["ORDER_A SUCCESS 10.00 0.00 0.07000", B, BACK],
      "3.0 30.0 5.0 0.16",
    ],
    [
      "writes another state",
      { kind: "status", outTradeNo: "ORDER_A" },
      ["ORDER_A REVOKED 10.00 0.00 0.06000", B, BACK],
      "3.0 30.0 5.0 0.15",
    ],
  ])("%s, and the sums agree", async (_what, change, rows, sums) => {
    const view = await plant([change]);

    expect(view.changes).toEqual([expect.objectContaining(change)]);
    expect(await written()).toEqual({ rows, sums });
    await plant([]);
    expect((await written()).rows).toEqual([A, B, BACK]);
  });

  it("moves a row to the next day, just after midnight, where it can be found again", async () => {
    await plant([{ kind: "next_day", outTradeNo: "ORDER_A" }]);
    const next = await plant(undefined, NEXT);

    expect((await written()).rows).toEqual([B, BACK]);
    expect((await written(NEXT)).rows).toEqual([A]);
    expect(next.rows).toEqual([expect.objectContaining({ outTradeNo: "ORDER_A", at: "2026-03-04T16:00:01.000Z", planted: "next_day" })]);
    await plant([{ kind: "amount", outTradeNo: "ORDER_A", amount: "9.99" }], NEXT);
    expect((await written(NEXT)).rows).toEqual(["ORDER_A SUCCESS 9.99 0.00 0.06000"]);
  });

  it("is late until that is taken back", async () => {
    const late = await plant([{ kind: "late" }]);
    const refused = await at.tradeBill(merchant, `bill_date=${DAY}`);
    await plant([]);

    expect(late.ready).toBe(false);
    expect(refused.body.code).toBe("STATEMENT_CREATING");
    expect((await at.tradeBill(merchant, `bill_date=${DAY}`)).status).toBe(200);
  });

  it("plants several, replaces them as a whole, and keeps them over a restart", async () => {
    await plant([{ kind: "missing", outTradeNo: "ORDER_B" }]);
    const view = await plant([
      { kind: "missing", outTradeNo: "ORDER_A" },
      { kind: "extra", amount: "1.00" },
    ]);
    const before = await written();
    await bench.restart();

    expect(view.changes[1]).toMatchObject({
      kind: "extra",
      minute: 720,
      outTradeNo: expect.stringMatching(/^EXTRA\d{16}$/),
      tradeNo: expect.any(String),
    });
    expect(before.rows).toHaveLength(3);
    expect(await written()).toEqual(before);
    expect((await plant(view.changes)).changes).toEqual(view.changes);
  });

  it("refuses a change whose row is not there, and then changes nothing", async () => {
    await plant([{ kind: "missing", outTradeNo: "ORDER_A" }]);
    const wrong = plant([
      { kind: "missing", outTradeNo: "ORDER_B" },
      { kind: "amount", outTradeNo: "NOBODY", amount: "1.00" },
    ]);

    await expect(wrong).rejects.toMatchObject({ status: 409, error: "no_such_row" });
    expect((await written()).rows).toEqual([B, BACK]);
    const twice: StatementChange[] = [
      { kind: "missing", outTradeNo: "ORDER_A" },
      { kind: "fee", outTradeNo: "ORDER_A", fee: "0.00" },
    ];
    await expect(plant(twice)).rejects.toMatchObject({ error: "no_such_row" });
  });

  it.each([
    ["an amount of nothing", { kind: "amount", outTradeNo: "ORDER_A", amount: "0.00" }],
    ["an amount with a sign", { kind: "amount", outTradeNo: "ORDER_A", amount: "-1.00" }],
    ["an amount in fen", { kind: "extra", amount: "100" }],
    ["a change that does not exist", { kind: "gone", outTradeNo: "ORDER_A" }],
    ["a word too many", { kind: "late", outTradeNo: "ORDER_A" }],
  ])("refuses %s", async (_what, change) => {
    await expect(plant([change as StatementChange])).rejects.toMatchObject({ status: 400, error: "invalid_input" });
  });
});

describe("differences planted in a statement of Alipay", () => {
  let app: App;
  beforeAll(async () => {
    app = await newAlipayApp(bench);
    await at.setClock("2026-03-04 12:00:00");
    await at.alipayPaid(app, "ALI_A", "10.00");
    await at.setClock("2026-03-04 13:00:00");
    await at.alipayPaid(app, "ALI_B", "20.00");
    await at.alipay(app, "alipay.trade.refund", { out_trade_no: "ALI_B", refund_amount: "5.00", out_request_no: "ALI_R" });
    await at.setClock("2026-03-06 12:00:00");
  });

  const plant = (changes: StatementChange[], account = app.appId) =>
    bench.control<StatementView>("POST", "statements", { provider: "alipay", account, day: DAY, changes });

  it("keeps Alipay's signs, and totals that agree", async () => {
    const view = await plant([
      { kind: "amount", outTradeNo: "ALI_B", refundNo: "ALI_R", amount: "5.01" },
      { kind: "fee", outTradeNo: "ALI_A", fee: "0.07" },
      { kind: "duplicate", outTradeNo: "ALI_A" },
    ]);
    const file = await at.alipayFile(app, DAY);

    expect(view.rows.map(({ kind, amount, fee, planted }) => [kind, amount, fee, planted])).toEqual([
      ["payment", "10.00", "-0.07", "fee"],
      ["payment", "10.00", "-0.07", "duplicate"],
      ["payment", "20.00", "-0.12", null],
      ["refund", "-5.01", "0.00", "amount"],
    ]);
    expect(file.rows.map((row) => [file.cell(row, "订单金额（元）"), file.cell(row, "服务费（元）")])).toEqual(
      view.rows.map(({ amount, fee }) => [amount, fee]),
    );
    expect(file.detail).toContain("#交易合计：3笔，商家实收共40.00元，商家优惠共0.00元");
    expect(file.detail).toContain("#退款合计：1笔，商家实收退款共-5.01元，商家优惠退款共0.00元");
    expect(file.summary[5]).toBe("合计\t,\t,3,1,34.99,34.99,0.00,0.00,0.00,-0.26,0.00,34.73");
  });

  it("means the seller's statement, by app id or by seller id", async () => {
    const view = await plant([{ kind: "late" }], app.sellerId);

    expect(view).toMatchObject({ merchant: app.sellerId, ready: false, readyAt: "2026-03-05T01:00:00.000Z" });
    expect(await at.alipayBill(app, DAY)).toMatchObject({ sub_code: "BILL_NOT_EXIST" });
    const seen = await bench.control<StatementView>("GET", `statements?provider=alipay&account=${app.appId}&day=${DAY}`);
    expect(seen).toEqual(await plant([{ kind: "late" }], app.appId));
    await plant([]);
  });

  it("has no state to change, and no statement of strangers", async () => {
    await expect(plant([{ kind: "status", outTradeNo: "ALI_A" }])).rejects.toMatchObject({ status: 409, error: "wrong_provider" });
    await expect(plant([], "2021000000000000")).rejects.toMatchObject({ status: 404, error: "not_found" });
    await expect(bench.control("GET", `statements?provider=alipay&account=${app.appId}&day=2026-02-30`)).rejects.toMatchObject({
      status: 400,
    });
  });
});
