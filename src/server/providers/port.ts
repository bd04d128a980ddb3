import type { KeyObject } from "node:crypto";
import type { RefusalCause } from "~/domain/notification";
import type { Method, Provider } from "~/domain/provider";
import type { Fen } from "~/lib/money";
import type { Secret } from "~/lib/secret";

/**
 * What the house asks of any provider. Adapters are stateless: they sign, send, verify and translate; they never see a table.
 * A channel arrives here with its keys already parsed (`KeyObject`), because parsing PEM costs six times a verification.
 */

/** A key that may verify what a provider says. `id` is the serial or `PUB_KEY_ID_…` (WeChat), or the certificate number or "key" (Alipay). */
export type VerificationKey = {
  id: string;
  key: KeyObject;
  notBefore: Date | null;
  notAfter: Date | null;
  revokedAt: Date | null;
};

type ChannelBase = {
  tenantId: string;
  channelId: string;
  /** Rises with each change of keys or identities; caches are keyed by it. */
  version: number;
  environment: "live" | "sandbox" | "simulator";
  /** Where the provider sends news of trades; built from APP_URL, never from input. */
  notifyUrl: string;
  returnUrl: string | null;
};

export type AlipayChannel = ChannelBase & {
  provider: "alipay";
  appId: string;
  /** PID of the seller, 16 digits. */
  sellerId: string;
  /** Full gateway address, such as https://openapi.alipay.com/gateway.do */
  gateway: string;
  privateKey: KeyObject;
  keyMode: "public_key" | "certificate";
  /** Key mode: one key with id "key". Certificate mode: ids are alipay_cert_sn. */
  verificationKeys: ReadonlyMap<string, VerificationKey>;
  /** Certificate mode only. */
  appCertSn: string | null;
  alipayRootCertSn: string | null;
  aesKey: Secret<Buffer> | null;
};

export type WechatChannel = ChannelBase & {
  provider: "wechat";
  mchid: string;
  appid: string;
  /** Such as https://api.mch.weixin.qq.com, without a trailing slash; a path prefix counts in signatures. */
  baseUrl: string;
  merchantSerial: string;
  privateKey: KeyObject;
  /** Exactly 32 bytes; the newest first, the previous one kept for a day. */
  apiV3Keys: readonly Secret<Buffer>[];
  /** Platform certificates and platform public keys, both live at once during the switch. */
  verificationKeys: ReadonlyMap<string, VerificationKey>;
};

export type ProviderChannel = AlipayChannel | WechatChannel;

/** An attempt as the provider needs to know it. Identities, number and amount are ours and stored before the call. */
export type CreateTrade = {
  method: Method;
  outTradeNo: string;
  amount: Fen;
  subject: string;
  body: string | null;
  /** Last instant at which the buyer may pay. */
  expiresAt: Date;
  /** Where the browser returns to; a page of ours, never proof of payment. */
  returnUrl: string;
  /** JSAPI only: the payer under the channel's appid. */
  openid?: string;
  /** H5 only. */
  clientIp?: string;
};

/** What the buyer's side needs in order to pay. */
export type Launch =
  | { kind: "redirect"; url: string; expiresAt: Date | null }
  | { kind: "qr"; text: string; expiresAt: Date | null }
  | {
      kind: "jsapi";
      params: Readonly<Record<"appId" | "timeStamp" | "nonceStr" | "package" | "signType" | "paySign", string>>;
      expiresAt: Date | null;
    };

/** The provider's words for a trade, translated into ours. The provider's own word stays beside it. */
export type TradeState = "waiting" | "paid" | "closed" | "refunded" | "absent";

export type TradeView = {
  state: TradeState;
  /** `TRADE_SUCCESS`, `NOTPAY` …; empty when `absent`. */
  providerState: string;
  /** Only ever beside `absent`: an unsigned error said it. A hint, true for certain only if no buyer ever got a link or code of this trade. */
  unverified?: true;
  outTradeNo: string;
  providerTradeNo: string | null;
  /** Order amount (Alipay total_amount, WeChat amount.total). Null where the provider does not say it. */
  amount: Fen | null;
  /** What the seller receives, where said. */
  receipt: Fen | null;
  /** Accumulated, where said. */
  refunded: Fen | null;
  /** Identities as the provider states them; null where an answer does not carry them. */
  appId: string | null;
  sellerId: string | null;
  currency: string | null;
  buyerId: string | null;
  /** Masked by the provider. */
  buyerAccount: string | null;
  paidAt: Date | null;
};

/** One step of looking at an inbound message, kept and shown in the inbox. */
export type VerifyStep = {
  name: "channel" | "format" | "key" | "signed_text" | "signature" | "decrypt" | "fields";
  ok: boolean;
  /** Stable word for what is wrong, such as `unknown_serial`; null when ok. */
  cause: RefusalCause | null;
  /** Short evidence, safe to show to the tenant: a serial, a length, a field name. */
  evidence: string | null;
  /** Milliseconds, three decimals. */
  ms: number;
};

/** What a refund notice says. `outTradeNo` is the payment that it takes back from. */
export type RefundNews = {
  outTradeNo: string;
  outRefundNo: string;
  providerRefundNo: string | null;
  /** This refund's own amount, where said. */
  amount: Fen | null;
  state: string;
};

/** An inbound message after verification. Nothing in `trade` is to be believed unless `ok`. */
export type VerifiedNotification =
  | {
      ok: true;
      provider: Provider;
      /** `trade` for payments; other kinds are kept and left to later nouns. */
      kind: "trade" | "refund" | "other";
      /** Equal for every copy of the same news, different for any other news, also for one with another amount. At most 100 characters. */
      messageId: string;
      keyId: string;
      signedText: string;
      trade: TradeView | null;
      /** A refund notice must not look like a payment (CB-10). */
      refund: RefundNews | null;
      steps: VerifyStep[];
    }
  | {
      ok: false;
      provider: Provider;
      failedStep: VerifyStep["name"];
      cause: RefusalCause;
      keyId: string | null;
      /** The exact text that was verified, as far as it could be built. */
      signedText: string | null;
      /** Read from an unverified message, for people only: never to be acted upon. */
      claimed: { outTradeNo: string | null; amount: string | null };
      steps: VerifyStep[];
    };

/** For the message page alone. */
export type PresentedNotification = {
  /** The charset that the message names. */
  charset: string;
  /** The parameters that are signed, decoded, in the order of the signed text; null where what is signed is no list. */
  signedParams: readonly { name: string; value: string }[] | null;
  signature: string | null;
  /** The sealed part, opened; null where there is none or no key fits. */
  opened: string | null;
};

/** What arrived, before anything is parsed. */
export type RawNotification = {
  method: string;
  header(name: string): string | null;
  body: Buffer;
  /** Address after the configured proxy depth. */
  sourceIp: string;
};

/** `now` is passed in: adapters have no clock of their own. */
export type CallOptions = { now: () => Date; deadlineMs?: number };

export interface TradeProvider<C extends ProviderChannel = ProviderChannel> {
  /** Prepares a payment. Throws ProviderError; `unknown` means perhaps created: query, or call again with the same number. */
  create(channel: C, trade: CreateTrade, options: CallOptions): Promise<Launch>;
  /** Asks where a trade stands. An answer that cannot be verified is ProviderError `unknown`. */
  query(channel: C, outTradeNo: string, options: CallOptions): Promise<TradeView>;
  /** Closes an unpaid trade. `closed` also when it was closed before, `absent` when it never existed there, `paid` when it was paid first. */
  close(channel: C, outTradeNo: string, options: CallOptions): Promise<"closed" | "paid" | "absent">;
  /** Verifies and reads an inbound message, synchronously: it sits on the hot path. Never throws. */
  verifyNotification(channel: C, raw: RawNotification, now: Date): VerifiedNotification;
  /** A message as people may read it, verified or not: nothing here is to be acted upon. Personal data is still in it. Never throws. */
  presentNotification(channel: C, raw: RawNotification): PresentedNotification;
}
