import fc from "fast-check";
import { describe, expect, it } from "vitest";
import example from "~tests/fixtures/alipay/worked-example.json";
import { parsePrivateKey, parsePublicKey } from "../key-material";
import { isLive, signText } from "../rsa";
import { cleanText } from "../text";
import { canonicalText, decryptContent, encryptContent, signatureBytes, verifyBytes } from "./sign";
import { BODY_MAX, SUBJECT_MAX } from "./text";

const appKey = parsePrivateKey("privateKey", example.app_key.private_pkcs8_b64);

describe("signing", () => {
  it("reproduces the worked example's request exactly", async () => {
    const text = canonicalText({
      version: "1.0",
      timestamp: "2026-01-02 03:04:05",
      sign_type: "RSA2",
      method: "alipay.trade.query",
      format: "JSON",
      charset: "utf-8",
      biz_content: '{"out_trade_no":"T-1"}',
      app_id: "2021000000000001",
    });

    expect(text).toBe(example.request.sign_string);
    expect(await signText(text, appKey)).toBe(example.request.sign);
  });

  it("verifies the worked example's answer and nothing near it", () => {
    const alipayKey = parsePublicKey("alipayPublicKey", example.alipay_key.public_spki_b64);
    const signature = signatureBytes(example.response.sign) ?? Buffer.alloc(0);

    expect(verifyBytes(Buffer.from(example.response.node_text), signature, alipayKey)).toBe(true);
    expect(verifyBytes(Buffer.from(example.response.node_text.replace("88.88", "88.89")), signature, alipayKey)).toBe(false);
    expect(verifyBytes(Buffer.from(JSON.stringify(JSON.parse(example.response.node_text))), signature, alipayKey)).toBe(false);
  });

  it("reads a signature only in its one base64 spelling", () => {
    expect(signatureBytes(example.request.sign)).toHaveLength(256);
    for (const text of ["", "AA", "AAA", "A A=", "AAA-", "AAAA\n", "=AAA", "A".repeat(2_000)])
      expect(signatureBytes(text), text).toBeNull();
  });

  it("encrypts and decrypts content as Alipay does: AES-128-CBC, zero IV, PKCS7", () => {
    const key = Buffer.from("0123456789abcdef");

    expect(encryptContent('{"a":1}', key)).toBe("4Bu2yOikMUYfFkhodEsv7w==");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => void expect(decryptContent(encryptContent(text, key), key)).toBe(text)),
    );
    expect(() => decryptContent(encryptContent("x", key), Buffer.alloc(16))).toThrow();
  });

  it("CB-07 a key lives from its first to before its last instant, until it is revoked", () => {
    const key = { id: "key", key: appKey, notBefore: new Date(1_000), notAfter: new Date(2_000), revokedAt: null as Date | null };

    expect([999, 1_000, 1_999, 2_000].map((at) => isLive(key, new Date(at)))).toEqual([false, true, true, false]);
    expect(isLive({ ...key, revokedAt: new Date(1_500) }, new Date(1_499))).toBe(true);
    expect(isLive({ ...key, revokedAt: new Date(1_500) }, new Date(1_500))).toBe(false);
  });
});

describe("IN-08 text sent to the provider", () => {
  it("holds no & = / line breaks or control characters, fits, and is well formed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
        const clean = cleanText(text, BODY_MAX);

        expect(clean).not.toMatch(/[&=/\p{Cc}\u2028\u2029]/u);
        expect(clean.length).toBeLessThanOrEqual(BODY_MAX);
        expect(() => encodeURIComponent(clean)).not.toThrow();
        expect(cleanText(clean, BODY_MAX)).toBe(clean);
      }),
    );
  });

  it("keeps what people wrote otherwise, and cuts between characters", () => {
    expect(cleanText("  A&B=100%\r\n书/本 ", SUBJECT_MAX)).toBe("A B 100% 书 本");
    expect(cleanText("a\ud800b", SUBJECT_MAX)).toBe("a b");
    expect(cleanText(`${"x".repeat(BODY_MAX - 1)}😀`, BODY_MAX)).toBe("x".repeat(BODY_MAX - 1));
  });
});
