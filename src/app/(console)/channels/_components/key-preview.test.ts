import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import certificates from "~tests/fixtures/alipay/certificates.json";
import { previewKey } from "./key-preview";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const fingerprintOf = (key: KeyObject) =>
  createHash("sha256")
    .update((key.type === "private" ? createPublicKey(key) : key).export({ type: "spki", format: "der" }))
    .digest("hex")
    .toUpperCase();
const bare = (pem: string | Buffer) => pem.toString().replace(/-----[^-]+-----|\s+/g, "");

describe("the fingerprint before saving", () => {
  it.each([
    ["PKCS#8", privateKey.export({ type: "pkcs8", format: "pem" }), "private"],
    ["PKCS#1 private", privateKey.export({ type: "pkcs1", format: "pem" }), "private"],
    ["SPKI", publicKey.export({ type: "spki", format: "pem" }), "public"],
    ["PKCS#1 public", publicKey.export({ type: "pkcs1", format: "pem" }), "public"],
  ] as const)("equals the one after saving: %s, with and without its PEM dress", async (_name, pem, kind) => {
    for (const text of [pem.toString(), bare(pem)]) {
      expect(await previewKey(text)).toEqual({
        kind,
        fingerprint: fingerprintOf(publicKey),
        serial: null,
        notBefore: null,
        notAfter: null,
      });
    }
  });

  it("tells a certificate's number and dates", async () => {
    const pems = Object.values(certificates as Record<string, unknown>).filter(
      (value): value is string => typeof value === "string" && value.includes("BEGIN CERTIFICATE"),
    );
    expect(pems.length).toBeGreaterThan(0);
    for (const pem of pems) {
      const certificate = new X509Certificate(pem);
      const preview = await previewKey(pem);
      if (certificate.publicKey.asymmetricKeyType !== "rsa") continue;
      expect(preview).toEqual({
        kind: "certificate",
        fingerprint: fingerprintOf(certificate.publicKey),
        serial: certificate.serialNumber.replace(/^00/, ""),
        notBefore: new Date(certificate.validFrom),
        notAfter: new Date(certificate.validTo),
      });
    }
  });

  it("finds nothing in what is no RSA key", async () => {
    const { privateKey: elliptic } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    for (const text of [
      "",
      "hello",
      "A".repeat(100),
      elliptic.export({ type: "pkcs8", format: "pem" }).toString(),
      bare(privateKey.export({ type: "pkcs8", format: "pem" })).slice(0, 200),
    ]) {
      expect(await previewKey(text)).toBeNull();
    }
  });
});
