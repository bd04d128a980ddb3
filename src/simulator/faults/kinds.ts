import type { FaultKindView } from "../control/types";

const both = ["alipay", "wechat"] as const;

/** Every way to go wrong, in the words of the simulator's page. */
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
} as const satisfies Record<string, { on: readonly ("alipay" | "wechat")[]; zh: string; en: string }>;

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
} as const satisfies Record<string, { on: readonly ("alipay" | "wechat")[]; zh: string; en: string }>;

export type RequestFault = keyof typeof REQUEST_FAULTS;
export type NotificationFault = keyof typeof NOTIFICATION_FAULTS;

export const isRequestFault = (kind: string): kind is RequestFault => Object.hasOwn(REQUEST_FAULTS, kind);
export const isNotificationFault = (kind: string): kind is NotificationFault => Object.hasOwn(NOTIFICATION_FAULTS, kind);

export const faultKindViews = (): FaultKindView[] => [
  ...Object.entries(REQUEST_FAULTS).map(([kind, fact]) => ({
    kind,
    for: "request" as const,
    providers: [...fact.on],
    zh: fact.zh,
    en: fact.en,
  })),
  ...Object.entries(NOTIFICATION_FAULTS).map(([kind, fact]) => ({
    kind,
    for: "notification" as const,
    providers: [...fact.on],
    zh: fact.zh,
    en: fact.en,
  })),
];
