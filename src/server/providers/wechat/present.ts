import type { PresentedNotification, RawNotification, WechatChannel } from "../port";
import { readSealed, unseal } from "./cipher";
import { parseJson } from "./exact-json";
import { readObject } from "./fields";

/** The signature and the sealed part, opened, for people. */
export function presentNotification(channel: WechatChannel, raw: RawNotification): PresentedNotification {
  return { charset: "utf-8", signedParams: null, signature: raw.header("wechatpay-signature"), opened: opened(channel, raw) };
}

function opened(channel: WechatChannel, raw: RawNotification): string | null {
  try {
    const body = readObject(parseJson(raw.body.toString()), "body");
    return unseal(channel.apiV3Keys, readSealed(readObject(body.get("resource"), "resource"))).plaintext.toString();
  } catch {
    // What cannot be opened has nothing to show; the verification says why.
    return null;
  }
}
