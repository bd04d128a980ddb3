import { randomBytes, sign } from "node:crypto";
import { beijingText } from "~/lib/time";
import type { newAlipayApp, newWechatMerchant, TestBench } from "./harness";

type Bench = Pick<TestBench, "url">;
type App = Pick<Awaited<ReturnType<typeof newAlipayApp>>, "appId" | "privateKey">;
type Merchant = Pick<Awaited<ReturnType<typeof newWechatMerchant>>, "mchid" | "appid" | "serial" | "privateKey">;
type Parameters = Record<string, string | undefined>;

/** The parameters of a call, signed by a few lines of our own: what a test changes afterwards is on purpose. */
export function signedParameters(app: App, method: string, biz: unknown, changes: Parameters = {}, now = new Date()): URLSearchParams {
  const all: Parameters = {
    app_id: app.appId,
    method,
    format: "JSON",
    charset: "utf-8",
    sign_type: "RSA2",
    timestamp: beijingText(now),
    version: "1.0",
    biz_content: typeof biz === "string" ? biz : JSON.stringify(biz),
    ...changes,
  };
  const pairs = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const text = pairs
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join("&");
  return new URLSearchParams([...pairs, ["sign", sign("sha256", Buffer.from(text), app.privateKey).toString("base64")]]);
}

export type AlipayNode = Record<string, unknown> & { code?: string; sub_code?: string };

/** Calls the gateway and answers the node under its name. */
export async function callAlipay(bench: Bench, app: App, method: string, biz: unknown, changes: Parameters = {}, now = new Date()) {
  const answer = await fetch(`${bench.url}/gateway.do`, {
    method: "POST",
    body: signedParameters(app, method, biz, changes, now),
    redirect: "manual",
  });
  return readAnswer(answer);
}

export async function readAnswer(answer: Response) {
  const text = await answer.text();
  const whole = JSON.parse(text) as Record<string, AlipayNode> & { sign?: string };
  const name = Object.keys(whole).find((key) => key.endsWith("_response")) ?? "";
  return { name, node: whole[name] ?? {}, sign: whole.sign, text };
}

export type WechatChange = {
  headers?: Record<string, string | undefined>;
  authorization?: (text: string) => string;
  rawBody?: string;
  timestamp?: number;
};

/** Calls WeChat Pay signed by a few lines of our own. */
export async function callWechat(
  bench: Bench,
  merchant: Merchant,
  method: string,
  target: string,
  body?: unknown,
  change: WechatChange = {},
) {
  const text = change.rawBody ?? (body === undefined ? "" : JSON.stringify(body));
  const timestamp = String(change.timestamp ?? Math.floor(Date.now() / 1_000));
  const nonce = randomBytes(16).toString("hex");
  const signature = sign("sha256", Buffer.from(`${method}\n${target}\n${timestamp}\n${nonce}\n${text}\n`), merchant.privateKey).toString(
    "base64",
  );
  const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${merchant.mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${merchant.serial}"`;
  const headers: Record<string, string> = {
    accept: "application/json",
    "user-agent": "test",
    authorization: change.authorization?.(authorization) ?? authorization,
  };
  if (text) headers["content-type"] = "application/json";
  for (const [name, value] of Object.entries(change.headers ?? {})) {
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  }
  const answer = await fetch(bench.url + target, { method, headers, ...(text ? { body: text } : {}), signal: AbortSignal.timeout(5_000) });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const said = bytes.toString("utf8");
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  const parsed = (said.startsWith("{") ? JSON.parse(said) : null) as any;
  return { status: answer.status, headers: answer.headers, bytes, text: said, body: parsed };
}

export const nativeOrder = (merchant: Merchant, extra: object = {}) => ({
  appid: merchant.appid,
  mchid: merchant.mchid,
  description: "测试商品",
  out_trade_no: `T${randomBytes(10).toString("hex")}`,
  notify_url: "http://127.0.0.1:9/notify",
  amount: { total: 100 },
  ...extra,
});
