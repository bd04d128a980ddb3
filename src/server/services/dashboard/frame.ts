import { ListNotifications } from "~/domain/notification-input";
import type { Environment } from "~/domain/provider";
import { beijingDate, seconds } from "~/lib/time";
import type { Ctx, SystemCtx } from "~/server/context";
import { listUsableChannels } from "~/server/services/channel";
import { sumCases } from "~/server/services/exception";
import { countFacetofaceAttention } from "~/server/services/facetoface";
import { countNotifications } from "~/server/services/notification";
import { sumOpen } from "~/server/services/reconciliation";
import { machineNow } from "~/server/services/session";

/** The test clock counts as moved beyond what two processes' clocks may differ. */
const MOVED_MS = seconds(2);

/** What the console's frame shows of a tenant on every page. */
export type Frame = {
  /** The platform's time, which pages let run on; `moved` when a test clock was set. */
  clock: { now: Date; moved: boolean };
  /** Where payments go by default; `live` where there is no channel yet. */
  environment: Environment;
  /** What waits for somebody, page by page. */
  counts: { exceptions: number; reconciliation: number; facetoface: number; inbox: number };
};

/** For who may not look inside a tenant, or is in none. */
export const emptyFrame = (sys: SystemCtx): Frame => ({
  clock: readClock(sys),
  environment: "live",
  counts: { exceptions: 0, reconciliation: 0, facetoface: 0, inbox: 0 },
});

export async function getFrame(ctx: Ctx): Promise<Frame> {
  const today = beijingDate(ctx.now());
  const [channels, cases, differences, applications, messages] = await Promise.all([
    ctx.read((tx) => listUsableChannels(tx, ctx, null)),
    sumCases(ctx),
    ctx.read((tx) => sumOpen(tx, ctx)),
    countFacetofaceAttention(ctx),
    countNotifications(ctx, ListNotifications.parse({ from: today, to: today })),
  ]);
  return {
    clock: readClock(ctx.sys),
    environment: channels[0]?.environment ?? "live",
    // What came in today and was not believed, or does not fit: somebody should look.
    counts: {
      exceptions: cases.count,
      reconciliation: differences.count,
      facetoface: applications,
      inbox: (messages.counts.refused ?? 0) + (messages.counts.misfit ?? 0),
    },
  };
}

function readClock(sys: SystemCtx): Frame["clock"] {
  const now = sys.now();
  return { now, moved: Math.abs(now.getTime() - machineNow().getTime()) > MOVED_MS };
}
