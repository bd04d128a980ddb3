import { eq } from "drizzle-orm";
import { beforeEach, expect, it } from "vitest";
import { after, hours, minutes } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { outbox } from "~/server/db/schema";
import { newTenant } from "~tests/support/system";
import { systemForFile } from "~tests/support/system-for-file";
import { type Claimed, claimDue, finish, LEASE_MS, reschedule, retryLater } from "./claim";
import { enqueue } from "./enqueue";

const { sys } = await systemForFile();
let ctx: Ctx;
beforeEach(async () => {
  await sys.db.orm.delete(outbox);
  ctx = await newTenant(sys);
});

const ask = () => ctx.transaction((tx) => enqueue(tx, ctx, "roll-up", "hour"));
const row = async () => (await sys.db.orm.select().from(outbox).where(eq(outbox.tenantId, ctx.tenantId)))[0] ?? null;

async function claim(): Promise<Claimed> {
  const [claimed] = await claimDue(sys);
  if (!claimed) throw new Error("something is due");
  return claimed;
}

it("is asked for again while it runs: whoever runs it then ends it", async () => {
  await ask();
  const first = await claim();
  await ask();

  await finish(sys, first);

  expect(await row()).toMatchObject({ attempts: 0, version: 2 });
  await finish(sys, await claim());
  expect(await row()).toBeNull();
});

it.each([
  ["is done", (claimed: Claimed) => finish(sys, claimed)],
  ["wants to be called again", (claimed: Claimed) => reschedule(sys, claimed, after(sys.now(), -hours(1)))],
  ["failed", (claimed: Claimed) => retryLater(sys, claimed, "unavailable")],
])("a run that was overtaken and %s changes nothing: the row is the other's", async (_, end) => {
  await ask();
  const first = await claim();
  await ask();
  const second = await claim();
  const held = await row();
  expect(held?.dueAt.getTime()).toBeGreaterThan(sys.now().getTime() + LEASE_MS - minutes(1));

  await end(first);

  expect(await row()).toEqual(held);
  await finish(sys, second);
  expect(await row()).toBeNull();
});
