import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { AppError } from "~/lib/errors";
import certificates from "~tests/fixtures/alipay/certificates.json";
import example from "~tests/fixtures/alipay/worked-example.json";
import { fingerprintOf, parsePrivateKey, parsePublicKey } from "../key-material";
import { type AlipayMaterial, parseAlipayMaterial, parseRootBundle } from "./parse";

const app = example.app_key;
const pem = (label: string, base64: string) => `-----BEGIN ${label}-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END ${label}-----\n`;
const keyMode = { privateKey: app.private_pkcs8_b64, alipayPublicKey: example.alipay_key.public_spki_b64 };
const certificateMode = {
  privateKey: app.private_pkcs8_b64,
  appCert: certificates.appCert,
  alipayCert: certificates.alipayCert,
  alipayRootCert: certificates.alipayRootCert,
};

function reasonOf(read: () => unknown) {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    const { code, details, message } = error as AppError;
    expect(code).toBe("channel_invalid");
    return { field: details.field, reason: details.reason, message };
  }
  throw new Error("it was accepted");
}

describe("keys", () => {
  it.each([
    ["bare PKCS#8", app.private_pkcs8_b64],
    ["bare PKCS#1", app.private_pkcs1_b64],
    ["PEM PKCS#8", pem("PRIVATE KEY", app.private_pkcs8_b64)],
    ["PEM PKCS#1", pem("RSA PRIVATE KEY", app.private_pkcs1_b64)],
    ["PKCS#8 under the PKCS#1 label", pem("RSA PRIVATE KEY", app.private_pkcs8_b64)],
    ["bare, broken into lines by a console", ` ${app.private_pkcs8_b64.replace(/.{76}/g, "$&\r\n")}\n`],
  ])("reads a private key as %s", (_form, text) => {
    expect(fingerprintOf(parsePrivateKey("privateKey", text))).toBe(fingerprintOf(parsePublicKey("x", app.public_spki_b64)));
  });

  it("reads a public key as SPKI and as PKCS#1", () => {
    const spki = parsePublicKey("alipayPublicKey", pem("PUBLIC KEY", app.public_spki_b64));
    const pkcs1 = spki.export({ type: "pkcs1", format: "pem" }).toString();

    expect(fingerprintOf(parsePublicKey("alipayPublicKey", pkcs1))).toBe(fingerprintOf(spki));
    expect(fingerprintOf(spki)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("KEY-04 names field and reason and never the value", () => {
    const weak = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const curve = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const weakText = weak.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

    const refusal = reasonOf(() => parsePrivateKey("privateKey", weakText));

    expect(refusal).toEqual({ field: "privateKey", reason: "weak_key", message: "privateKey: weak_key" });
    const of = (text: string) => reasonOf(() => parsePrivateKey("privateKey", text)).reason;
    expect(of("")).toBe("missing");
    expect(of("not a key!")).toBe("not_base64");
    expect(of(app.public_spki_b64)).toBe("not_a_private_key");
    expect(of(`${app.private_pkcs8_b64.slice(0, 800)}`)).toBe("not_a_private_key");
    expect(of(curve.privateKey.export({ type: "pkcs8", format: "pem" }).toString())).toBe("not_rsa");
    expect(of(pem("ENCRYPTED PRIVATE KEY", "AAAA"))).toBe("encrypted_key");
    const publicOf = (text: string) => reasonOf(() => parsePublicKey("alipayPublicKey", text)).reason;
    expect(publicOf(app.private_pkcs8_b64)).toBe("is_a_private_key");
    expect(publicOf(app.private_pkcs1_b64)).toBe("is_a_private_key");
    expect(publicOf("AAAA")).toBe("not_a_public_key");
    expect(publicOf(certificates.appCert)).toBe("is_a_certificate");
  });
});

describe("a channel's material", () => {
  it("in key mode holds one key that never ends", () => {
    const parsed = parseAlipayMaterial({ ...keyMode, aesKey: "MDEyMzQ1Njc4OWFiY2RlZg==" });

    expect(parsed).toMatchObject({ keyMode: "public_key", appCertSn: null, alipayRootCertSn: null });
    expect([...parsed.verificationKeys.keys()]).toEqual(["key"]);
    expect(parsed.aesKey?.reveal().toString()).toBe("0123456789abcdef");
    expect(JSON.stringify(parsed)).not.toContain("MDEyMzQ1");
    expect(parsed.shown.map(({ field }) => field)).toEqual(["privateKey", "alipayPublicKey"]);
  });

  it("in certificate mode holds the numbers that Alipay computes, the SM2 root left out", () => {
    const parsed = parseAlipayMaterial(certificateMode);

    expect(parsed).toMatchObject({ keyMode: "certificate", appCertSn: certificates.leafSn, alipayRootCertSn: certificates.rootSn });
    const key = parsed.verificationKeys.get(certificates.leafSn);
    expect(key && fingerprintOf(key.key)).toBe(fingerprintOf(parsePublicKey("x", example.alipay_key.public_spki_b64)));
    expect(key?.notAfter?.getUTCFullYear()).toBe(2126);
    expect(parsed.appCertKey && fingerprintOf(parsed.appCertKey)).toBe(fingerprintOf(createPublicKey(parsed.privateKey)));
    expect(parseRootBundle("x", certificates.alipayRootCert).certificates).toHaveLength(2);
  });

  it.each([
    [
      "an Alipay certificate that no root stands behind",
      { ...certificateMode, alipayCert: certificates.strangerCert },
      "alipayCert",
      "chain_broken",
    ],
    ["one whose issuer is missing", { ...certificateMode, alipayCert: certificates.appCert }, "alipayCert", "chain_broken"],
    [
      "one issued by a certificate that is no authority",
      { ...certificateMode, alipayCert: certificates.issuedByLeafCert },
      "alipayCert",
      "chain_broken",
    ],
    [
      "a root file without an RSA certificate",
      { ...certificateMode, alipayRootCert: certificates.sm2Cert },
      "alipayRootCert",
      "no_rsa_certificate",
    ],
    ["a missing root file", { ...certificateMode, alipayRootCert: null }, "alipayRootCert", "missing"],
    ["a missing application certificate", { ...certificateMode, appCert: "" }, "appCert", "missing"],
    ["a certificate that is a key", { ...certificateMode, appCert: app.public_spki_b64 }, "appCert", "not_a_certificate"],
    ["an application certificate over another kind of key", { ...certificateMode, appCert: certificates.sm2Cert }, "appCert", "not_rsa"],
    ["no Alipay key at all", { ...keyMode, alipayPublicKey: null }, "alipayPublicKey", "missing"],
    ["an AES key of the wrong length", { ...keyMode, aesKey: "c2hvcnQ=" }, "aesKey", "not_16_bytes_of_base64"],
  ] as [string, AlipayMaterial, string, string][])("refuses %s", (_what, material, field, reason) => {
    expect(reasonOf(() => parseAlipayMaterial(material))).toMatchObject({ field, reason });
  });
});
