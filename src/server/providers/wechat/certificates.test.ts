import { createPrivateKey } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Secret } from "~/lib/secret";
import { der, keyRing, seal, signedHeaders, wechatChannel } from "~tests/fixtures/wechat/channel";
import { type Reply, refusal, scriptedGateway, signed } from "~tests/fixtures/wechat/gateway";
import sample from "~tests/fixtures/wechat/go-sdk-sample.json";
import type { VerificationKey } from "../port";
import { closeTransport } from "../transport";
import { fetchCertificates, memoryRefreshStore, REFRESH_GAP_MS, refreshCertificates } from "./certificates";

// A real platform certificate whose private half is public: the Go SDK signs its samples with it.
const { platform_certificate_pem: PEM, platform_certificate_serial: SERIAL } = sample.notification;
const certificateKey = createPrivateKey({ key: der(sample.sign.private_key_pkcs8_der_base64), format: "der", type: "pkcs8" });
const NOW = new Date("2026-01-01T00:00:00Z");
const OPTIONS = { now: () => NOW, deadlineMs: 2_000 };

let gateway: Awaited<ReturnType<typeof scriptedGateway>>;
beforeAll(async () => {
  gateway = await scriptedGateway();
});
afterEach(() => closeTransport());
afterAll(() => gateway.stop());

const entry = (changes: Record<string, unknown> = {}, pem = PEM) => ({
  serial_no: SERIAL,
  effective_time: "2021-04-27T16:55:23+08:00",
  expire_time: "2031-04-25T16:55:23+08:00",
  encrypt_certificate: seal(pem, { associatedData: "certificate", nonce: "cert-nonce-1" }),
  ...changes,
});
const signedInside = (body: unknown): Reply => {
  const text = JSON.stringify(body);
  return { status: 200, headers: signedHeaders(text, NOW, { "wechatpay-serial": SERIAL }, certificateKey), body: text };
};
const channel = (changes: Parameters<typeof wechatChannel>[0] = {}) =>
  wechatChannel({ baseUrl: gateway.url, verificationKeys: keyRing(), ...changes });
const fetched = (reply: Reply, changes: Parameters<typeof wechatChannel>[0] = {}) => {
  gateway.says(() => reply);
  return fetchCertificates(channel(changes), OPTIONS);
};

it("decrypts the certificates first and verifies the answer with what came out", async () => {
  const keys = await fetched(signedInside({ data: [entry()] }));

  expect(keys).toMatchObject([
    { id: SERIAL, notBefore: new Date("2021-04-27T08:55:23Z"), notAfter: new Date("2031-04-25T08:55:23Z"), revokedAt: null },
  ]);
});

it("accepts an answer that is signed by a key which the channel knew before, as during the switch", async () => {
  const { verificationKeys } = wechatChannel();

  expect(await fetched(signed(200, { data: [entry()] }, NOW), { verificationKeys })).toHaveLength(1);
});

it("opens certificates with the previous APIv3 key too", async () => {
  const apiV3Keys = [new Secret(Buffer.from("TheKeyThatReplacedItYesterday-32")), ...wechatChannel().apiV3Keys];

  expect(await fetched(signedInside({ data: [entry()] }), { apiV3Keys })).toHaveLength(1);
});

it("lets an answer shorten a certificate's life, not lengthen it", async () => {
  const shorter = { effective_time: "2025-01-01T00:00:00+08:00", expire_time: "2026-06-01T00:00:00+08:00" };
  const longer = { effective_time: "2000-01-01T00:00:00+08:00", expire_time: "2099-01-01T00:00:00+08:00" };
  const dates = async (changes: object) => {
    const [key] = await fetched(signedInside({ data: [entry({ ...changes })] }));
    return [key?.notBefore?.toISOString(), key?.notAfter?.toISOString()];
  };

  expect(await dates(shorter)).toEqual(["2024-12-31T16:00:00.000Z", "2026-05-31T16:00:00.000Z"]);
  expect(await dates(longer)).toEqual(["2021-04-27T08:55:23.000Z", "2031-04-25T08:55:23.000Z"]);
});

describe("CB-07 a certificate counts only when everything about it holds", () => {
  const bad: [string, () => Reply, string][] = [
    [
      "another serial than its own",
      () => signedInside({ data: [entry({ serial_no: "5157F09EFDC096DE15EBE81A47057A7232F1B8E1" })] }),
      "bad_answer",
    ],
    ["no certificate inside", () => signedInside({ data: [entry({}, "not a certificate")] }), "bad_answer"],
    ["no list", () => signedInside({}), "bad_answer"],
    ["an empty list", () => signedInside({ data: [] }), "bad_answer"],
    ["no dates", () => signedInside({ data: [entry({ expire_time: undefined })] }), "bad_answer"],
    [
      "another algorithm",
      () => signedInside({ data: [entry({ encrypt_certificate: { ...seal(PEM), algorithm: "AEAD_SM4_GCM" } })] }),
      "algorithm",
    ],
    [
      "wrong associated data",
      () => signedInside({ data: [entry({ encrypt_certificate: { ...seal(PEM), associated_data: "x" } })] }),
      "tag_mismatch",
    ],
    ["no signature", () => ({ status: 200, body: JSON.stringify({ data: [entry()] }) }), "unsigned"],
    ["a stranger's signature", () => signed(200, { data: [entry()] }, NOW, { "wechatpay-serial": SERIAL }), "bad_signature"],
    ["a serial that is not inside", () => signed(200, { data: [entry()] }, NOW), "unknown_serial"],
    ["an answer that has expired", () => signedInside({ data: [entry({ expire_time: "2025-12-31T00:00:00+08:00" })] }), "expired_key"],
  ];

  it.each(bad)("refuses one with %s", async (_, reply, code) => {
    await expect(fetched(reply())).rejects.toMatchObject({ kind: "unknown", code });
  });

  it("tells a merchant in public-key mode from trouble", async () => {
    await expect(fetched(refusal(404, "RESOURCE_NOT_EXISTS"))).rejects.toMatchObject({ kind: "declined", code: "RESOURCE_NOT_EXISTS" });
    await expect(fetched(refusal(401, "SIGN_ERROR"))).rejects.toMatchObject({ kind: "unknown" });
    await expect(fetched(refusal(500, "SYSTEM_ERROR"))).rejects.toMatchObject({ kind: "unknown" });
  });
});

describe("CB-07 an unknown serial fetches at most once in five minutes", () => {
  const at = (ms: number) => ({ now: () => new Date(NOW.getTime() + ms), deadlineMs: 2_000 });

  it("one fetch serves all who ask meanwhile", async () => {
    gateway.says(() => signedInside({ data: [entry()] }));
    const store = memoryRefreshStore();

    const answers = await Promise.all(Array.from({ length: 20 }, () => refreshCertificates(channel(), store, OPTIONS)));

    expect(gateway.requests).toHaveLength(1);
    for (const keys of answers) expect(keys).toMatchObject([{ id: SERIAL }] satisfies Partial<VerificationKey>[]);
  });

  it("waits before the next one, also after a failure, and for each channel by itself", async () => {
    gateway.says(() => refusal(500, "SYSTEM_ERROR"));
    const store = memoryRefreshStore();

    await expect(refreshCertificates(channel(), store, at(0))).rejects.toMatchObject({ kind: "unknown" });
    expect(await refreshCertificates(channel(), store, at(REFRESH_GAP_MS - 1))).toBeNull();
    await expect(refreshCertificates(channel({ channelId: "chn_other" }), store, at(1))).rejects.toBeDefined();
    await expect(refreshCertificates(channel({ tenantId: "ten_other" }), store, at(1))).rejects.toBeDefined();
    expect(gateway.requests).toHaveLength(3);

    await expect(refreshCertificates(channel(), store, at(REFRESH_GAP_MS))).rejects.toBeDefined();
    expect(gateway.requests).toHaveLength(4);
  });
});

it("asks as any signed call does", async () => {
  await fetched(signedInside({ data: [entry()] }));

  expect(gateway.requests).toMatchObject([{ method: "GET", target: "/v3/certificates", body: "" }]);
  expect(gateway.requests[0]?.headers.authorization).toMatch(/^WECHATPAY2-SHA256-RSA2048 /);
});
