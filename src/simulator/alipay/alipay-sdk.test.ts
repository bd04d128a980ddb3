import { randomBytes } from "node:crypto";
import { AlipaySdk } from "alipay-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addDays, beijingDate } from "~/lib/time";
import { BILL_METHOD, readAlipayBill, timed } from "../testing/bill-readers";
import { newAlipayApp, openReceiver, openSimulator, type TestBench } from "../testing/harness";

// The SDK writes its timestamp in the process's own zone; Alipay reads it as Beijing time.
process.env.TZ = "Asia/Shanghai";

type App = Awaited<ReturnType<typeof newAlipayApp>>;
let bench: TestBench;
let app: App;
beforeAll(async () => {
  bench = await openSimulator();
  app = await newAlipayApp(bench);
});
afterAll(() => bench.close());

const sdkFor = (owner: App, extra: object = {}) =>
  new AlipaySdk({
    appId: owner.appId,
    privateKey: owner.privateKey,
    keyType: "PKCS8",
    alipayPublicKey: owner.alipayPublicKey,
    gateway: `${bench.url}/gateway.do`,
    camelcase: false,
    ...extra,
  });
const order = (out_trade_no: string, extra: object = {}) => ({ out_trade_no, total_amount: "88.88", subject: "A+B 100% 书", ...extra });

describe("alipay-sdk, unmodified", () => {
  it("creates, queries and closes with verified answers", async () => {
    const sdk = sdkFor(app);
    const created = await sdk.exec(
      "alipay.trade.create",
      { biz_content: order("SDK_1", { buyer_id: "2088000000000009" }) },
      { validateSign: true },
    );
    expect(created).toMatchObject({ code: "10000", out_trade_no: "SDK_1", trade_no: expect.stringMatching(/^\d{28}$/) });

    const waiting = await sdk.exec("alipay.trade.query", { biz_content: { out_trade_no: "SDK_1" } }, { validateSign: true });
    expect(waiting).toMatchObject({ trade_status: "WAIT_BUYER_PAY", total_amount: "88.88" });

    const closed = await sdk.exec("alipay.trade.close", { biz_content: { trade_no: waiting.trade_no } }, { validateSign: true });
    expect(closed).toMatchObject({ code: "10000", out_trade_no: "SDK_1" });
    const after = await sdk.exec("alipay.trade.query", { biz_content: { out_trade_no: "SDK_1" } }, { validateSign: true });
    expect(after).toMatchObject({ trade_status: "TRADE_CLOSED" });
  });

  it("asks for a day's statement and unpacks what the link gives", async () => {
    const at = timed(bench);
    const day = addDays(beijingDate(new Date()), -2);
    await at.setClock(`${day} 12:00:00`);
    await at.alipayPaid(app, "SDK_BILL_1", "12.30");
    await bench.control("POST", "clock", { reset: true });

    const answer = await sdkFor(app).exec(BILL_METHOD, { bizContent: { bill_type: "trade", bill_date: day } }, { validateSign: true });
    expect(answer).toMatchObject({ code: "10000", bill_download_url: expect.stringContaining("/downloadBillFile.resource?") });
    const file = readAlipayBill((await at.fetchBytes(answer.bill_download_url)).bytes);
    expect(file.rows.map((row) => file.cell(row, "商户订单号"))).toEqual(["SDK_BILL_1"]);
  });

  it("works in certificate mode with the certificates that registration gave", async () => {
    const sdk = sdkFor(app, {
      alipayPublicKey: undefined,
      appCertContent: app.appCert,
      alipayPublicCertContent: app.alipayCert,
      alipayRootCertContent: app.alipayRootCert,
    });

    const answer = await sdk.exec("alipay.trade.query", { biz_content: { out_trade_no: "NONE_1" } }, { validateSign: true });
    expect(answer).toMatchObject({ code: "40004", sub_code: "ACQ.TRADE_NOT_EXIST" });
  });

  it("refuses a certificate that is not the app's", async () => {
    const other = await newAlipayApp(bench);
    const sdk = sdkFor(app, {
      alipayPublicKey: undefined,
      appCertContent: other.appCert,
      alipayPublicCertContent: app.alipayCert,
      alipayRootCertContent: app.alipayRootCert,
    });

    const answer = await sdk.exec("alipay.trade.query", { biz_content: { out_trade_no: "NONE_1" } });
    expect(answer).toMatchObject({ sub_code: "isv.invalid-signature", sub_msg: expect.stringContaining("app_cert_sn") });
  });

  it("sends encrypted content and reads encrypted answers", async () => {
    const encryptKey = randomBytes(16).toString("base64");
    const secret = await newAlipayApp(bench, { aesKey: encryptKey });
    const sdk = sdkFor(secret, { encryptKey });

    const answer = await sdk.exec("alipay.trade.precreate", { bizContent: order("AES_1"), needEncrypt: true });
    expect(answer).toMatchObject({ code: "10000", out_trade_no: "AES_1" });
  });

  it.each(["GET", "POST"] as const)(
    "leads a buyer from pageExecute %s through the cashier back to return_url with a signature that verifies",
    async (method) => {
      const sdk = sdkFor(app);
      const outTradeNo = `PAGE_${method}`;
      const page = sdk.pageExecute("alipay.trade.page.pay", method, {
        return_url: "http://127.0.0.1:9/back?from=cashier",
        bizContent: order(outTradeNo, { product_code: "FAST_INSTANT_TRADE_PAY" }),
      });
      const opened = method === "GET" ? await fetch(page) : await submitForm(page);
      expect(await opened.text()).toContain("88.88");

      const paid = await fetch(opened.url, { method: "POST", body: new URLSearchParams({ outcome: "pay" }), redirect: "manual" });
      const back = new URL(paid.headers.get("location") ?? "");

      expect(paid.status).toBe(303);
      expect(back.searchParams.get("from")).toBe("cashier");
      const parameters = Object.fromEntries([...back.searchParams].filter(([name]) => name !== "from"));
      expect(parameters).toMatchObject({
        method: "alipay.trade.page.pay.return",
        out_trade_no: outTradeNo,
        total_amount: "88.88",
        seller_id: app.sellerId,
      });
      expect(sdk.checkNotifySignV2(parameters)).toBe(true);
    },
  );

  it("accepts a notification by checkNotifySignV2, and refuses one that was changed", async () => {
    const sdk = sdkFor(app);
    const receiver = await openReceiver();
    await sdk.exec("alipay.trade.create", {
      notify_url: receiver.url,
      biz_content: order("NEWS_1", { buyer_id: "2088000000000009", passback_params: "a=1&b=百" }),
    });

    const { delivery } = await bench.pay({ outTradeNo: "NEWS_1", wait: true });
    const fields = Object.fromEntries(new URLSearchParams(receiver.arrivals[0]?.body));

    expect(delivery).toMatchObject({ state: "delivered" });
    expect(fields).toMatchObject({
      trade_status: "TRADE_SUCCESS",
      app_id: app.appId,
      seller_id: app.sellerId,
      subject: "A+B 100% 书",
      passback_params: "a=1&b=百",
    });
    expect(sdk.checkNotifySignV2(fields)).toBe(true);
    expect(sdk.checkNotifySignV2({ ...fields, total_amount: "0.01" })).toBe(false);
    await receiver.close();
  });
});

/** Posts the form that pageExecute made, as a browser would. */
function submitForm(page: string): Promise<Response> {
  const action = /action="([^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const fields = [...page.matchAll(/name="([^"]+)"\s+value="([^"]*)"/g)].map(
    ([, name = "", value = ""]) => [name, value.replaceAll("&quot;", '"')] as [string, string],
  );
  return fetch(action, { method: "POST", body: new URLSearchParams(fields) });
}
