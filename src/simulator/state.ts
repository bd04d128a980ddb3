import type { Provider } from "~/domain/provider";
import type { Fen } from "~/lib/money";
import type { AgentBatchStatus, AgentOrderStatus } from "./alipay/agent/machine";
import type { PictureFormat } from "./alipay/agent/pictures";
import type { FaultInput, JournalEntry, KeyMode, StatementChange } from "./control/types";

/** Everything the simulator remembers. Maps are keyed as said beside them; the snapshot file is this, tagged for JSON. */
export type State = {
  alipay: {
    authority: AlipayAuthority | null;
    /** By app id. */
    accounts: Map<string, AlipayAccount>;
    /** By `sellerId/outTradeNo`: a merchant's order number is one across its apps. */
    trades: Map<string, AlipayTrade>;
  };
  wechat: {
    /** By mchid. */
    accounts: Map<string, WechatAccount>;
    /** By `mchid/outTradeNo`, for ever and across trade types. */
    orders: Map<string, WechatOrder>;
    /** By `mchid/outRefundNo`. */
    refunds: Map<string, WechatRefund>;
  };
  /** Transactions of agent signing at Alipay, by batch number. */
  agentBatches: Map<string, AgentBatch>;
  /** Differences planted in statements, by `provider/merchant/day`. */
  statements: Map<string, PlantedChange[]>;
  /** What a phone can open, by token: QR codes, prepay ids, cashier pages. */
  doors: Map<string, Door>;
  deliveries: Delivery[];
  faults: Map<string, FaultSwitch>;
  /** A key that was never anybody's, for messages that must not verify. */
  strangerKey: string | null;
  /** The newest entries, filled in when a snapshot is written. */
  journalTail: JournalEntry[];
};

export const emptyState = (): State => ({
  alipay: { authority: null, accounts: new Map(), trades: new Map() },
  wechat: { accounts: new Map(), orders: new Map(), refunds: new Map() },
  agentBatches: new Map(),
  statements: new Map(),
  doors: new Map(),
  deliveries: [],
  faults: new Map(),
  strangerKey: null,
  journalTail: [],
});

export type AlipayAuthority = { privateKey: string; certificate: string; bundle: string };

export type AlipayAccount = {
  appId: string;
  sellerId: string;
  name: string | null;
  appPublicKey: string;
  aesKey: string | null;
  /** Alipay's private key for this app, PEM. */
  privateKey: string;
  appCert: string;
  alipayCert: string;
};

export type AlipayTradeStatus = "PREPARED" | "WAIT_BUYER_PAY" | "TRADE_SUCCESS" | "TRADE_CLOSED" | "TRADE_FINISHED";
export type AlipayProduct = "page" | "wap" | "precreate" | "create";

export type AlipayTrade = {
  appId: string;
  sellerId: string;
  outTradeNo: string;
  /** Null until the trade exists: a precreated one waits for its first scan. */
  tradeNo: string | null;
  product: AlipayProduct;
  status: AlipayTradeStatus;
  amount: Fen;
  subject: string;
  body: string | null;
  passbackParams: string | null;
  notifyUrl: string | null;
  returnUrl: string | null;
  quitUrl: string | null;
  createdAt: Date;
  expiresAt: Date;
  paidAt: Date | null;
  closedAt: Date | null;
  buyerId: string | null;
  buyerLogonId: string | null;
  coupon: Fen;
  /** Token of its page on the phone. */
  door: string;
  refunds: AlipayRefund[];
};
export type AlipayRefund = { outRequestNo: string; amount: Fen; reason: string | null; at: Date };

export type AgentBatch = {
  batchNo: string;
  appId: string;
  /** The merchant's login or PID, as the caller named it. */
  account: string;
  merchantPid: string;
  contact: { name: string; mobile: string; email: string | null };
  /** Given in the pre-authorised mode alone. */
  orderTicket: string | null;
  status: AgentBatchStatus;
  createdAt: Date;
  /** What the product call brought; the newest one replaces the one before. */
  product: FacetofaceProduct | null;
  order: AgentOrder | null;
  confirmedTimes: number;
};
export type FacetofaceProduct = {
  /** The text parts, but the batch number and the address. */
  fields: Record<string, string>;
  shopAddress: Record<string, string>;
  pictures: { name: string; filename: string; format: PictureFormat; bytes: number; sha256: string }[];
  at: Date;
};
export type AgentOrder = {
  orderNo: string;
  /** Every state it was in, oldest first. */
  moves: { status: AgentOrderStatus; at: Date; reason: string | null }[];
  endedBy: "review" | "merchant" | null;
  confirmToken: string;
  /** Set by the approval. */
  confirmBy: Date | null;
  /** The product call came again since it was held. */
  isCorrected: boolean;
  /** Handed over by `confirm` in the pre-authorised mode. */
  authorisation: { appAuthToken: string; appRefreshToken: string; authAppId: string; userId: string } | null;
};

export type WechatAccount = {
  mchid: string;
  appid: string;
  name: string | null;
  merchantSerial: string;
  merchantPublicKey: string;
  apiV3Key: string;
  publicKeyId: string;
  /** WeChat Pay's private key behind `publicKeyId`, PEM. */
  publicKeyPrivate: string;
  /** Oldest first; a second one appears with the first rotation. */
  certificates: { serial: string; privateKey: string; certificate: string }[];
  keyMode: KeyMode;
  percent: number;
  /** Of notifications so far, how many were offered to the grey lottery: spreads the percentage evenly. */
  greyDraws: number;
  rules: { refundGapMinute: boolean; refundCountMax: boolean; refundYear: boolean };
};

export type WechatTradeType = "NATIVE" | "JSAPI" | "APP" | "MWEB";
export type WechatTradeState = "NOTPAY" | "SUCCESS" | "REFUND" | "CLOSED";

export type WechatOrder = {
  mchid: string;
  appid: string;
  outTradeNo: string;
  transactionId: string | null;
  tradeType: WechatTradeType;
  state: WechatTradeState;
  description: string;
  attach: string | null;
  amount: Fen;
  openid: string | null;
  deviceId: string | null;
  notifyUrl: string;
  /** As sent; a later call with another value is refused. */
  timeExpire: string | null;
  createdAt: Date;
  /** Last moment for paying. */
  expiresAt: Date;
  paidAt: Date | null;
  closedAt: Date | null;
  payer: string | null;
  coupon: Fen;
  /** Newest token that leads to its page on the phone. */
  door: string;
};

export type WechatRefundState = "PROCESSING" | "SUCCESS" | "ABNORMAL" | "CLOSED";
export type WechatRefund = {
  mchid: string;
  outTradeNo: string;
  outRefundNo: string;
  refundId: string;
  amount: Fen;
  reason: string | null;
  notifyUrl: string | null;
  state: WechatRefundState;
  createdAt: Date;
  /** When it was sent on to another card, after it could not arrive. */
  retriedAt?: Date;
  endedAt: Date | null;
};

/** `key` is that of the trade or order. A door that is over refuses, as a stale QR code does. */
export type Door = {
  provider: Provider;
  key: string;
  kind: "page" | "qr" | "code_url" | "prepay_id" | "h5";
  code: string | null;
  expiresAt: Date;
};

export type AttemptRecord = { at: Date; status: number | null; accepted: boolean; verdict: string; ms: number; fault: string | null };

/** News on its way. The content is kept unsigned: each attempt is signed afresh. */
export type Delivery = {
  id: string;
  provider: Provider;
  account: string;
  outTradeNo: string | null;
  what: string;
  url: string;
  content: AlipayNews | WechatNews;
  firstAt: Date;
  /** Null once it is over. */
  dueAt: Date | null;
  state: "pending" | "delivered" | "given_up";
  /** Held back once by the fault `late`. */
  delayed: boolean;
  attempts: AttemptRecord[];
};
export type AlipayNews = { provider: "alipay"; fields: Record<string, string> };
export type WechatNews = {
  provider: "wechat";
  id: string;
  createTime: string;
  eventType: string;
  summary: string;
  originalType: string;
  resource: unknown;
};

/** A change with everything chosen: a statement that is written twice is the same both times. */
export type PlantedChange =
  | Exclude<StatementChange, { kind: "extra" }>
  | { kind: "extra"; outTradeNo: string; tradeNo: string; amount: string; minute: number };

export type FaultSwitch = FaultInput & { left: number | null; struck: number; offered: number };
