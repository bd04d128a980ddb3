import type { Method } from "~/domain/provider";
import { type Id, randomBase32 } from "~/lib/id";
import { fen, yuanText } from "~/lib/money";
import { beijingRfc3339, beijingText } from "~/lib/time";
import type { Ctx, SystemCtx } from "~/server/context";
import type { RawNotification } from "~/server/providers/port";
import { createChannel, moveChannel } from "~/server/services/channel";
import { prepareAttempt } from "~/server/services/payment";
import { posted, signedForm } from "~tests/fixtures/alipay/channel";
import example from "~tests/fixtures/alipay/worked-example.json";
import { envelope, merchantPrivateKey, platformPublicKey, raw, seal, signedHeaders, vectors } from "~tests/fixtures/wechat/channel";
import { order } from "./sales";
import { newTenant } from "./system";

/** Providers' letters, signed with the keys of the worked examples: for what happens once a message has arrived. */

export const ALIPAY = { appId: "2021000000000001", sellerId: "2088000000000001" } as const;
const pem = (key: typeof merchantPrivateKey, type: "pkcs8" | "spki") => key.export({ type, format: "pem" }).toString();

export const alipayInput = (changes: Record<string, unknown> = {}) => ({
  provider: "alipay" as const,
  name: "支付宝 主账户",
  environment: "simulator" as const,
  ...ALIPAY,
  gateway: "http://127.0.0.1:1/gateway.do",
  privateKey: example.app_key.private_pkcs8_b64,
  alipayPublicKey: example.alipay_key.public_spki_b64,
  ...changes,
});

/** A tenant whose channels believe these letters. No call goes out. */
export async function openLetterbox(sys: SystemCtx) {
  const ctx = await newTenant(sys);
  const alipay = await createChannel(ctx, alipayInput());
  const wechat = await createChannel(ctx, {
    provider: "wechat",
    name: "微信支付",
    environment: "simulator",
    mchid: vectors.mchid,
    appid: vectors.appid,
    baseUrl: "http://127.0.0.1:1",
    merchantSerial: vectors.merchantSerial,
    merchantPrivateKey: pem(merchantPrivateKey, "pkcs8"),
    apiV3Key: vectors.apiV3Key,
    verificationKeys: [{ id: vectors.platformKeyId, pem: pem(platformPublicKey, "spki") }],
  });
  await moveChannel(ctx, alipay.channelId, "enable");
  await moveChannel(ctx, wechat.channelId, "enable");
  return { ctx, alipay: alipay.channelId, wechat: wechat.channelId };
}

/** An order of 88.00 yuan unless told otherwise, with one attempt that nobody has paid yet. */
export async function ask(ctx: Ctx, method: Method, amountFen = 8_800n) {
  const owed = await order(ctx, { amountFen });
  const { attempt } = await prepareAttempt(ctx, { paymentId: owed.id, method });
  return { owed, attempt };
}

export type Said = {
  outTradeNo: string;
  amountFen: bigint;
  tradeNo?: string;
  appId?: string;
  sellerId?: string;
  /** The provider's word. */
  state?: string;
  paidAt?: Date;
};

/** News of a trade as Alipay posts it; `more` goes over its fields, null takes one away. */
export function alipayLetter(said: Said, now: Date, more: Record<string, string | null> = {}): RawNotification {
  const amount = yuanText(fen(said.amountFen));
  const fields: Record<string, string | null> = {
    notify_type: "trade_status_sync",
    notify_id: `2026${randomBase32(28)}`,
    notify_time: beijingText(now),
    charset: "utf-8",
    version: "1.0",
    sign_type: "RSA2",
    app_id: said.appId ?? ALIPAY.appId,
    seller_id: said.sellerId ?? ALIPAY.sellerId,
    out_trade_no: said.outTradeNo,
    trade_no: said.tradeNo ?? tradeNoOf(said.outTradeNo),
    trade_status: said.state ?? "TRADE_SUCCESS",
    total_amount: amount,
    receipt_amount: amount,
    buyer_id: "2088102534368455",
    buyer_logon_id: "152****8806",
    gmt_payment: beijingText(said.paidAt ?? now),
    subject: "气缸密封件 套装",
    ...more,
  };
  return posted(signedForm(Object.fromEntries(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== null))));
}

/** The same as WeChat Pay seals and signs it. */
export function wechatLetter(
  said: Said,
  now: Date,
  eventType = "TRANSACTION.SUCCESS",
  more: Record<string, unknown> = {},
): RawNotification {
  const resource = {
    mchid: said.sellerId ?? vectors.mchid,
    appid: said.appId ?? vectors.appid,
    out_trade_no: said.outTradeNo,
    transaction_id: said.tradeNo ?? tradeNoOf(said.outTradeNo),
    trade_type: "NATIVE",
    trade_state: said.state ?? "SUCCESS",
    success_time: beijingRfc3339(said.paidAt ?? now),
    payer: { openid: "oExampleOpenid000000000000001" },
    amount: { total: Number(said.amountFen), payer_total: Number(said.amountFen), currency: "CNY", payer_currency: "CNY" },
    ...more,
  };
  const body = envelope(seal(JSON.stringify(resource)), { id: `n${randomBase32(31)}`, event_type: eventType });
  return raw(body, signedHeaders(body, now));
}

/** Each order's own number at the provider, equal in every letter about it. */
export const tradeNoOf = (outTradeNo: string): string =>
  `2026${[...outTradeNo]
    .reduce((number, letter) => (number * 31n + BigInt(letter.charCodeAt(0))) % 10n ** 24n, 7n)
    .toString()
    .padStart(24, "0")}`;

export type Letterbox = { ctx: Ctx; alipay: Id<"channel">; wechat: Id<"channel"> };
