import { minutes } from "~/lib/time";
import { headerText, type WireRequest } from "../http/wire";
import type { WechatAccount } from "../state";
import type { World } from "../world";
import { WechatFailure } from "./errors";
import { isMessageSignedBy, requestMessage } from "./sign";

const SCHEME = "WECHATPAY2-SHA256-RSA2048";
const NAMES = ["mchid", "nonce_str", "signature", "timestamp", "serial_no"] as const;
type Authorization = Record<(typeof NAMES)[number], string>;

/** How far a request's timestamp may stand from our clock. */
const SKEW_MS = minutes(5);

/** Reads `key="value"` pairs by key, in any order. Null when one of the five is missing or repeated. */
export function readAuthorization(header: string | null): Authorization | null {
  if (!header?.startsWith(`${SCHEME} `)) return null;
  const pairs = new Map<string, string>();
  for (const part of header.slice(SCHEME.length + 1).split(",")) {
    const match = /^\s*([a-z_]+)="([^"]*)"\s*$/.exec(part);
    if (!match?.[1] || pairs.has(match[1])) return null;
    pairs.set(match[1], match[2] ?? "");
  }
  const values = Object.fromEntries(NAMES.map((name) => [name, pairs.get(name) ?? ""])) as Authorization;
  return NAMES.every((name) => values[name] !== "") ? values : null;
}

/** The merchant behind a request, proven by its signature over the raw target and the raw body. */
export function authorize(world: World, request: WireRequest): { account: WechatAccount; signedText: string; isNonceReused: boolean } {
  const given = readAuthorization(headerText(request, "authorization"));
  if (!given) throw new WechatFailure(401, "SIGN_ERROR", "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》");
  const account = world.state.wechat.accounts.get(given.mchid);
  if (account?.merchantSerial !== given.serial_no) {
    throw new WechatFailure(401, "SIGN_ERROR", "商户证书序列号有误。请使用签名私钥匹配的证书序列号", {
      field: "serial_no",
      location: "authorization",
    });
  }
  const skew = Math.abs(world.now().getTime() - Number(given.timestamp) * 1_000);
  if (!/^\d{10}$/.test(given.timestamp) || skew > SKEW_MS) {
    throw new WechatFailure(401, "SIGN_ERROR", "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟", {
      field: "timestamp",
      location: "authorization",
    });
  }
  if (!/^[0-9A-Za-z]{1,32}$/.test(given.nonce_str)) {
    throw new WechatFailure(401, "SIGN_ERROR", "Http头Authorization中的nonce_str应为 32 个以内的字母和数字", {
      field: "nonce_str",
      location: "authorization",
    });
  }
  const message = requestMessage({
    method: request.method,
    target: request.target,
    timestamp: given.timestamp,
    nonce: given.nonce_str,
    body: request.body,
  });
  if (!isMessageSignedBy(message, given.signature, account.merchantPublicKey)) throw signError(request, message, given);
  return { account, signedText: message.toString("utf8"), isNonceReused: world.seesAgain(`${given.mchid}/${given.nonce_str}`) };
}

/** The real one shows the text it built, with only the first eight bytes of the body. */
function signError(request: WireRequest, message: Buffer, given: Authorization): WechatFailure {
  const head = [request.method, request.target, given.timestamp, given.nonce_str, ""].join("\n");
  return new WechatFailure(401, "SIGN_ERROR", "签名错误，请检查后再试", {
    detail: { issue: "sign not match" },
    field: "signature",
    location: "authorization",
    sign_information: {
      method: request.method,
      url: request.target,
      sign_message_length: message.length,
      truncated_sign_message: head + request.body.subarray(0, 8).toString("utf8"),
    },
  });
}
