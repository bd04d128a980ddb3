import { strikeAfter, strikeBefore, type Twist } from "../faults/strike";
import { answer, headerText, type Reply, type WireRequest } from "../http/wire";
import type { WechatAccount } from "../state";
import { BILL_ROUTES } from "../statement/routes";
import type { World } from "../world";
import { authorize, readAuthorization } from "./authorization";
import { downloadBill, requestTradeBill } from "./bill/routes";
import { listCertificates } from "./certificates";
import { WechatFailure } from "./errors";
import { keyForAnswer, type SignatureTwist, signatureHeaders } from "./keys";
import { applyAbnormalRefund, createRefund, queryRefund } from "./refunds";
import { closeOrder, createOrder, queryByOutTradeNo, queryByTransactionId } from "./transactions";

/** One authorised call. `parameters` are those of the path, decoded. */
export type WechatCall = {
  world: World;
  account: WechatAccount;
  request: WireRequest;
  parameters: string[];
  /** Answer what was true before the payment. */
  stale: boolean;
  /** Lie about the amount, by one fen. */
  isAmountOff: boolean;
  /** The fault of this call: what is wrong with a statement is decided where it is written. */
  twist: Twist | null;
};
export type WechatResult = {
  status: 200 | 204;
  body: unknown;
  /** In the place of a JSON body; such an answer is not signed. */
  file?: { name: string; bytes: Buffer };
  outTradeNo: string | null;
  warnings?: string[];
  /** The amount asks for silence after the deed. */
  timesOut?: boolean;
};
type Handler = (call: WechatCall) => WechatResult;

/** Routes as the documents write them; `{…}` is one path segment. */
const ROUTES: readonly (readonly [string, Handler])[] = [
  ["POST /v3/pay/transactions/native", createOrder("native")],
  ["POST /v3/pay/transactions/jsapi", createOrder("jsapi")],
  ["POST /v3/pay/transactions/app", createOrder("app")],
  ["POST /v3/pay/transactions/h5", createOrder("h5")],
  ["GET /v3/pay/transactions/out-trade-no/{out_trade_no}", queryByOutTradeNo],
  ["GET /v3/pay/transactions/id/{transaction_id}", queryByTransactionId],
  ["POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close", closeOrder],
  ["POST /v3/refund/domestic/refunds", createRefund],
  ["GET /v3/refund/domestic/refunds/{out_refund_no}", queryRefund],
  ["POST /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund", applyAbnormalRefund],
  ["GET /v3/certificates", listCertificates],
  [BILL_ROUTES.wechat.query, requestTradeBill],
  [BILL_ROUTES.wechat.download, downloadBill],
];

export const ROUTE_NAMES: readonly string[] = ROUTES.map(([route]) => route);

const PATTERNS = ROUTES.map(([route, handler]) => {
  const [method = "", path = ""] = route.split(" ");
  return { route, method, handler, pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, "([^/]+)")}$`) };
});

type Outcome = {
  result: WechatResult | null;
  failure: WechatFailure | null;
  account: WechatAccount | null;
  signedText: string | null;
  isNonceReused: boolean;
};

/** `/v3/…`: checks the signature, carries the call out, signs the answer. */
export async function serveWechat(world: World, request: WireRequest): Promise<Reply> {
  const began = performance.now();
  const found = findRoute(request);
  const route = found?.route ?? `${request.method} ${request.path}`;
  const mchid = readAuthorization(headerText(request, "authorization"))?.mchid ?? "";
  const fault = world.faults.takeForRequest([`wechat:${mchid}.${route}`, `wechat.${route}`, `wechat:${mchid}`, "wechat"], route);
  const struck = await strikeBefore(fault, "wechat");

  const note = (outcome: Outcome | null, status: number | null, response: string, verdict?: string) =>
    world.note({
      kind: "request",
      provider: "wechat",
      account: mchid || null,
      what: route,
      outTradeNo: outcome?.result?.outTradeNo ?? outTradeNoOf(request),
      verdict: verdict ?? outcome?.failure?.code ?? "ok",
      ok: !verdict && outcome?.failure === null,
      httpStatus: status,
      ms: Math.round(performance.now() - began),
      fault: fault?.kind ?? (outcome?.result?.timesOut ? "amount …45" : null),
      warnings: [
        ...(outcome?.result?.warnings ?? []).map((name) => `未知字段 ${name}`),
        ...(outcome?.isNonceReused ? ["nonce_str 重复使用"] : []),
      ],
      request: `${request.method} ${request.target}\nAuthorization: ${headerText(request, "authorization") ?? ""}\nWechatpay-Serial: ${headerText(request, "wechatpay-serial") ?? ""}\n\n${request.body.toString("utf8")}`,
      response,
      signedText: outcome?.signedText ?? null,
    });
  if (struck.reply) {
    note(null, struck.reply.kind === "answer" ? struck.reply.status : null, "", `fault:${fault?.kind}`);
    return struck.reply;
  }

  const outcome = perform(world, request, found, struck.twist);
  await strikeAfter(fault);
  if (outcome.result?.timesOut) world.faults.count("do_then_timeout");
  if (outcome.result?.timesOut || fault?.kind === "do_then_timeout") {
    note(outcome, null, "", "done, then silence");
    return { kind: "hang" };
  }
  const status = outcome.failure?.status ?? outcome.result?.status ?? 500;
  const file = outcome.failure ? undefined : outcome.result?.file;
  const text = outcome.failure?.body() ?? (outcome.result?.body == null ? "" : JSON.stringify(outcome.result.body));
  const body = file?.bytes ?? Buffer.from(text, "utf8");
  const headers: Record<string, string> = {
    "request-id": `08${crypto.randomUUID().replaceAll("-", "").toUpperCase()}`,
    "cache-control": "no-cache, must-revalidate",
  };
  if (file) Object.assign(headers, { "content-type": "application/octet-stream", "content-length": String(file.bytes.length) });
  else if (status !== 204) headers["content-type"] = "application/json; charset=utf-8";
  // A 401 proves nothing to anybody and is never signed; a server error comes from in front of the signer; files have no signer.
  if (outcome.account && route !== BILL_ROUTES.wechat.download && status !== 401 && status < 500) {
    const key = keyForAnswer(outcome.account, headerText(request, "wechatpay-serial"));
    Object.assign(
      headers,
      signatureHeaders({ key, body, now: world.now(), twist: signatureTwist(struck.twist), strangerKey: await world.strangerKey() }),
    );
  }
  note(outcome, status, file ? `<${file.name}, ${file.bytes.length} bytes>` : text);
  return answer(status, headers, body);
}

function findRoute(request: WireRequest) {
  for (const { route, method, handler, pattern } of PATTERNS) {
    const match = method === request.method ? pattern.exec(request.path) : null;
    if (match) return { route, handler, parameters: match.slice(1) };
  }
  return null;
}

function perform(world: World, request: WireRequest, found: ReturnType<typeof findRoute>, twist: Twist | null): Outcome {
  const outcome: Outcome = { result: null, failure: null, account: null, signedText: null, isNonceReused: false };
  try {
    if (!headerText(request, "user-agent") || !headerText(request, "accept"))
      throw new WechatFailure(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent");
    Object.assign(outcome, authorize(world, request));
    if (!outcome.account) throw new WechatFailure(401, "SIGN_ERROR", "签名错误");
    if (twist === "rate_limited") throw new WechatFailure(429, "FREQUENCY_LIMITED", "频率超限，请稍后再试");
    if (twist === "system_error") throw new WechatFailure(500, "SYSTEM_ERROR", "系统异常，请用相同参数重新调用");
    if (!found) throw new WechatFailure(404, "RESOURCE_NOT_EXISTS", "请求的接口不存在");
    if (request.body.length > 0 && !/^application\/json\b/i.test(headerText(request, "content-type") ?? "")) {
      throw new WechatFailure(400, "PARAM_ERROR", "Http头Content-Type应为application/json");
    }
    const parameters = found.parameters.map(decodeSegment);
    outcome.result = found.handler({
      world,
      account: outcome.account,
      request,
      parameters,
      stale: twist === "stale_query",
      isAmountOff: twist === "wrong_amount",
      twist,
    });
  } catch (error) {
    if (!(error instanceof WechatFailure)) throw error;
    outcome.failure = error;
  }
  return outcome;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new WechatFailure(400, "PARAM_ERROR", "路径参数编码错误", { location: "uri_template", value: segment.slice(0, 64) });
  }
}

const signatureTwist = (twist: Twist | null): SignatureTwist =>
  twist === "bad_signature" || twist === "unsigned" || twist === "stale_timestamp" || twist === "unknown_serial" || twist === "probe"
    ? twist
    : null;

const outTradeNoOf = (request: WireRequest): string | null =>
  /"out_trade_no"\s*:\s*"([^"]{1,32})"/.exec(request.body.toString("utf8"))?.[1] ??
  /\/out-trade-no\/([^/?]+)/.exec(request.target)?.[1] ??
  null;
