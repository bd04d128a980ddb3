import type { FaultKindView } from "../control/types";
import { BILL_ROUTES } from "../statement/routes";

const both = ["alipay", "wechat"] as const;
const billQueries = [BILL_ROUTES.alipay.query, BILL_ROUTES.wechat.query] as const;
const billDownloads = [BILL_ROUTES.alipay.download, BILL_ROUTES.wechat.download] as const;

type Fact = { on: readonly ("alipay" | "wechat")[]; at?: readonly string[]; zh: string; en: string };

/** Every way to go wrong, in the words of the simulator's page. `at`: the only routes on which it strikes. */
export const REQUEST_FAULTS = {
  refuse: { on: both, zh: "不接单：收到后立即断开，没有执行", en: "Closes the connection at once; nothing was done" },
  reset: { on: both, zh: "连接被重置，没有执行", en: "Resets the connection; nothing was done" },
  hang: { on: both, zh: "一直不回应，没有执行", en: "Never answers; nothing was done" },
  slow: { on: both, zh: "慢 3 秒后照常回应", en: "Answers as usual, 3 seconds late" },
  late_answer: {
    on: both,
    zh: "立即执行，3 秒后才回应（通知可能先到）",
    en: "Does it at once, answers 3 seconds later (its notification may be faster)",
  },
  error500: { on: both, zh: "HTTP 500，没有执行", en: "HTTP 500; nothing was done" },
  html502: { on: both, zh: "HTTP 502 网页，没有执行", en: "HTTP 502 with a web page; nothing was done" },
  system_error: { on: both, zh: "系统繁忙（结果未知的业务码），没有执行", en: "The provider's own 'busy' code; nothing was done" },
  do_then_timeout: { on: both, zh: "执行成功，但不回应", en: "Does it, then never answers" },
  bad_signature: { on: both, zh: "应答签名错误", en: "The answer's signature is wrong" },
  unsigned: { on: both, zh: "应答没有签名", en: "The answer carries no signature" },
  stale_query: {
    on: both,
    zh: "查询答旧状态（如已支付仍答未支付）",
    en: "Queries answer the state from before the payment, or from before the last change",
  },
  wrong_amount: { on: both, zh: "查询答的金额差 1 分（签名有效）", en: "Queries answer an amount that is off by one fen, validly signed" },
  rate_limited: { on: both, zh: "限流", en: "Rate limited" },
  stale_timestamp: { on: ["wechat"], zh: "应答时间戳是 10 分钟前的", en: "The answer's timestamp is 10 minutes old" },
  unknown_serial: { on: both, zh: "应答用未知的证书序列号", en: "The answer names a key that nobody knows" },
  probe: { on: ["wechat"], zh: "微信验签探测（SIGNTEST 签名）", en: "WeChat Pay's signature probe (SIGNTEST)" },
  statement_bad_hash: {
    on: ["wechat"],
    at: [BILL_ROUTES.wechat.query],
    zh: "对账单摘要与文件不符",
    en: "The statement's hash is that of something else",
  },
  statement_bad_totals: { on: both, at: billQueries, zh: "对账单合计与明细不符", en: "The statement's totals disagree with its rows" },
  statement_unfinished: {
    on: both,
    at: billQueries,
    zh: "对账单没有写完：缺后半和合计（文件本身完好）",
    en: "The statement was never finished: its second half and totals are missing, in a sound file",
  },
  statement_foreign_address: {
    on: both,
    at: billQueries,
    zh: "对账单下载地址指向别的主机",
    en: "The statement's address is on another host",
  },
  statement_cut_off: { on: both, at: billDownloads, zh: "对账单下载到一半就结束", en: "The download of the statement ends half-way" },
} as const satisfies Record<string, Fact>;

export const NOTIFICATION_FAULTS = {
  drop: { on: both, zh: "通知丢失，按计划重发", en: "The message is lost; redelivery follows the schedule" },
  repeat: { on: both, zh: "同时送达多份", en: "Several copies arrive at once" },
  shuffle: { on: both, zh: "几条通知倒序送达", en: "Messages arrive in reverse order" },
  late: { on: both, zh: "首次通知晚 10 分钟", en: "The first delivery is 10 minutes late" },
  wrong_amount: { on: both, zh: "金额差 1 分（签名有效）", en: "The amount is off by one fen, validly signed" },
  wrong_app: { on: both, zh: "应用号不符（签名有效）", en: "Another app id, validly signed" },
  wrong_seller: { on: both, zh: "收款方不符（签名有效）", en: "Another seller or merchant, validly signed" },
  old_key: { on: both, zh: "用不属于平台的密钥签名", en: "Signed by a key that was never the provider's" },
  gbk: { on: ["alipay"], zh: "GBK 编码（签名有效）", en: "In GBK, validly signed" },
  probe: { on: both, zh: "验签探测（签名不成立）", en: "A probe whose signature does not hold" },
  tampered: { on: both, zh: "签名后内容被改", en: "Changed after it was signed" },
  unsigned: { on: both, zh: "没有签名", en: "Carries no signature" },
  stale_timestamp: { on: ["wechat"], zh: "时间戳是 10 分钟前的", en: "The timestamp is 10 minutes old" },
} as const satisfies Record<string, Fact>;

export type RequestFault = keyof typeof REQUEST_FAULTS;
export type NotificationFault = keyof typeof NOTIFICATION_FAULTS;

export const isRequestFault = (kind: string): kind is RequestFault => Object.hasOwn(REQUEST_FAULTS, kind);
export const isNotificationFault = (kind: string): kind is NotificationFault => Object.hasOwn(NOTIFICATION_FAULTS, kind);

/** The only routes on which a kind strikes; null for one that strikes anywhere. */
const routesOf = (kind: RequestFault): readonly string[] | null => {
  const fact: Fact = REQUEST_FAULTS[kind];
  return fact.at ?? null;
};

export const strikesAt = (kind: RequestFault, route: string): boolean => routesOf(kind)?.includes(route) ?? true;

/** Whether a switch under this key could ever strike: the key is wide, or ends in one of the kind's routes. */
export function fitsKey(kind: RequestFault, key: string): boolean {
  const [, provider, route] = /^(alipay|wechat)(?::[^.]+)?(?:\.(.+))?$/.exec(key) ?? [];
  const routes = routesOf(kind)?.filter((own) => own.startsWith("alipay.") === (provider === "alipay"));
  return !routes || (route === undefined ? routes.length > 0 : routes.some((own) => key.endsWith(own)));
}

export const faultKindViews = (): FaultKindView[] => [
  ...Object.entries<Fact>(REQUEST_FAULTS).map(([kind, fact]) => ({
    kind,
    for: "request" as const,
    providers: [...fact.on],
    routes: fact.at ? [...fact.at] : null,
    zh: fact.zh,
    en: fact.en,
  })),
  ...Object.entries(NOTIFICATION_FAULTS).map(([kind, fact]) => ({
    kind,
    for: "notification" as const,
    providers: [...fact.on],
    routes: null,
    zh: fact.zh,
    en: fact.en,
  })),
];
