import { describe, expect, it } from "vitest";
import { ProviderError } from "~/lib/errors";
import certificates from "~tests/fixtures/alipay/certificates.json";
import { exampleCertificateChannel, exampleChannel, signAsAlipay } from "~tests/fixtures/alipay/channel";
import example from "~tests/fixtures/alipay/worked-example.json";
import type { AlipayChannel } from "../port";
import { failureOf, readAnswer } from "./client";
import { parseAlipayMaterial } from "./parse";
import { encryptContent } from "./sign";

const NOW = new Date("2026-12-01T00:00:00Z");
const METHOD = "alipay.trade.query";
const channel = exampleChannel();
const AES = "MDEyMzQ1Njc4OWFiY2RlZg==";

const answerWith = (body: string | Buffer, status = 200, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: Buffer.from(body),
  ms: 1,
});
const read = (body: string | Buffer, at: AlipayChannel = channel, status = 200) => readAnswer(at, METHOD, answerWith(body, status), NOW);
const signed = (node: string, { name = "alipay_trade_query_response", extra = "" } = {}) =>
  `{"${name}":${node},"sign":"${signAsAlipay(node)}"${extra}}`;

function errorOf(work: () => unknown): ProviderError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderError);
    return error as ProviderError;
  }
  throw new Error("it was believed");
}

const NODE = '{"code":"10000","msg":"Success","out_trade_no":"T-1"}';

describe("an answer of the gateway", () => {
  it("reads the worked example", () => {
    const answer = readAnswer(channel, METHOD, answerWith(example.response.raw, 200, { trace_id: "21b2f9a4", date: "Tue" }), NOW);

    expect(answer).toMatchObject({ nodeText: example.response.node_text, keyId: "key", traceId: "21b2f9a4", serverTime: "Tue" });
    expect(answer.node).toMatchObject({ out_trade_no: "T-1", url: "https://x/y" });
  });

  it("is believed wherever the sign stands, with any spacing, escapes and number spelling inside the node", () => {
    const node = '{ "code" : "10000",\n"n":1.50,"url":"https:\\/\\/x","s":"},{\\"sign\\":" }';

    expect(read(`{"sign":"${signAsAlipay(node)}", "alipay_trade_query_response" : ${node} }`).nodeText).toBe(node);
    expect(read(signed(node)).node.n).toBe(1.5);
  });

  it.each([
    ["CB-12 an unsigned answer", `{"alipay_trade_query_response":${NODE}}`, "unsigned"],
    ["CB-12 an empty signature", `{"alipay_trade_query_response":${NODE},"sign":""}`, "unsigned"],
    ["CB-12 a signature that is no text", `{"alipay_trade_query_response":${NODE},"sign":[1]}`, "unsigned"],
    ["CB-12 a signature over other text", signed(NODE).replace("T-1", "T-2"), "bad_signature"],
    ["CB-12 a SHA-1 signature", `{"alipay_trade_query_response":${NODE},"sign":"${signAsAlipay(NODE, "RSA-SHA1")}"}`, "bad_signature"],
    ["CB-12 an unsigned error before routing", '{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}', "unsigned"],
    ["CB-12 the answer to another method", signed(NODE, { name: "alipay_trade_close_response" }), "bad_answer"],
    ["CB-12 two answers in one", `{"error_response":{},${signed(NODE).slice(1)}`, "bad_answer"],
    ["CB-12 one answer twice", `{"alipay_trade_query_response":${NODE},${signed(NODE).slice(1)}`, "bad_answer"],
    ["CB-12 a field twice inside the signed node", signed('{"code":"10000","out_trade_no":"T-1","out_trade_no":"T-2"}'), "bad_answer"],
    ["CB-12 a web page", "<html>502 Bad Gateway</html>", "bad_answer"],
    ["CB-12 a cut answer", signed(NODE).slice(0, -3), "bad_answer"],
    ["CB-12 nothing", "", "bad_answer"],
    ["CB-12 an encrypted answer without a key for it", signed('"AAAA"'), "bad_answer"],
  ])("%s is an unknown outcome", (_what, body, code) => {
    expect(errorOf(() => read(body))).toMatchObject({ kind: "unknown", code });
  });

  it("IDEM-04 any status but 200 is an unknown outcome, also with a fitting signature", () => {
    for (const status of [201, 400, 403, 500, 502, 504]) {
      expect(errorOf(() => read(signed(NODE), channel, status))).toMatchObject({ kind: "unknown", code: `http_${status}` });
    }
  });

  it("CB-12 bytes that are no UTF-8 are an unknown outcome", () => {
    expect(errorOf(() => read(Buffer.from(signed('{"m":"\xff"}'), "latin1")))).toMatchObject({ kind: "unknown", code: "bad_answer" });
  });

  it("keeps what an unverified answer claimed for people only", () => {
    const error = errorOf(() => read('{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}'));

    expect(error.extra.claimed).toBe("40002 isv.invalid-app-id");
  });

  it("verifies an encrypted answer with its quotes and then decrypts it", () => {
    const material = { privateKey: example.app_key.private_pkcs8_b64, alipayPublicKey: example.alipay_key.public_spki_b64, aesKey: AES };
    const encrypting = exampleChannel(parseAlipayMaterial(material));
    const node = JSON.stringify(encryptContent(NODE, Buffer.from(AES, "base64")));

    expect(read(signed(node), encrypting).node.out_trade_no).toBe("T-1");
    expect(errorOf(() => read(signed(JSON.stringify(encryptContent(NODE, Buffer.alloc(16)))), encrypting)).code).toBe("bad_answer");
    expect(read(signed(NODE), encrypting).node.out_trade_no).toBe("T-1");
  });
});

describe("certificate mode", () => {
  const certified = exampleCertificateChannel();
  const sn = (text: string) => ({ extra: `,"alipay_cert_sn":"${text}"` });

  it("CB-07 chooses the key by alipay_cert_sn", () => {
    expect(read(signed(NODE, sn(certificates.leafSn)), certified).keyId).toBe(certificates.leafSn);
  });

  it("CB-07 an unknown or missing certificate number is an unknown outcome", () => {
    expect(errorOf(() => read(signed(NODE, sn("0".repeat(32))), certified))).toMatchObject({
      kind: "unknown",
      code: "unknown_certificate",
    });
    expect(errorOf(() => read(signed(NODE), certified))).toMatchObject({ kind: "unknown", code: "unknown_certificate" });
  });

  it("CB-07 an expired certificate verifies nothing", () => {
    const late = new Date("2200-01-01T00:00:00Z");
    const response = answerWith(signed(NODE, sn(certificates.leafSn)));

    expect(errorOf(() => readAnswer(certified, METHOD, response, late))).toMatchObject({ kind: "unknown", code: "key_expired" });
  });
});

describe("code families", () => {
  it.each([
    ["10000", "", null],
    ["20000", "isp.unknow-error", "unknown"],
    ["20000", "aop.unknow-error", "unknown"],
    ["20001", "aop.invalid-app-auth-token", "declined"],
    ["40001", "isv.missing-app-id", "declined"],
    ["40002", "isv.invalid-signature", "declined"],
    ["40004", "ACQ.TRADE_NOT_EXIST", "declined"],
    ["40004", "ACQ.SYSTEM_ERROR", "unknown"],
    ["40004", "AQC.SYSTEM_ERROR", "unknown"],
    ["40005", "isv.app-call-limited", "unavailable"],
    ["40006", "isv.insufficient-isv-permissions", "declined"],
    ["10003", "", "unknown"],
    ["50000", "NEW_WORD", "unknown"],
    ["", "", "unknown"],
  ])("IDEM-04 %s %s means %s", (code, sub_code, kind) => {
    const answer = read(signed(JSON.stringify({ code, sub_code })));

    expect(failureOf(answer)?.kind ?? null).toBe(kind);
  });

  it("a signed error before routing is judged like any other", () => {
    const answer = read(signed('{"code":"40002","sub_code":"isv.invalid-method"}', { name: "error_response" }));

    expect(failureOf(answer)).toMatchObject({ kind: "declined", code: "isv.invalid-method" });
  });
});
