import type { GetWorkbenchInput } from "~/domain/dashboard";
import type { Ctx } from "~/server/context";
import { emit } from "~/server/services/event";
import { getWorkbench, type Workbench } from "./workbench";

/** The workbench for a file; that somebody took it is in the audit log before it leaves. */
export async function exportWorkbench(ctx: Ctx, input: GetWorkbenchInput): Promise<Workbench> {
  await ctx.transaction((tx) => emit(tx, ctx, { type: "dashboard.export", subject: ctx.tenantId, details: { range: input.range } }));
  return getWorkbench(ctx, input);
}
