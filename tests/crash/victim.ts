import { readConfig } from "~/server/config";
import { claimDue } from "~/server/outbox/claim";
import { emit, sealEvents } from "~/server/services/event";
import { createSystem } from "~/server/system";
import { handlers } from "~worker/handlers";
import { openQueue } from "~worker/queue";
import { type Handler, jobRunner } from "~worker/run-job";

/** A worker that is killed at one step of its work, the way a machine is switched off: no signal handler, no cleaning up. */

type Step = "claimed" | "handed over" | "running" | "in a transaction" | "committed";

const step = process.argv[2] as Step;
const dieAt = (here: Step) => {
  if (here === step) process.kill(process.pid, "SIGKILL");
};

const seal: Handler = async (ctx, subject) => {
  dieAt("running");
  await ctx
    .transaction(async (tx) => {
      await emit(tx, ctx, { type: "payment.settle", subject: "pay_never_committed" });
      dieAt("in a transaction");
      throw new RollBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof RollBack)) throw error;
    });
  const next = await sealEvents(ctx, subject);
  dieAt("committed");
  return next;
};

class RollBack extends Error {}

const sys = await createSystem(readConfig(), "victim");
const rows = await claimDue(sys);
dieAt("claimed");
const queue = openQueue(sys.config, sys.log);
await queue.add(rows);
dieAt("handed over");
queue.work(1, jobRunner(sys, { ...handlers, "seal-events": seal }, "victim").run);
