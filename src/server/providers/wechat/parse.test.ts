import { createPrivateKey, generateKeyPairSync, sign, verify, X509Certificate } from "node:crypto";
import { expect, it } from "vitest";
import { AppError } from "~/lib/errors";
import { merchantPrivateKey, platformPublicKey, vectors } from "~tests/fixtures/wechat/channel";
import sample from "~tests/fixtures/wechat/go-sdk-sample.json";
import { fingerprintOf } from "../key-material";
import { parseCertificate, parseMerchantPrivateKey, parseVerificationKey, sameSerial } from "./parse";

const { platform_certificate_pem: pem, platform_certificate_serial: serial } = sample.notification;
const refusal = (read: () => unknown) => {
  try {
    read();
    return "accepted";
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "channel_invalid" });
    return (error as AppError).details.reason;
  }
};

it("reads a merchant's private key as PEM or bare Base64, PKCS#8 or PKCS#1", () => {
  const pkcs1 = merchantPrivateKey.export({ format: "der", type: "pkcs1" }).toString("base64");
  const texts = [
    vectors.merchantPrivateKey,
    `  ${vectors.merchantPrivateKey.replace(/(.{64})/g, "$1\r\n")}\n`,
    pkcs1,
    merchantPrivateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    merchantPrivateKey.export({ format: "pem", type: "pkcs1" }).toString(),
  ];

  for (const text of texts) expect(fingerprintOf(parseMerchantPrivateKey(text))).toBe(fingerprintOf(merchantPrivateKey));
});

it("refuses what cannot sign for WeChat Pay, and never quotes it", () => {
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();

  expect(refusal(() => parseMerchantPrivateKey(ec))).toBe("not_rsa");
  expect(refusal(() => parseMerchantPrivateKey(short))).toBe("weak_key");
  expect(refusal(() => parseMerchantPrivateKey("not a key!"))).toBe("not_base64");
  expect(refusal(() => parseMerchantPrivateKey(vectors.platformPublicKey))).toBe("not_a_private_key");
  expect(refusal(() => parseMerchantPrivateKey(pem))).toBe("not_a_private_key");
});

it("reads a certificate's serial, dates and key", () => {
  const certificate = parseCertificate(pem, "merchantCert");

  expect(certificate).toMatchObject({
    serial,
    notBefore: new Date("2021-04-27T08:55:23Z"),
    notAfter: new Date("2031-04-25T08:55:23Z"),
  });
  expect(parseCertificate(new X509Certificate(pem).raw.toString("base64"), "merchantCert").serial).toBe(serial);
  expect(refusal(() => parseCertificate(vectors.platformPublicKey, "merchantCert"))).toBe("not_a_certificate");
});

it("takes a platform certificate under its own serial only", () => {
  expect(parseVerificationKey({ id: serial.toLowerCase(), pem })).toMatchObject({ id: serial, notAfter: new Date("2031-04-25T08:55:23Z") });
  expect(parseVerificationKey({ id: `00${serial}`, pem }).id).toBe(`00${serial}`);
  expect(refusal(() => parseVerificationKey({ id: vectors.merchantSerial, pem }))).toBe("serial_mismatch");
});

it("takes the WeChat Pay public key under its id, as PEM or bare Base64, and nothing else in its place", () => {
  const id = vectors.platformKeyId;
  const publicPem = platformPublicKey.export({ format: "pem", type: "spki" }).toString();

  for (const text of [vectors.platformPublicKey, publicPem]) {
    const key = parseVerificationKey({ id, pem: text });
    expect(key).toMatchObject({ id, notBefore: null, notAfter: null, revokedAt: null });
    expect(fingerprintOf(key.key)).toBe(fingerprintOf(platformPublicKey));
  }
  expect(refusal(() => parseVerificationKey({ id, pem }))).toBe("is_a_certificate");
  expect(refusal(() => parseVerificationKey({ id, pem: merchantPrivateKey.export({ format: "pem", type: "pkcs8" }).toString() }))).toBe(
    "is_a_private_key",
  );
  expect(refusal(() => parseVerificationKey({ id: "PUB_KEY_ID_", pem: publicPem }))).toBe("not_a_certificate");
});

it("gives a private key and its public half one fingerprint", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

  expect(fingerprintOf(privateKey)).toMatch(/^[0-9a-f]{64}$/);
  expect(fingerprintOf(privateKey)).toBe(fingerprintOf(publicKey));
  const bare = privateKey.export({ format: "der", type: "pkcs8" }).toString("base64");
  expect(verify("RSA-SHA256", Buffer.from("x"), publicKey, sign("RSA-SHA256", Buffer.from("x"), parseMerchantPrivateKey(bare)))).toBe(true);
  expect(createPrivateKey({ key: Buffer.from(bare, "base64"), format: "der", type: "pkcs8" }).type).toBe("private");
});

it("compares serials without leading zeros", () => {
  expect(sameSerial("0a1b", "A1B")).toBe(true);
  expect(sameSerial("A1B0", "A1B")).toBe(false);
});
