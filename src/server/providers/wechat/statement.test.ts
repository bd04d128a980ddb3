import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ProviderError } from "~/lib/errors";
import { merchantPrivateKey, wechatChannel } from "~tests/fixtures/wechat/channel";
import { type Arrived, type Reply, refusal, scriptedGateway, signed } from "~tests/fixtures/wechat/gateway";
import { asFile, STATEMENT, WECHAT_DAY } from "~tests/fixtures/wechat/statement";
import { statementProvider } from "../registry";
import { signText } from "../rsa";
import { closeTransport } from "../transport";
import { requestMessage } from "./sign";

const NOW = new Date("2026-01-02T02:00:00Z");
const OPTIONS = { now: () => NOW, deadlineMs: 2_000 };

let gateway: Awaited<ReturnType<typeof scriptedGateway>>;
let elsewhere: Awaited<ReturnType<typeof scriptedGateway>>;
beforeAll(async () => {
  gateway = await scriptedGateway();
  elsewhere = await scriptedGateway();
});
afterEach(() => closeTransport());
afterAll(async () => {
  await gateway.stop();
  await elsewhere.stop();
});

const channel = () => wechatChannel({ baseUrl: gateway.url });
const fetch = (day = WECHAT_DAY) => statementProvider(channel()).fetch(channel(), day, OPTIONS);
const failure = async (call: Promise<unknown>): Promise<ProviderError> => {
  const error = await call.then(
    (value) => new Error(`did not fail: ${inspect(value)}`),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
};

const plain = asFile(STATEMENT);
const gzip = gzipSync(plain);
const HASH = createHash("sha1").update(plain).digest("hex");
const TARGET = "/v3/billdownload/file?token=HbPkfw-%2Bx_y==&tartype=gzip";
const isQuestion = ({ target }: Arrived) => target.startsWith("/v3/bill/tradebill");
const linkTo = (url: string, changes: Record<string, unknown> = {}) =>
  signed(200, { hash_type: "SHA1", hash_value: HASH, download_url: url, ...changes }, NOW);
/** A gateway whose link is answered like this. */
const downloads = (reply: Reply, changes: Record<string, unknown> = {}) =>
  gateway.says((arrived) => (isQuestion(arrived) ? linkTo(gateway.url + TARGET, changes) : reply));

describe("WeChat Pay's statement of a day", () => {
  it("is asked for and fetched, byte for byte, with a signature over the address exactly as it was given", async () => {
    downloads({ status: 200, body: gzip });

    expect(await fetch()).toEqual({ kind: "file", file: { bytes: gzip, format: "gzip" } });

    const [question, download] = gateway.requests;
    expect(question).toMatchObject({ method: "GET", target: "/v3/bill/tradebill?bill_date=2026-01-01&bill_type=ALL&tar_type=GZIP" });
    expect(download).toMatchObject({ method: "GET", target: TARGET, body: "" });
    const sent = Object.fromEntries(
      [...String(download?.headers.authorization).matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    const message = requestMessage({ method: "GET", target: TARGET, body: "" }, sent.timestamp ?? "", sent.nonce_str ?? "");
    expect(sent.signature).toBe(await signText(message, merchantPrivateKey));
    expect(sent.timestamp).toBe(String(NOW.getTime() / 1000));
  });

  it("may arrive unpacked already, and its hash may be written in capitals", async () => {
    downloads({ status: 200, body: plain }, { hash_value: HASH.toUpperCase() });

    expect(await fetch()).toEqual({ kind: "file", file: { bytes: plain, format: "plain" } });
  });

  it.each([
    ["other bytes", { status: 200, body: gzipSync(plain.subarray(1)) }, {}, "bad_hash"],
    ["other plain bytes", { status: 200, body: "x" }, {}, "bad_hash"],
    ["another hash", { status: 200, body: gzip }, { hash_value: "0".repeat(40) }, "bad_hash"],
    ["a hash of the packed bytes", { status: 200, body: gzip }, { hash_value: createHash("sha1").update(gzip).digest("hex") }, "bad_hash"],
    ["another kind of hash", { status: 200, body: gzip }, { hash_type: "MD5" }, "bad_hash"],
    ["a cut off file", { status: 200, body: gzip.subarray(0, -4) }, {}, "broken_archive"],
    ["an expired link", { status: 403, body: "{}" }, {}, "http_403"],
    ["nothing", { status: 200, body: "" }, {}, "empty_file"],
    ["IDEM-04 a broken connection", "reset", {}, "connection_lost"],
    ["IN-07 more than 64 MiB", { status: 200, body: Buffer.alloc(64 * 1024 * 1024 + 1) }, {}, "too_large"],
    ["IN-07 a redirect", { status: 302, headers: { location: "http://127.0.0.1:1/" } }, {}, "redirect"],
  ] as [string, Reply, Record<string, unknown>, string][])("is unknown after %s", async (_what, reply, changes, code) => {
    downloads(reply, changes);

    expect(await failure(fetch())).toMatchObject({ kind: "unknown", code });
  });

  it("is unknown when it unpacks to more than a statement can be", async () => {
    const bomb = gzipSync(Buffer.alloc(1024 * 1024));
    // Members of a gzip file follow each other: a thousand times the same megabyte.
    downloads({ status: 200, body: Buffer.concat(Array.from({ length: 1025 }, () => bomb)) });

    expect(await failure(fetch())).toMatchObject({ kind: "unknown", code: "too_large" });
  });

  it("is empty when a signed refusal says so; unsigned, it may only be asked for later", async () => {
    const body = { code: "NO_STATEMENT_EXIST", message: "账单文件不存在" };
    gateway.says(() => signed(400, body, NOW));
    expect(await fetch()).toEqual({ kind: "empty" });

    gateway.says(() => refusal(400, "NO_STATEMENT_EXIST"));
    expect(await fetch()).toEqual({ kind: "not_ready", code: "NO_STATEMENT_EXIST" });

    gateway.says(() => signed(400, body, NOW, { "wechatpay-signature": "AAAA" }));
    expect(await failure(fetch())).toMatchObject({ kind: "unknown", code: "bad_signature" });
  });

  it("is not ready while it is made", async () => {
    gateway.says(() => refusal(400, "STATEMENT_CREATING"));

    expect(await fetch()).toEqual({ kind: "not_ready", code: "STATEMENT_CREATING" });
  });

  it.each([
    [400, "PARAM_ERROR", "declined"],
    [403, "NO_AUTH", "declined"],
    [401, "SIGN_ERROR", "declined"],
    [429, "FREQUENCY_LIMITED", "unavailable"],
    [500, "SYSTEM_ERROR", "unknown"],
  ])("IDEM-04 HTTP %i %s is %s", async (status, code, kind) => {
    gateway.says(() => refusal(status, code));

    expect(await failure(fetch())).toMatchObject({ kind, code });
  });

  it("CB-12 is not fetched when the answer does not verify", async () => {
    gateway.says(() => ({ status: 200, body: JSON.stringify({ hash_type: "SHA1", hash_value: HASH, download_url: gateway.url }) }));

    expect(await failure(fetch())).toMatchObject({ kind: "unknown", code: "unsigned" });
  });

  it.each([
    ["IN-07 another origin", () => linkTo(`${elsewhere.url}/x`), "address_refused"],
    ["IN-07 the live host, from the simulator", () => linkTo("https://api.mch.weixin.qq.com/v3/billdownload/file"), "address_refused"],
    ["an address that is written otherwise on the way", () => linkTo(`${gateway.url}/v3/../x`), "bad_answer"],
    ["no web address", () => linkTo("file:///etc/passwd"), "bad_answer"],
    ["no hash", () => linkTo(gateway.url, { hash_value: "" }), "bad_answer"],
  ])("is not fetched from %s", async (_what, reply, code) => {
    gateway.says(reply);

    expect(await failure(fetch())).toMatchObject({ code });
    expect(elsewhere.requests).toHaveLength(0);
    expect(gateway.requests.every(isQuestion)).toBe(true);
  });

  it("is asked for again after a broken connection: the question changes nothing", async () => {
    gateway.says((arrived, turn) =>
      turn === 1 ? "reset" : isQuestion(arrived) ? linkTo(gateway.url + TARGET) : { status: 200, body: gzip },
    );

    expect((await fetch()).kind).toBe("file");
  });

  it.each(["2026-01-02", "2026-01-03", "2026-02-30", "today"])("is never asked for %s", async (day) => {
    await expect(fetch(day)).rejects.toThrow("a day before today");
  });
});
