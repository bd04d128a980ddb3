import { otherDigits } from "../alipay/message";
import type { NotificationFault } from "../faults/kinds";
import type { Letter } from "../notify/send";
import type { WechatAccount, WechatNews } from "../state";
import { keyForNotification, type SignatureTwist, signatureHeaders } from "./keys";
import { answerMessage, seal } from "./sign";

type Order = { url: string; news: WechatNews; account: WechatAccount; now: Date; twist: NotificationFault | null; strangerKey: string };

const SIGNATURE_TWISTS: Partial<Record<NotificationFault, SignatureTwist>> = {
  old_key: "unknown_serial",
  probe: "probe",
  unsigned: "unsigned",
  stale_timestamp: "stale_timestamp",
};

/** One delivery: the same id and content, encrypted and signed afresh. */
export function wechatLetter({ url, news, account, now, twist, strangerKey }: Order): Letter {
  const resource = twistResource(news.resource, twist);
  const envelope = (ciphertext: (text: string) => string) => {
    const sealed = seal(JSON.stringify(resource), news.originalType, account.apiV3Key);
    return Buffer.from(
      JSON.stringify({
        id: news.id,
        create_time: news.createTime,
        resource_type: "encrypt-resource",
        event_type: news.eventType,
        summary: news.summary,
        resource: { original_type: news.originalType, ...sealed, ciphertext: ciphertext(sealed.ciphertext) },
      }),
    );
  };
  const body = envelope((text) => text);
  const signature = signatureHeaders({
    key: keyForNotification(account),
    body,
    now,
    twist: (twist && SIGNATURE_TWISTS[twist]) ?? null,
    strangerKey,
  });
  return {
    url,
    headers: { "content-type": "application/json", ...signature },
    // Signed one envelope, sent another: the signature is that of a true message, the bytes are not its bytes.
    body: twist === "tampered" ? envelope(flipFirstByte) : body,
    signedText: answerMessage(signature["wechatpay-timestamp"] ?? "", signature["wechatpay-nonce"] ?? "", body).toString("utf8"),
  };
}

function flipFirstByte(ciphertext: string): string {
  const bytes = Buffer.from(ciphertext, "base64");
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString("base64");
}

/** Lies that are validly signed: only a receiver that compares with its own rows finds them. */
function twistResource(resource: unknown, twist: NotificationFault | null): unknown {
  if (typeof resource !== "object" || resource === null) return resource;
  const copy = structuredClone(resource) as { appid?: string; mchid?: string; amount?: { total?: number; payer_total?: number } };
  if (twist === "wrong_amount" && copy.amount?.total !== undefined) {
    copy.amount.total += 1;
    if (copy.amount.payer_total !== undefined) copy.amount.payer_total += 1;
  }
  if (twist === "wrong_app" && copy.appid) copy.appid = copy.appid.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  if (twist === "wrong_seller" && copy.mchid) copy.mchid = otherDigits(copy.mchid);
  return copy;
}
