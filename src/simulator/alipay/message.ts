import { fen, fenFromYuan, yuanText } from "~/lib/money";
import { beijingText } from "~/lib/time";
import { type Charset, encodeText } from "../crypto/gbk";
import type { NotificationFault } from "../faults/kinds";
import { encodeForm } from "../http/form";
import type { Letter } from "../notify/send";
import type { AlipayAccount, AlipayNews } from "../state";
import { canonicalText, signText } from "./sign";

type Order = { url: string; news: AlipayNews; account: AlipayAccount; now: Date; twist: NotificationFault | null; strangerKey: string };

/** One delivery: the news with this moment's `notify_time`, signed over all parameters but `sign` and `sign_type`. */
export function alipayLetter({ url, news, account, now, twist, strangerKey }: Order): Letter {
  const charset: Charset = twist === "gbk" ? "gbk" : "utf-8";
  const fields: Record<string, string> = { notify_time: beijingText(now), charset, ...news.fields, sign_type: "RSA2" };
  if (twist === "gbk") fields.charset = "gbk";
  twistFields(fields, twist);
  const signedText = canonicalText(Object.entries(fields), ["sign", "sign_type"]);
  const key = twist === "old_key" || twist === "probe" ? strangerKey : account.privateKey;
  const signed = twist === "unsigned" ? fields : { ...fields, sign: signText(signedText, charset, key) };
  if (twist === "tampered") signed.subject = `${signed.subject ?? ""}.`;
  const body = encodeForm(Object.entries(signed), (text) => encodeText(text, charset));
  return {
    url,
    headers: { "content-type": `application/x-www-form-urlencoded; charset=${charset}` },
    body: Buffer.from(body, "latin1"),
    signedText,
  };
}

/** Lies that are validly signed: only a receiver that compares with its own rows finds them. */
function twistFields(fields: Record<string, string>, twist: NotificationFault | null): void {
  if (twist === "wrong_amount") {
    for (const name of ["total_amount", "receipt_amount", "buyer_pay_amount"]) {
      const text = fields[name];
      if (text) fields[name] = yuanText(fen(fenFromYuan(text) + 1n));
    }
  }
  if (twist === "wrong_app") fields.app_id = otherDigits(fields.app_id ?? "");
  if (twist === "wrong_seller") fields.seller_id = otherDigits(fields.seller_id ?? "");
}

/** The same number with another last digit. */
export const otherDigits = (digits: string): string => digits.slice(0, -1) + ((Number(digits.slice(-1)) + 1) % 10);
