import { randomBytes } from "node:crypto";
import { isEvenlyChosen } from "../faults/faults";
import type { WechatAccount } from "../state";
import { certificatesInForce } from "./account";
import { answerMessage, signMessage } from "./sign";

export type SigningKey = { id: string; privateKey: string };

const publicKeyOf = (account: WechatAccount): SigningKey => ({ id: account.publicKeyId, privateKey: account.publicKeyPrivate });

function newestCertificate(account: WechatAccount): SigningKey {
  const certificate = account.certificates.at(-1);
  if (!certificate) throw new Error(`merchant ${account.mchid} has no certificate`);
  return { id: certificate.serial, privateKey: certificate.privateKey };
}

/** The key of an answer follows the request's `Wechatpay-Serial`, as far as the mode allows. */
export function keyForAnswer(account: WechatAccount, wanted: string | null): SigningKey {
  if (account.keyMode === "public_key") return publicKeyOf(account);
  if (account.keyMode === "grey" && wanted === account.publicKeyId) return publicKeyOf(account);
  const named = certificatesInForce(account).find(({ serial }) => serial === wanted);
  return named ? { id: named.serial, privateKey: named.privateKey } : newestCertificate(account);
}

/** During the switch the provider decides by lot; ours is dealt evenly, so that a test can count on both. */
export function keyForNotification(account: WechatAccount): SigningKey {
  if (account.keyMode === "public_key") return publicKeyOf(account);
  if (account.keyMode === "grey") {
    account.greyDraws += 1;
    if (isEvenlyChosen(account.greyDraws, account.percent)) return publicKeyOf(account);
  }
  return newestCertificate(account);
}

export type SignatureTwist = "bad_signature" | "unsigned" | "stale_timestamp" | "unknown_serial" | "probe" | null;

const STALE_S = 600;
export const UNKNOWN_SERIAL = "7777777777777777777777777777777777777777";

/** The four headers of a signed answer or notification. */
export function signatureHeaders(part: {
  key: SigningKey;
  body: Buffer;
  now: Date;
  twist: SignatureTwist;
  strangerKey: string;
}): Record<string, string> {
  const { key, body, now, twist } = part;
  if (twist === "unsigned") return {};
  const seconds = Math.floor(now.getTime() / 1_000) - (twist === "stale_timestamp" ? STALE_S : 0);
  const timestamp = String(seconds);
  const nonce = randomBytes(16).toString("hex");
  const signingKey = twist === "bad_signature" || twist === "unknown_serial" ? part.strangerKey : key.privateKey;
  const signature =
    twist === "probe"
      ? `WECHATPAY/SIGNTEST/${randomBytes(240).toString("base64")}`
      : signMessage(answerMessage(timestamp, nonce, body), signingKey);
  return {
    "wechatpay-timestamp": timestamp,
    "wechatpay-nonce": nonce,
    "wechatpay-serial": twist === "unknown_serial" ? UNKNOWN_SERIAL : key.id,
    "wechatpay-signature": signature,
    "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
  };
}
