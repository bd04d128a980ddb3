import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { days, hours, after as later, minutes } from "~/lib/time";
import { agentOf, deskOf, pictureOf } from "../../testing/agent-clients";
import { newAlipayApp, openSimulator, type TestBench } from "../../testing/harness";
import { METHOD_FACTS } from "../fields";

let bench: TestBench;
let app: Awaited<ReturnType<typeof newAlipayApp>>;
let agent: ReturnType<typeof agentOf>;
let desk: ReturnType<typeof deskOf>;
beforeAll(async () => {
  bench = await openSimulator();
  app = await newAlipayApp(bench);
  agent = agentOf(bench, app);
  desk = deskOf(bench);
});
afterAll(() => bench.close());

const contact = (extra: object) => ({ contact_info: { contact_name: "王小明", contact_mobile: "13800000000", ...extra } });

describe("create", () => {
  it("opens a batch", async () => {
    expect(await agent.create()).toMatchObject({ code: "10000", batch_no: expect.stringMatching(/^\d{25}$/), batch_status: "init" });
  });

  it.each([
    ["no account", { account: undefined }, "INVALID_PARAMETER"],
    ["an account that is none", { account: "nobody" }, "MERCHANT_IS_NOT_EXIST"],
    ["an account that is not there", { account: "absent@example.com" }, "MERCHANT_IS_NOT_EXIST"],
    ["an account without a verified identity", { account: "uncertified.1@example.com" }, "MERCHANT_NOT_CERTIFIED"],
    ["an app that may not act for others", { account: "notisv@example.com" }, "NOT_ISV_APP_TYPE"],
    ["no contact", { contact_info: undefined }, "INVALID_PARAMETER"],
    ["a contact that is a text", { contact_info: "王小明" }, "isv.invalid-parameter"],
    ["no contact name", contact({ contact_name: "" }), "INVALID_PARAMETER"],
    ["a name of 21 characters", contact({ contact_name: "王".repeat(21) }), "INVALID_CONTACT_NAME"],
    ["ten digits", contact({ contact_mobile: "1380000000" }), "INVALID_CONTACT_MOBILE"],
    ["twelve digits", contact({ contact_mobile: "138000000000" }), "INVALID_CONTACT_MOBILE"],
    ["a number for a mobile", contact({ contact_mobile: 13800000000 }), "isv.invalid-parameter"],
    ["an e-mail without an at", contact({ contact_email: "nobody" }), "INVALID_CONTACT_EMAIL"],
    ["a ticket that is none", { order_ticket: "?" }, "PRE_AUTH_TICKET_NOT_EXIST"],
  ])("refuses %s", async (_what, extra, subCode) => {
    expect(await agent.create(extra)).toMatchObject({ code: expect.stringMatching(/^4000[24]$/), sub_code: subCode });
  });

  it("takes a name of twenty characters, a mobile and a PID as account", async () => {
    for (const extra of [contact({ contact_name: "王".repeat(20) }), { account: "13800000000" }, { account: "2088123412341234" }]) {
      expect((await agent.create(extra)).code).toBe("10000");
    }
  });
});

describe("an open batch", () => {
  it("cannot be confirmed while it is empty, nor asked about before the confirm", async () => {
    const batchNo = await agent.open();

    expect((await agent.confirm(batchNo)).sub_code).toBe("BATCH_IS_EMPTY");
    expect((await agent.query(batchNo)).sub_code).toBe("BATCH_STATUS_NOT_SUBMIT");
  });

  it("is nobody else's", async () => {
    const batchNo = await agent.open();
    const stranger = agentOf(bench, await newAlipayApp(bench));

    for (const node of [
      await stranger.sign(batchNo),
      await stranger.confirm(batchNo),
      await stranger.cancel(batchNo),
      await stranger.query(batchNo),
    ]) {
      expect(node).toMatchObject({ code: "40004", sub_code: "NO_APP_PERMISSION" });
    }
    expect((await agent.cancel(batchNo)).code).toBe("10000");
  });

  it.each([
    ["2026000000000000000000000", "BATCH_IS_NOT_EXIST"],
    ["2026-1", "INVALID_BATCH_NO"],
    ["1".repeat(26), "INVALID_BATCH_NO"],
    ["", "INVALID_PARAMETER"],
  ])("is not found as %j", async (batchNo, subCode) => {
    for (const node of [await agent.sign(batchNo), await agent.confirm(batchNo), await agent.cancel(batchNo), await agent.query(batchNo)]) {
      expect(node.sub_code).toBe(subCode);
    }
  });

  it("is final once confirmed or cancelled", async () => {
    const cancelled = await agent.open();
    expect(await agent.cancel(cancelled)).toEqual({ code: "10000", msg: "Success" });
    const confirmed = await agent.submit();

    for (const batchNo of [cancelled, confirmed]) {
      for (const node of [await agent.sign(batchNo), await agent.confirm(batchNo), await agent.cancel(batchNo)]) {
        expect(node.sub_code).toBe("BATCH_STATUS_IS_FINAL");
      }
    }
    expect((await agent.query(cancelled)).sub_code).toBe("BATCH_STATUS_NOT_SUBMIT");
  });

  it("is confirmed once of ten confirms at once", async () => {
    const batchNo = await agent.open();
    await agent.sign(batchNo);
    const nodes = await Promise.all(Array.from({ length: 10 }, () => agent.confirm(batchNo)));

    expect(nodes.filter(({ code }) => code === "10000")).toHaveLength(1);
    expect(nodes.filter(({ sub_code }) => sub_code === "BATCH_STATUS_IS_FINAL")).toHaveLength(9);
  });

  it("needs a licence's number beside its picture", async () => {
    const batchNo = await agent.open();
    await agent.sign(batchNo, {}, { business_license_pic: pictureOf("jpg") });
    const without = await agent.confirm(batchNo);
    await agent.sign(batchNo, { business_license_no: "91330100MA00000000" }, { business_license_pic: pictureOf("jpg") });

    expect(without.sub_code).toBe("BUSINESS_LICENSE_NO_EMPTY");
    expect((await agent.confirm(batchNo)).code).toBe("10000");
  });
});

describe("the application", () => {
  it("goes from review to the merchant's confirmation; the link is there only while it is asked for", async () => {
    const batchNo = await agent.submit();
    const inReview = await agent.query(batchNo);
    await desk.act("approve", batchNo);
    const asked = await agent.query(batchNo);
    await desk.act("confirm", batchNo);
    const opened = await agent.query(batchNo);

    expect(inReview).toEqual({
      code: "10000",
      msg: "Success",
      order_no: expect.stringMatching(/^\d{24}$/),
      order_status: "MERCHANT_AUDITING",
      merchant_pid: expect.stringMatching(/^2088\d{12}$/),
      product_agent_status_infos: [{ product_code: "FACE_TO_FACE_PAYMENT", product_name: "当面付", status: "audit" }],
    });
    expect(asked).toMatchObject({
      order_no: inReview.order_no,
      order_status: "MERCHANT_CONFIRM",
      confirm_url: expect.stringMatching(new RegExp(`^${bench.url}/merchant/\\w{32}$`)),
      product_agent_status_infos: [{ status: "waitConfirm" }],
    });
    expect(opened).toMatchObject({ order_status: "MERCHANT_CONFIRM_SUCCESS", product_agent_status_infos: [{ status: "valid" }] });
    expect(opened).not.toHaveProperty("confirm_url");
  });

  it.each([
    ["reject", [], "auditReject"],
    ["refuse", ["approve"], "none"],
  ] as const)("ends by %s with its reason", async (act, before, productStatus) => {
    const batchNo = await agent.submit();
    for (const step of before) await desk.act(step, batchNo);
    await desk.act(act, batchNo, "门头照与店名不符");

    expect(await agent.query(batchNo)).toMatchObject({
      order_status: "MERCHANT_APPLY_ORDER_CANCELED",
      reject_reason: "门头照与店名不符",
      product_agent_status_infos: [{ status: productStatus, reject_reason: "门头照与店名不符" }],
    });
  });

  it("is held, corrected in the same batch and confirmed again under the same number", async () => {
    const batchNo = await agent.submit();
    const { order_no } = await agent.query(batchNo);
    await desk.act("hold", batchNo, "请补充店内照片");
    const held = await agent.query(batchNo);
    const uncorrected = await agent.confirm(batchNo);
    const still = await agent.query(batchNo);
    await agent.sign(batchNo, { shop_name: "新店名" }, { shop_scene_pic: pictureOf("gif") });
    const again = await agent.confirm(batchNo);

    expect(held).toMatchObject({ order_status: "MERCHANT_INFO_HOLD", reject_reason: "请补充店内照片" });
    expect([uncorrected.code, still.order_status]).toEqual(["10000", "MERCHANT_INFO_HOLD"]);
    expect(again).toMatchObject({ code: "10000", order_no });
    expect(await agent.query(batchNo)).toMatchObject({ order_status: "MERCHANT_AUDITING", order_no });
    expect((await agent.confirm(batchNo)).sub_code).toBe("BATCH_STATUS_IS_FINAL");
    const { batches } = await desk.list();
    expect(batches.find((batch) => batch.batchNo === batchNo)).toMatchObject({
      shopName: "新店名",
      pictures: [{ name: "shop_scene_pic", bytes: 6_000 }],
      confirmedTimes: 3,
    });
  });

  it("cannot be cancelled while it is held", async () => {
    const batchNo = await agent.submit();
    await desk.act("hold", batchNo);

    expect((await agent.cancel(batchNo)).sub_code).toBe("BATCH_STATUS_IS_FINAL");
  });

  it("is held at submission when the licence is over", async () => {
    const batchNo = await agent.open();
    await agent.sign(batchNo, { date_limitation: "2020-02-29", long_term: "false" });
    await agent.confirm(batchNo);

    expect(await agent.query(batchNo)).toMatchObject({ order_status: "MERCHANT_INFO_HOLD", reject_reason: "营业执照已于 2020-02-29 到期" });
    await agent.sign(batchNo, { long_term: "true" });
    await agent.confirm(batchNo);
    expect((await agent.query(batchNo)).order_status).toBe("MERCHANT_AUDITING");
  });

  it.each([
    ["hold.1@example.com", "MERCHANT_INFO_HOLD"],
    ["approve+a@example.com", "MERCHANT_CONFIRM"],
    ["reject@example.com", "MERCHANT_APPLY_ORDER_CANCELED"],
    ["holder@example.com", "MERCHANT_AUDITING"],
  ])("of %s comes to %s by itself", async (account, status) => {
    expect((await agent.query(await agent.submit({ account }))).order_status).toBe(status);
  });

  it("of an account in audit is refused at the product call", async () => {
    expect((await agent.sign(await agent.open({ account: "inaudit@example.com" }))).sub_code).toBe("MERCHANT_SIGN_PRODUCT_IN_AUDIT");
  });
});

describe("the pre-authorised mode", () => {
  it("hands over the authorisation with the confirm and asks no merchant", async () => {
    const batchNo = await agent.open({ order_ticket: "ticket00000001", account: "2088000000000007" });
    await agent.sign(batchNo);
    const confirmed = await agent.confirm(batchNo);
    const approved = await desk.act("approve", batchNo);

    expect(confirmed).toMatchObject({
      order_no: expect.stringMatching(/^\d{24}$/),
      app_auth_token: expect.stringMatching(/^\w{40}$/),
      app_refresh_token: expect.stringMatching(/^\w{40}$/),
      auth_app_id: expect.stringMatching(/^\d{16}$/),
      user_id: "2088000000000007",
      expires_in: "31536000",
      re_expires_in: "32140800",
    });
    expect(approved).toMatchObject({ orderStatus: "MERCHANT_CONFIRM_SUCCESS", confirmUrl: null });
  });

  it("takes a ticket for one batch only", async () => {
    const [first, second] = [await agent.open({ order_ticket: "ticket00000002" }), await agent.open({ order_ticket: "ticket00000002" })];
    for (const batchNo of [first, second]) await agent.sign(batchNo);

    expect((await agent.confirm(first)).code).toBe("10000");
    expect((await agent.confirm(second)).sub_code).toBe("PRE_AUTH_TICKET_EXCHANGE_FAILED");
  });
});

it("knows whether a merchant has the product, for those who applied for them", async () => {
  const account = "2088555500001111";
  const before = await agent.signStatus(account);
  const batchNo = await agent.submit({ account });
  const during = await agent.signStatus(account, ["I1011000100000000001", "QUICK_WAP_WAY"]);
  await desk.act("approve", batchNo);
  await desk.act("confirm", batchNo);

  expect(before.sub_code).toBe("MERCHANT_IS_NOT_EXIST");
  expect(during.sign_status_list).toMatchObject([{ product_name: "当面付", status: "audit" }, { status: "none" }]);
  expect((await agent.signStatus(account)).sign_status_list).toMatchObject([{ product_code: "FACE_TO_FACE_PAYMENT", status: "valid" }]);
  expect((await agentOf(bench, await newAlipayApp(bench)).signStatus(account)).sub_code).toBe("QUERY_SIGN_STATUS_NOT_AUTH");
});

it("answers only with codes that the documents list for the method", () => {
  const common = ["INVALID_PARAMETER", "INVALID_BATCH_NO", "BATCH_IS_NOT_EXIST", "NO_APP_PERMISSION"];
  for (const [name, codes] of [
    ["create", ["INVALID_PARAMETER", "INVALID_CONTACT_NAME", "INVALID_CONTACT_MOBILE", "INVALID_CONTACT_EMAIL", "MERCHANT_IS_NOT_EXIST"]],
    ["create", ["MERCHANT_NOT_CERTIFIED", "NOT_ISV_APP_TYPE", "PRE_AUTH_TICKET_NOT_EXIST"]],
    ["facetoface.sign", [...common, "BATCH_STATUS_IS_FINAL", "FILE_SIZE_MIN_LIMIT", "FILE_SIZE_OUT_LIMIT", "FILE_FORMAT_IS_INVALID"]],
    ["facetoface.sign", ["FACE_TO_FACE_RATE_PARAM_ERROR", "MERCHANT_SIGN_PRODUCT_IN_AUDIT"]],
    ["confirm", [...common, "BATCH_STATUS_IS_FINAL", "BATCH_IS_EMPTY", "BUSINESS_LICENSE_NO_EMPTY", "PRE_AUTH_TICKET_EXCHANGE_FAILED"]],
    ["cancel", [...common, "BATCH_STATUS_IS_FINAL"]],
    ["order.query", [...common, "BATCH_STATUS_NOT_SUBMIT"]],
    ["signstatus.query", ["INVALID_PARAMETER", "MERCHANT_IS_NOT_EXIST", "QUERY_SIGN_STATUS_NOT_AUTH"]],
  ] as const) {
    expect(METHOD_FACTS.get(`alipay.open.agent.${name}`)?.errorCodes).toEqual(expect.arrayContaining([...codes]));
  }
});

describe("the clock", () => {
  // A clock of their own: what others opened must not end by it.
  let timed: TestBench;
  let here: ReturnType<typeof agentOf>;
  beforeAll(async () => {
    timed = await openSimulator();
    here = agentOf(timed, await newAlipayApp(timed));
  });
  afterAll(() => timed.close());
  const set = (at: Date) => timed.control("POST", "clock", { set: at.toISOString() });
  /** When the newest one ends by itself, as the simulator says: its clock runs on while a test is busy. */
  const endOfNewest = async () => new Date((await deskOf(timed).desk()).applications[0]?.endsAt ?? "");

  it("ends an open batch an hour after it was created, not before", async () => {
    const start = new Date("2030-01-01T00:00:00Z");
    await set(start);
    const batchNo = await here.open({}, start);
    const end = await endOfNewest();
    const before = later(end, -minutes(5));
    await set(before);
    const signed = await here.sign(batchNo, {}, undefined, { at: before });
    await set(end);
    const late = await here.confirm(batchNo, end);

    const { batches, counts } = await deskOf(timed).list();
    expect(end.getTime() - new Date(batches[0]?.createdAt ?? "").getTime()).toBe(hours(1));
    expect(signed.code).toBe("10000");
    expect(late.sub_code).toBe("BATCH_STATUS_IS_FINAL");
    expect(batches).toMatchObject([{ batchNo, batchStatus: "timeout" }]);
    expect(counts).toMatchObject({ timedOut: 1, confirmed: 0 });
  });

  it("lets the merchant confirm for 15 days after the approval", async () => {
    const start = new Date("2031-01-01T00:00:00Z");
    await set(start);
    const batchNo = await here.open({}, start);
    await here.sign(batchNo, {}, undefined, { at: start });
    await here.confirm(batchNo, start);
    const approvedAt = later(start, days(2));
    await set(approvedAt);
    await deskOf(timed).act("approve", batchNo);
    const end = await endOfNewest();
    const before = later(end, -minutes(5));
    await set(before);
    const waiting = await here.query(batchNo, before);
    await set(end);
    const over = await here.query(batchNo, end);

    expect(end.getTime()).toBeGreaterThanOrEqual(later(approvedAt, days(15)).getTime());
    expect(end.getTime()).toBeLessThan(later(approvedAt, days(15) + minutes(5)).getTime());
    expect(waiting.order_status).toBe("MERCHANT_CONFIRM");
    expect(over).toMatchObject({ order_status: "MERCHANT_CONFIRM_TIME_OUT", product_agent_status_infos: [{ status: "none" }] });
    await expect(deskOf(timed).act("confirm", batchNo)).rejects.toMatchObject({ status: 409 });
  });
});
