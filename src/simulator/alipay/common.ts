import { after, instantFromBeijing, minutes } from "~/lib/time";
import { type Charset, charsetOf } from "../crypto/gbk";
import { type Pair, parseForm } from "../http/form";
import { type FilePart, parseMultipart } from "../http/multipart";
import { headerText, type WireRequest } from "../http/wire";
import { AlipayFailure } from "./errors";

export type Parameters = { values: Map<string, string>; files: FilePart[]; charset: Charset; multipart: boolean };

/** Query and body are one set of parameters. A name that stands in both, or twice in one, is refused rather than guessed. */
export function readParameters(request: WireRequest): Parameters {
  const charset = declaredCharset(request);
  const query = parseForm(request.query, charset);
  const type = headerText(request, "content-type") ?? "";
  const multipart = type.toLowerCase().startsWith("multipart/form-data");
  let body: Pair[] = [];
  let files: FilePart[] = [];
  if (multipart) {
    const parts = parseMultipart(request.body, type, charset);
    if (!parts) throw new AlipayFailure("40002", "isv.upload-fail", "multipart 请求体无法解析", true);
    body = parts.fields;
    files = parts.files;
  } else if (request.method === "POST" && request.body.length > 0) body = parseForm(request.body, charset);
  const values = new Map<string, string>();
  for (const { name, value } of [...query, ...body]) {
    if (values.has(name)) throw new AlipayFailure("40002", "isv.invalid-parameter", `参数 ${name} 重复`, true);
    values.set(name, value);
  }
  const names = new Set(values.keys());
  for (const { name } of files) {
    if (names.has(name)) throw new AlipayFailure("40002", "isv.invalid-parameter", `参数 ${name} 重复`, true);
    names.add(name);
  }
  return { values, files, charset, multipart };
}

/** The charset decides how everything else is decoded, so it is looked for first, in the bytes. */
function declaredCharset(request: WireRequest): Charset {
  const isForm = (headerText(request, "content-type") ?? "").toLowerCase().startsWith("application/x-www-form-urlencoded");
  const texts = [request.query, isForm ? request.body.toString("latin1") : ""];
  for (const text of texts) {
    const match = /(?:^|&)charset=([\w-]*)/.exec(text);
    if (match) return charsetOf(match[1] ?? "") ?? "utf-8";
  }
  return "utf-8";
}

/** How far a call's timestamp may stand from our clock. Not published; ten minutes is what the message channel states. */
const SKEW_MS = minutes(10);

const missing = (name: string) => new AlipayFailure("40001", `isv.missing-${name}`, `缺少参数 ${name.replaceAll("-", "_")}`);

/** The common parameters that need no key, in the order in which the gateway complains about them. */
export function checkCommon(values: ReadonlyMap<string, string>, isPage: boolean, now: Date): void {
  const get = (name: string) => values.get(name) || null;
  if (!get("sign")) throw missing("signature");
  if (!get("sign_type")) throw missing("signature-type");
  // The app's key is an RSA2 key; a caller does not get to choose the weaker SHA-1.
  if (get("sign_type") !== "RSA2") throw new AlipayFailure("40002", "isv.invalid-signature-type", "无效的签名类型");
  const charset = get("charset");
  if (!charset || !charsetOf(charset)) throw new AlipayFailure("40002", "isv.invalid-charset", "字符集错误");
  const timestamp = get("timestamp");
  if (!timestamp) throw missing("timestamp");
  checkTimestamp(timestamp, isPage, now);
  const version = get("version");
  if (!version) throw missing("version");
  if (version !== "1.0") throw new AlipayFailure("40002", "isv.invalid-parameter", "参数 version 只能是 1.0");
  if (get("format") && get("format")?.toUpperCase() !== "JSON") throw new AlipayFailure("40002", "isv.invalid-format", "无效的数据格式");
  for (const name of ["notify_url", "return_url"]) checkAddress(name, get(name));
  if ((get("app_auth_token")?.length ?? 0) > 40) throw new AlipayFailure("20001", "aop.invalid-app-auth-token", "无效的应用授权令牌");
}

function checkTimestamp(text: string, isPage: boolean, now: Date): void {
  const wrong = () =>
    new AlipayFailure("40002", "isv.invalid-timestamp", `非法的时间戳参数，应为北京时间 yyyy-MM-dd HH:mm:ss:${text.slice(0, 30)}`);
  let at: Date;
  try {
    at = instantFromBeijing(text);
  } catch {
    throw wrong();
  }
  // A page address is signed when it is made and opened when the buyer clicks: only the future is impossible.
  const tooOld = !isPage && at < after(now, -SKEW_MS);
  if (text.length !== 19 || tooOld || at > after(now, SKEW_MS)) throw wrong();
}

function checkAddress(name: string, value: string | null): void {
  if (value === null) return;
  if (value.length > 256 || !/^https?:\/\/[^\s]+$/.test(value) || !URL.canParse(value)) {
    throw new AlipayFailure("40002", "isv.invalid-parameter", `参数 ${name} 不是有效地址或超过 256 个字符`);
  }
}
