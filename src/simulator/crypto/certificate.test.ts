import { createPublicKey, X509Certificate } from "node:crypto";
import { expect, it } from "vitest";
import { issueCertificate, serialOf } from "./certificate";
import { newRsaKey, privateKey } from "./keys";

it("issues a certificate that OpenSSL reads, checks and dates as ordered", async () => {
  const [authority, subject] = await Promise.all([newRsaKey(), newRsaKey()]);
  const notBefore = new Date("2026-03-01T00:00:00Z");
  const pem = issueCertificate({
    subject: { C: "CN", O: "买方", CN: "测试" },
    issuer: { C: "CN", O: "Root", OU: "CA", CN: "Root CA" },
    publicKey: createPublicKey(privateKey(subject)),
    issuerKey: privateKey(authority),
    notBefore,
    // Past 2050, where the form of the date changes.
    lifeDays: 365 * 30,
    isAuthority: false,
  });

  const certificate = new X509Certificate(pem);
  expect(certificate.verify(createPublicKey(privateKey(authority)))).toBe(true);
  expect(certificate.checkPrivateKey(privateKey(subject))).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(new Date(certificate.validFrom)).toEqual(notBefore);
  expect(new Date(certificate.validTo).getUTCFullYear()).toBe(2056);
  expect(certificate.issuer).toBe("C=CN\nO=Root\nOU=CA\nCN=Root CA");
  expect(serialOf(pem)).toMatch(/^[4-7][0-9A-F]{39}$/);
});
