import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { channel, facetofaceBatch, facetofaceOrder, outbox } from "~/server/db/schema";
import { enqueue } from "~/server/outbox/enqueue";
import { givenOrder, newBatchNo } from "~tests/support/facetoface";
import { newShop } from "~tests/support/sales";
import { systemForFile } from "~tests/support/system-for-file";
import { checkTenant, recreateMissingJobs } from ".";

const { sys } = await systemForFile();

const broken = async (ctx: Ctx) => (await checkTenant(ctx)).filter((check) => check.broken > 0).map((check) => check.name);

/** One application under review, one that waits to be submitted, one that failed, and one whose earlier batch is to be cancelled. */
async function newOffice() {
  const ctx = await newShop(sys);
  const channels = await ctx.read((tx) => tx.select({ id: channel.id }).from(channel).where(eq(channel.provider, "alipay")));
  const channelId = channels[0]?.id;
  if (!channelId) throw new Error("a shop has an Alipay channel");
  const reviewed = await givenOrder(ctx, { channelId });
  const waiting = await givenOrder(ctx, { channelId, status: "init" });
  await givenOrder(ctx, { channelId, status: "init", failureCode: "MERCHANT_NOT_CERTIFIED" });
  const withdrawn = await givenOrder(ctx, { channelId, status: "closed", closeReason: "withdrawn", batchNo: newBatchNo() });
  const { batchNo } = withdrawn;
  if (!batchNo || !reviewed.batchNo) throw new Error("both have a batch");
  await ctx.transaction(async (tx) => {
    await enqueue(tx, ctx, "poll-facetoface", ctx.tenantId);
    await enqueue(tx, ctx, "submit-facetoface", waiting.id);
    await enqueue(tx, ctx, "cancel-facetoface-batch", batchNo);
  });
  return { ctx, reviewed, waiting, withdrawn, batchNo };
}

it("applications as they should be break nothing, and every check looked at some", async () => {
  const { ctx } = await newOffice();

  const checks = await checkTenant(ctx);

  expect(checks.filter((check) => check.broken > 0)).toEqual([]);
  const own = checks.filter(({ name }) => /application|batch/.test(name));
  expect(own).toHaveLength(5);
  expect(own.every(({ checked }) => checked > 0)).toBe(true);
});

it("IDEM-10 finds a submitted application whose batch is not", async () => {
  const { ctx, reviewed } = await newOffice();

  await ctx.transaction((tx) => tx.update(facetofaceBatch).set({ end: "expired" }).where(eq(facetofaceBatch.orderId, reviewed.id)));

  expect(await broken(ctx)).toEqual(["a submitted application has its one submitted batch"]);
});

it("IDEM-10 finds an application under review that nobody asks about, and one that is asked about too early", async () => {
  const { ctx, reviewed, waiting } = await newOffice();
  const set = (id: Id<"facetoface">, nextQueryAt: Date | null) =>
    ctx.transaction((tx) => tx.update(facetofaceOrder).set({ nextQueryAt }).where(eq(facetofaceOrder.id, id)));

  await set(reviewed.id, null);
  expect(await broken(ctx)).toEqual(["an application is asked about while it is under review, and at no other time"]);

  await set(reviewed.id, ctx.now());
  await set(waiting.id, ctx.now());
  expect(await broken(ctx)).toEqual(["an application is asked about while it is under review, and at no other time"]);
});

it("IDEM-07 finds what lost its outbox row, and writes the rows again", async () => {
  const { ctx, waiting, batchNo } = await newOffice();

  await sys.db.orm.delete(outbox).where(eq(outbox.tenantId, ctx.tenantId));

  expect((await broken(ctx)).sort()).toEqual([
    "a tenant asks about its applications under review",
    "every application that waits to be submitted has its job",
    "every batch that nothing uses will be cancelled",
  ]);
  const made = await recreateMissingJobs(ctx);
  expect(made.sort((a, b) => a.job.localeCompare(b.job))).toEqual([
    { job: "cancel-facetoface-batch", subject: batchNo },
    { job: "poll-facetoface", subject: ctx.tenantId },
    { job: "submit-facetoface", subject: waiting.id },
  ]);
  expect(await broken(ctx)).toEqual([]);
  expect(await recreateMissingJobs(ctx)).toEqual([]);
});
