import { verify } from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fen, TRADE_MAX_FEN } from "~/lib/money";
import certificates from "~tests/fixtures/alipay/certificates.json";
import { exampleCertificateChannel, exampleChannel } from "~tests/fixtures/alipay/channel";
import example from "~tests/fixtures/alipay/worked-example.json";
import { parsePublicKey } from "../key-material";
import type { AlipayChannel, CreateTrade } from "../port";
import { parseAlipayMaterial } from "./parse";
import { canonicalText, decryptContent } from "./sign";
import { alipayTrades } from "./trade";

const NOW = new Date("2026-01-01T19:04:05Z");
const options = { now: () => NOW };
const order: CreateTrade = {
  method: "alipay_pc",
  outTradeNo: "txn_01234567890123456789abcdef",
  amount: fen(8_888n),
  subject: "办公用品",
  body: null,
  expiresAt: new Date("2026-01-01T19:19:05Z"),
  returnUrl: "https://pay.example.com/checkout/abc?x=1",
};

/** The address as the gateway reads it, its signature checked with the application's public key. */
async function openedUrl(trade: Partial<CreateTrade>, channel: AlipayChannel = exampleChannel()) {
  const launch = await alipayTrades.create(channel, { ...order, ...trade }, options);
  if (launch.kind !== "redirect") throw new Error(`not a redirect: ${launch.kind}`);
  const url = new URL(launch.url);
  const { sign = "", ...params } = Object.fromEntries(url.searchParams);
  expect(url.searchParams.size).toBe(Object.keys(params).length + 1);
  const key = parsePublicKey("x", example.app_key.public_spki_b64);
  expect(verify("RSA-SHA256", Buffer.from(canonicalText(params)), key, Buffer.from(sign, "base64"))).toBe(true);
  return { launch, url, params, content: params.encrypt_type ? null : JSON.parse(params.biz_content ?? "") };
}

afterEach(() => vi.unstubAllEnvs());

describe("create on a page", () => {
  it("signs an address for the desktop cashier", async () => {
    const { launch, url, params, content } = await openedUrl({});

    expect(launch.expiresAt).toEqual(order.expiresAt);
    expect(url.origin + url.pathname).toBe("http://127.0.0.1:9/gateway.do");
    expect(params).toMatchObject({
      app_id: "2021000000000001",
      method: "alipay.trade.page.pay",
      format: "JSON",
      charset: "utf-8",
      sign_type: "RSA2",
      timestamp: "2026-01-02 03:04:05",
      version: "1.0",
      notify_url: "https://pay.example.com/api/payment/alipay/notify/chn_example",
      return_url: order.returnUrl,
    });
    expect(content).toEqual({
      out_trade_no: order.outTradeNo,
      total_amount: "88.88",
      subject: "办公用品",
      product_code: "FAST_INSTANT_TRADE_PAY",
      time_expire: "2026-01-02 03:19:05",
    });
  });

  it("signs an address for the phone's browser", async () => {
    const { params, content } = await openedUrl({ method: "alipay_wap" });

    expect(params.method).toBe("alipay.trade.wap.pay");
    expect(content).toMatchObject({ product_code: "QUICK_WAP_WAY", quit_url: order.returnUrl });
  });

  it("carries the certificate numbers in certificate mode", async () => {
    const { params } = await openedUrl({}, exampleCertificateChannel());

    expect(params).toMatchObject({ app_cert_sn: certificates.leafSn, alipay_root_cert_sn: certificates.rootSn });
  });

  it("encrypts the content before signing when the channel has an AES key", async () => {
    const aesKey = "MDEyMzQ1Njc4OWFiY2RlZg==";
    const material = { privateKey: example.app_key.private_pkcs8_b64, alipayPublicKey: example.alipay_key.public_spki_b64, aesKey };
    const { params } = await openedUrl({}, exampleChannel(parseAlipayMaterial(material)));

    expect(params.encrypt_type).toBe("AES");
    const content = decryptContent(params.biz_content ?? "", Buffer.from(aesKey, "base64"));
    expect(JSON.parse(content)).toMatchObject({ out_trade_no: order.outTradeNo });
  });

  it("IN-08 keeps the signature whatever people write into subject and body", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.string({ unit: "binary", maxLength: 300 }),
        async (subject, body) => {
          const { content } = await openedUrl({ subject, body });

          expect(content.subject).toMatch(/^[^&=/\p{Cc}]{1,256}$/u);
          expect(content.body ?? "").toMatch(/^[^&=/\p{Cc}]{0,128}$/u);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("writes any amount exactly", async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt(1n, TRADE_MAX_FEN), async (amount) => {
        const { content } = await openedUrl({ amount: fen(amount) });

        expect(content.total_amount).toMatch(/^\d+\.\d{2}$/);
        expect(BigInt(content.total_amount.replace(".", ""))).toBe(amount);
      }),
      { numRuns: 60 },
    );
  });

  it("IDEM-03 the same attempt gives the same order number and content again", async () => {
    expect((await openedUrl({})).params).toEqual((await openedUrl({})).params);
  });

  it("refuses what can no longer be paid and methods of another provider", async () => {
    await expect(alipayTrades.create(exampleChannel(), { ...order, expiresAt: NOW }, options)).rejects.toMatchObject({ code: "expired" });
    await expect(alipayTrades.create(exampleChannel(), { ...order, method: "wechat_h5" }, options)).rejects.toMatchObject({
      code: "invalid_input",
    });
    await expect(alipayTrades.create(exampleChannel(), { ...order, outTradeNo: "a b" }, options)).rejects.toThrow("invariant");
    await expect(alipayTrades.create(exampleChannel(), { ...order, amount: fen(0n) }, options)).rejects.toThrow("invariant");
  });
});
