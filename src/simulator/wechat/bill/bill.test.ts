import { createHash, createPublicKey, verify } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readWechatBill, timed } from "../../testing/bill-readers";
import { newWechatMerchant, openSimulator, type TestBench } from "../../testing/harness";

type Merchant = Awaited<ReturnType<typeof newWechatMerchant>>;
let bench: TestBench;
let at: ReturnType<typeof timed>;
let merchant: Merchant;
beforeAll(async () => {
  bench = await openSimulator();
  at = timed(bench);
  merchant = await newWechatMerchant(bench);
});
afterAll(() => bench.close());

const DAY = "2026-03-04";
const fetchBill = async (query: string) => {
  const { body } = await at.tradeBill(merchant, query);
  const file = await at.wechatDownload(merchant, body.download_url);
  return { promise: body, ...file };
};
const sha1 = (bytes: Buffer) => createHash("sha1").update(bytes).digest("hex");

describe("asking for a day's statement at WeChat Pay", () => {
  it("is creating it until ten the next morning, and has none for a day without trades", async () => {
    await at.setClock("2026-03-04 12:00:00");
    await at.wechatPaid(merchant, "ASKED_1", 100);
    await at.setClock("2026-03-05 09:59:00");
    const early = await at.tradeBill(merchant, `bill_date=${DAY}`);
    await at.setClock("2026-03-05 10:00:00");
    const ready = await at.tradeBill(merchant, `bill_date=${DAY}`);

    expect([early.status, early.body.code]).toEqual([400, "STATEMENT_CREATING"]);
    expect(ready.status).toBe(200);
    for (const query of ["bill_date=2026-03-03", `bill_date=${DAY}&bill_type=REFUND`]) {
      const none = await at.tradeBill(merchant, query);
      expect([none.status, none.body.code]).toEqual([400, "NO_STATEMENT_EXIST"]);
    }
  });

  it.each([
    ["no day", "bill_type=ALL", "PARAM_ERROR"],
    ["an empty day", "bill_date=", "PARAM_ERROR"],
    ["a day that does not exist", "bill_date=2026-02-30", "PARAM_ERROR"],
    ["another form", "bill_date=20260304", "PARAM_ERROR"],
    ["two days", "bill_date=2026-03-04&bill_date=2026-03-03", "PARAM_ERROR"],
    ["a kind that does not exist", "bill_date=2026-03-04&bill_type=all", "PARAM_ERROR"],
    ["a packing that does not exist", "bill_date=2026-03-04&tar_type=ZIP", "PARAM_ERROR"],
    ["an empty packing", "bill_date=2026-03-04&tar_type=", "PARAM_ERROR"],
    ["today", "bill_date=2026-03-05", "INVALID_REQUEST"],
    ["tomorrow", "bill_date=2026-03-06", "INVALID_REQUEST"],
    ["a day more than three months back", "bill_date=2025-12-04", "INVALID_REQUEST"],
  ])("refuses %s", async (_what, query, code) => {
    await at.setClock("2026-03-05 12:00:00");
    const { status, body } = await at.tradeBill(merchant, query);
    expect([status, body.code]).toEqual([400, code]);
  });

  it("counts three months to the month's last day where the day does not exist", async () => {
    await at.setClock("2026-05-31 12:00:00");
    const code = async (day: string) => (await at.tradeBill(merchant, `bill_date=${day}`)).body.code;

    expect([await code("2026-02-27"), await code("2026-02-28")]).toEqual(["INVALID_REQUEST", "NO_STATEMENT_EXIST"]);
  });

  it("signs its answer", async () => {
    await at.setClock("2026-03-04 12:00:00");
    await at.wechatPaid(merchant, "SIGNED_1", 100);
    await at.setClock("2026-03-05 12:00:00");
    const answer = await at.tradeBill(merchant, `bill_date=${DAY}`);
    const header = (name: string) => answer.headers.get(`wechatpay-${name}`) ?? "";
    const key = createPublicKey(merchant.verificationKeys.find(({ id }) => id === header("serial"))?.pem ?? "");

    const message = Buffer.from(`${header("timestamp")}\n${header("nonce")}\n${answer.text}\n`);
    expect(verify("sha256", message, key, Buffer.from(header("signature"), "base64"))).toBe(true);
    expect(Object.keys(answer.body)).toEqual(["hash_type", "hash_value", "download_url"]);
    expect(answer.body.hash_type).toBe("SHA1");
  });
});

describe("the download", () => {
  beforeAll(async () => {
    await at.setClock("2026-03-04 12:00:00");
    await at.wechatPaid(merchant, "DOWN_1", 100);
  });
  beforeEach(() => at.setClock("2026-03-05 12:00:00"));

  it("is the promised file, unsigned, plain or packed", async () => {
    const plain = await fetchBill(`bill_date=${DAY}`);
    const packed = await fetchBill(`bill_date=${DAY}&tar_type=GZIP`);

    expect(plain.status).toBe(200);
    expect(plain.headers.get("content-length")).toBe(String(plain.bytes.length));
    expect([...plain.headers.keys()].filter((name) => name.startsWith("wechatpay-"))).toEqual([]);
    expect(plain.promise.hash_value).toBe(sha1(plain.bytes));
    expect(new URL(plain.promise.download_url).origin).toBe(bench.url);
    expect(packed.bytes.subarray(0, 2).toString("hex")).toBe("1f8b");
    expect(packed.headers.get("content-encoding")).toBeNull();
    expect(packed.promise.hash_value).toBe(sha1(gunzipSync(packed.bytes)));
    expect(gunzipSync(packed.bytes).equals(plain.bytes)).toBe(true);
  });

  it("wants the merchant's own signature over the exact address", async () => {
    const { body } = await at.tradeBill(merchant, `bill_date=${DAY}`);
    const { pathname, search } = new URL(body.download_url);
    const other = await newWechatMerchant(bench);
    const unsigned = await at.wechat(merchant, "GET", pathname + search, undefined, { headers: { authorization: undefined } });
    const elsewhere = await at.wechatDownload(other, body.download_url);

    expect([unsigned.status, unsigned.body.code]).toEqual([401, "SIGN_ERROR"]);
    expect([elsewhere.status, elsewhere.body.code]).toEqual([400, "INVALID_REQUEST"]);
    expect((await at.wechatDownload(merchant, body.download_url)).status).toBe(200);
  });

  it("is over after five minutes", async () => {
    const { body } = await at.tradeBill(merchant, `bill_date=${DAY}`);
    await bench.advance("280s");
    const inTime = await at.wechatDownload(merchant, body.download_url);
    await bench.advance("20s");
    const stale = await at.wechatDownload(merchant, body.download_url);

    expect(inTime.status).toBe(200);
    expect([stale.status, stale.body.code]).toEqual([400, "INVALID_REQUEST"]);
    expect((await at.wechatDownload(merchant, `${bench.url}/v3/billdownload/file`)).body.code).toBe("PARAM_ERROR");
  });
});

describe("the file", () => {
  /** Paid on the third, and partly given back on the fourth; paid and wholly given back on the fourth; given back late on the fourth. */
  beforeEach(async () => {
    merchant = await newWechatMerchant(bench);
    await at.setClock("2026-03-03 12:00:00");
    await at.wechatPaid(merchant, "BEFORE", 2_000);
    await at.setClock("2026-03-04 08:05:00");
    await at.wechatPaid(merchant, "MEMBER", 1_999, { description: "年度会员, 一年", attach: "a,b\nc" }, "199");
    await at.setClock("2026-03-04 09:00:00");
    await at.wechatPaid(merchant, "RETURNED", 500);
    await at.wechatRefund(merchant, "RETURNED", "RF_ALL", 500, 500);
    await at.setClock("2026-03-04 23:58:00");
    await at.wechatRefund(merchant, "BEFORE", "RF_PART", 2_000, 750);
    await bench.control("POST", "refund", { mchid: merchant.mchid, outRefundNo: "RF_PART", outcome: "abnormal" });
    await at.setClock("2026-03-05 10:00:00");
  });

  it("begins with a mark, ends its lines with CRLF, and puts a backtick before each value", async () => {
    const { bytes } = await fetchBill(`bill_date=${DAY}`);
    const { lines } = readWechatBill(bytes);

    expect(bytes.subarray(0, 3).toString("hex")).toBe("efbbbf");
    expect(bytes.toString("latin1").replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(lines).toHaveLength(8);
    expect(lines.at(-1)).toBe("");
    expect(lines[0]).not.toContain("`");
    expect(lines[1]).toMatch(
      /^`2026-03-04 08:05:\d\d,`wx[0-9a-f]{16},`19\d{8},`0,`,`420000\d{22},`MEMBER,`o\w{27},`NATIVE,`SUCCESS,`OTHERS,`CNY,`19\.99,`1\.99,`0,`0,`0\.00,`0\.00,`,`,`年度会员, 一年,`a,b\\nc,`0\.12000,`0\.60%,`19\.99,`0\.00,`$/,
    );
    expect(lines[5]).toBe("总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额");
    expect(lines[6]).toBe("`4.0,`24.99,`12.5,`0.0,`0.07,`24.99,`12.5");
  });

  it("keeps the payment of an order that was given back, and tells refunds by the day they began", async () => {
    const { rows, header } = readWechatBill((await fetchBill(`bill_date=${DAY}`)).bytes);

    expect(header).toHaveLength(27);
    expect(
      rows.map((row) => [row.商户订单号, row.交易状态, row.商户退款单号, row.退款状态, row.退款金额, row.订单金额, row.手续费]),
    ).toEqual([
      ["MEMBER", "SUCCESS", "0", "", "0.00", "19.99", "0.12000"],
      ["RETURNED", "SUCCESS", "0", "", "0.00", "5.00", "0.03000"],
      ["RETURNED", "REFUND", "RF_ALL", "SUCCESS", "5.00", "0.00", "-0.03000"],
      ["BEFORE", "REFUND", "RF_PART", "FAIL", "7.50", "0.00", "-0.05000"],
    ]);
    expect(rows[2]).toMatchObject({
      应结订单金额: "0.00",
      代金券金额: "0.00",
      申请退款金额: "5.00",
      退款类型: "ORIGINAL",
      特约商户号: "0",
    });
    expect(rows[2]?.微信退款单号).toMatch(/^50\d{27}$/);
  });

  it("has twenty columns of payments, or twenty-nine of refunds with their times", async () => {
    const paid = readWechatBill((await fetchBill(`bill_date=${DAY}&bill_type=SUCCESS`)).bytes);
    const back = readWechatBill((await fetchBill(`bill_date=${DAY}&bill_type=REFUND`)).bytes);

    expect(paid.header).toHaveLength(20);
    expect(paid.rows.map((row) => row.商户订单号)).toEqual(["MEMBER", "RETURNED"]);
    expect(paid.sums).toEqual({ 总交易单数: "2.0", 应结订单总金额: "24.99", 手续费总金额: "0.15", 订单总金额: "24.99" });
    expect(back.header).toHaveLength(29);
    expect(back.header.slice(14, 17)).toEqual(["退款申请时间", "退款成功时间", "微信退款单号"]);
    expect(back.rows.map((row) => row.商户退款单号)).toEqual(["RF_ALL", "RF_PART"]);
    expect(back.rows[0]?.退款成功时间).toMatch(/^2026-03-04 09:0\d:\d\d$/);
    expect(back.rows[1]?.退款成功时间).toBe("");
    expect(back.sums).toMatchObject({ 总交易单数: "2.0", 退款总金额: "12.5", 手续费总金额: "-0.08", 订单总金额: "0.0" });
  });

  it("keeps a refund in the day it began when it is sent on to another card", async () => {
    const refundId = readWechatBill((await fetchBill(`bill_date=${DAY}&bill_type=REFUND`)).bytes).rows[1]?.微信退款单号;
    await at.wechat(merchant, "POST", `/v3/refund/domestic/refunds/${refundId}/apply-abnormal-refund`, {
      out_refund_no: "RF_PART",
      type: "MERCHANT_BANK_CARD",
    });
    const { rows } = readWechatBill((await fetchBill(`bill_date=${DAY}&bill_type=REFUND`)).bytes);

    expect(rows.map((row) => [row.商户退款单号, row.退款状态])).toContainEqual(["RF_PART", "PROCESSING"]);
  });
});
