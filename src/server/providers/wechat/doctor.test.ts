import { generateKeyPairSync } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { merchantPrivateKey, vectors, wechatChannel } from "~tests/fixtures/wechat/channel";
import { type Reply, refusal, scriptedGateway, signed } from "~tests/fixtures/wechat/gateway";
import { closeTransport } from "../transport";
import { examineWechat } from "./doctor";

const NOW = new Date("2026-01-01T00:00:00Z");
let gateway: Awaited<ReturnType<typeof scriptedGateway>>;
beforeAll(async () => {
  gateway = await scriptedGateway();
});
afterEach(() => closeTransport());
afterAll(() => gateway.stop());

const examine = async (toQuery: Reply, toCertificates: Reply, options: Partial<Parameters<typeof examineWechat>[1]> = {}) => {
  gateway.says(({ target }) => (target === "/v3/certificates" ? toCertificates : toQuery));
  const checks = await examineWechat(wechatChannel({ baseUrl: gateway.url }), { now: () => NOW, deadlineMs: 2_000, ...options });
  return Object.fromEntries(checks.map(({ name, ok, cause, next }) => [name, ok ? "ok" : `${cause}: ${next}`]));
};
const ABSENT = { code: "ORDER_NOT_EXIST", message: "订单不存在" };
const noCertificates = refusal(404, "RESOURCE_NOT_EXISTS");
const date = { date: NOW.toUTCString() };

it('takes a signed "no such order" as proof of both signatures and of the clock', async () => {
  expect(await examine(signed(404, ABSENT, NOW), noCertificates)).toEqual({
    key_pair: "ok",
    gateway: "ok",
    signature: "ok",
    apiv3_key: "not_proven: await_first_notification",
    clock: "ok",
  });
});

it("does not call proven what an unsigned answer leaves open", async () => {
  expect(await examine(refusal(404, "ORDER_NOT_EXIST", date), noCertificates)).toEqual({
    key_pair: "ok",
    gateway: "ok",
    signature: "not_proven: await_first_payment",
    apiv3_key: "not_proven: await_first_notification",
    clock: "ok",
  });
});

it("blames the merchant's key and serial for a 401, the clock by the gateway's own time", async () => {
  const unauthorised = refusal(401, "SIGN_ERROR", { date: new Date(NOW.getTime() + 600_000).toUTCString() });

  expect(await examine(unauthorised, unauthorised)).toEqual({
    key_pair: "sign_error: check_serial_key_and_merchant",
    gateway: "ok",
    signature: "no_answer: fix_gateway_first",
    apiv3_key: "no_answer: fix_gateway_first",
    clock: "clock_skew: synchronise_clock",
  });
});

it("blames the platform's keys for an answer under an unknown serial", async () => {
  const strange = signed(404, ABSENT, NOW, { "wechatpay-serial": "PUB_KEY_ID_999" });

  expect(await examine(strange, noCertificates)).toMatchObject({ signature: "unknown_serial: update_platform_keys" });
});

it.each([
  [refusal(429, "FREQUENCY_LIMITED"), "provider_busy: wait_and_retry"],
  [{ status: 502, body: "<html>" }, "provider_busy: wait_and_retry"],
  [refusal(400, "MCH_NOT_EXISTS"), "unexpected_answer: see_provider_console"],
  ["hang", "timeout: wait_and_retry"],
] as [Reply, string][])("says what to do about the gateway (case %#)", async (reply, verdict) => {
  expect(await examine(reply, noCertificates, { deadlineMs: 300 })).toMatchObject({ gateway: verdict });
});

it("compares the merchant's certificate with key, serial and day", async () => {
  const certificate = { serial: vectors.merchantSerial, key: merchantPrivateKey, notBefore: NOW, notAfter: new Date(NOW.getTime() + 1) };
  const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
  const verdict = async (changes: object) =>
    (await examine(signed(404, ABSENT, NOW), noCertificates, { merchantCertificate: { ...certificate, ...changes } })).key_pair;

  expect(await verdict({})).toBe("ok");
  expect(await verdict({ key: stranger })).toBe("key_mismatch: upload_matching_key");
  expect(await verdict({ serial: "1234" })).toBe("serial_mismatch: use_certificate_serial");
  expect(await verdict({ notAfter: NOW })).toBe("certificate_expired: renew_merchant_certificate");
});

it("changes nothing at WeChat Pay", async () => {
  await examine(signed(404, ABSENT, NOW), noCertificates);

  expect(gateway.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
});
