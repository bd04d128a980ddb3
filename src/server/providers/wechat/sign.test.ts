import { createHash, createPrivateKey, verify } from "node:crypto";
import { expect, it } from "vitest";
import { Formatter, Rsa } from "wechatpay-axios-plugin";
import { der, merchantPrivateKey, platformPublicKey, vectors, wechatChannel } from "~tests/fixtures/wechat/channel";
import sample from "~tests/fixtures/wechat/go-sdk-sample.json";
import { signText } from "../rsa";
import { authorization, jsapiParams, launchMessage, requestMessage } from "./sign";

const { timestamp, nonce, native, query, launch } = vectors;
const nativeRequest = { method: "POST", target: native.target, body: native.body } as const;
const queryRequest = { method: "GET", target: query.target, body: "" } as const;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

it("builds and signs the five lines of a native order as the worked example does", async () => {
  const message = requestMessage(nativeRequest, timestamp, nonce);

  expect(sha256(message)).toBe(native.sha256);
  expect(await signText(message, merchantPrivateKey)).toBe(native.signature);
});

it("keeps the fifth line of a request without a body", async () => {
  const message = requestMessage(queryRequest, timestamp, nonce);

  expect(sha256(message)).toBe(query.sha256);
  expect(await signText(message, merchantPrivateKey)).toBe(query.signature);
});

it.each([
  ["JSAPI", `prepay_id=${launch.prepayId}`, launch.jsapiSignature],
  ["APP", launch.prepayId, launch.appSignature],
])("signs the four lines of a %s launch", async (_, packed, signature) => {
  expect(await signText(launchMessage(vectors.appid, timestamp, nonce, packed), merchantPrivateKey)).toBe(signature);
});

it("signs what WeChat Pay's Go SDK signs", async () => {
  const key = createPrivateKey({ key: der(sample.sign.private_key_pkcs8_der_base64), format: "der", type: "pkcs8" });

  expect(await signText(sample.sign.message_utf8, key)).toBe(sample.sign.signature_base64);
});

it("agrees with wechatpay-axios-plugin on messages and signatures", async () => {
  const samples = [nativeRequest, queryRequest, { method: "POST", target: "/v3/a%7Cb?x=%E4%BD%A0", body: '{"名":"值 😀"}' } as const];

  for (const request of samples) {
    const message = requestMessage(request, timestamp, nonce);
    expect(message).toBe(Formatter.request(request.method, request.target, timestamp, nonce, request.body));
    expect(await signText(message, merchantPrivateKey)).toBe(Rsa.sign(message, merchantPrivateKey));
  }
});

it("sends the merchant, its serial, the second and a fresh nonce of 32 characters", async () => {
  const channel = wechatChannel();
  const now = new Date(Number(timestamp) * 1000 + 999);
  const read = async () => {
    const header = await authorization(channel, nativeRequest, now);
    expect(header.startsWith("WECHATPAY2-SHA256-RSA2048 ")).toBe(true);
    return Object.fromEntries([...header.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  };

  const [one, other] = [await read(), await read()];

  expect(one).toMatchObject({ mchid: vectors.mchid, serial_no: vectors.merchantSerial, timestamp });
  expect(one.nonce_str).toMatch(/^[0-9a-z]{32}$/);
  expect(one.nonce_str).not.toBe(other.nonce_str);
  const message = requestMessage(nativeRequest, timestamp, String(one.nonce_str));
  expect(one.signature).toBe(await signText(message, merchantPrivateKey));
});

it("hands the page what its bridge takes, signed for this appid", async () => {
  const params = await jsapiParams(wechatChannel(), launch.prepayId, new Date(Number(timestamp) * 1000));

  expect(params).toMatchObject({ appId: vectors.appid, timeStamp: timestamp, package: `prepay_id=${launch.prepayId}`, signType: "RSA" });
  const message = `${params.appId}\n${params.timeStamp}\n${params.nonceStr}\n${params.package}\n`;
  expect(Rsa.verify(message, params.paySign, Rsa.from(`private.pkcs8://${vectors.merchantPrivateKey}`, Rsa.KEY_TYPE_PUBLIC))).toBe(true);
  expect(verify("RSA-SHA256", Buffer.from(message), platformPublicKey, der(params.paySign))).toBe(false);
});
