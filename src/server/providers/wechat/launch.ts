import { isIP } from "node:net";
import type { Method } from "~/domain/provider";
import { AppError } from "~/lib/errors";
import { TRADE_MAX_FEN } from "~/lib/money";
import { after, beijingRfc3339, hours, minutes } from "~/lib/time";
import type { CreateTrade, Launch, WechatChannel } from "../port";
import { cleanText } from "../text";
import type { JsonInput, JsonObject } from "./exact-json";
import { OPENID, OUT_TRADE_NO, readText } from "./fields";
import { jsapiParams } from "./sign";

/** How one way to pay is asked for, and what the buyer's side makes of the answer. */
type Kind = {
  path: string;
  /** Fields that only this kind sends. Throws `invalid_input`. */
  extras(trade: CreateTrade): { readonly [name: string]: JsonInput };
  readTicket(body: JsonObject): string;
  launch(channel: WechatChannel, trade: CreateTrade, ticket: string, now: Date): Launch | Promise<Launch>;
};

/** How long WeChat Pay honours what it hands out. */
const CODE_VALID_MS = hours(2);
const PREPAY_VALID_MS = hours(2);
const H5_VALID_MS = minutes(5);

/** The buyer's browser goes there: https, or the simulator on this machine. */
const H5_URL = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/])[\x21-\x7e]{1,480}$/;

const KINDS: Partial<Record<Method, Kind>> = {
  wechat_native: {
    path: "/v3/pay/transactions/native",
    extras: () => ({}),
    readTicket: (body) => readText(body, "code_url", /^weixin:\/\/[\x21-\x7e]{1,503}$/),
    launch: (_channel, trade, text, now) => ({ kind: "qr", text, expiresAt: earlier(trade.expiresAt, now, CODE_VALID_MS) }),
  },
  wechat_jsapi: {
    path: "/v3/pay/transactions/jsapi",
    extras: ({ openid }) => {
      if (!openid || !OPENID.test(openid)) throw invalid("openid");
      return { payer: { openid } };
    },
    readTicket: (body) => readText(body, "prepay_id", /^[0-9A-Za-z_-]{1,64}$/),
    launch: async (channel, trade, prepayId, now) => ({
      kind: "jsapi",
      params: await jsapiParams(channel, prepayId, now),
      expiresAt: earlier(trade.expiresAt, now, PREPAY_VALID_MS),
    }),
  },
  wechat_h5: {
    path: "/v3/pay/transactions/h5",
    extras: ({ clientIp }) => {
      if (!clientIp || isIP(clientIp) === 0) throw invalid("clientIp");
      return { scene_info: { payer_client_ip: clientIp, h5_info: { type: "Wap" } } };
    },
    readTicket: (body) => readText(body, "h5_url", H5_URL),
    launch: (_channel, trade, h5Url, now) => ({
      kind: "redirect",
      url: `${h5Url}${h5Url.includes("?") ? "&" : "?"}redirect_url=${encodeURIComponent(trade.returnUrl)}`,
      expiresAt: earlier(trade.expiresAt, now, H5_VALID_MS),
    }),
  },
};

export function kindOf(method: Method): Kind {
  const kind = KINDS[method];
  if (!kind) throw invalid("method");
  return kind;
}

/** The body of every kind of create. Throws `invalid_input` for what the trade gets wrong, `channel_invalid` for the channel. */
export function createBody(channel: WechatChannel, trade: CreateTrade): JsonInput {
  if (!OUT_TRADE_NO.test(trade.outTradeNo)) throw invalid("outTradeNo");
  if (trade.amount < 1n || trade.amount > TRADE_MAX_FEN) throw invalid("amount");
  return {
    appid: channel.appid,
    mchid: channel.mchid,
    description: descriptionOf(trade),
    out_trade_no: trade.outTradeNo,
    time_expire: beijingRfc3339(trade.expiresAt),
    notify_url: checkedNotifyUrl(channel),
    amount: { total: trade.amount, currency: "CNY" },
    ...kindOf(trade.method).extras(trade),
  };
}

const DESCRIPTION_MAX = 127;

/** Characters of four bytes are refused on the payer's side, so a subject made of them alone is named by its number. */
const descriptionOf = ({ subject, outTradeNo }: CreateTrade): string =>
  cleanText(subject.replace(/[\u{10000}-\u{10ffff}]/gu, " "), DESCRIPTION_MAX) || outTradeNo;

const NOTIFY_URL_MAX = 255;

function checkedNotifyUrl({ notifyUrl, environment }: WechatChannel): string {
  const url = URL.canParse(notifyUrl) ? new URL(notifyUrl) : null;
  const secure = url?.protocol === "https:" || environment === "simulator";
  if (!url || !secure || url.search || url.hash || notifyUrl.length > NOTIFY_URL_MAX) {
    throw new AppError("channel_invalid", "notifyUrl is not an https address without a query", { field: "notifyUrl" });
  }
  return notifyUrl;
}

const earlier = (expiresAt: Date, now: Date, validMs: number): Date => {
  const ticketEndsAt = after(now, validMs);
  return ticketEndsAt < expiresAt ? ticketEndsAt : expiresAt;
};

const invalid = (field: string) => new AppError("invalid_input", `WeChat Pay cannot take this ${field}`, { field });
