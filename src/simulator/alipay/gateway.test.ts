import { sign, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beijingText } from "~/lib/time";
import { encodeGbk } from "../crypto/gbk";
import { encodeForm } from "../http/form";
import { newAlipayApp, openSimulator, type TestBench } from "../testing/harness";
import { callAlipay, readAnswer, signedParameters } from "../testing/raw-clients";
import { METHOD_FACTS } from "./fields";
import { METHODS } from "./methods";

let bench: TestBench;
let app: Awaited<ReturnType<typeof newAlipayApp>>;
beforeAll(async () => {
  bench = await openSimulator();
  app = await newAlipayApp(bench);
});
afterAll(() => bench.close());

const QUERY = "alipay.trade.query";
const CREATE = "alipay.trade.create";
const order = (extra: object = {}) => ({
  out_trade_no: `G${Math.random().toString(36).slice(2)}`,
  total_amount: "1.00",
  subject: "书",
  buyer_id: "2088000000000001",
  ...extra,
});
const publicKeyPem = () => `-----BEGIN PUBLIC KEY-----\n${app.alipayPublicKey}\n-----END PUBLIC KEY-----`;

describe("common parameters", () => {
  it.each([
    [{ method: undefined }, "40001", "isv.missing-method"],
    [{ method: "alipay.no.such" }, "40002", "isv.invalid-method"],
    [{ sign_type: undefined }, "40001", "isv.missing-signature-type"],
    [{ sign_type: "RSA" }, "40002", "isv.invalid-signature-type"],
    [{ timestamp: undefined }, "40001", "isv.missing-timestamp"],
    [{ timestamp: "2020-01-01 00:00:00" }, "40002", "isv.invalid-timestamp"],
    [{ timestamp: "2026-02-30 00:00:00" }, "40002", "isv.invalid-timestamp"],
    [{ timestamp: new Date().toISOString() }, "40002", "isv.invalid-timestamp"],
    [{ version: undefined }, "40001", "isv.missing-version"],
    [{ version: "2.0" }, "40002", "isv.invalid-parameter"],
    [{ charset: "latin1" }, "40002", "isv.invalid-charset"],
    [{ format: "XML" }, "40002", "isv.invalid-format"],
    [{ notify_url: "nonsense" }, "40002", "isv.invalid-parameter"],
    [{ encrypt_type: "AES" }, "40002", "isv.invalid-encrypt"],
    [{ biz_content: "dGVzdA==" }, "40001", "isv.decryption-error-missing-encrypt-type"],
    [{ biz_content: "{" }, "40002", "isv.invalid-parameter"],
    [{ app_auth_token: "x".repeat(41) }, "20001", "aop.invalid-app-auth-token"],
  ])("answers %j with %s %s", async (changes, code, subCode) => {
    const { node, sign } = await callAlipay(bench, app, QUERY, { out_trade_no: "X" }, changes);

    expect(node).toMatchObject({ code, sub_code: subCode });
    expect(sign).toBeTruthy();
  });

  it("answers an unknown app unsigned, under error_response", async () => {
    const { name, node, sign } = await callAlipay(bench, app, QUERY, { out_trade_no: "X" }, { app_id: "2021999999999999" });

    expect(name).toBe("error_response");
    expect(node).toMatchObject({ code: "40002", sub_code: "isv.invalid-app-id" });
    expect(sign).toBeUndefined();
  });

  it("tells the text that it verified when the signature is wrong, and signs that answer", async () => {
    const parameters = signedParameters(app, QUERY, { out_trade_no: "X" });
    parameters.set("biz_content", '{"out_trade_no":"Y"}');
    const { node, text, sign } = await readAnswer(await fetch(`${bench.url}/gateway.do`, { method: "POST", body: parameters }));

    expect(node.sub_code).toBe("isv.invalid-signature");
    expect(node.sub_msg).toContain('biz_content={"out_trade_no":"Y"}&charset=utf-8');
    const signed = /"alipay_trade_query_response":(\{.*\}),"sign"/.exec(text)?.[1] ?? "";
    expect(verify("sha256", Buffer.from(signed), publicKeyPem(), Buffer.from(sign ?? "", "base64"))).toBe(true);
  });

  it("refuses a missing signature and a parameter given twice", async () => {
    const parameters = signedParameters(app, QUERY, { out_trade_no: "X" });
    const doubled = await readAnswer(await fetch(`${bench.url}/gateway.do?charset=utf-8`, { method: "POST", body: parameters }));
    parameters.delete("sign");
    const unsigned = await readAnswer(await fetch(`${bench.url}/gateway.do`, { method: "POST", body: parameters }));

    expect(doubled.node.sub_code).toBe("isv.invalid-parameter");
    expect(unsigned.node.sub_code).toBe("isv.missing-signature");
  });

  it("takes parameters from the query, from the body and from a multipart body alike", async () => {
    const parameters = signedParameters(app, QUERY, { out_trade_no: "NOWHERE" });
    const form = new FormData();
    for (const [name, value] of parameters) form.append(name, value);
    form.append("picture", new Blob([new Uint8Array(100)]), "a.png");

    for (const [query, body] of [
      [parameters.toString(), undefined],
      ["", parameters],
      ["", form],
    ] as const) {
      const { node } = await readAnswer(await fetch(`${bench.url}/gateway.do?${query}`, { method: "POST", ...(body ? { body } : {}) }));
      expect(node.sub_code).toBe("ACQ.TRADE_NOT_EXIST");
    }
  });
});

it("reads a GBK request over its GBK bytes, and answers in GBK", async () => {
  const pairs: [string, string][] = [
    ["app_id", app.appId],
    ["biz_content", JSON.stringify(order({ out_trade_no: "GBK_1", subject: "企业付款" }))],
    ["charset", "gbk"],
    ["method", CREATE],
    ["sign_type", "RSA2"],
    ["timestamp", beijingText(new Date())],
    ["version", "1.0"],
  ];
  const text = pairs.map((pair) => pair.join("=")).join("&");
  const signature = sign("sha256", encodeGbk(text), app.privateKey).toString("base64");
  const body = encodeForm([...pairs, ["sign", signature]], encodeGbk);
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const created = await readAnswer(await fetch(`${bench.url}/gateway.do`, { method: "POST", headers, body }));

  expect(created.node.code).toBe("10000");
  const { node } = await callAlipay(bench, app, QUERY, { out_trade_no: "GBK_1" });
  expect(node.subject).toBe("企业付款");
});

it.each(["/gateway.do?charset=%", "/gateway.do?%zz=%", "/cashier/%", "/qr/%", "/%", "/v3/pay/transactions/id/%"])(
  "answers the broken escape in %s without breaking",
  async (target) => {
    expect((await fetch(bench.url + target, { redirect: "manual" })).status).toBeLessThan(500);
  },
);

describe("business fields", () => {
  it.each([
    ["a missing field", order({ subject: undefined }), "ACQ.INVALID_PARAMETER"],
    ["an empty field", order({ subject: "" }), "ACQ.INVALID_PARAMETER"],
    ["a number for a text", order({ total_amount: 1 }), "isv.invalid-parameter"],
    ["a text for a list", order({ goods_detail: "x" }), "isv.invalid-parameter"],
    ["a text for an integer inside a list", order({ goods_detail: [{ goods_id: "1", quantity: "1" }] }), "isv.invalid-parameter"],
    ["three decimals", order({ total_amount: "1.001" }), "ACQ.INVALID_PARAMETER"],
    ["a sign", order({ total_amount: "-1.00" }), "ACQ.INVALID_PARAMETER"],
    ["nothing", order({ total_amount: "0.00" }), "ACQ.TOTAL_FEE_EXCEED"],
    ["too much", order({ total_amount: "100000000.01" }), "ACQ.TOTAL_FEE_EXCEED"],
    ["a subject with &", order({ subject: "a&b" }), "ACQ.INVALID_PARAMETER"],
    ["a long subject", order({ subject: "书".repeat(257) }), "ACQ.INVALID_PARAMETER"],
    ["a long number", order({ out_trade_no: "x".repeat(65) }), "ACQ.INVALID_PARAMETER"],
    ["a hyphen in the number", order({ out_trade_no: "a-b" }), "ACQ.INVALID_PARAMETER"],
    ["an unreadable timeout", order({ timeout_express: "5" }), "ACQ.INVALID_PARAMETER"],
    ["a timeout beyond 15 days", order({ timeout_express: "16d" }), "ACQ.INVALID_PARAMETER"],
    ["two timeouts", order({ timeout_express: "5m", time_expire: "2099-01-01 00:00:00" }), "ACQ.INVALID_PARAMETER"],
    ["an expiry that is over", order({ time_expire: "2020-01-01 00:00:00" }), "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR"],
    ["no buyer", order({ buyer_id: undefined }), "ACQ.INVALID_PARAMETER"],
    ["another seller", order({ seller_id: "2088999999999999" }), "ACQ.SELLER_NOT_EXIST"],
  ])("refuses %s", async (_what, biz, subCode) => {
    const { node } = await callAlipay(bench, app, CREATE, biz);
    expect(node.sub_code).toBe(subCode);
  });

  it("takes the longest subject and the largest amount", async () => {
    const { node } = await callAlipay(bench, app, CREATE, order({ subject: "书".repeat(256), total_amount: "100000000.00" }));
    expect(node.code).toBe("10000");
  });

  it("ignores a field that it does not know, and says so in the journal", async () => {
    const biz = order({ totalAmount: "1.00" });
    const { node } = await callAlipay(bench, app, CREATE, biz);
    const { entries } = await bench.journal();

    expect(node.code).toBe("10000");
    expect(entries.find((entry) => entry.outTradeNo === biz.out_trade_no)?.warnings).toEqual(["未知字段 totalAmount"]);
  });

  it("knows a handler and facts of a sound form for each method it serves", () => {
    expect([...METHOD_FACTS.keys()].sort()).toEqual(Object.keys(METHODS).sort());
    const kinds = new Set(["string", "integer", "boolean", "object", "array", "file"]);
    const check = (fields: object) => {
      for (const fact of Object.values(fields)) {
        expect(kinds).toContain(fact.type);
        if (fact.pattern) expect(() => new RegExp(fact.pattern, "u")).not.toThrow();
        if (fact.fields) check(fact.fields);
      }
    };
    for (const facts of METHOD_FACTS.values()) check(facts.fields);
  });

  it("answers only with codes that the documents list for the method", () => {
    for (const [method, codes] of [
      [
        "alipay.trade.create",
        [
          "ACQ.CONTEXT_INCONSISTENT",
          "ACQ.TRADE_HAS_SUCCESS",
          "ACQ.TRADE_HAS_CLOSE",
          "ACQ.TOTAL_FEE_EXCEED",
          "ACQ.BUYER_SELLER_EQUAL",
          "ACQ.SELLER_NOT_EXIST",
        ],
      ],
      ["alipay.trade.close", ["ACQ.TRADE_NOT_EXIST", "ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID"]],
      [
        "alipay.trade.refund",
        ["ACQ.DISCORDANT_REPEAT_REQUEST", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "ACQ.REASON_TRADE_REFUND_FEE_ERR", "ACQ.TRADE_HAS_FINISHED"],
      ],
      ["alipay.trade.cancel", ["ACQ.TRADE_HAS_FINISHED", "ACQ.TRADE_CANCEL_TIME_OUT", "ACQ.CANCEL_NOT_ALLOWED"]],
    ] as const) {
      expect(METHOD_FACTS.get(method)?.errorCodes).toEqual(expect.arrayContaining([...codes]));
    }
  });
});
