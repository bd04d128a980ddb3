import { FileClock } from "~/lib/clock-file";
import { AppError } from "~/lib/errors";
import { durationMs } from "~/lib/time";
import { findLiveChannel } from "~/server/services/invariant";
import type { System } from "~/server/system";
import { type Command, type CommandResult, UsageError } from "./command";

/** The test clock: platform and simulator follow it together. It never meets real money. */
async function clockOf(sys: System): Promise<FileClock> {
  if (!sys.config.testClock) throw new AppError("not_allowed_now", "the clock cannot be moved while TEST_CLOCK is 0");
  const live = await findLiveChannel(sys);
  if (live) throw new AppError("not_allowed_now", `the clock cannot be moved: channel ${live} is live`);
  return new FileClock(sys.config.dataDir);
}

const told = (clock: Pick<FileClock, "now" | "offsetMs">): CommandResult => ({
  json: { now: clock.now().toISOString(), machine: new Date().toISOString(), offsetMs: clock.offsetMs() },
});

export const clockShow: Command = {
  name: "clock show",
  summary: "the time that platform and simulator go by",
  options: [],
  async run(sys) {
    return told(sys.config.testClock ? new FileClock(sys.config.dataDir) : { now: () => new Date(), offsetMs: () => 0 });
  },
};

export const clockSet: Command = {
  name: "clock set",
  summary: "sets the test clock to an instant",
  options: [],
  argument: { name: "instant", summary: "ISO 8601 with an offset, such as 2026-12-01T08:00:00+08:00" },
  async run(sys, { instant = "" }) {
    const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(instant) ? new Date(instant) : null;
    if (!at || Number.isNaN(at.getTime())) throw new UsageError("not an instant: try 2026-12-01T08:00:00+08:00");
    const clock = await clockOf(sys);
    clock.set(at);
    return told(clock);
  },
};

export const clockAdvance: Command = {
  name: "clock advance",
  summary: "moves the test clock on",
  options: [],
  argument: { name: "duration", summary: "90s, 15m, 2h, 3d or ISO 8601, such as PT15M" },
  async run(sys, { duration = "" }) {
    const ms = parseDuration(duration);
    const clock = await clockOf(sys);
    clock.advance(ms);
    return told(clock);
  },
};

export const clockReset: Command = {
  name: "clock reset",
  summary: "the test clock shows the machine's time again",
  options: [],
  async run(sys) {
    const clock = await clockOf(sys);
    clock.reset();
    return told(clock);
  },
};

function parseDuration(text: string): number {
  try {
    return durationMs(text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : "not a duration");
  }
}
