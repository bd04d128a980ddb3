import { describe, expect, it } from "vitest";
import example from "./fixtures/worked-example.json";
import { answerMessage, isMessageSignedBy, launchMessage, requestMessage, seal, signMessage, unseal } from "./sign";

const pem = (kind: "PRIVATE" | "PUBLIC", base64: string) => `-----BEGIN ${kind} KEY-----\n${base64}\n-----END ${kind} KEY-----`;
const merchant = pem("PRIVATE", example.merchantPrivate);
const platform = pem("PRIVATE", example.platformPrivate);
const timestamp = "1767225600";
const nonce = "9fZ2kQ7LwX0aB3cD5eF6gH8iJ1mN4pRs";

describe("the worked example", () => {
  it("signs the native order and the query", () => {
    const create = requestMessage({
      method: "POST",
      target: "/v3/pay/transactions/native",
      timestamp,
      nonce,
      body: Buffer.from(example.nativeBody),
    });
    const target = "/v3/pay/transactions/out-trade-no/PH20260101000001?mchid=1900009191";
    const query = requestMessage({ method: "GET", target, timestamp, nonce, body: Buffer.alloc(0) });

    expect(signMessage(create, merchant)).toBe(example.nativeSignature);
    expect(signMessage(query, merchant)).toBe(example.querySignature);
  });

  it("signs an answer, and an empty one", () => {
    const body = Buffer.from('{"code_url":"weixin://wxpay/bizpayurl?pr=Ex4mpl3zz"}');
    const message = answerMessage("1767225601", "c5ac7061fccab6bf3e254dcf98995b8c", body);
    const empty = answerMessage("1767225601", "c5ac7061fccab6bf3e254dcf98995b8c", Buffer.alloc(0));

    expect(signMessage(message, platform)).toBe(example.answerSignature);
    expect(signMessage(empty, platform)).toBe(example.emptyAnswerSignature);
    expect(isMessageSignedBy(message, example.answerSignature, pem("PUBLIC", example.platformPublic))).toBe(true);
    expect(isMessageSignedBy(empty, example.answerSignature, pem("PUBLIC", example.platformPublic))).toBe(false);
  });

  it("signs what the buyer's WeChat checks", () => {
    const part = { appId: "wx0000000000000001", timeStamp: timestamp, nonceStr: nonce };
    const prepayId = "wx01080000000000000000000000000000";

    expect(signMessage(launchMessage({ ...part, ticket: `prepay_id=${prepayId}` }), merchant)).toBe(example.jsapiPaySign);
    expect(signMessage(launchMessage({ ...part, ticket: prepayId }), merchant)).toBe(example.appPaySign);
  });

  it("encrypts the notification's resource", () => {
    const sealed = seal(example.resourcePlain, "transaction", example.apiV3Key, "Tq3xV9bL0wZ2");

    expect(sealed.ciphertext).toBe(example.resourceCiphertext);
    expect(unseal(sealed, example.apiV3Key)).toBe(example.resourcePlain);
    expect(() => unseal({ ...sealed, associated_data: "refund" }, example.apiV3Key)).toThrow();
  });
});
