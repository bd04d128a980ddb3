import { generateKeyPairSync } from "node:crypto";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { event, exceptionCase, notification, outbox, paymentTransaction } from "~/server/db/schema";
import { createChannel, moveChannel, replaceKeys } from "~/server/services/channel";
import { dismissCase } from "~/server/services/exception";
import example from "~tests/fixtures/alipay/worked-example.json";
import { booksOf, expectSound, messagesOf } from "~tests/support/books";
import { codeOf } from "~tests/support/factories";
import { alipayInput, alipayLetter, ask, openLetterbox, wechatLetter } from "~tests/support/letters";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { getNotificationDetail, receive, rerunNotification } from ".";

const { sys } = await systemForFile();

const wrongKey = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }).toString();
const theMessage = async (ctx: Ctx) => {
  const [message] = await messagesOf(ctx);
  if (!message) throw new Error("no message was kept");
  return message;
};
/** Everything that a run could have touched. */
const everything = (ctx: Ctx) =>
  ctx.read(async (tx) => ({
    messages: await tx.select().from(notification),
    attempts: await tx.select().from(paymentTransaction),
    cases: await tx.select().from(exceptionCase),
    events: (await tx.select().from(event)).length,
    jobs: (await tx.select().from(outbox).where(eq(outbox.tenantId, ctx.tenantId))).length,
  }));
const changed = (run: { changes: readonly { object: string; from: string | null; to: string; changed: boolean }[] }) =>
  run.changes.filter((one) => one.changed).map(({ object, from, to }) => [object, from, to]);

describe("a message that was refused because the key was wrong", () => {
  /** The channel was set up with another public key than Alipay's. */
  async function refused() {
    const ctx = await newTenant(sys);
    const { channelId } = await createChannel(ctx, alipayInput({ alipayPublicKey: wrongKey() }));
    const { owed, attempt } = await askBy(ctx, channelId);
    const letter = alipayLetter({ outTradeNo: attempt.outTradeNo, amountFen: 8_800n }, ctx.now());
    const receipt = await receive(sys, channelId, letter, "r-1");
    return { ctx, channelId, owed, attempt, letter, receipt, message: await theMessage(ctx) };
  }
  const mend = (ctx: Ctx, channelId: string) =>
    replaceKeys(ctx, { channelId, alipay: { alipayPublicKey: example.alipay_key.public_spki_b64 } });

  it("still fails while the key is wrong, and says at which step", async () => {
    const { ctx, receipt, message } = await refused();

    const run = await rerunNotification(ctx, message.id, "real");

    expect(receipt).toMatchObject({ outcome: "refused", ok: false });
    expect(run).toMatchObject({ verified: false, failedStep: "signature", cause: "bad_signature", verdict: null, changes: [] });
    expect((await theMessage(ctx)).state).toBe("refused");
  });

  it("verifies once the key is right: the dry run says what would change and changes nothing", async () => {
    const { ctx, channelId, message } = await refused();
    await mend(ctx, channelId);
    const before = await everything(ctx);

    const run = await rerunNotification(ctx, message.id, "dry");

    expect(run).toMatchObject({ mode: "dry", verified: true, verdict: "settle" });
    expect(changed(run)).toEqual([
      ["message", "refused", "applied"],
      ["transaction", "created", "succeeded"],
      ["payment", "pending", "paid"],
      ["books", null, "88.00"],
    ]);
    expect(await everything(ctx)).toEqual(before);
  });

  it("settles once, however often it is run, and answers the provider's next copy with success", async () => {
    const { ctx, channelId, owed, letter, message } = await refused();
    await mend(ctx, channelId);

    const first = await rerunNotification(ctx, message.id, "real");
    const second = await rerunNotification(ctx, message.id, "real");
    const copy = await receive(sys, channelId, letter, "r-2");

    expect(changed(first)).toHaveLength(4);
    expect(second).toMatchObject({ verdict: "concluded" });
    expect(changed(second)).toEqual([]);
    expect(copy).toMatchObject({ outcome: "duplicate", ok: true });
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid", clearing: 8_800n, orders: -8_800n, cases: [] });
    expect(await theMessage(ctx)).toMatchObject({ state: "applied", kind: "trade", failedStep: null, cause: null, copies: 2 });
    const types = (await getNotificationDetail(ctx, message.id)).history.map(({ type }) => type);
    expect(types.filter((type) => type === "notification.admit")).toHaveLength(1);
    await expectSound(ctx);
  });

  it("stays what it is when a good copy came in the meantime", async () => {
    const { ctx, channelId, owed, letter, message } = await refused();
    await mend(ctx, channelId);
    expect(await receive(sys, channelId, letter, "r-2")).toMatchObject({ outcome: "settled" });

    const run = await rerunNotification(ctx, message.id, "real");

    expect(run).toMatchObject({ verified: true, verdict: "same_news" });
    expect(changed(run)).toEqual([]);
    expect((await messagesOf(ctx)).map(({ state }) => state).sort()).toEqual(["applied", "refused"]);
    expect(await booksOf(ctx, owed.id)).toMatchObject({ clearing: 8_800n });
  });
});

async function askBy(ctx: Ctx, channelId: Id<"channel">) {
  await moveChannel(ctx, channelId, "enable");
  return ask(ctx, "alipay_qr");
}

describe("a message that does not fit", () => {
  it("settles when the order that it names appears, and its case ends as attached", async () => {
    const { ctx, alipay } = await openLetterbox(sys);
    const outTradeNo = `txn_${"7".repeat(26)}`;
    const letter = alipayLetter({ outTradeNo, amountFen: 8_800n }, ctx.now());
    expect(await receive(sys, alipay, letter, "r-1")).toMatchObject({ outcome: "misfit", ok: false });
    const message = await theMessage(ctx);
    const early = await rerunNotification(ctx, message.id, "real");
    const { owed, attempt } = await ask(ctx, "alipay_qr");
    await ctx.transaction((tx) => tx.update(paymentTransaction).set({ outTradeNo }).where(eq(paymentTransaction.id, attempt.id)));

    const run = await rerunNotification(ctx, message.id, "real");

    expect(early).toMatchObject({ verdict: "unknown_order" });
    expect(early.changes.map(({ object, changed: moved }) => [object, moved])).toEqual([
      ["message", false],
      ["case", false],
    ]);
    expect(run).toMatchObject({ verdict: "settle" });
    expect(await booksOf(ctx, owed.id)).toMatchObject({ status: "paid", clearing: 8_800n });
    const cases = (await everything(ctx)).cases;
    expect(cases).toMatchObject([{ kind: "unknown_order", status: "attached", reason: "order_found" }]);
    await expectSound(ctx);
  });

  it("keeps its case, also an ended one, while the amount stays wrong", async () => {
    const { ctx, wechat } = await openLetterbox(sys);
    const { attempt } = await ask(ctx, "wechat_native");
    const letter = wechatLetter({ outTradeNo: attempt.outTradeNo, amountFen: 8_801n }, ctx.now());
    await receive(sys, wechat, letter, "r-1");
    const message = await theMessage(ctx);
    const [opened] = (await everything(ctx)).cases;
    if (!opened) throw new Error("a case must be open");

    const open = await rerunNotification(ctx, message.id, "dry");
    await dismissCase(ctx, opened.id, "渠道已更正");
    const ended = await rerunNotification(ctx, message.id, "real");

    for (const run of [open, ended]) {
      expect(run).toMatchObject({ verdict: "misfit" });
      expect(changed(run)).toEqual([]);
      expect(run.changes.find(({ object }) => object === "case")).toMatchObject({ subject: opened.id, to: "wrong_amount" });
    }
    expect((await everything(ctx)).cases).toMatchObject([{ status: "dismissed" }]);
  });

  it("CB-10 foresees for a refund notice what it does: a case, never a payment", async () => {
    const { ctx, wechat } = await openLetterbox(sys);
    const { owed, attempt } = await ask(ctx, "wechat_native");
    const letter = wechatLetter({ outTradeNo: attempt.outTradeNo, amountFen: 8_800n }, ctx.now(), "REFUND.SUCCESS", {
      refund_status: "SUCCESS",
      out_refund_no: "rf_1",
      refund_id: "50000000382019052709732678859",
      amount: { total: 8_800, refund: 1_800, payer_total: 8_800, payer_refund: 1_800 },
    });

    const receipt = await receive(sys, wechat, letter, "r-1");

    const message = await theMessage(ctx);
    expect(receipt).toMatchObject({ outcome: "misfit", ok: false });
    expect(message).toMatchObject({ kind: "refund", outTradeNo: attempt.outTradeNo, transactionId: attempt.id, cause: "refund_not_ours" });
    expect(await booksOf(ctx, owed.id)).toMatchObject({
      status: "pending",
      clearing: 0n,
      cases: [{ kind: "refund_unknown", status: "open", amountFen: 1_800n }],
    });
    const run = await rerunNotification(ctx, message.id, "dry");
    expect(run).toMatchObject({ verdict: "refund_not_ours" });
    expect(changed(run)).toEqual([]);
  });
});

describe("a message that is applied", () => {
  it("changes nothing, dry or real", async () => {
    const { ctx, alipay } = await openLetterbox(sys);
    const { attempt } = await ask(ctx, "alipay_qr");
    await receive(sys, alipay, alipayLetter({ outTradeNo: attempt.outTradeNo, amountFen: 8_800n }, ctx.now()), "r-1");
    const message = await theMessage(ctx);
    const before = await everything(ctx);

    for (const mode of ["dry", "real"] as const) {
      expect(await rerunNotification(ctx, message.id, mode)).toMatchObject({ verified: true, verdict: "concluded" });
    }

    const after = await everything(ctx);
    expect({ ...after, events: 0, jobs: 0 }).toEqual({ ...before, events: 0, jobs: 0 });
    // The attempt to run it is told, as every act is.
    expect(after.events).toBe(before.events + 1);
  });

  it("foresees news that changes nothing as such", async () => {
    const { ctx, alipay } = await openLetterbox(sys);
    const { attempt } = await ask(ctx, "alipay_qr");
    const waiting = { outTradeNo: attempt.outTradeNo, amountFen: 8_800n, state: "WAIT_BUYER_PAY" };
    await receive(sys, alipay, alipayLetter(waiting, ctx.now(), { gmt_payment: null }), "r-1");

    expect(await theMessage(ctx)).toMatchObject({ state: "ignored" });
  });
});

describe("the message page", () => {
  it("PII-01 CB-05 shows bytes, signed text and comparison, with personal values masked", async () => {
    const { ctx, alipay } = await openLetterbox(sys);
    const { attempt } = await ask(ctx, "alipay_qr", 26_800n);
    await receive(sys, alipay, alipayLetter({ outTradeNo: attempt.outTradeNo, amountFen: 28_600n }, ctx.now()), "r-1");

    const detail = await getNotificationDetail(ctx, (await theMessage(ctx)).id);

    expect(JSON.stringify(detail, (_, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain("2088102534368455");
    expect(detail.body).toContain("buyer_id=20****55&");
    expect(detail.signedParams?.find(({ name }) => name === "total_amount")?.value).toBe("286.00");
    expect(detail.signedText).toContain("subject=气缸密封件 套装&");
    expect(detail.comparisons.map(({ field, theirs, ours, same }) => [field, same ? "same" : [theirs, ours]])).toEqual([
      ["app_id", "same"],
      ["seller_id", "same"],
      ["out_trade_no", "same"],
      ["total_amount", ["286.00", "268.00"]],
    ]);
    expect(detail.answer).toEqual({ status: 400, body: "fail", ok: false });
    expect(detail.key).toMatchObject({ kind: "alipay_public_key" });
    expect(detail.cases).toMatchObject([{ kind: "wrong_amount", status: "open" }]);
  });

  it("opens the sealed part of a verified WeChat Pay message, masked", async () => {
    const { ctx, wechat } = await openLetterbox(sys);
    const { attempt } = await ask(ctx, "wechat_native");
    await receive(sys, wechat, wechatLetter({ outTradeNo: attempt.outTradeNo, amountFen: 8_800n }, ctx.now()), "r-1");

    const detail = await getNotificationDetail(ctx, (await theMessage(ctx)).id);

    expect(JSON.parse(detail.opened ?? "")).toMatchObject({ payer: { openid: "oE****01" }, amount: { total: 8_800 } });
    expect(detail.answer).toMatchObject({ status: 204, ok: true });
    expect(detail.about).toMatchObject({ paymentStatus: "paid" });
  });

  it("TEN-07 a neighbour finds neither the message nor a run of it", async () => {
    const { ctx, alipay } = await openLetterbox(sys);
    await receive(sys, alipay, alipayLetter({ outTradeNo: "SO1", amountFen: 1n }, ctx.now()), "r-1");
    const { id } = await theMessage(ctx);
    const neighbour = await newTenant(sys);

    expect(await codeOf(getNotificationDetail(neighbour, id))).toBe("not_found");
    for (const mode of ["dry", "real"] as const) expect(await codeOf(rerunNotification(neighbour, id, mode))).toBe("not_found");
  });
});
