import { randomBase32 } from "~/lib/id";
import type { Launch, WechatChannel } from "../port";
import { signText } from "../rsa";

export const SCHEME = "WECHATPAY2-SHA256-RSA2048";
const NONCE_LENGTH = 32;

export type SignedRequest = {
  method: "GET" | "POST";
  /** Path with any prefix of the base address, and `?query`, exactly as it goes over the wire. */
  target: string;
  /** Exactly as sent; empty for GET. */
  body: string;
};

/** Five lines, each ended by LF, the last one too, also when the body is empty. */
export const requestMessage = ({ method, target, body }: SignedRequest, timestamp: string, nonce: string): string =>
  `${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`;

/** The four lines of a launch; `package` is `prepay_id=…` for JSAPI and the bare prepay id for APP. */
export const launchMessage = (appid: string, timestamp: string, nonce: string, packed: string): string =>
  `${appid}\n${timestamp}\n${nonce}\n${packed}\n`;

export async function authorization(channel: WechatChannel, request: SignedRequest, now: Date): Promise<string> {
  const timestamp = unixSeconds(now);
  const nonce = randomBase32(NONCE_LENGTH);
  const signature = await signText(requestMessage(request, timestamp, nonce), channel.privateKey);
  return `${SCHEME} mchid="${channel.mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${channel.merchantSerial}"`;
}

type JsapiParams = Extract<Launch, { kind: "jsapi" }>["params"];

/** What the page inside WeChat hands to its bridge. `signType` is not part of what is signed. */
export async function jsapiParams(channel: WechatChannel, prepayId: string, now: Date): Promise<JsapiParams> {
  const timeStamp = unixSeconds(now);
  const nonceStr = randomBase32(NONCE_LENGTH);
  const packed = `prepay_id=${prepayId}`;
  const paySign = await signText(launchMessage(channel.appid, timeStamp, nonceStr, packed), channel.privateKey);
  return { appId: channel.appid, timeStamp, nonceStr, package: packed, signType: "RSA", paySign };
}

const unixSeconds = (instant: Date): string => String(Math.floor(instant.getTime() / 1000));
