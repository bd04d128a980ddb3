import { sign } from "node:crypto";
import { type Charset, encodeText } from "../crypto/gbk";
import { privateKey } from "../crypto/keys";
import type { Twist } from "../faults/strike";
import type { AlipayAccount } from "../state";
import type { AlipayFailure } from "./errors";
import type { AlipayResult } from "./methods";
import { certificateSn, encryptAes } from "./sign";

type Unsealed = {
  account: AlipayAccount | null;
  method: string;
  result: AlipayResult | null;
  failure: AlipayFailure | null;
  certificateMode: boolean;
  encrypted: boolean;
  charset: Charset;
};

/** The whole answer: the node under its name, and the signature over the node's exact characters. */
export function sealAnswer(outcome: Unsealed, twist: Twist | null, strangerKey: string): string {
  const { account, failure, result } = outcome;
  const name = failure?.beforeRouting || outcome.method === "" ? "error_response" : `${outcome.method.replaceAll(".", "_")}_response`;
  const node = failure ? failure.node() : { code: "10000", msg: "Success", ...result?.node };
  const plain = writeNode(node);
  const isEncrypted = outcome.encrypted && !failure && account?.aesKey;
  const text = isEncrypted ? writeNode(encryptAes(plain, isEncrypted)) : plain;
  // Without an app there is no key to sign with.
  if (!account || twist === "unsigned") return `{"${name}":${text}}`;
  const signature = signNode(account, text, outcome.charset, twist, strangerKey);
  if (!outcome.certificateMode) return `{"${name}":${text},"sign":"${signature}"}`;
  const sn = twist === "unknown_serial" ? "0".repeat(32) : certificateSn(account.alipayCert);
  return `{"${name}":${text},"alipay_cert_sn":"${sn}","sign":"${signature}"}`;
}

/** The gateway escapes the slash; a client that re-serialises the node before verifying fails on it. */
export const writeNode = (value: unknown): string =>
  JSON.stringify(value, (_key, item) => (item === null ? undefined : item)).replaceAll("/", "\\/");

function signNode(account: AlipayAccount, text: string, charset: Charset, twist: Twist | null, strangerKey: string): string {
  const key = twist === "bad_signature" || twist === "unknown_serial" ? strangerKey : account.privateKey;
  return sign("sha256", encodeText(text, charset), privateKey(key)).toString("base64");
}
