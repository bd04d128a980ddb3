import { and, eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { REFUSED_KEPT_PER_CHANNEL } from "~/domain/notification";
import { type Id, newId } from "~/lib/id";
import { after, days, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { idempotencyKey, notification } from "~/server/db/schema";
import { openLetterbox } from "~tests/support/letters";
import { systemForFile } from "~tests/support/system-for-file";
import { tidyUp } from ".";

const { sys } = await systemForFile();

const message = (ctx: Ctx, channelId: Id<"channel">, state: "refused" | "applied", age: number) => {
  const id = newId("notification");
  return {
    tenantId: ctx.tenantId,
    id,
    channelId,
    provider: "alipay" as const,
    kind: state === "refused" ? ("unread" as const) : ("trade" as const),
    messageId: `m:${id}`,
    state,
    receivedAt: after(ctx.now(), -seconds(age)),
    sourceIp: "192.0.2.1",
    headers: {},
    bodySealed: Buffer.alloc(1),
    bodyBytes: 1,
    steps: [],
  };
};
const countOf = async (ctx: Ctx, channelId: Id<"channel">, state: "refused" | "applied") => {
  const rows = await ctx.read((tx) =>
    tx
      .select({ at: notification.receivedAt })
      .from(notification)
      .where(and(eq(notification.channelId, channelId), eq(notification.state, state))),
  );
  return { count: rows.length, oldest: Math.min(...rows.map(({ at }) => at.getTime())) };
};

it("keeps the newest refused messages of each channel up to the bound, and every other message", async () => {
  const { ctx, alipay, wechat } = await openLetterbox(sys);
  const extra = 7;
  const rows = Array.from({ length: REFUSED_KEPT_PER_CHANNEL + extra }, (_, age) => message(ctx, alipay, "refused", age));
  const others = [message(ctx, alipay, "applied", 99_999), message(ctx, wechat, "refused", 99_999)];
  await ctx.transaction((tx) => tx.insert(notification).values([...rows, ...others]));

  expect(await tidyUp(ctx)).toBeNull();

  const kept = await countOf(ctx, alipay, "refused");
  expect(kept.count).toBe(REFUSED_KEPT_PER_CHANNEL);
  expect(kept.oldest).toBe(rows.at(-1 - extra)?.receivedAt.getTime());
  expect((await countOf(ctx, alipay, "applied")).count).toBe(1);
  expect((await countOf(ctx, wechat, "refused")).count).toBe(1);
});

it("TEN-04 leaves a neighbour's messages alone", async () => {
  const [ours, theirs] = [await openLetterbox(sys), await openLetterbox(sys)];
  const rows = Array.from({ length: REFUSED_KEPT_PER_CHANNEL + 1 }, (_, age) => message(theirs.ctx, theirs.alipay, "refused", age));
  await theirs.ctx.transaction((tx) => tx.insert(notification).values(rows));

  await tidyUp(ours.ctx);

  expect((await countOf(theirs.ctx, theirs.alipay, "refused")).count).toBe(REFUSED_KEPT_PER_CHANNEL + 1);
});

it("IDEM-02 keeps idempotency keys for a week and more, and lets them go in the end", async () => {
  const { ctx } = await openLetterbox(sys);
  const key = (name: string, age: number) => ({
    tenantId: ctx.tenantId,
    caller: "test",
    operation: "payment.create",
    key: name,
    requestHash: "hash",
    subject: "subject",
    createdAt: after(ctx.now(), -days(age)),
  });
  await ctx.transaction((tx) => tx.insert(idempotencyKey).values([key("new", 1), key("week", 8), key("old", 15)]));

  await tidyUp(ctx);

  const left = await ctx.read((tx) => tx.select({ key: idempotencyKey.key }).from(idempotencyKey));
  expect(left.map(({ key: name }) => name).sort()).toEqual(["new", "week"]);
});
