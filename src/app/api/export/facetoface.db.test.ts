import { createTranslator } from "next-intl";
import { expect, it } from "vitest";
import { messagesOf } from "~/messages";
import { contextFor } from "~/server/api/context";
import { answerDownload } from "~/server/api/download";
import { channel } from "~/server/db/schema";
import { applicant, givenOrder } from "~tests/support/facetoface";
import { newGrantee, newMember, type SignedIn } from "~tests/support/factories";
import { newShop } from "~tests/support/sales";
import { systemForFile } from "~tests/support/system-for-file";
import { facetofaceFile } from "./facetoface/file";

const { sys } = await systemForFile();

const file = facetofaceFile(createTranslator({ locale: "zh", messages: messagesOf("zh"), namespace: "facetoface" }), "zh");
const take = (person: SignedIn, input: unknown = {}) =>
  answerDownload(
    contextFor(sys, person.sessionId),
    new Request("http://pay.example.test/api/export", { method: "POST", body: JSON.stringify(input) }),
    file,
  );

async function desk() {
  const ctx = await newShop(sys);
  const [alipay] = await ctx.read((tx) => tx.select({ id: channel.id }).from(channel));
  if (!alipay) throw new Error("the shop has a channel");
  return { ctx, channelId: alipay.id };
}

it("IN-06 holds what the list holds under the filter, with formulas disarmed and nobody in the clear", async () => {
  const { ctx, channelId } = await desk();
  await givenOrder(ctx, { channelId, shopName: "=1+1", status: "closed", rejectReason: "门头照不清晰" });
  await givenOrder(ctx, { channelId, shopName: "审核中的店", status: "merchant_auditing", confirmUrl: "https://secret.example.test/x" });

  const answer = await take(await newMember(ctx, "finance"), { status: "closed" });
  const text = await answer.text();

  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="facetoface-\d{14}\.csv"$/);
  expect(text.trimEnd().split("\r\n")).toHaveLength(2);
  expect(text).toContain('"\'=1+1","审核驳回"');
  expect(text).toContain("门头照不清晰");
  const all = await (await take(await newMember(ctx, "owner"))).text();
  expect(all).toContain('"审核中的店","审核中"');
  for (const secret of [applicant.contactMobile, applicant.account, "secret.example.test"]) expect(all).not.toContain(secret);
});

it("SES-02 is for owner and finance alone", async () => {
  const { ctx } = await desk();

  for (const person of [await newMember(ctx, "admin"), await newMember(ctx, "viewer"), await newGrantee(ctx)]) {
    expect((await take(person)).status).toBe(403);
  }
});
