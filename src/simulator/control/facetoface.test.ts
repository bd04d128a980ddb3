import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { agentOf, deskOf, pictureOf } from "../testing/agent-clients";
import { newAlipayApp, openSimulator, type TestBench } from "../testing/harness";
import { readAnswer, signedParameters } from "../testing/raw-clients";
import type { FaultsOutput } from "./types";

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
afterEach(() => bench.faults({}));

const seen = async (batchNo: string) => (await desk.list()).batches.find((batch) => batch.batchNo === batchNo);

describe("the control interface", () => {
  it("lists batches newest first, each with what others rely on, and counts them", async () => {
    const before = (await desk.list()).counts;
    const cancelled = await agent.open({ account: "2088123412341234" });
    await agent.cancel(cancelled);
    const submitted = await agent.submit();
    const { batches, counts } = await desk.list();

    expect(batches.slice(0, 2)).toEqual([
      {
        batchNo: submitted,
        appId: app.appId,
        batchStatus: "submit",
        orderNo: expect.stringMatching(/^\d{24}$/),
        orderStatus: "MERCHANT_AUDITING",
        rejectReason: null,
        confirmUrl: null,
        account: "shop@example.com",
        shopName: "A+B 100% 面馆",
        pictures: [{ name: "shop_sign_board_pic", bytes: 6_000 }],
        createdAt: expect.stringMatching(/Z$/),
        confirmedTimes: 1,
      },
      expect.objectContaining({
        batchNo: cancelled,
        batchStatus: "cancel",
        orderNo: null,
        orderStatus: null,
        shopName: null,
        confirmedTimes: 0,
      }),
    ]);
    expect(counts).toEqual({ ...before, created: before.created + 2, confirmed: before.confirmed + 1, cancelled: before.cancelled + 1 });
  });

  it("puts each act into the journal under the batch", async () => {
    const batchNo = await agent.submit();
    await desk.act("approve", batchNo);
    const { entries } = await bench.journal();

    expect(entries.filter(({ outTradeNo }) => outTradeNo === batchNo).map(({ what }) => what)).toEqual([
      "alipay.open.agent.create",
      "alipay.open.agent.facetoface.sign",
      "alipay.open.agent.confirm",
      "POST /control/facetoface/approve",
    ]);
  });

  it("answers each act with the batch as it is then", async () => {
    const batchNo = await agent.submit();
    expect(await desk.act("hold", batchNo, "照片不清")).toMatchObject({
      batchNo,
      orderStatus: "MERCHANT_INFO_HOLD",
      rejectReason: "照片不清",
    });
    await agent.sign(batchNo);
    await agent.confirm(batchNo);
    const approved = await desk.act("approve", batchNo);

    expect(approved).toMatchObject({ orderStatus: "MERCHANT_CONFIRM", rejectReason: null, confirmedTimes: 2 });
    expect(approved.confirmUrl).toMatch(new RegExp(`^${bench.url}/merchant/\\w{32}$`));
    expect(await desk.act("expire", batchNo)).toMatchObject({ orderStatus: "MERCHANT_CONFIRM_TIME_OUT", confirmUrl: null });
  });

  it("ends an open batch before its hour is over", async () => {
    const batchNo = await agent.open();

    expect(await desk.act("expire", batchNo)).toMatchObject({ batchStatus: "timeout" });
    expect((await agent.sign(batchNo)).sub_code).toBe("BATCH_STATUS_IS_FINAL");
  });

  it("refuses what the state does not allow, with a message that says why", async () => {
    const opened = await agent.open();
    const submitted = await agent.submit();
    for (const [act, batchNo, status, message] of [
      ["approve", opened, 409, "cannot approve: the batch is init and has no application"],
      ["confirm", submitted, 409, "cannot confirm: MERCHANT_AUDITING"],
      ["refuse", submitted, 409, "cannot refuse: MERCHANT_AUDITING"],
      ["expire", submitted, 409, "cannot expire: MERCHANT_AUDITING"],
      ["hold", "2026000000000000000000000", 404, "no batch 2026000000000000000000000 at the simulator"],
    ] as const) {
      await expect(desk.act(act, batchNo)).rejects.toMatchObject({ status, message: expect.stringContaining(message) });
    }
    await expect(bench.control("POST", "facetoface/hold", {})).rejects.toMatchObject({ status: 400 });
    await expect(bench.control("POST", "facetoface/hold", { batchNo: submitted, reason: "长".repeat(201) })).rejects.toMatchObject({
      status: 400,
    });
    await expect(bench.control("POST", "facetoface/anything", { batchNo: submitted })).rejects.toMatchObject({ status: 404 });
  });

  it("knows what is asked by the token of the link alone, also once it is answered", async () => {
    const batchNo = await agent.submit();
    const link = (await desk.act("approve", batchNo)).confirmUrl ?? "";
    const token = link.split("/").at(-1) ?? "";
    const asked = await desk.merchant(token);
    await desk.act("refuse", batchNo, "不认识这家服务商");

    expect(asked).toMatchObject({ batchNo, orderStatus: "MERCHANT_CONFIRM", can: { confirm: true } });
    expect(await desk.merchant(token)).toMatchObject({ endedBy: "merchant", rejectReason: "不认识这家服务商", can: { confirm: false } });
    await expect(desk.merchant("x".repeat(32))).rejects.toMatchObject({ status: 404 });
    await expect(desk.merchant("")).rejects.toMatchObject({ status: 404 });
  });

  it("shows no picture that is not there", async () => {
    const batchNo = await agent.submit();
    for (const query of [`batchNo=${batchNo}&name=shop_scene_pic`, "batchNo=1&name=shop_scene_pic", "name=../../state.json", ""]) {
      expect((await fetch(`${bench.url}/control/facetoface/picture?${query}`)).status).toBe(404);
    }
  });
});

describe("faults", () => {
  const call = (name: string, batchNo: string, signal?: AbortSignal) =>
    fetch(`${bench.url}/gateway.do`, {
      method: "POST",
      body: signedParameters(app, `alipay.open.agent.${name}`, { batch_no: batchNo }),
      ...(signal && { signal }),
    });
  /** Confirms without ever getting an answer; gives up once the simulator says that it came as far as `until` asks. */
  const confirmInVain = async (batchNo: string, until: () => Promise<void>) => {
    const patience = new AbortController();
    const answer = expect(call("confirm", batchNo, patience.signal)).rejects.toThrow();
    await vi.waitFor(until, { timeout: 30_000, interval: 50 });
    patience.abort();
    await answer;
  };
  const signedBatch = async () => {
    const batchNo = await agent.open();
    await agent.sign(batchNo);
    return batchNo;
  };

  it.each(["hang", "refuse", "reset"])("%s strikes a confirm before the deed", async (kind) => {
    const batchNo = await signedBatch();
    await bench.faults({ "alipay.open.agent.confirm": { kind } });

    await confirmInVain(batchNo, async () => {
      const { counts } = await bench.control<FaultsOutput>("GET", "faults");
      expect(counts[kind]).toBeGreaterThan(0);
    });
    expect((await seen(batchNo))?.confirmedTimes).toBe(0);
  });

  it("confirms, then never answers: a second confirm finds the batch final", async () => {
    const batchNo = await signedBatch();
    await bench.faults({ [`alipay:${app.appId}.alipay.open.agent.confirm`]: { kind: "do_then_timeout", times: 1 } });

    await confirmInVain(batchNo, async () => expect((await seen(batchNo))?.confirmedTimes).toBe(1));
    expect((await agent.confirm(batchNo)).sub_code).toBe("BATCH_STATUS_IS_FINAL");
    expect(await seen(batchNo)).toMatchObject({ batchStatus: "submit", confirmedTimes: 1 });
  });

  it("takes the upload, then never answers: the same call again changes nothing", async () => {
    const batchNo = await agent.open();
    await bench.faults({ "alipay.open.agent.facetoface.sign": { kind: "do_then_timeout", times: 1 } });
    const patience = new AbortController();
    const answer = expect(agent.sign(batchNo, {}, undefined, { signal: patience.signal })).rejects.toThrow();
    await vi.waitFor(async () => expect((await seen(batchNo))?.pictures).toHaveLength(1), { timeout: 30_000, interval: 50 });
    patience.abort();
    await answer;

    expect((await agent.sign(batchNo)).code).toBe("10000");
    expect((await agent.confirm(batchNo)).code).toBe("10000");
    expect(await seen(batchNo)).toMatchObject({ pictures: [{ name: "shop_sign_board_pic" }], confirmedTimes: 1 });
  });

  it("an account that wishes silence gets it at the first confirm", async () => {
    const batchNo = await agent.open({ account: "silent.1@example.com" });
    await agent.sign(batchNo);

    await confirmInVain(batchNo, async () => expect((await seen(batchNo))?.confirmedTimes).toBe(1));
    expect((await agent.query(batchNo)).order_status).toBe("MERCHANT_AUDITING");
  });

  it.each([
    ["error500", 500],
    ["html502", 502],
  ])("%s strikes the upload and keeps nothing", async (kind, status) => {
    const batchNo = await agent.open();
    await bench.faults({ "alipay.open.agent.facetoface.sign": { kind } });
    const form = new FormData();
    form.append("method", "alipay.open.agent.facetoface.sign");
    form.append("batch_no", batchNo);
    form.append("shop_scene_pic", new Blob([new Uint8Array(pictureOf("png"))]), "a.png");
    const answer = await fetch(`${bench.url}/gateway.do`, { method: "POST", body: form });

    expect(answer.status).toBe(status);
    expect((await seen(batchNo))?.pictures).toEqual([]);
  });

  it("system_error and rate_limited answer codes and do nothing", async () => {
    const batchNo = await signedBatch();
    for (const [kind, subCode] of [
      ["system_error", "isp.unknow-error"],
      ["rate_limited", "isv.app-call-limited"],
    ] as const) {
      await bench.faults({ "alipay.open.agent.confirm": { kind } });
      expect((await agent.confirm(batchNo)).sub_code).toBe(subCode);
    }
    expect((await seen(batchNo))?.batchStatus).toBe("init");
  });

  it("signs an answer with a wrong key or not at all", async () => {
    const batchNo = await agent.submit();
    const right = await readAnswer(await call("order.query", batchNo));
    await bench.faults({ "alipay.open.agent.order.query": { kind: "bad_signature" } });
    const wrong = await readAnswer(await call("order.query", batchNo));
    await bench.faults({ "alipay.open.agent.order.query": { kind: "unsigned" } });
    const none = await readAnswer(await call("order.query", batchNo));

    expect(wrong.node).toEqual(right.node);
    expect(wrong.sign).toBeTruthy();
    expect(wrong.sign).not.toBe(right.sign);
    expect(none.sign).toBeUndefined();
  });

  it("a query that lags tells the state before the last one, and before the first knows nothing", async () => {
    const batchNo = await agent.submit();
    await bench.faults({ "alipay.open.agent.order.query": { kind: "stale_query" } });
    const before = await agent.query(batchNo);
    await desk.act("approve", batchNo);
    const after = await agent.query(batchNo);

    expect(before.sub_code).toBe("BATCH_STATUS_NOT_SUBMIT");
    expect(after.order_status).toBe("MERCHANT_AUDITING");
    expect(after).not.toHaveProperty("confirm_url");
  });
});

it("remembers everything over a restart, pictures included, and forgets it with a reset", async () => {
  const own = await openSimulator();
  const owner = agentOf(own, await newAlipayApp(own));
  const batchNo = await owner.submit({ account: "approve@example.com" });
  const before = await deskOf(own).desk();
  await own.restart();
  const after = await deskOf(own).desk();
  const picture = await fetch(own.url + after.applications[0]?.pictures[0]?.url);
  const withoutLink = ({ applications }: typeof before) => applications.map(({ confirmUrl: _, ...rest }) => rest);

  expect(withoutLink(after)).toEqual(withoutLink(before));
  expect((await picture.arrayBuffer()).byteLength).toBe(6_000);
  expect((await deskOf(own).act("confirm", batchNo)).orderStatus).toBe("MERCHANT_CONFIRM_SUCCESS");
  await own.control("POST", "reset", {});
  expect(await deskOf(own).list()).toEqual({ batches: [], counts: { created: 0, confirmed: 0, cancelled: 0, timedOut: 0 } });
  await own.close();
});
