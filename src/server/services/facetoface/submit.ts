import type { Id } from "~/lib/id";
import { after, minutes } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { lockOrder } from "./find";
import { makeStep } from "./make-step";
import { setFailure, storeStep } from "./store-step";
import { takeStep } from "./take-step";

/** More than a submission takes, also when its batch died on the way. What is left comes with the next run. */
const STEPS_MAX = 8;
const GO_ON_AFTER_MS = minutes(1);

/**
 * Job: brings an application to Alipay: create, sign, confirm. Each step is stored before its call and after it, so that whoever comes
 * after a crash goes on where it was; of several workers one makes a step. Answers when to go on, null when it is submitted or waits
 * for a person.
 */
export async function submitOrder(ctx: Ctx, subject: string): Promise<Date | null> {
  const id = subject as Id<"facetoface">;
  for (let made = 0; made < STEPS_MAX; made += 1) {
    const taken = await takeStep(ctx, id);
    if (taken.kind === "over") return null;
    if (taken.kind === "wait") return taken.until;
    if (taken.kind === "unusable") return stopWithoutChannel(ctx, id);
    const next = await storeStep(ctx, taken, await makeStep(ctx, taken));
    if (next !== "go on") return next;
  }
  return after(ctx.now(), GO_ON_AFTER_MS);
}

/** Somebody disabled or deleted the channel: no call goes through it until a person enables it and tries again. */
async function stopWithoutChannel(ctx: Ctx, id: Id<"facetoface">): Promise<null> {
  await ctx.transaction(async (tx) => {
    const order = await lockOrder(tx, ctx, id);
    if (order?.status !== "init" || order.failureCode !== null) return;
    await setFailure(tx, ctx, order, { failureCode: "channel_disabled", failureReason: null });
  });
  return null;
}
