import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newAlipayApp, openReceiver, openSimulator, type TestBench } from "../testing/harness";
import { callAlipay, signedParameters } from "../testing/raw-clients";

let bench: TestBench;
let app: Awaited<ReturnType<typeof newAlipayApp>>;
beforeAll(async () => {
  bench = await openSimulator();
  app = await newAlipayApp(bench);
});
afterAll(() => bench.close());

let serial = 0;
const order = (extra: object = {}) => ({
  out_trade_no: `T_${++serial}`,
  total_amount: "10.00",
  subject: "书",
  buyer_id: "2088000000000001",
  ...extra,
});
const nowThere = async () => new Date((await bench.state()).clock.now);
const call = async (method: string, biz: object, changes = {}) =>
  (await callAlipay(bench, app, `alipay.trade.${method}`, biz, changes, await nowThere())).node;
const paidOrder = async (extra: object = {}) => {
  const biz = order(extra);
  await call("create", biz);
  await bench.pay({ outTradeNo: biz.out_trade_no });
  return biz.out_trade_no;
};

describe("one number, one trade", () => {
  it("answers a repeat with the same trade, and refuses other content, paid and closed ones", async () => {
    const biz = order();
    const first = await call("create", biz);
    expect((await call("create", biz)).trade_no).toBe(first.trade_no);
    expect((await call("create", { ...biz, total_amount: "10.01" })).sub_code).toBe("ACQ.CONTEXT_INCONSISTENT");

    await bench.pay({ outTradeNo: biz.out_trade_no });
    expect((await call("create", biz)).sub_code).toBe("ACQ.TRADE_HAS_SUCCESS");

    const closed = order();
    await call("create", closed);
    await call("close", { out_trade_no: closed.out_trade_no });
    expect((await call("create", closed)).sub_code).toBe("ACQ.TRADE_HAS_CLOSE");
  });

  it("keeps one app's trades from another seller", async () => {
    const other = await newAlipayApp(bench);
    const biz = order();
    const { trade_no } = await call("create", biz);
    const asked = await callAlipay(bench, other, "alipay.trade.query", { trade_no }, {}, await nowThere());

    expect(asked.node.sub_code).toBe("ACQ.TRADE_NOT_EXIST");
  });

  it("lets the trade number win over the order number", async () => {
    const [a, b] = [order(), order()];
    const { trade_no } = await call("create", a);
    await call("create", b);

    expect((await call("query", { trade_no, out_trade_no: b.out_trade_no })).out_trade_no).toBe(a.out_trade_no);
  });
});

describe("precreate", () => {
  it("makes a trade only when the code is scanned", async () => {
    const biz = order();
    const { qr_code } = await call("precreate", biz);
    expect(qr_code).toMatch(/\/qr\/bax0\w{20}$/);
    expect((await call("query", { out_trade_no: biz.out_trade_no })).sub_code).toBe("ACQ.TRADE_NOT_EXIST");
    expect((await call("close", { out_trade_no: biz.out_trade_no })).sub_code).toBe("ACQ.TRADE_NOT_EXIST");

    await bench.control("POST", "scan", { code: qr_code });
    expect((await call("query", { out_trade_no: biz.out_trade_no })).trade_status).toBe("WAIT_BUYER_PAY");
  });

  it("starts its time anew when it is made again before anybody scanned it", async () => {
    const biz = order({ timeout_express: "5m" });
    await call("precreate", biz);
    await bench.advance("6m");
    const { qr_code } = await call("precreate", biz);

    expect(await (await fetch(String(qr_code))).text()).toContain("付款");
    expect((await bench.pay({ outTradeNo: biz.out_trade_no })).result).toBe("paid");
  });

  it("is scanned by opening its address, and stale after two hours", async () => {
    const [seen, late] = [order(), order()];
    const [a, b] = [await call("precreate", seen), await call("precreate", late)];
    expect(await (await fetch(String(a.qr_code))).text()).toContain("付款");
    expect((await call("query", { out_trade_no: seen.out_trade_no })).trade_status).toBe("WAIT_BUYER_PAY");

    await bench.advance("3h");
    expect(await (await fetch(String(b.qr_code))).text()).toContain("订单已超时");
    await expect(bench.control("POST", "scan", { code: b.qr_code })).rejects.toMatchObject({ error: "code_expired" });
    expect((await call("precreate", late)).code).toBe("10000");
  });
});

describe("the end of a trade", () => {
  it("closes the unpaid only", async () => {
    const paid = await paidOrder();
    expect((await call("close", { out_trade_no: paid })).sub_code).toBe("ACQ.TRADE_STATUS_ERROR");

    const biz = order();
    await call("create", biz);
    expect((await call("close", { out_trade_no: biz.out_trade_no })).code).toBe("10000");
    expect((await call("close", { out_trade_no: biz.out_trade_no })).sub_code).toBe("ACQ.REASON_TRADE_STATUS_INVALID");
    await expect(bench.pay({ outTradeNo: biz.out_trade_no })).rejects.toMatchObject({ status: 409, error: "trade_closed" });
  });

  it("expires by timeout_express and by time_expire, with a notification that says closed", async () => {
    const receiver = await openReceiver();
    const biz = order({ timeout_express: "5m" });
    await call("create", biz, { notify_url: receiver.url });
    await bench.advance("6m");

    expect((await call("query", { out_trade_no: biz.out_trade_no })).trade_status).toBe("TRADE_CLOSED");
    const fields = new URLSearchParams(receiver.arrivals[0]?.body);
    expect(fields.get("trade_status")).toBe("TRADE_CLOSED");
    expect(fields.get("gmt_close")).toBeTruthy();
    expect(fields.has("gmt_payment")).toBe(false);
    await receiver.close();
  });

  it("cancels: closes what is unpaid, refunds what is paid, kills a code that nobody scanned", async () => {
    const unpaid = order();
    await call("create", unpaid);
    expect(await call("cancel", { out_trade_no: unpaid.out_trade_no })).toMatchObject({ action: "close", retry_flag: "N" });

    const paid = await paidOrder();
    expect(await call("cancel", { out_trade_no: paid })).toMatchObject({ action: "refund" });
    expect((await call("query", { out_trade_no: paid })).trade_status).toBe("TRADE_CLOSED");

    const unscanned = order();
    await call("precreate", unscanned);
    expect((await call("cancel", { out_trade_no: unscanned.out_trade_no })).action).toBeUndefined();
    await expect(bench.pay({ outTradeNo: unscanned.out_trade_no })).rejects.toMatchObject({ error: "trade_closed" });
  });

  it("finishes a paid trade after a year: no refund any more", async () => {
    const paid = await paidOrder();
    await bench.advance("366d");

    expect((await call("query", { out_trade_no: paid })).trade_status).toBe("TRADE_FINISHED");
    expect((await call("refund", { out_trade_no: paid, refund_amount: "1.00", out_request_no: "r" })).sub_code).toBe(
      "ACQ.TRADE_HAS_FINISHED",
    );
  });

  it("takes money for a closed trade when told to: paid too late", async () => {
    const biz = order();
    await call("create", biz);
    await call("close", { out_trade_no: biz.out_trade_no });
    const { result } = await bench.pay({ outTradeNo: biz.out_trade_no, force: true });

    expect(result).toBe("paid");
    expect((await call("query", { out_trade_no: biz.out_trade_no })).trade_status).toBe("TRADE_SUCCESS");
  });
});

describe("refunds", () => {
  it("moves money once per number, keeps the sum, and closes the trade when all is back", async () => {
    const receiver = await openReceiver();
    const biz = order();
    await call("create", biz, { notify_url: receiver.url });
    const outTradeNo = biz.out_trade_no;
    await bench.pay({ outTradeNo, wait: true });

    expect(await call("refund", { out_trade_no: outTradeNo, refund_amount: "4.00", out_request_no: "r1" })).toMatchObject({
      fund_change: "Y",
      refund_fee: "4.00",
    });
    expect(await call("refund", { out_trade_no: outTradeNo, refund_amount: "4.00", out_request_no: "r1" })).toMatchObject({
      fund_change: "N",
      refund_fee: "4.00",
    });
    expect((await call("refund", { out_trade_no: outTradeNo, refund_amount: "5.00", out_request_no: "r1" })).sub_code).toBe(
      "ACQ.DISCORDANT_REPEAT_REQUEST",
    );
    expect((await call("refund", { out_trade_no: outTradeNo, refund_amount: "6.01", out_request_no: "r2" })).sub_code).toBe(
      "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
    );
    expect((await call("refund", { out_trade_no: outTradeNo, refund_amount: "1.00" })).sub_code).toBe("ACQ.INVALID_PARAMETER");
    expect((await call("refund", { out_trade_no: outTradeNo, refund_amount: "0.00", out_request_no: "r3" })).sub_code).toBe(
      "ACQ.REASON_TRADE_REFUND_FEE_ERR",
    );
    expect((await call("query", { out_trade_no: outTradeNo })).trade_status).toBe("TRADE_SUCCESS");

    expect(await call("refund", { out_trade_no: outTradeNo, refund_amount: "6.00", out_request_no: "r2" })).toMatchObject({
      fund_change: "Y",
      refund_fee: "10.00",
    });
    expect((await call("query", { out_trade_no: outTradeNo })).trade_status).toBe("TRADE_CLOSED");
    expect((await call("refund", { out_trade_no: outTradeNo, refund_amount: "1.00", out_request_no: "r9" })).sub_code).toBe(
      "ACQ.TRADE_HAS_CLOSE",
    );

    await bench.control("POST", "deliveries/run", {});
    const news = receiver.arrivals.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(news.map(({ trade_status, out_biz_no, refund_fee }) => [trade_status, out_biz_no, refund_fee])).toEqual([
      ["TRADE_SUCCESS", undefined, undefined],
      ["TRADE_SUCCESS", "r1", "4.00"],
      ["TRADE_CLOSED", "r2", "10.00"],
    ]);
    expect(news[2]?.gmt_refund).toMatch(/\.\d{3}$/);
    await receiver.close();
  });

  it("queries a refund by its number, and says nothing about one it does not know", async () => {
    const outTradeNo = await paidOrder();
    await call("refund", { out_trade_no: outTradeNo, refund_amount: "10.00" });

    const known = await call("fastpay.refund.query", {
      out_trade_no: outTradeNo,
      out_request_no: outTradeNo,
      query_options: ["gmt_refund_pay"],
    });
    expect(known).toMatchObject({ refund_status: "REFUND_SUCCESS", refund_amount: "10.00", gmt_refund_pay: expect.any(String) });
    const unknown = await call("fastpay.refund.query", { out_trade_no: outTradeNo, out_request_no: "other" });
    expect(unknown).toEqual({ code: "10000", msg: "Success" });
  });

  it("refuses to refund what is not paid", async () => {
    const biz = order();
    await call("create", biz);
    expect((await call("refund", { out_trade_no: biz.out_trade_no, refund_amount: "10.00" })).sub_code).toBe("ACQ.TRADE_STATUS_ERROR");
  });
});

describe("the buyer at the page", () => {
  const open = async (extra: object = {}, changes = {}) => {
    const biz = { ...order(extra), product_code: "QUICK_WAP_WAY", quit_url: "http://127.0.0.1:9/quit", buyer_id: undefined };
    const parameters = signedParameters(
      app,
      "alipay.trade.wap.pay",
      biz,
      { return_url: "http://127.0.0.1:9/back", ...changes },
      await nowThere(),
    );
    return { biz, page: await fetch(`${bench.url}/gateway.do?${parameters}`) };
  };
  const press = async (url: string, outcome: string) => {
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams({ outcome }), redirect: "manual" });
    return { status: answer.status, location: answer.headers.get("location"), text: await answer.text() };
  };

  it("cancels without paying and can come back", async () => {
    const { biz, page } = await open();
    const cancelled = await press(page.url, "cancel");
    expect(cancelled.text).toContain("已取消");
    expect(cancelled.text).toContain("http://127.0.0.1:9/quit");

    expect((await press(page.url, "pay")).location).toMatch(/^http:\/\/127\.0\.0\.1:9\/back\?/);
    expect((await call("query", { out_trade_no: biz.out_trade_no })).trade_status).toBe("TRADE_SUCCESS");
    expect((await press(page.url, "pay")).text).toContain("已支付");
  });

  it("lets it time out", async () => {
    const { biz, page } = await open();
    expect((await press(page.url, "expire")).text).toContain("订单已超时");
    expect((await call("query", { out_trade_no: biz.out_trade_no })).trade_status).toBe("TRADE_CLOSED");
    expect(await (await fetch(page.url)).text()).toContain("订单已关闭");
  });

  it("declines an amount that ends in 44 fen", async () => {
    const { biz, page } = await open({ total_amount: "0.44" });
    expect((await press(page.url, "pay")).text).toContain("付款被拒绝");
    expect((await call("query", { out_trade_no: biz.out_trade_no })).trade_status).toBe("WAIT_BUYER_PAY");
  });

  it("takes the money of an amount that ends in 45 fen and then says nothing useful", async () => {
    const { biz, page } = await open({ total_amount: "0.45" });
    expect((await press(page.url, "pay")).text).toContain("结果未知");
    expect((await call("query", { out_trade_no: biz.out_trade_no })).trade_status).toBe("TRADE_SUCCESS");
  });

  it("shows a refusal as a page, never as a trade", async () => {
    const { biz, page } = await open({ subject: "a&b" });
    expect(await page.text()).toContain("支付请求被拒绝");
    expect((await call("query", { out_trade_no: biz.out_trade_no })).sub_code).toBe("ACQ.TRADE_NOT_EXIST");
  });

  it("writes a merchant's text as text", async () => {
    const { page } = await open({ subject: '<script>alert("1")</script>'.replaceAll("/", "").replaceAll("=", "") });
    expect(await page.text()).not.toContain("<script>");
  });
});
