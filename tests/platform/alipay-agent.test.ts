import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { minutes } from "~/lib/time";
import type { FacetofaceApplication } from "~/server/providers/agent-port";
import type { AlipayChannel } from "~/server/providers/port";
import { agentProvider } from "~/server/providers/registry";
import { closeTransport } from "~/server/providers/transport";
import type { FacetofaceBatchView, FacetofaceOutput } from "~/simulator/control/types";
import { type AlipayMode, controlSimulator, failureOf, newAlipayChannel } from "~tests/support/alipay-app";
import { makePicture } from "~tests/support/pictures";
import { startSimulator, type TestSimulator } from "~tests/support/simulator";

/** The agent adapter against the simulator: real sockets, real multipart, real signatures on both sides. */
let simulator: TestSimulator;
const agent = agentProvider();
const now = () => new Date();
const options = { now, deadlineMs: 20_000 };
const hasty = { now, deadlineMs: 800 };

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => {
  await closeTransport();
  await simulator.stop();
});

const control = <T>(method: string, path: string, body?: object) => controlSimulator<T>(simulator, method, path, body);
const act = (what: string, batchNo: string, reason?: string) =>
  control("POST", `facetoface/${what}`, { batchNo, ...(reason && { reason }) });
const batchAt = async (batchNo: string): Promise<FacetofaceBatchView | undefined> =>
  (await control<FacetofaceOutput>("GET", "facetoface")).batches.find((batch) => batch.batchNo === batchNo);

const MERCHANT = {
  account: "shop@merchant.example",
  contact: { name: "林晓", mobile: "13800138000", email: "lin@merchant.example" },
  orderTicket: null,
};
const applicationFor = (batchNo: string, more: Partial<FacetofaceApplication> = {}): FacetofaceApplication => ({
  batchNo,
  mccCode: "A0001_B0001",
  rate: "0.38",
  signAndAuth: true,
  shopName: "禾川 & 面馆 = 100%",
  shopAddress: {
    provinceCode: "330000",
    cityCode: "330100",
    districtCode: "330106",
    detail: "文三路 1 号 “A” 座",
    longitude: "120.12",
    latitude: "30.28",
  },
  businessLicenseNo: "91330106MA2XXXXX0X",
  businessLicenseMobile: null,
  licenseLongTerm: true,
  licenseValidUntil: null,
  pictures: [
    { slot: "business_license", type: "jpg", bytes: makePicture("jpg", 40_000) },
    { slot: "shop_scene", type: "png", bytes: makePicture("png") },
    { slot: "shop_sign_board", type: "gif", bytes: makePicture("gif") },
    { slot: "special_license", type: "bmp", bytes: makePicture("bmp") },
    { slot: "business_license_auth", type: "jpg", bytes: makePicture("jpg", 70_000) },
  ],
  ...more,
});

async function openBatch(channel: AlipayChannel) {
  const { batchNo } = await agent.createBatch(channel, MERCHANT, options);
  return batchNo;
}

async function submitted(channel: AlipayChannel) {
  const batchNo = await openBatch(channel);
  await agent.signFacetoface(channel, applicationFor(batchNo), options);
  const { orderNo } = await agent.confirmBatch(channel, batchNo, options);
  return { batchNo, orderNo };
}

describe.each<AlipayMode>(["key", "certificate", "encrypted"])("an app in %s mode", (mode) => {
  it("applies with five pictures, is reviewed, and the merchant confirms", async () => {
    const { channel } = await newAlipayChannel(simulator, mode);

    const batchNo = await openBatch(channel);
    expect(await agent.queryOrder(channel, batchNo, options)).toEqual({ kind: "not_submitted" });
    await agent.signFacetoface(channel, applicationFor(batchNo), options);
    const { orderNo, tokens, answerText } = await agent.confirmBatch(channel, batchNo, options);
    const auditing = await agent.queryOrder(channel, batchNo, options);
    await act("approve", batchNo);
    const approved = await agent.queryOrder(channel, batchNo, options);
    await act("confirm", batchNo);
    const done = await agent.queryOrder(channel, batchNo, options);

    expect(tokens).toBeNull();
    expect(JSON.parse(answerText)).toMatchObject({ code: "10000", order_no: orderNo });
    expect(auditing).toMatchObject({ kind: "order", order: { state: "MERCHANT_AUDITING", orderNo, confirmUrl: null } });
    expect(approved).toMatchObject({ order: { state: "MERCHANT_CONFIRM", confirmUrl: expect.stringContaining(simulator.url) } });
    expect(done).toMatchObject({ order: { state: "MERCHANT_CONFIRM_SUCCESS", confirmUrl: null } });
    expect(done.kind === "order" && done.order.products.map(({ status }) => status)).toEqual(["valid"]);
  });

  it("what was sent arrives as it was, also what looks like a form", async () => {
    const { channel } = await newAlipayChannel(simulator, mode);
    const { batchNo } = await submitted(channel);

    const stands = await batchAt(batchNo);

    expect(stands).toMatchObject({ account: MERCHANT.account, shopName: "禾川 & 面馆 = 100%", batchStatus: "submit", confirmedTimes: 1 });
    expect(stands?.pictures.map(({ bytes }) => bytes).sort((a, b) => a - b)).toEqual([6_000, 6_000, 6_000, 40_000, 70_000]);
  });
});

describe("an application", () => {
  it("that is held says why, and is corrected in the same batch", async () => {
    const { channel } = await newAlipayChannel(simulator);
    const { batchNo } = await submitted(channel);
    await act("hold", batchNo, "门头照片不清晰");

    const held = await agent.queryOrder(channel, batchNo, options);
    await agent.signFacetoface(channel, applicationFor(batchNo, { shopName: "更正后的店名" }), options);
    await agent.confirmBatch(channel, batchNo, options);

    expect(held).toMatchObject({ order: { state: "MERCHANT_INFO_HOLD", rejectReason: "门头照片不清晰" } });
    expect(await batchAt(batchNo)).toMatchObject({ shopName: "更正后的店名", orderStatus: "MERCHANT_AUDITING" });
  });

  it("that is rejected carries the reason", async () => {
    const { channel } = await newAlipayChannel(simulator);
    const { batchNo } = await submitted(channel);
    await act("reject", batchNo, "经营范围不符");

    expect(await agent.queryOrder(channel, batchNo, options)).toMatchObject({
      order: { state: "MERCHANT_APPLY_ORDER_CANCELED", rejectReason: "经营范围不符" },
    });
  });

  it("in the pre-authorised mode brings tokens, which the kept answer does not show", async () => {
    const { channel } = await newAlipayChannel(simulator);
    const { batchNo } = await agent.createBatch(channel, { ...MERCHANT, orderTicket: "ticket_0001" }, options);
    await agent.signFacetoface(channel, applicationFor(batchNo), options);

    const { tokens, answerText } = await agent.confirmBatch(channel, batchNo, options);

    const token = tokens?.appAuthToken.reveal() ?? "";
    expect(token.length).toBeGreaterThan(10);
    expect(tokens?.expiresIn).toBeGreaterThan(0);
    expect(answerText).not.toContain(token);
    expect(answerText).not.toContain(tokens?.appRefreshToken?.reveal());
  });
});

describe("what is refused", () => {
  it("is declined with Alipay's code and its words", async () => {
    const { channel } = await newAlipayChannel(simulator);
    const batchNo = await openBatch(channel);

    const rate = await failureOf(agent.signFacetoface(channel, applicationFor(batchNo, { rate: "0.90" }), options));
    const small = [{ slot: "shop_scene" as const, type: "png" as const, bytes: makePicture("png", 1_000) }];
    const picture = await failureOf(agent.signFacetoface(channel, applicationFor(batchNo, { pictures: small }), options));
    const empty = await failureOf(agent.confirmBatch(channel, batchNo, options));

    expect(rate).toMatchObject({ kind: "declined", code: "FACE_TO_FACE_RATE_PARAM_ERROR" });
    expect(rate.extra.said).toMatch(/\p{Script=Han}/u);
    expect(picture).toMatchObject({ kind: "declined", code: "FILE_SIZE_MIN_LIMIT" });
    expect(empty).toMatchObject({ kind: "declined", code: "BATCH_IS_EMPTY" });
  });

  it("a batch of an hour ago is no more; what was never there is absent", async () => {
    const { channel } = await newAlipayChannel(simulator);
    const batchNo = await openBatch(channel);
    try {
      await control("POST", "clock", { advance: "61m" });
      const later = { ...options, now: () => new Date(Date.now() + minutes(61)) };
      expect(await failureOf(agent.signFacetoface(channel, applicationFor(batchNo), later))).toMatchObject({
        code: "BATCH_STATUS_IS_FINAL",
      });
      expect(await agent.cancelBatch(channel, batchNo, later)).toBe("final");
      expect(await agent.queryOrder(channel, "209901010000000000", later)).toEqual({ kind: "absent" });
      expect(await agent.cancelBatch(channel, "209901010000000000", later)).toBe("absent");
    } finally {
      await control("POST", "clock", { reset: true });
    }
  });

  it("an open batch is cancelled, once", async () => {
    const { channel } = await newAlipayChannel(simulator);
    const batchNo = await openBatch(channel);

    expect(await agent.cancelBatch(channel, batchNo, options)).toBe("cancelled");
    expect(await agent.cancelBatch(channel, batchNo, options)).toBe("final");
    expect(await batchAt(batchNo)).toMatchObject({ batchStatus: "cancel" });
  });
});

describe("when the line is bad", () => {
  it.each([
    ["do_then_timeout", hasty, "unknown", "timeout"],
    ["error500", options, "unknown", "http_500"],
    ["unsigned", options, "unknown", "unsigned"],
    ["bad_signature", options, "unknown", "bad_signature"],
  ] as const)("%s leaves the outcome of a confirmation open, and the question settles it", async (kind, how, expected, code) => {
    const { channel } = await newAlipayChannel(simulator);
    const batchNo = await openBatch(channel);
    await agent.signFacetoface(channel, applicationFor(batchNo), options);
    await control("PATCH", "faults", { [`alipay:${channel.appId}.alipay.open.agent.confirm`]: { kind, times: 1 } });

    const failure = await failureOf(agent.confirmBatch(channel, batchNo, how));
    const stands = await agent.queryOrder(channel, batchNo, options);

    expect(failure).toMatchObject({ kind: expected, code });
    expect(stands.kind).toBe(kind === "error500" ? "not_submitted" : "order");
  });
});
