import { yuanDisplay } from "~/lib/money";
import { beijingText } from "~/lib/time";
import type { Target } from "../buyer";
import { FONT_AREA } from "./font";
import { STYLE } from "./style";

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const NAMES = { alipay: "支付宝", wechat: "微信支付" } as const;

function shell(title: string, provider: "alipay" | "wechat" | null, content: string): string {
  const who = provider ? `<b>${NAMES[provider]}</b>` : "<b>收银台</b>";
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${escapeHtml(title)} · 模拟器</title><link rel="stylesheet" href="/${FONT_AREA}/index.css"><style>${STYLE}</style></head>
<body class="${provider ?? ""}"><div class="hatch"></div><div class="who">${who}<span class="chip">模拟环境，不动真钱</span></div><main>${content}</main></body></html>`;
}

type Line = readonly [string, string];

function slip(target: Target, payee: string): string {
  const facts = target.provider === "alipay" ? target.trade : target.order;
  const subject = target.provider === "alipay" ? target.trade.subject : target.order.description;
  const lines: Line[] = [
    ["商品", subject],
    ["商户单号", facts.outTradeNo],
    ["最晚付款", beijingText(facts.expiresAt)],
  ];
  const rows = lines.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`).join("");
  return `<p class="payee">付给 ${escapeHtml(payee)}</p><p class="amount"><span>¥</span>${yuanDisplay(facts.amount)}</p><dl>${rows}</dl>`;
}

/** The page on which the buyer decides. */
export function cashierPage(target: Target, payee: string, action: string): string {
  return shell(
    "付款",
    target.provider,
    `<div class="slip">${slip(target, payee)}</div>
<form method="post" action="${escapeHtml(action)}"><button class="pay" name="outcome" value="pay">付款</button><button name="outcome" value="cancel">取消</button><button name="outcome" value="expire">让它超时</button></form>`,
  );
}

export type Ending = { title: string; note: string; tone: "ok" | "bad" | "" };

/** What the phone shows at the end, with the way back to the merchant where there is one. */
export function endPage(target: Target, payee: string, ending: Ending, back: string | null): string {
  const way = back ? `<div class="actions"><a class="button" href="${escapeHtml(back)}">返回商家</a></div>` : "";
  return shell(
    ending.title,
    target.provider,
    `<div class="slip">${slip(target, payee)}<p class="state ${ending.tone}" role="status">${escapeHtml(ending.title)}</p><p class="note">${escapeHtml(ending.note)}</p></div>${way}`,
  );
}

/** A refusal before there is anything to pay: a wrong signature, a stale code. */
export function errorPage(part: { title: string; code: string; detail: string }): string {
  return shell(
    part.title,
    null,
    `<div class="slip"><p class="state bad" role="alert">${escapeHtml(part.title)}</p><p class="note">${escapeHtml(part.code)}</p><p class="note">${escapeHtml(part.detail)}</p></div>`,
  );
}
