import { ProviderError } from "~/lib/errors";
import type { VerificationKey, WechatChannel } from "../port";
import { isLive } from "../rsa";
import { type ProviderResponse, send } from "../transport";
import { type Json, JsonError, type JsonInput, type JsonObject, parseJson, printJson } from "./exact-json";
import { FieldError, isObject, readObject } from "./fields";
import { authorization } from "./sign";
import { claimsSignature, type SignedMessage, verifyMessage } from "./verify";

const USER_AGENT = "xjz-payment-platform/1.0";

export type Call = {
  method: "GET" | "POST";
  /** A template such as `/v3/pay/transactions/out-trade-no/{out_trade_no}`; values come from `params`, checked and encoded. */
  path: string;
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  body?: JsonInput;
};

type VerificationKeys = WechatChannel["verificationKeys"];

export type CallTime = { now: () => Date; deadlineMs?: number };

/** An error that WeChat Pay explained. Unless `signed`, it is a hint: nothing that moves money may rest on it alone. */
export type Refusal = {
  ok: false;
  status: number;
  /** As they spell it; compare with `isCode`, since the spelling differs between generations of their pages. */
  code: string;
  /** The JSON pointer they name, if any. */
  field: string | null;
  signed: boolean;
  requestId: string | null;
};
export type Answer<T> = { ok: true; status: number; value: T; requestId: string | null } | Refusal;

/**
 * One signed call. A 2xx counts only when its signature verifies, and `read` turns its body (null when empty) into a value.
 * Throws ProviderError: `unavailable` when not sent or turned away unread (429), `unknown` for whatever may have been done.
 */
export async function request<T>(
  channel: WechatChannel,
  call: Call,
  read: (body: JsonObject | null) => T,
  time: CallTime,
): Promise<Answer<T>> {
  const response = await exchange(channel, call, time);
  return isSuccess(response)
    ? readAnswer(channel.verificationKeys, call, response, read, time.now())
    : readRefusal(channel.verificationKeys, call, response, time.now());
}

export const isSuccess = ({ status }: ProviderResponse): boolean => status >= 200 && status <= 299;

/** Verifies a 2xx over its raw bytes, then reads it (CB-12). */
export function readAnswer<T>(
  keys: VerificationKeys,
  call: Call,
  response: ProviderResponse,
  read: (body: JsonObject | null) => T,
  now: Date,
): Answer<T> {
  const checked = verifyMessage(keys, asSigned(response), now);
  if (!checked.ok) {
    // A 2xx without signature headers is forged by definition; all others name what did not hold.
    const code = claimsSignature(asSigned(response)) ? checked.cause : "unsigned";
    throw unknown(code, `${call.path}: the answer does not verify: ${checked.cause} ${checked.evidence ?? ""}`, response);
  }
  try {
    const body = response.body.length === 0 ? null : readObject(parseJson(response.body.toString()), "body");
    return { ok: true, status: response.status, value: read(body), requestId: header(response, "request-id") };
  } catch (error) {
    if (error instanceof FieldError || error instanceof JsonError) throw unknown("bad_answer", `${call.path}: ${error.message}`, response);
    throw error;
  }
}

/** Signs and sends; judges nothing. The errors of the transport pass through: they hold no headers. */
export async function exchange(channel: WechatChannel, call: Call, { now, deadlineMs }: CallTime): Promise<ProviderResponse> {
  const base = new URL(channel.baseUrl);
  const target = base.pathname.replace(/\/$/, "") + fillPath(call);
  const body = call.body === undefined ? "" : printJson(call.body);
  const at = now();
  const platformKey = preferredKey(channel.verificationKeys, at);
  return send({
    url: base.origin + target,
    method: call.method,
    headers: {
      authorization: await authorization(channel, { method: call.method, target, body }, at),
      accept: "application/json",
      "user-agent": USER_AGENT,
      ...(body && { "content-type": "application/json" }),
      ...(platformKey && { "wechatpay-serial": platformKey }),
    },
    body: body || null,
    deadlineMs,
    environment: channel.environment,
    breakerKey: `${channel.tenantId}:wechat:${channel.environment}`,
  });
}

/** Names the key that we want the answer signed with: the public key when there is one, else the newest certificate. */
export function preferredKey(keys: VerificationKeys, now: Date): string | null {
  let newest: VerificationKey | null = null;
  for (const key of keys.values()) {
    if (!isLive(key, now)) continue;
    if (key.id.startsWith("PUB_KEY_ID_")) return key.id;
    if (!newest || (key.notBefore?.getTime() ?? 0) > (newest.notBefore?.getTime() ?? 0)) newest = key;
  }
  return newest?.id ?? null;
}

/** Nothing that a caller passes becomes a path segment of its own: `..`, `/` and `?` arrive encoded or not at all. */
export function fillPath({ path, params = {}, query = {} }: Pick<Call, "path" | "params" | "query">): string {
  const filled = path.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
    const value = params[name];
    if (!value || /^\.+$/.test(value)) throw new FieldError(name, value ? "malformed" : "missing");
    return encodeURIComponent(value);
  });
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? filled : `${filled}?${pairs.join("&")}`;
}

/** Their faults that blame the caller although the status is 500. All other 5xx leave open what was done. */
const CALLER_FAULTS: ReadonlySet<string> = new Set(["OPENIDMISMATCH", "INVALIDTRANSACTIONID"]);

/** Reads an error as far as it explains itself; throws for what leaves the outcome open. */
export function readRefusal(keys: VerificationKeys, call: Call, response: ProviderResponse, now: Date): Refusal {
  const { status } = response;
  const { code, field } = readErrorBody(response.body);
  const requestId = header(response, "request-id");
  const detail = `${call.path}: HTTP ${status} ${code ?? "without a code"}`;

  if (status === 429) {
    const extra = { httpStatus: status, traceId: requestId ?? undefined, retryAfterMs: retryAfterMs(response) };
    throw new ProviderError("unavailable", code ?? "rate_limited", detail, extra);
  }
  if (status < 400 || code === null || (status >= 500 && !isCode(code, CALLER_FAULTS))) {
    throw unknown(code ?? (status >= 500 ? "server_error" : "bad_answer"), detail, response);
  }
  // An error may come unsigned. One that claims a signature must hold to it.
  const signed = claimsSignature(asSigned(response));
  const checked = signed ? verifyMessage(keys, asSigned(response), now) : null;
  if (checked && !checked.ok) throw unknown(checked.cause, `${detail}, and its signature does not verify`, response);
  return { ok: false, status, code, field, signed, requestId };
}

/** Errors come from proxies too, as HTML: then there is no code. Only a code and a field name are taken, never their text. */
export function readErrorBody(body: Buffer): { code: string | null; field: string | null } {
  try {
    const parsed = parseJson(body.toString());
    const code = isObject(parsed) ? parsed.get("code") : null;
    const detail = isObject(parsed) ? parsed.get("detail") : null;
    const message = isObject(parsed) ? parsed.get("message") : null;
    return {
      code: typeof code === "string" && /^[0-9A-Z_]{1,64}$/.test(code) ? code : null,
      field: fieldNamedBy(isObject(detail) ? detail.get("field") : null) ?? fieldNamedBy(message),
    };
  } catch (error) {
    if (error instanceof JsonError) return { code: null, field: null };
    throw error;
  }
}

/** A JSON pointer such as `/body/amount/total`, wherever in their words it stands; nothing that could be a value. */
const fieldNamedBy = (words: Json | undefined): string | null =>
  (typeof words === "string" && /\/(?:body|query|path)(?:\/[0-9a-z_]{1,32}){1,4}/.exec(words.slice(0, 500))?.[0]) || null;

/** Whether a code is among these, which are written without `_`. */
export const isCode = (code: string, among: ReadonlySet<string>): boolean => among.has(code.replaceAll("_", ""));

/** Seconds, the only form that providers use; a day at most. */
function retryAfterMs(response: ProviderResponse): number | undefined {
  const text = header(response, "retry-after");
  return text && /^\d{1,5}$/.test(text) ? Math.min(Number(text), 86_400) * 1000 : undefined;
}

export const asSigned = (response: ProviderResponse): SignedMessage => ({
  header: (name) => header(response, name),
  body: response.body,
});

/** A header that came twice is joined, and then no pattern takes it. */
function header(response: ProviderResponse, name: string): string | null {
  const value = response.headers[name];
  return Array.isArray(value) ? value.join(", ") : (value ?? null);
}

const unknown = (code: string, message: string, response: ProviderResponse): ProviderError =>
  new ProviderError("unknown", code, message, { httpStatus: response.status, traceId: header(response, "request-id") ?? undefined });
