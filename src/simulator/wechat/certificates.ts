import { X509Certificate } from "node:crypto";
import { beijingRfc3339 } from "~/lib/time";
import { parseForm } from "../http/form";
import { certificatesInForce } from "./account";
import type { WechatCall, WechatResult } from "./api";
import { WechatFailure } from "./errors";
import { seal } from "./sign";

/** The platform certificates in force, encrypted with the merchant's APIv3 key. Merchants on the public key have none. */
export function listCertificates({ account, request }: WechatCall): WechatResult {
  if (account.keyMode === "public_key") {
    throw new WechatFailure(404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥");
  }
  const algorithm = parseForm(request.query, "utf-8").find(({ name }) => name === "algorithm_type")?.value ?? "RSA";
  if (!["RSA", "ALL"].includes(algorithm)) throw new WechatFailure(400, "PARAM_ERROR", "algorithm_type 取值应为 RSA、SM2、ALL");
  const data = certificatesInForce(account).map(({ serial, certificate }) => {
    const facts = new X509Certificate(certificate);
    return {
      serial_no: serial,
      effective_time: beijingRfc3339(new Date(facts.validFrom)),
      expire_time: beijingRfc3339(new Date(facts.validTo)),
      encrypt_certificate: seal(certificate, "certificate", account.apiV3Key),
    };
  });
  return { status: 200, outTradeNo: null, body: { data } };
}
