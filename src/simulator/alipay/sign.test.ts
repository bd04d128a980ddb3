import { describe, expect, it } from "vitest";
import { writeNode } from "./answer";
import example from "./fixtures/worked-example.json";
import { canonicalText, decryptAes, encryptAes, isSignedBy, signText } from "./sign";

const pem = (kind: "PRIVATE" | "PUBLIC", base64: string) => `-----BEGIN ${kind} KEY-----\n${base64}\n-----END ${kind} KEY-----`;
const appPrivate = pem("PRIVATE", example.appKey.private_pkcs8_b64);
const appPublic = pem("PUBLIC", example.appKey.public_spki_b64);
const alipayPrivate = pem("PRIVATE", example.alipayKey.private_pkcs8_b64);

describe("the worked example", () => {
  it("signs and verifies the request", () => {
    expect(signText(example.request.sign_string, "utf-8", appPrivate)).toBe(example.request.sign);
    expect(isSignedBy(example.request.sign_string, "utf-8", example.request.sign, appPublic)).toBe(true);
    expect(isSignedBy(`${example.request.sign_string} `, "utf-8", example.request.sign, appPublic)).toBe(false);
  });

  it("writes the answer's node with escaped slashes and signs its exact characters", () => {
    const node = JSON.parse(example.response.node_text);
    expect(writeNode(node)).toBe(example.response.node_text);
    expect(signText(example.response.node_text, "utf-8", alipayPrivate)).toBe(example.response.sign);
  });

  it("builds and signs the notification's text without sign and sign_type", () => {
    const text = canonicalText(Object.entries(example.notification.params as Record<string, string>), ["sign", "sign_type"]);
    expect(text).toBe(example.notification.sign_string);
    expect(signText(text, "utf-8", alipayPrivate)).toBe(example.notification.sign);
  });
});

it("drops parameters without a value from the signed text", () => {
  const text = canonicalText(Object.entries({ b: "2", a: "", c: "x=y&z", sign: "s" }), ["sign"]);
  expect(text).toBe("b=2&c=x=y&z");
});

it("encrypts and decrypts with the key of the console, and refuses another key", () => {
  const key = Buffer.alloc(16, 7).toString("base64");
  expect(decryptAes(encryptAes("支付", key), key)).toBe("支付");
  expect(decryptAes("bm90IGVuY3J5cHRlZA==", key)).toBeNull();
});
