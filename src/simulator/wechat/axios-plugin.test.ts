import { createHash, randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Aes, Formatter, Rsa, Wechatpay } from "wechatpay-axios-plugin";
import { addDays, beijingDate } from "~/lib/time";
import { readWechatBill, timed } from "../testing/bill-readers";
import { newWechatMerchant, openReceiver, openSimulator, type TestBench } from "../testing/harness";

let bench: TestBench;
let merchant: Awaited<ReturnType<typeof newWechatMerchant>>;
beforeAll(async () => {
  bench = await openSimulator();
  merchant = await newWechatMerchant(bench);
});
afterAll(() => bench.close());

/** The keys a merchant may hold: by default all. */
const certsOf = (ids = merchant.verificationKeys.map(({ id }) => id)) =>
  Object.fromEntries(merchant.verificationKeys.filter(({ id }) => ids.includes(id)).map(({ id, pem }) => [id, pem]));

// The plugin builds paths by property access without types for them.
// biome-ignore lint/suspicious/noExplicitAny: see above
const client = (certs = certsOf(), headers: Record<string, string> = {}): any =>
  new Wechatpay({
    mchid: merchant.mchid,
    serial: merchant.serial,
    privateKey: merchant.privateKey,
    certs,
    baseURL: `${bench.url}/`,
    headers: { "User-Agent": "test", Accept: "application/json", ...headers },
  });

const order = (extra: object = {}) => ({
  appid: merchant.appid,
  mchid: merchant.mchid,
  description: "年度会员 ¥19.99",
  out_trade_no: `PH${randomUUID().replaceAll("-", "").slice(0, 20)}`,
  notify_url: "http://127.0.0.1:9/notify",
  amount: { total: 1999, currency: "CNY" },
  ...extra,
});

describe("wechatpay-axios-plugin, unmodified", () => {
  it("places, queries and closes a native order with verified answers, the empty 204 included", async () => {
    const body = order();
    const created = await client().v3.pay.transactions.native.post(body);
    expect(created.data.code_url).toMatch(/^weixin:\/\/wxpay\/bizpayurl\?pr=\w+$/);

    const queried = await client().v3.pay.transactions.outTradeNo.$out_trade_no$.get({
      params: { mchid: merchant.mchid },
      out_trade_no: body.out_trade_no,
    });
    expect(queried.data).toMatchObject({ trade_state: "NOTPAY", amount: { total: 1999 } });

    const closed = await client().v3.pay.transactions.outTradeNo.$out_trade_no$.close.post(
      { mchid: merchant.mchid },
      { out_trade_no: body.out_trade_no },
    );
    expect(closed.status).toBe(204);
    expect(closed.headers["wechatpay-signature"]).toBeTruthy();
  });

  it("answers with the public key when the request names it, and with a certificate when not", async () => {
    const [publicKey, certificate] = merchant.verificationKeys;
    const named = await client(certsOf([publicKey?.id ?? ""]), { "Wechatpay-Serial": publicKey?.id ?? "" }).v3.pay.transactions.native.post(
      order(),
    );
    expect(named.headers["wechatpay-serial"]).toBe(publicKey?.id);

    const unnamed = await client(certsOf([certificate?.id ?? ""])).v3.pay.transactions.native.post(order());
    expect(unnamed.headers["wechatpay-serial"]).toBe(certificate?.id);
  });

  it("hands out certificates that the plugin's own decryption opens", async () => {
    const { data } = await client().v3.certificates.get();
    const { nonce, associated_data, ciphertext } = data.data[0].encrypt_certificate;
    const pem = Aes.AesGcm.decrypt(ciphertext, merchant.apiV3Key, nonce, associated_data);

    expect(pem).toBe(merchant.verificationKeys.find(({ id }) => id === data.data[0].serial_no)?.pem);
  });

  it("sends a payment notification that its primitives verify and decrypt", async () => {
    const receiver = await openReceiver(() => ({ status: 204 }));
    const body = order({ notify_url: receiver.url, attach: "附言" });
    await client().v3.pay.transactions.jsapi.post({ ...body, payer: { openid: "oExampleOpenid" } });

    await bench.pay({ outTradeNo: body.out_trade_no, coupon: "199", wait: true });
    const [arrival] = receiver.arrivals;
    const raw = Buffer.from(arrival?.body ?? "", "latin1").toString("utf8");
    const header = (name: string) => String(arrival?.headers[`wechatpay-${name}`]);
    const key = certsOf()[header("serial")] ?? "";

    expect(Rsa.verify(Formatter.response(header("timestamp"), header("nonce"), raw), header("signature"), key)).toBe(true);
    const { event_type, resource } = JSON.parse(raw);
    const plain = JSON.parse(Aes.AesGcm.decrypt(resource.ciphertext, merchant.apiV3Key, resource.nonce, resource.associated_data));
    expect(event_type).toBe("TRANSACTION.SUCCESS");
    expect(plain).toMatchObject({
      trade_state: "SUCCESS",
      trade_type: "JSAPI",
      attach: "附言",
      payer: { openid: "oExampleOpenid" },
      amount: { total: 1999, payer_total: 1800 },
    });
    await receiver.close();
  });

  it("asks for a statement with a verified answer, and downloads it", async () => {
    const at = timed(bench);
    const day = addDays(beijingDate(new Date()), -2);
    await at.setClock(`${day} 12:00:00`);
    await at.wechatPaid(merchant, "BILLED_1", 1_999);
    // The plugin compares with the machine's clock.
    await bench.control("POST", "clock", { reset: true });

    const promised = await client().v3.bill.tradebill.get({ params: { bill_date: day, bill_type: "SUCCESS", tar_type: "GZIP" } });
    const token = new URL(promised.data.download_url).searchParams;
    const download = await client().v3.billdownload.file.get({ params: Object.fromEntries(token), responseType: "arraybuffer" });
    const file = gunzipSync(Buffer.from(download.data));

    expect(promised.data.hash_value).toBe(createHash("sha1").update(file).digest("hex"));
    expect(readWechatBill(file).rows.map((row) => row.商户订单号)).toEqual(["BILLED_1"]);
  });

  it("refunds: accepted first, then success by itself, and the same number moves money once", async () => {
    const body = order();
    await client().v3.pay.transactions.native.post(body);
    await bench.pay({ outTradeNo: body.out_trade_no });
    const refund = {
      out_trade_no: body.out_trade_no,
      out_refund_no: `R_${body.out_trade_no}`,
      amount: { refund: 500, total: 1999, currency: "CNY" },
    };

    const accepted = await client().v3.refund.domestic.refunds.post(refund);
    const again = await client().v3.refund.domestic.refunds.post(refund);
    expect(accepted.data).toMatchObject({ status: "PROCESSING", out_refund_no: refund.out_refund_no });
    expect(again.data.refund_id).toBe(accepted.data.refund_id);

    await bench.control("POST", "refund", { outRefundNo: refund.out_refund_no });
    const ended = await client().v3.refund.domestic.refunds.$out_refund_no$.get({ out_refund_no: refund.out_refund_no });
    expect(ended.data).toMatchObject({ status: "SUCCESS", amount: { refund: 500 } });
  });
});
