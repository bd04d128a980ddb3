import { createCipheriv, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { promisify } from "node:util";
import type { Method } from "~/domain/provider";
import { type Id, newId, randomBase32 } from "~/lib/id";
import { beijingRfc3339, beijingText } from "~/lib/time";
import { type Ctx, inTenant } from "~/server/context";
import { createChannel, moveChannel } from "~/server/services/channel";
import type { System } from "~/server/system";
import { newTenant } from "~tests/support/system";

/** A tenant with both channels whose providers' keys are ours: the bench signs as Alipay and as WeChat Pay, and nobody is called. */

export const ALIPAY = { appId: "2021000000000001", sellerId: "2088000000000001" };
export const WECHAT = { mchid: "1900009191", appid: "wx0000000000000001", keyId: "PUB_KEY_ID_0119000091912026010100000000000001" };
export const AMOUNT_FEN = 8_800;

export type Shop = { ctx: Ctx; alipay: Id<"channel">; wechat: Id<"channel">; alipayKey: KeyObject; wechatKey: KeyObject; apiV3Key: string };

const pem = (key: KeyObject): string => key.export({ type: key.type === "private" ? "pkcs8" : "spki", format: "pem" }) as string;

export async function openShop(sys: System): Promise<Shop> {
  const { tenantId } = await newTenant(sys);
  const ctx = inTenant(sys, tenantId, { kind: "cli", id: "bench" });
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const theirs = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const platform = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const apiV3Key = randomBase32(32);
  const alipay = await createChannel(ctx, {
    provider: "alipay",
    name: "Alipay",
    environment: "simulator",
    ...ALIPAY,
    gateway: "http://127.0.0.1:9/gateway.do",
    privateKey: pem(own.privateKey),
    alipayPublicKey: pem(theirs.publicKey),
  });
  const wechat = await createChannel(ctx, {
    provider: "wechat",
    name: "WeChat Pay",
    environment: "simulator",
    mchid: WECHAT.mchid,
    appid: WECHAT.appid,
    baseUrl: "http://127.0.0.1:9",
    merchantSerial: "3B1E7C52A9D04F6688A1C0FFEE0123456789ABCD",
    merchantPrivateKey: pem(own.privateKey),
    apiV3Key,
    verificationKeys: [{ id: WECHAT.keyId, pem: pem(platform.publicKey) }],
  });
  for (const { channelId } of [alipay, wechat]) await moveChannel(ctx, channelId, "enable");
  return {
    ctx,
    alipay: alipay.channelId,
    wechat: wechat.channelId,
    alipayKey: theirs.privateKey,
    wechatKey: platform.privateKey,
    apiV3Key,
  };
}

/** Pending payments with one open attempt each, written set by set. Answers the attempts' numbers. */
export async function openPayments(shop: Shop, provider: "alipay" | "wechat", count: number): Promise<string[]> {
  const numbers = Array.from({ length: count }, () => newId("transaction"));
  const method: Method = provider === "alipay" ? "alipay_qr" : "wechat_native";
  const identities = provider === "alipay" ? [ALIPAY.appId, ALIPAY.sellerId] : [WECHAT.appid, WECHAT.mchid];
  const { ctx } = shop;
  const sql = ctx.sys.db.sql;
  const channelId = provider === "alipay" ? shop.alipay : shop.wechat;
  await sql.begin(async (tx) => {
    await tx`select set_config('app.tenant_id', ${ctx.tenantId}, true), set_config('statement_timeout', '60s', true)`;
    await tx`
      insert into app.payment (tenant_id, id, order_no, subject, amount_fen, status, expires_at, method, environment, attempts, created_by, created_at, updated_at)
      select ${ctx.tenantId}, 'pay_' || substr(n, 5), 'SO' || substr(n, 5), '产线改造', ${AMOUNT_FEN}, 'pending', now() + interval '1 day', ${method}, 'simulator', 1, 'bench', now(), now()
      from unnest(${numbers}::text[]) n`;
    await tx`
      insert into app.transaction (tenant_id, id, payment_id, payment_created_at, channel_id, provider, method, out_trade_no, app_id, seller_id, amount_fen, status, created_by, created_at, updated_at)
      select ${ctx.tenantId}, n, 'pay_' || substr(n, 5), now(), ${channelId}, ${provider}, ${method}, n,
             ${identities[0] ?? ""}, ${identities[1] ?? ""}, ${AMOUNT_FEN}, 'awaiting', 'bench', now(), now()
      from unnest(${numbers}::text[]) n`;
    await tx`
      insert into app.pending_payment (tenant_id, created_at, payment_id, amount_fen)
      select ${ctx.tenantId}, now(), 'pay_' || substr(n, 5), ${AMOUNT_FEN} from unnest(${numbers}::text[]) n`;
    await tx`
      insert into app.open_transaction (tenant_id, transaction_id, payment_id, in_doubt)
      select ${ctx.tenantId}, n, 'pay_' || substr(n, 5), false from unnest(${numbers}::text[]) n`;
  });
  return numbers;
}

const signAsync = promisify(sign) as (algorithm: string, data: Buffer, key: KeyObject) => Promise<Buffer>;

export type Message = { headers: Record<string, string>; body: Buffer };

export async function alipayMessage(shop: Shop, outTradeNo: string): Promise<Message> {
  const now = beijingText(new Date());
  const fields: Record<string, string> = {
    gmt_create: now,
    charset: "utf-8",
    seller_email: "fin***@hechuan.example",
    subject: "产线改造 第二期尾款",
    buyer_id: "2088102534368455",
    buyer_logon_id: "152****8806",
    invoice_amount: "88.00",
    notify_id: randomBytes(17).toString("hex"),
    fund_bill_list: '[{"amount":"88.00","fundChannel":"ALIPAYACCOUNT"}]',
    notify_type: "trade_status_sync",
    trade_status: "TRADE_SUCCESS",
    receipt_amount: "88.00",
    buyer_pay_amount: "88.00",
    app_id: ALIPAY.appId,
    auth_app_id: ALIPAY.appId,
    seller_id: ALIPAY.sellerId,
    gmt_payment: now,
    notify_time: now,
    version: "1.0",
    out_trade_no: outTradeNo,
    total_amount: "88.00",
    trade_no: `20261120${BigInt(`0x${randomBytes(9).toString("hex")}`)
      .toString()
      .slice(0, 20)}`,
    point_amount: "0.00",
  };
  const text = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join("&");
  const signature = (await signAsync("RSA-SHA256", Buffer.from(text), shop.alipayKey)).toString("base64");
  const body = new URLSearchParams({ ...fields, sign_type: "RSA2", sign: signature }).toString();
  return { headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" }, body: Buffer.from(body) };
}

export async function wechatMessage(shop: Shop, outTradeNo: string): Promise<Message> {
  const now = new Date();
  const plain = JSON.stringify({
    mchid: WECHAT.mchid,
    appid: WECHAT.appid,
    out_trade_no: outTradeNo,
    transaction_id: `4200${BigInt(`0x${randomBytes(11).toString("hex")}`)
      .toString()
      .padStart(24, "0")
      .slice(0, 24)}`,
    trade_type: "NATIVE",
    trade_state: "SUCCESS",
    trade_state_desc: "支付成功",
    bank_type: "OTHERS",
    attach: "",
    success_time: beijingRfc3339(now),
    payer: { openid: "oExampleOpenid000000000000001" },
    amount: { total: AMOUNT_FEN, payer_total: AMOUNT_FEN, currency: "CNY", payer_currency: "CNY" },
  });
  const nonce = randomBytes(6).toString("hex");
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(shop.apiV3Key), Buffer.from(nonce), { authTagLength: 16 });
  cipher.setAAD(Buffer.from("transaction"));
  const ciphertext = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64");
  const body = Buffer.from(
    JSON.stringify({
      id: randomBytes(16).toString("hex"),
      create_time: beijingRfc3339(now),
      resource_type: "encrypt-resource",
      event_type: "TRANSACTION.SUCCESS",
      summary: "支付成功",
      resource: { original_type: "transaction", algorithm: "AEAD_AES_256_GCM", ciphertext, associated_data: "transaction", nonce },
    }),
  );
  const timestamp = Math.floor(now.getTime() / 1_000).toString();
  const signedNonce = randomBytes(16).toString("hex");
  const text = Buffer.concat([Buffer.from(`${timestamp}\n${signedNonce}\n`), body, Buffer.from("\n")]);
  return {
    headers: {
      "content-type": "application/json",
      "wechatpay-timestamp": timestamp,
      "wechatpay-nonce": signedNonce,
      "wechatpay-serial": WECHAT.keyId,
      "wechatpay-signature": (await signAsync("RSA-SHA256", text, shop.wechatKey)).toString("base64"),
      "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
    },
    body,
  };
}

/** The same message with one byte changed after signing. */
export function spoiled({ headers, body }: Message): Message {
  const copy = Buffer.from(body);
  const at = copy.indexOf("88.00") >= 0 ? copy.indexOf("88.00") : copy.indexOf("ciphertext") + 20;
  copy[at] = copy[at] === 0x39 ? 0x38 : 0x39;
  return { headers, body: copy };
}
