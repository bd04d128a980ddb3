import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Ctx } from "~/server/context";
import { historyOf } from "~/server/services/event";
import { listDifferences } from "./queries";

const HISTORY_MAX = 50;

/** One difference as the list has it, and what happened to it, newest first. Throws `not_found`. */
export async function getDifferenceDetail(ctx: Ctx, differenceId: Id<"difference">) {
  const { items } = await listDifferences(ctx, { differenceId, limit: 1 });
  const [difference] = items;
  if (!difference) throw new AppError("not_found", "difference", { what: "difference" });
  return { difference, history: await ctx.read((tx) => historyOf(tx, ctx, [differenceId], HISTORY_MAX)) };
}
