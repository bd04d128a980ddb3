import { createHash, verify } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BILL_METHOD, readAlipayBill, readWechatBill, timed, unzip } from "../testing/bill-readers";
import { newAlipayApp, newWechatMerchant, openSimulator, type TestBench } from "../testing/harness";
import { BILL_ROUTES } from "./routes";

let bench: TestBench;
let at: ReturnType<typeof timed>;
let app: Awaited<ReturnType<typeof newAlipayApp>>;
let merchant: Awaited<ReturnType<typeof newWechatMerchant>>;
beforeAll(async () => {
  bench = await openSimulator();
  at = timed(bench);
  [app, merchant] = await Promise.all([newAlipayApp(bench), newWechatMerchant(bench)]);
  await at.setClock("2026-03-04 12:00:00");
  await at.alipayPaid(app, "FAULT_A", "10.00");
  await at.wechatPaid(merchant, "FAULT_B", 1_000);
  await at.setClock("2026-03-05 12:00:00");
});
afterAll(() => bench.close());
afterEach(() => bench.faults({}));

const DAY = "2026-03-04";
const WECHAT_QUERY = `wechat.${BILL_ROUTES.wechat.query}`;
const WECHAT_DOWNLOAD = `wechat.${BILL_ROUTES.wechat.download}`;
const promise = async () => (await at.tradeBill(merchant, `bill_date=${DAY}`)).body;
const alipayUrl = async () => String((await at.alipayBill(app, DAY)).bill_download_url);
const sha1 = (bytes: Buffer) => createHash("sha1").update(bytes).digest("hex");

/** How a request without an answer ended, with a short limit of the caller's own. */
async function ending(url: string): Promise<string> {
  try {
    return String((await fetch(url, { signal: AbortSignal.timeout(1_500) })).status);
  } catch (error) {
    return (error as Error).name === "TimeoutError" ? "timeout" : "broken";
  }
}

describe("statements at WeChat Pay that must not be believed", () => {
  it("statement_bad_hash promises the hash of something else", async () => {
    await bench.faults({ wechat: { kind: "statement_bad_hash", times: 1 } });
    const [wrong, right] = [await promise(), await promise()];
    const { bytes } = await at.wechatDownload(merchant, wrong.download_url);

    expect(wrong.hash_value).not.toBe(sha1(bytes));
    expect(right.hash_value).toBe(sha1(bytes));
  });

  it("statement_bad_totals sums up what is not there, under a hash that holds", async () => {
    await bench.faults({ [WECHAT_QUERY]: { kind: "statement_bad_totals" } });
    const { hash_value, download_url } = await promise();
    const { bytes } = await at.wechatDownload(merchant, download_url);
    const { rows, sums } = readWechatBill(bytes);

    expect(hash_value).toBe(sha1(bytes));
    expect(rows).toHaveLength(1);
    expect(sums).toMatchObject({ 总交易单数: "2.0", 订单总金额: "10.01", 应结订单总金额: "10.01" });
  });

  it("statement_unfinished stops before the totals, under a hash that holds", async () => {
    await bench.faults({ [WECHAT_QUERY]: { kind: "statement_unfinished" } });
    const { hash_value, download_url } = await promise();
    const { bytes } = await at.wechatDownload(merchant, download_url);

    expect(hash_value).toBe(sha1(bytes));
    expect(bytes.toString()).toMatch(/FAULT_B.*\r\n$/);
    expect(bytes.toString()).not.toContain("总交易单数");
  });

  it("statement_cut_off ends half-way with an honest length, and strikes the download alone", async () => {
    await bench.faults({ wechat: { kind: "statement_cut_off", times: 1 } });
    const { hash_value, download_url } = await promise();
    const cut = await at.wechatDownload(merchant, download_url);
    const whole = await at.wechatDownload(merchant, download_url);

    expect(cut.headers.get("content-length")).toBe(String(cut.bytes.length));
    expect(cut.bytes.equals(whole.bytes.subarray(0, Math.floor(whole.bytes.length / 2)))).toBe(true);
    expect([sha1(cut.bytes) === hash_value, sha1(whole.bytes) === hash_value]).toEqual([false, true]);
  });

  it("statement_foreign_address names another host in an answer that verifies", async () => {
    await bench.faults({ [WECHAT_QUERY]: { kind: "statement_foreign_address" } });
    const address = new URL((await promise()).download_url);

    expect([address.hostname, address.port, address.pathname]).toEqual(["127.0.0.2", new URL(bench.url).port, "/v3/billdownload/file"]);
  });
});

describe("statements at Alipay that must not be believed", () => {
  it("statement_bad_totals sums up what is not there, in both files", async () => {
    await bench.faults({ [BILL_METHOD]: { kind: "statement_bad_totals" } });
    const file = await at.alipayFile(app, DAY);

    expect(file.rows).toHaveLength(1);
    expect(file.detail).toContain("#交易合计：2笔，商家实收共10.01元，商家优惠共0.00元");
    expect(file.summary[5]?.startsWith("合计\t,\t,2,0,10.01,")).toBe(true);
  });

  it("statement_unfinished has no end mark, in an archive that is sound", async () => {
    await bench.faults({ [BILL_METHOD]: { kind: "statement_unfinished" } });
    const file = await at.alipayFile(app, DAY);

    expect(file.detail[0]).toBe("#支付宝业务明细查询");
    expect(file.detail.some((line) => line.includes("业务明细列表结束"))).toBe(false);
  });

  it("statement_cut_off ends half-way with an honest length, so that the archive cannot be opened", async () => {
    await bench.faults({ alipay: { kind: "statement_cut_off", times: 1 } });
    const url = await alipayUrl();
    const cut = await at.fetchBytes(url);
    const whole = await at.fetchBytes(url);

    expect(cut.headers.get("content-length")).toBe(String(cut.bytes.length));
    expect(() => unzip(cut.bytes)).toThrow("no end of directory");
    expect(readAlipayBill(whole.bytes).rows).toHaveLength(1);
  });

  it("statement_foreign_address names another host in an answer that verifies", async () => {
    await bench.faults({ [BILL_METHOD]: { kind: "statement_foreign_address" } });
    const { node, text, sign } = await at.alipay(app, BILL_METHOD, { bill_type: "trade", bill_date: DAY });
    const signed = text.slice(text.indexOf(":") + 1, text.lastIndexOf(',"sign"'));
    const key = `-----BEGIN PUBLIC KEY-----\n${app.alipayPublicKey}\n-----END PUBLIC KEY-----`;

    expect(new URL(String(node.bill_download_url)).hostname).toBe("127.0.0.2");
    expect(verify("sha256", Buffer.from(signed), key, Buffer.from(sign ?? "", "base64"))).toBe(true);
  });
});

it("gives out addresses under which the caller itself reached us, whatever phones use", async () => {
  const elsewhere = await openSimulator({ publicUrl: "http://phones.example" });
  const there = timed(elsewhere);
  const [shop, seller] = await Promise.all([newAlipayApp(elsewhere), newWechatMerchant(elsewhere)]);
  await there.setClock("2026-03-04 12:00:00");
  await there.wechatPaid(seller, "FAULT_C", 100);
  await there.setClock("2026-03-05 12:00:00");
  const wechat = (await there.tradeBill(seller, `bill_date=${DAY}`)).body.download_url;
  const alipay = String((await there.alipayBill(shop, DAY)).bill_download_url);
  await elsewhere.close();

  expect([new URL(wechat).origin, new URL(alipay).origin]).toEqual([elsewhere.url, elsewhere.url]);
});

describe("the faults of every route", () => {
  it.each([
    ["refuse", "broken"],
    ["reset", "broken"],
    ["hang", "timeout"],
    ["do_then_timeout", "timeout"],
    ["error500", "500"],
    ["html502", "502"],
    ["system_error", "503"],
    ["rate_limited", "429"],
  ])("%s strikes Alipay's download", async (kind, how) => {
    const url = await alipayUrl();
    await bench.faults({ [`alipay:${app.appId}.${BILL_ROUTES.alipay.download}`]: { kind, times: 1 } });

    expect(await ending(url)).toBe(how);
    expect(await ending(url)).toBe("200");
  });

  it("slow answers as usual, later, and stands in the journal", async () => {
    const url = await alipayUrl();
    await bench.faults({ [BILL_ROUTES.alipay.download]: { kind: "slow", delayMs: 60, times: 1 } });
    expect(await ending(url)).toBe("200");

    const entry = (await bench.journal()).entries.findLast(({ fault }) => fault === "slow");
    expect(entry).toMatchObject({ what: BILL_ROUTES.alipay.download, account: app.appId, verdict: "ok", httpStatus: 200 });
    expect(entry?.ms).toBeGreaterThanOrEqual(55);
  });

  it.each([
    ["error500", 500],
    ["html502", 502],
    ["system_error", 500],
    ["rate_limited", 429],
  ])("%s answers %i at WeChat Pay's query and download", async (kind, status) => {
    const { download_url } = await promise();
    await bench.faults({ [WECHAT_QUERY]: { kind, times: 1 }, [WECHAT_DOWNLOAD]: { kind, times: 1 } });

    expect((await at.tradeBill(merchant, `bill_date=${DAY}`)).status).toBe(status);
    expect((await at.wechatDownload(merchant, download_url)).status).toBe(status);
    expect((await at.wechatDownload(merchant, download_url)).status).toBe(200);
  });

  it.each([
    [WECHAT_DOWNLOAD, "statement_bad_totals"],
    [WECHAT_QUERY, "statement_cut_off"],
    ["alipay", "statement_bad_hash"],
    ["alipay.trade.query", "statement_cut_off"],
  ])("under %s there is no %s", async (key, kind) => {
    await expect(bench.faults({ [key]: { kind } })).rejects.toMatchObject({ status: 400 });
  });

  it("names the routes of each kind, and both downloads among the routes", async () => {
    const view = await bench.control<{ kinds: { kind: string; routes: string[] | null }[]; routes: Record<string, string[]> }>(
      "GET",
      "faults",
    );

    expect(view.kinds.find(({ kind }) => kind === "statement_cut_off")?.routes).toEqual([
      BILL_ROUTES.alipay.download,
      BILL_ROUTES.wechat.download,
    ]);
    expect(view.kinds.find(({ kind }) => kind === "hang")?.routes).toBeNull();
    expect(view.routes.alipay).toContain(BILL_ROUTES.alipay.download);
    expect(view.routes.wechat).toEqual(expect.arrayContaining([BILL_ROUTES.wechat.query, BILL_ROUTES.wechat.download]));
  });
});
