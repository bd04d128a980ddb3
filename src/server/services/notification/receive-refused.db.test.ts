import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { event, notification, outbox } from "~/server/db/schema";
import { openLetterbox, wechatLetter } from "~tests/support/letters";
import { systemForFile } from "~tests/support/system-for-file";
import { receive } from ".";

const { sys } = await systemForFile();

const FORGED = "app_id=2021000000000001&charset=utf-8&out_trade_no=SO-1&total_amount=0.01&sign_type=RSA2&sign=AAAA";

const raw = (body: string, headers: Record<string, string>) => ({
  method: "POST",
  header: (name: string) => headers[name] ?? null,
  body: Buffer.from(body),
  sourceIp: "192.0.2.7",
});
const form = (body: string) => raw(body, { "content-type": "application/x-www-form-urlencoded", "user-agent": "x", cookie: "secret" });

it("CB-03 KEY-02 keeps a refused message whole: sealed body and verified text, key, failing step, its event and what it asks for", async () => {
  const { ctx, alipay } = await openLetterbox(sys);

  const receipt = await receive(sys, alipay, form(FORGED), "req_1");

  expect(receipt).toEqual({ outcome: "refused", ok: false, provider: "alipay" });
  const { kept, events, jobs } = await ctx.read(async (tx) => ({
    kept: (await tx.select().from(notification))[0],
    events: await tx.select().from(event).where(eq(event.type, "notification.refuse")),
    jobs: (await tx.select().from(outbox).where(eq(outbox.tenantId, ctx.tenantId))).map(({ job, subject }) => `${job} ${subject}`),
  }));
  if (!kept?.signedTextSealed) throw new Error("the message was not kept");
  expect(kept).toMatchObject({
    channelId: alipay,
    provider: "alipay",
    kind: "unread",
    messageId: `refused:${kept.id}`,
    state: "refused",
    sourceIp: "192.0.2.7",
    headers: { "content-type": "application/x-www-form-urlencoded", "user-agent": "x" },
    bodyBytes: FORGED.length,
    failedStep: "signature",
    cause: "bad_signature",
    outTradeNo: "SO-1",
    copies: 1,
    transactionId: null,
    appliedAt: null,
  });
  expect(kept.receivedAt.getTime()).toBeLessThanOrEqual(ctx.now().getTime());
  expect(kept.steps).toMatchObject([{ name: "channel", ok: true }, {}, {}, {}, { name: "signature", ok: false, cause: "bad_signature" }]);
  const vault = await ctx.vault();
  const open = (column: string, sealed: Buffer) => vault.open({ table: "notification", column, rowId: kept.id }, sealed).toString();
  expect(open("body_sealed", kept.bodySealed)).toBe(FORGED);
  expect(open("signed_text_sealed", kept.signedTextSealed)).toBe(
    "app_id=2021000000000001&charset=utf-8&out_trade_no=SO-1&total_amount=0.01",
  );
  expect(events).toMatchObject([
    {
      subject: kept.id,
      actorKind: "provider",
      actorId: alipay,
      ip: "192.0.2.7",
      requestId: "req_1",
      details: { step: "signature", cause: "bad_signature" },
    },
  ]);
  expect(jobs).toEqual(expect.arrayContaining([`seal-events ${ctx.tenantId}`, `tidy-up ${ctx.tenantId}`]));
});

it("asks for platform certificates after an unknown serial, and asking again moves nothing back", async () => {
  const { ctx, wechat } = await openLetterbox(sys);
  const now = Math.floor(ctx.now().getTime() / 1_000).toString();
  const unknown = raw("{}", {
    "content-type": "application/json",
    "wechatpay-timestamp": now,
    "wechatpay-nonce": "n",
    "wechatpay-serial": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
    "wechatpay-signature": "AAAA",
  });

  await receive(sys, wechat, unknown, "req_2");
  const first = await ctx.read((tx) => tx.select().from(outbox).where(eq(outbox.subject, wechat)));
  await receive(sys, wechat, unknown, "req_3");
  const second = await ctx.read((tx) => tx.select().from(outbox).where(eq(outbox.subject, wechat)));

  expect(first).toMatchObject([{ job: "refresh-certificates" }]);
  expect(second).toMatchObject([{ dueAt: first[0]?.dueAt, version: (first[0]?.version ?? 0) + 1 }]);
});

it("keeps what a verified message claims also where cutting it splits a sign in two", async () => {
  const { ctx, wechat } = await openLetterbox(sys);
  const letter = wechatLetter({ outTradeNo: `${"x".repeat(63)}😀`, amountFen: 1n }, sys.now());

  expect(await receive(sys, wechat, letter, "req_4")).toMatchObject({ outcome: "refused" });

  const [kept] = await ctx.read((tx) => tx.select({ cause: notification.cause, number: notification.outTradeNo }).from(notification));
  expect(kept).toEqual({ cause: "malformed_field", number: `${"x".repeat(63)}\ufffd` });
});

it("CB-08 copies of one forgery at once are each kept, and none is answered before", async () => {
  const { ctx, alipay } = await openLetterbox(sys);

  const receipts = await Promise.all(Array.from({ length: 20 }, (_, index) => receive(sys, alipay, form(FORGED), `req_${index}`)));

  expect(new Set(receipts.map(({ outcome }) => outcome))).toEqual(new Set(["refused"]));
  expect(await ctx.read((tx) => tx.select({ id: notification.id }).from(notification))).toHaveLength(20);
});
