import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ProviderError } from "~/lib/errors";
import { exampleChannel, signAsAlipay } from "~tests/fixtures/alipay/channel";
import { ALIPAY_DAY, statementZip } from "~tests/fixtures/alipay/statement";
import { type Arrived, type Reply, scriptedGateway } from "~tests/fixtures/wechat/gateway";
import { statementProvider } from "../registry";
import { addressRefusal, closeTransport, observeCalls } from "../transport";
import { linkAddress } from "./statement";

const NOW = new Date("2026-03-05T02:00:00Z");
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

const channel = () => exampleChannel({ gateway: `${gateway.url}/gateway.do` });
const fetch = (day = ALIPAY_DAY) => statementProvider(channel()).fetch(channel(), day, OPTIONS);
const failure = async (call: Promise<unknown>): Promise<ProviderError> => {
  const error = await call.then(
    (value) => new Error(`did not fail: ${inspect(value)}`),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
};

const answered = (node: Record<string, unknown>): Reply => {
  const text = JSON.stringify(node);
  const body = `{"alipay_data_dataservice_bill_downloadurl_query_response":${text},"sign":"${signAsAlipay(text)}"}`;
  return { status: 200, body };
};
const linkTo = (url: string) => answered({ code: "10000", msg: "Success", bill_download_url: url });
const refused = (sub_code: string, code = "40004") => answered({ code, msg: "Business Failed", sub_code });
const isQuestion = ({ target }: Arrived) => target.startsWith("/gateway.do");
/** A gateway whose link is answered like this. */
const downloads = (reply: Reply) =>
  gateway.says((arrived) => (isQuestion(arrived) ? linkTo(`${gateway.url}/downloadBillFile.resource?a=1&b=%2Fx`) : reply));
const zip = statementZip();

describe("Alipay's statement of a day", () => {
  it("is asked for and fetched at once, byte for byte", async () => {
    downloads({ status: 200, body: zip });

    const fetched = await fetch();

    expect(fetched).toEqual({ kind: "file", file: { bytes: zip, format: "zip" } });
    const [question, download] = gateway.requests;
    const asked = new URLSearchParams(`${question?.target.split("?")[1]}&${question?.body}`);
    expect(asked.get("method")).toBe("alipay.data.dataservice.bill.downloadurl.query");
    expect(JSON.parse(asked.get("biz_content") ?? "")).toEqual({ bill_type: "trade", bill_date: ALIPAY_DAY });
    expect(download).toMatchObject({ method: "GET", target: "/downloadBillFile.resource?a=1&b=%2Fx", body: "" });
    expect(gateway.requests).toHaveLength(2);
  });

  it.each([
    ["NO_BILL_DATA", { kind: "empty" }],
    ["isv.NO_BILL_DATA", { kind: "empty" }],
    ["BILL_NOT_EXIST", { kind: "not_ready", code: "BILL_NOT_EXIST" }],
  ])("is told by %s", async (code, outcome) => {
    gateway.says(() => refused(code));

    expect(await fetch()).toEqual(outcome);
  });

  it("is empty when the file is announced as empty, which is then not fetched", async () => {
    gateway.says(() => answered({ code: "10000", bill_download_url: `${gateway.url}/x`, bill_file_code: "EMPTY_DATA_WITH_BILL_FILE" }));

    expect(await fetch()).toEqual({ kind: "empty" });
    expect(gateway.requests).toHaveLength(1);
  });

  it("CB-12 is not called empty by an answer that does not verify", async () => {
    gateway.says(() => ({
      status: 200,
      body: '{"alipay_data_dataservice_bill_downloadurl_query_response":{"code":"40004","sub_code":"NO_BILL_DATA"},"sign":"AAAA"}',
    }));

    expect(await failure(fetch())).toMatchObject({ kind: "unknown", code: "bad_signature" });
  });

  it.each([
    ["INVAILID_ARGUMENTS", "declined"],
    ["BILL_DATE_BEFORE_REGISTRATION", "declined"],
    ["TYPE_NOT_SUPPORTED", "declined"],
    ["USER_RATE_LIMIT", "unavailable"],
    ["isp.unknow-error", "unknown"],
  ])("IDEM-04 %s is %s", async (code, kind) => {
    gateway.says(() => refused(code));

    expect(await failure(fetch())).toMatchObject({ kind, code });
  });

  it("is asked for again after a broken connection: the question changes nothing", async () => {
    gateway.says((arrived, turn) => (turn === 1 ? "reset" : isQuestion(arrived) ? linkTo(`${gateway.url}/x`) : { status: 200, body: zip }));

    expect((await fetch()).kind).toBe("file");
  });

  it.each([
    ["IN-07 another origin", () => linkTo(`${elsewhere.url}/x`), "address_refused"],
    ["IN-07 another machine", () => linkTo("http://10.0.0.1/x"), "address_refused"],
    ["IN-07 a file", () => linkTo("file:///etc/passwd"), "address_refused"],
    ["no address", () => answered({ code: "10000", msg: "Success" }), "bad_answer"],
    ["no text", () => answered({ code: "10000", bill_download_url: ["x"] }), "bad_answer"],
  ])("is not fetched from %s", async (_what, reply, code) => {
    elsewhere.says(() => ({ status: 200, body: zip }));
    gateway.says(reply);

    expect(await failure(fetch())).toMatchObject({ code });
    expect(elsewhere.requests).toHaveLength(0);
    expect(gateway.requests.filter((arrived) => !isQuestion(arrived))).toHaveLength(0);
  });

  it("tells observers no host that was refused", async () => {
    const hosts: string[] = [];
    const stop = observeCalls(({ host }) => void hosts.push(host));
    gateway.says(() => linkTo(`${elsewhere.url}/x`));

    await failure(fetch());
    stop();

    expect(hosts).toEqual([new URL(gateway.url).host, ""]);
  });

  it.each([
    ["IN-07 a redirect", () => ({ status: 302, headers: { location: `${elsewhere.url}/x` } }), "redirect"],
    ["an expired link", () => ({ status: 403, body: "expired" }), "http_403"],
    ["a web page", () => ({ status: 200, body: "<html>系统繁忙</html>" }), "not_an_archive"],
    ["nothing", () => ({ status: 200, body: "" }), "empty_file"],
    ["IDEM-04 a broken connection", () => "reset" as const, "connection_lost"],
    ["IN-07 more than 64 MiB", () => ({ status: 200, body: Buffer.alloc(64 * 1024 * 1024 + 1) }), "too_large"],
  ] as [string, () => Reply, string][])("is unknown after %s", async (_what, reply, code) => {
    elsewhere.says(() => ({ status: 200, body: zip }));
    downloads(reply());

    expect(await failure(fetch())).toMatchObject({ kind: "unknown", code });
    expect(elsewhere.requests).toHaveLength(0);
  });

  it("IDEM-08 whose store is down closes no way to the gateway", async () => {
    downloads({ status: 503 });
    for (let turn = 0; turn < 5; turn++) expect(await failure(fetch())).toMatchObject({ code: "http_503" });

    expect(await failure(fetch())).toMatchObject({ kind: "unavailable", code: "circuit_open" });
    gateway.says(() => refused("NO_BILL_DATA"));
    expect(await fetch()).toEqual({ kind: "empty" });
  });

  it.each(["2026-03-05", "2026-03-06", "2026-02-30", "2026-03"])("is never asked for %s", async (day) => {
    await expect(fetch(day)).rejects.toThrow("a day before today");
  });

  it("IN-07 is fetched over https where the answer writes http", () => {
    const written = "http://dwbillcenter.alipay.com/downloadBillFile.resource?bizType=trade&fileId=%2Ftrade%2F2088";
    const url = linkAddress(written, "live") ?? "";

    expect(url).toBe(written.replace("http:", "https:"));
    expect(addressRefusal(url, "live", { provider: "alipay", channelOrigin: "https://openapi.alipay.com" })).toBeNull();
    expect(linkAddress("http://dwbillcenter.alipay.com:8080/x", "live")).toMatch(/^http:/);
    expect(linkAddress("http://127.0.0.1:3100/x", "simulator")).toBe("http://127.0.0.1:3100/x");
  });
});
