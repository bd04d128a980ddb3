import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { exceptionCase, paymentTransaction } from "~/server/db/schema";
import { createChannel, moveChannel } from "~/server/services/channel";
import { prepareAttempt } from "~/server/services/payment";
import { encodedForm, posted } from "~tests/fixtures/alipay/channel";
import sample from "~tests/fixtures/alipay/trade-notification-2019.json";
import { booksOf, expectSound, messagesOf } from "~tests/support/books";
import { alipayInput } from "~tests/support/letters";
import { order } from "~tests/support/sales";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { receive } from ".";

/** What Alipay really signed in 2019: no key of ours made this. */
const { trade } = sample;
const [signed] = trade.cases;
if (!signed) throw new Error("the sample holds a case");
const fields = signed.params as Record<string, string>;
const letter = () => posted(encodedForm(fields));

const { sys } = await systemForFile();

/** A channel of the shop that received it then. */
async function shop() {
  const ctx = await newTenant(sys);
  const { channelId } = await createChannel(
    ctx,
    alipayInput({ appId: fields.app_id, sellerId: fields.seller_id, alipayPublicKey: trade.alipay_public_key_b64 }),
  );
  await moveChannel(ctx, channelId, "enable");
  return { ctx, channelId };
}

it("CB-05 CB-09 Alipay's own message of 2019 verifies, is refused as an unknown order, and is kept with a case", async () => {
  const { ctx, channelId } = await shop();

  expect(await receive(sys, channelId, letter(), "r-1")).toMatchObject({ outcome: "misfit", ok: false });

  const [message] = await messagesOf(ctx);
  expect(message).toMatchObject({
    state: "misfit",
    cause: "unknown_order",
    outTradeNo: fields.out_trade_no,
    amountFen: 10n,
    failedStep: null,
  });
  const cases = await ctx.read((tx) => tx.select().from(exceptionCase));
  expect(cases).toMatchObject([{ kind: "unknown_order", status: "open", amountFen: 10n, notificationId: message?.id }]);
  await expectSound(ctx);
});

it("CB-06 settles its order once when that stands already: age is no reason to refuse", async () => {
  const { ctx, channelId } = await shop();
  const owed = await order(ctx, { amountFen: 10n });
  const { attempt } = await prepareAttempt(ctx, { paymentId: owed.id, method: "alipay_pc" });
  await ctx.transaction((tx) =>
    tx.update(paymentTransaction).set({ outTradeNo: fields.out_trade_no }).where(eq(paymentTransaction.id, attempt.id)),
  );

  const first = await receive(sys, channelId, letter(), "r-1");
  const copy = await receive(sys, channelId, letter(), "r-2");

  expect(first).toMatchObject({ outcome: "settled", ok: true });
  expect(copy).toMatchObject({ outcome: "duplicate", ok: true });
  expect(await booksOf(ctx, owed.id)).toEqual({
    status: "paid",
    attempts: [{ method: "alipay_pc", status: "succeeded", receivedFen: 10n }],
    clearing: 10n,
    orders: -10n,
    atRisk: 0n,
    cases: [],
  });
  expect(await messagesOf(ctx)).toMatchObject([{ state: "applied", copies: 2 }]);
  await expectSound(ctx);
});

it("CB-02 the same message with another amount is refused and leaves the order alone", async () => {
  const { ctx, channelId } = await shop();

  const forged = posted(encodedForm({ ...fields, total_amount: "0.01" }));

  expect(await receive(sys, channelId, forged, "r-1")).toMatchObject({ outcome: "refused", ok: false });
  expect(await messagesOf(ctx)).toMatchObject([{ state: "refused", failedStep: "signature", cause: "bad_signature" }]);
});
