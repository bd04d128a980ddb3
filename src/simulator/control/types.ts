/**
 * The simulator's control interface: what tests, scripts and the site send and receive. JSON over loopback.
 * Amounts are decimal fen as text, instants are ISO text. No Node module is imported here, so a browser may.
 */
import { z } from "zod";
import { CivilDateSchema } from "~/domain/civil-date";
import { ProviderSchema } from "~/domain/provider-input";

const text = (max: number) => z.string().trim().min(1).max(max);
const fenText = z.string().regex(/^\d{1,15}$/);

/* POST /control/accounts: registers an app or a merchant. Again with the same number: keys of ours stay, yours are replaced. */
export const AlipayAccountInput = z.object({
  provider: z.literal("alipay"),
  appId: z.string().regex(/^\d{8,32}$/),
  /** PID, 16 digits starting 2088. */
  sellerId: z.string().regex(/^2088\d{12}$/),
  /** RSA public key of the application: PEM or bare Base64. */
  appPublicKey: text(4_000),
  /** Base64 of 16 bytes; allows encrypted requests. */
  aesKey: z.string().max(64).optional(),
  name: text(64).optional(),
});
export const WechatAccountInput = z.object({
  provider: z.literal("wechat"),
  mchid: z.string().regex(/^\d{8,10}$/),
  appid: z.string().regex(/^wx[0-9a-zA-Z]{8,30}$/),
  merchantSerial: z.string().regex(/^[0-9A-F]{16,40}$/),
  /** RSA public key or certificate of the merchant: PEM or bare Base64. */
  merchantPublicKey: text(8_000),
  apiV3Key: z.string().refine((key) => new TextEncoder().encode(key).length === 32, "must be exactly 32 bytes"),
  name: text(64).optional(),
});
export const AccountInput = z.discriminatedUnion("provider", [AlipayAccountInput, WechatAccountInput]);
export type AccountInput = z.infer<typeof AccountInput>;

/** Key mode and certificate mode work at once; the application chooses by sending `app_cert_sn`. Keys are bare Base64, certificates PEM. */
export type AlipayAccountOutput = { alipayPublicKey: string; appCert: string; alipayCert: string; alipayRootCert: string };
/** The platform public key (`PUB_KEY_ID_…`) first, then the platform certificates in force. */
export type WechatAccountOutput = { verificationKeys: { id: string; pem: string }[] };

/* POST /control/keys: which keys WeChat Pay signs with for one merchant. */
export const KEY_MODES = ["certificates", "grey", "public_key", "rotation"] as const;
export const KeysInput = z.object({
  mchid: z.string(),
  /**
   * `certificates`: certificates only. `grey`: answers follow the request's Wechatpay-Serial, of notifications `percent` use the public key.
   * `public_key`: the public key only, the certificates endpoint answers 404. `rotation`: two certificates, the newer one signs.
   */
  mode: z.enum(KEY_MODES),
  /** Grey mode only: share of notifications signed with the public key. Default 50. */
  percent: z.number().int().min(0).max(100).optional(),
});
export type KeyMode = (typeof KEY_MODES)[number];

/* POST /control/rules: WeChat Pay's limits on refunds, per merchant; all on by default. */
export const RulesInput = z.object({
  mchid: z.string(),
  refundGapMinute: z.boolean().optional(),
  refundCountMax: z.boolean().optional(),
  refundYear: z.boolean().optional(),
});

/** How a trade is named: by our order number, by the provider's trade number, or by what a phone scanned (code_url, qr_code or its token). */
const tradeName = {
  provider: ProviderSchema.optional(),
  /** App id or mchid, when two accounts use the same number. */
  account: z.string().optional(),
  outTradeNo: z.string().optional(),
  tradeNo: z.string().optional(),
  code: z.string().optional(),
};
const named = (value: { outTradeNo?: string; tradeNo?: string; code?: string }) => Boolean(value.outTradeNo || value.tradeNo || value.code);

/* POST /control/scan -> SeenTrade: what a phone sees after scanning. */
export const ScanInput = z.object(tradeName).refine(named, "outTradeNo, tradeNo or code is needed");

/* POST /control/pay -> PayOutput: the buyer's act. */
export const PAY_OUTCOMES = ["pay", "cancel", "decline", "expire"] as const;
export const PayInput = z
  .object({
    ...tradeName,
    /** Who pays: Alipay user id (2088…) or WeChat openid. Default: the payer named by the order, else a made-up person. */
    buyer: z.string().max(128).optional(),
    /** Discount in fen that the platform bears: the buyer pays less, the order's total stays. */
    coupon: fenText.optional(),
    outcome: z.enum(PAY_OUTCOMES).default("pay"),
    /** Money that comes too late: pays a closed or expired trade all the same. */
    force: z.boolean().default(false),
    /** Answer only after the first delivery of the notification was tried. */
    wait: z.boolean().default(false),
  })
  .refine(named, "outTradeNo, tradeNo or code is needed");
export type PayInput = z.input<typeof PayInput>;
export type PayOutput = { result: "paid" | "cancelled" | "declined" | "expired"; trade: SeenTrade; delivery: DeliveryView | null };

/* POST /control/refund -> RefundView: ends a WeChat Pay refund that is still processing (it succeeds by itself after a while). */
export const RefundInput = z.object({
  mchid: z.string().optional(),
  outRefundNo: z.string().min(1),
  outcome: z.enum(["success", "abnormal", "closed"]).default("success"),
});

/* POST /control/messages -> MessageOutput: pushes a message at once, past the schedule, and tells how it was received. */
export const MessageInput = z.object({
  provider: ProviderSchema,
  /** A trade whose news is sent as it stands now; or leave it out and give account, address and content. */
  outTradeNo: z.string().optional(),
  account: z.string().optional(),
  /** Where to; default: the trade's own notify_url. */
  channelNotifyUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Alipay: parameters of the form, over those of the trade; null removes one. */
  fields: z.record(z.string(), z.string().nullable()).optional(),
  /** WeChat Pay: members of the decrypted resource, over those of the trade; null removes one. */
  resource: z.record(z.string(), z.json()).optional(),
  /** WeChat Pay: default TRANSACTION.SUCCESS. */
  eventType: z.string().optional(),
  /** What is wrong with it: a kind of `GET /control/faults` for notifications. */
  twist: z.string().optional(),
  /** Parallel copies. */
  copies: z.number().int().min(1).max(200).default(1),
});
export type MessageInput = z.input<typeof MessageInput>;
export type MessageOutput = { attempts: AttemptView[] };

/* GET|PUT|PATCH /control/faults. PUT replaces all switches, PATCH changes those named (null switches off). */
export const FaultInput = z.object({
  kind: z.string(),
  /** How often it strikes before it switches itself off; absent: until switched off. */
  times: z.number().int().min(1).max(1_000_000).optional(),
  /** Share of the calls it strikes, spread evenly. Default 100. */
  percent: z.number().min(0).max(100).optional(),
  /** `slow`, `late_answer`: milliseconds of real time (default 3000). `late`: milliseconds of test-clock time (default 10 minutes). */
  delayMs: z.number().int().min(0).max(86_400_000).optional(),
  /** `repeat`: how many copies at once (default 3). */
  copies: z.number().int().min(2).max(200).optional(),
});
export type FaultInput = z.infer<typeof FaultInput>;
/**
 * Keys, from the most exact to the widest. Requests: `alipay:<appId>.alipay.trade.query`, `alipay.trade.query`, `alipay:<appId>`, `alipay`;
 * `wechat:<mchid>.POST /v3/pay/transactions/native`, `wechat.POST /v3/pay/transactions/native`, `wechat:<mchid>`, `wechat` (path parameters
 * as in the documents: `{out_trade_no}`). Alipay's download of statements is `alipay.GET /downloadBillFile.resource`. Notifications: `notify.alipay:<appId>`, `notify.alipay`, `notify.wechat:<mchid>`, `notify.wechat`.
 */
export const FaultsInput = z.record(z.string().min(1).max(200), FaultInput);
export const FaultsPatch = z.record(z.string().min(1).max(200), FaultInput.nullable());
export type FaultKindView = {
  kind: string;
  for: "request" | "notification";
  providers: ("alipay" | "wechat")[] /** The only routes on which it strikes; null: any. */;
  routes: string[] | null;
  zh: string;
  en: string;
};
export type FaultsOutput = {
  kinds: FaultKindView[];
  faults: Record<string, FaultInput & { left: number | null; struck: number }>;
  /** How often each kind struck since the start or the last reset. */
  counts: Record<string, number>;
  /** Every method and route that a switch may name. */
  routes: Record<"alipay" | "wechat", string[]>;
};

/*
 * Agent signing of Alipay's face-to-face payment. GET /control/facetoface -> FacetofaceOutput.
 * POST /control/facetoface/{hold,approve,reject,confirm,refuse,expire} -> FacetofaceBatchView: what a reviewer, the merchant or time does.
 * 404 without such a batch, 409 where its state does not allow it. `approve` of a pre-authorised application opens it at once;
 * `expire` ends an open batch, or the merchant's time to confirm.
 * GET /control/facetoface/desk -> FacetofaceDesk; GET /control/facetoface/merchant?token= -> ApplicationView, by the token of a confirm link;
 * GET /control/facetoface/picture?batchNo=&name= -> the picture.
 */
export const FacetofaceInput = z.object({
  batchNo: z.string().min(1).max(64),
  /** For `hold`, `reject` and `refuse`. */
  reason: text(200).optional(),
});
export type FacetofaceBatchView = {
  batchNo: string;
  appId: string;
  batchStatus: "init" | "submit" | "cancel" | "timeout";
  orderNo: string | null;
  /** Alipay's own word, `MERCHANT_…`; null before the confirm. */
  orderStatus: string | null;
  rejectReason: string | null;
  /** While the merchant is asked. */
  confirmUrl: string | null;
  account: string;
  shopName: string | null;
  pictures: { name: string; bytes: number }[];
  createdAt: string;
  /** How many confirms were accepted: one, and one more after each correction. */
  confirmedTimes: number;
};
export type FacetofaceOutput = {
  /** Newest first, 1,000 at most. */
  batches: FacetofaceBatchView[];
  /** Of all batches, by how they ended; `created` counts every one. */
  counts: { created: number; confirmed: number; cancelled: number; timedOut: number };
};
export type ApplicationView = Omit<FacetofaceBatchView, "pictures"> & {
  appName: string | null;
  merchantPid: string;
  contact: { name: string; mobile: string; email: string | null };
  /** Given in the pre-authorised mode. */
  orderTicket: string | null;
  /** Text parts of the product call by their names. */
  fields: Record<string, string>;
  shopAddress: Record<string, string>;
  pictures: { name: string; filename: string; format: string; bytes: number; url: string }[];
  signedAt: string | null;
  /** While held: the product call came again. */
  isCorrected: boolean;
  endedBy: "review" | "merchant" | null;
  moves: { status: string; at: string; reason: string | null }[];
  can: { hold: boolean; approve: boolean; reject: boolean; confirm: boolean; expire: boolean };
  /** Until when the batch may be confirmed, or the merchant may answer. */
  endsAt: string | null;
};
export type FacetofaceDesk = {
  /** Newest first, 200 at most. */
  applications: ApplicationView[];
  /** Accounts beginning with such a word and one of `. - + @` summon an outcome. */
  wishes: { word: string; zh: string; en: string }[];
};

/*
 * GET /control/statements?provider=&account=&day= and POST /control/statements -> StatementView: the statement of a day as it is or will be written.
 * With `changes`, POST plants differences in it in the place of those planted before; [] takes them back. 409 `no_such_row` where a change
 * names no row of that day. Amounts and fees are yuan without a sign, "12.34": each provider's statement puts its own.
 */
const yuanText = z.string().regex(/^\d{1,9}\.\d{2}$/);
const positiveYuan = yuanText.refine((yuan) => /[1-9]/.test(yuan), "must be more than nothing");
const rowName = {
  outTradeNo: text(64),
  /** A refund of that order. Without it the payment is meant, or else the order's first refund of the day. */
  refundNo: text(64).optional(),
};
export const StatementChange = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("missing"), ...rowName }),
  /** A payment that never was; numbers are made up where none are given. `minute` of the day, default 720 (noon). */
  z.strictObject({
    kind: z.literal("extra"),
    outTradeNo: rowName.outTradeNo.optional(),
    tradeNo: text(64).optional(),
    amount: positiveYuan,
    minute: z.number().int().min(0).max(1_439).optional(),
  }),
  z.strictObject({ kind: z.literal("amount"), ...rowName, amount: positiveYuan }),
  z.strictObject({ kind: z.literal("duplicate"), ...rowName }),
  z.strictObject({ kind: z.literal("fee"), ...rowName, fee: yuanText }),
  /** WeChat Pay alone: the row says REVOKED. */
  z.strictObject({ kind: z.literal("status"), ...rowName }),
  /** The row stands in the next day's statement instead, just after midnight. */
  z.strictObject({ kind: z.literal("next_day"), ...rowName }),
  /** There is no statement until this is taken back. */
  z.strictObject({ kind: z.literal("late") }),
]);
export type StatementChange = z.infer<typeof StatementChange>;
export const StatementName = z.object({
  provider: ProviderSchema,
  /** App id or seller id at Alipay, mchid at WeChat Pay. */
  account: text(32),
  day: CivilDateSchema,
});
export const StatementsInput = StatementName.extend({ changes: z.array(StatementChange).max(2_000).optional() });
export type StatementsInput = z.infer<typeof StatementsInput>;
/** `amount` and `fee` as the file writes them, with sign: "-5.00" and "-0.12" at Alipay, "5.00" and "0.12000" at WeChat Pay. */
export type StatementRowView = {
  kind: "payment" | "refund";
  outTradeNo: string;
  tradeNo: string;
  refundNo: string | null;
  amount: string;
  fee: string;
  at: string;
  /** The difference that made it what it is; null for a true row. */
  planted: StatementChange["kind"] | null;
};
export type StatementView = {
  provider: "alipay" | "wechat";
  /** PID or mchid. */
  merchant: string;
  day: string;
  /** Whether the provider would give it out now, and from when on. */
  ready: boolean;
  readyAt: string;
  rows: StatementRowView[];
  /** Of the rows, in fen: what was paid, what was given back. */
  totals: { payments: number; paidFen: string; refunds: number; refundedFen: string };
  changes: StatementChange[];
};

/*
 * POST /control/history -> HistoryOutput: trades that were paid before this simulator ran. Queries and statements tell of them; nobody is
 * notified, and a trade that is known already stays as it is.
 */
export const HistoryInput = z.object({
  trades: z
    .array(
      z.strictObject({
        provider: ProviderSchema,
        /** App id or mchid. */
        account: text(32),
        outTradeNo: text(64),
        tradeNo: text(64),
        amountFen: fenText,
        paidAt: z.iso.datetime({ offset: true }),
        subject: text(256),
        buyer: text(128),
      }),
    )
    .max(500),
});
export type HistoryInput = z.infer<typeof HistoryInput>;
export type HistoryOutput = { remembered: number };

/* POST /control/clock -> ClockView. Moving it expires what is over and delivers what became due. Refused unless TEST_CLOCK=1. */
export const ClockInput = z.union([
  z.strictObject({ advance: z.string() }),
  z.strictObject({ set: z.iso.datetime({ offset: true }) }),
  z.strictObject({ reset: z.literal(true) }),
]);
export type ClockView = { now: string; offsetMs: number; movable: boolean };

/* POST /control/deliveries/run {all?, id?} -> {attempts}: tries what is due now (`all`: what is pending, due or not; `id`: this one alone). */
export const RunDeliveriesInput = z.object({ all: z.boolean().default(false), id: z.string().optional() });

/* POST /control/reset: forgets trades, refunds, deliveries, faults and journal. `accounts: true` forgets the accounts and their keys too. */
export const ResetInput = z.object({ accounts: z.boolean().default(false) });

/* GET /control/journal?after=&limit= -> JournalOutput; GET /control/stream: server-sent events `journal` (JournalEntry) and `change` (ChangeEvent). */
export type JournalEntry = {
  seq: number;
  /** Test-clock time. */
  at: string;
  /** `request`: a call by the platform. `message`: one delivery attempt by us. `buyer`: an act on the phone. `control`: a call of this interface. */
  kind: "request" | "message" | "buyer" | "control";
  provider: "alipay" | "wechat" | null;
  account: string | null;
  /** Method, route or notification kind. */
  what: string;
  outTradeNo: string | null;
  /** `ok`, or the code or word that says what went wrong. */
  verdict: string;
  ok: boolean;
  httpStatus: number | null;
  ms: number;
  /** The fault that struck, if any. */
  fault: string | null;
  /** Things that are no error but worth a look: unknown fields, text that was cut. */
  warnings: string[];
  /** Cut at 8,000 characters. */
  request: string;
  response: string;
  /** What the signature was checked or made over. */
  signedText: string | null;
};
export type JournalOutput = { entries: JournalEntry[]; last: number };
export type ChangeEvent = {
  what: "trade" | "refund" | "delivery" | "fault" | "clock" | "account" | "reset" | "facetoface" | "statement";
  id: string;
};

export type TradeView = {
  provider: "alipay" | "wechat";
  account: string;
  outTradeNo: string;
  tradeNo: string | null;
  /** Alipay: page, wap, precreate, create. WeChat Pay: NATIVE, JSAPI, APP, MWEB. */
  product: string;
  /** The provider's own word. `PREPARED`: an Alipay QR code that nobody has scanned; the trade does not exist yet. */
  state: string;
  amountFen: string;
  /** What the buyer paid after coupons; null while unpaid. */
  payerFen: string | null;
  refundedFen: string;
  subject: string;
  /** Who receives the money, as the cashier names them. */
  payee: string;
  createdAt: string;
  expiresAt: string;
  paidAt: string | null;
  closedAt: string | null;
  buyer: string | null;
  notifyUrl: string | null;
  /** Path of the page on which the buyer pays. */
  cashierUrl: string;
  /** Text of the QR code, where there is one. */
  code: string | null;
};
/** A trade as a phone holds it. */
export type SeenTrade = TradeView & {
  /** Where the buyer goes from here: after a payment Alipay's signed return address. Null where the merchant gave none. */
  backUrl: string | null;
};
export type RefundView = {
  provider: "alipay" | "wechat";
  account: string;
  outTradeNo: string;
  outRefundNo: string;
  amountFen: string;
  state: string;
  createdAt: string;
  endedAt: string | null;
};
export type AttemptView = { at: string; status: number | null; accepted: boolean; verdict: string; ms: number; fault: string | null };
export type DeliveryView = {
  id: string;
  provider: "alipay" | "wechat";
  account: string;
  what: string;
  outTradeNo: string | null;
  url: string;
  state: "pending" | "delivered" | "given_up";
  dueAt: string | null;
  attempts: AttemptView[];
};
export type AccountView =
  | { provider: "alipay"; account: string; name: string | null; sellerId: string; appCertSn: string; alipayCertSn: string }
  | {
      provider: "wechat";
      account: string;
      name: string | null;
      appid: string;
      merchantSerial: string;
      keyMode: KeyMode;
      percent: number;
      keyIds: string[];
    };
/* GET /control/state -> StateView. Trades and deliveries newest first, 200 at most of each. */
export type StateView = {
  accounts: AccountView[];
  trades: TradeView[];
  refunds: RefundView[];
  deliveries: DeliveryView[];
  pendingDeliveries: number;
  clock: ClockView;
  journalLast: number;
};
/** Every refusal of the control interface. */
export type ControlError = { error: string; message: string };
