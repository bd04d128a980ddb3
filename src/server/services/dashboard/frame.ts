import { ListNotifications } from "~/domain/notification-input";
import type { Environment } from "~/domain/provider";
import { beijingDate, seconds } from "~/lib/time";
import type { Ctx, SystemCtx } from "~/server/context";
import { listUsableChannels } from "~/server/services/channel";
import { sumCases } from "~/server/services/exception";
import { countFacetofaceAttention } from "~/server/services/facetoface";
import { countNotifications } from "~/server/services/notification";
import { machineNow } from "~/server/services/session";

/** The test clock counts as moved beyond what two processes' clocks may differ. */
const MOVED_MS = seconds(2);

/** The platform's time, which pages let run on; `moved` when a test clock was set. */
export type PlatformClock = { now: Date; moved: boolean };

export function readPlatformClock(sys: SystemCtx): PlatformClock {
  const now = sys.now();
  return { now, moved: Math.abs(now.getTime() - machineNow().getTime()) > MOVED_MS };
}

/** What the console's frame shows of a tenant on every page. */
export type Frame = {
  clock: PlatformClock;
  /** Where payments go by default; `live` where there is no channel yet. */
  environment: Environment;
  /** What waits for somebody, page by page. */
  counts: { exceptions: number; facetoface: number; inbox: number };
};

export async function getFrame(ctx: Ctx): Promise<Frame> {
  const today = beijingDate(ctx.now());
  const [channels, cases, applications, messages] = await Promise.all([
    ctx.read((tx) => listUsableChannels(tx, ctx, null)),
    sumCases(ctx),
    countFacetofaceAttention(ctx),
    countNotifications(ctx, ListNotifications.parse({ from: today, to: today })),
  ]);
  return {
    clock: readPlatformClock(ctx.sys),
    environment: channels[0]?.environment ?? "live",
    // What came in today and was not believed, or does not fit: somebody should look.
    counts: { exceptions: cases.count, facetoface: applications, inbox: (messages.counts.refused ?? 0) + (messages.counts.misfit ?? 0) },
  };
}
