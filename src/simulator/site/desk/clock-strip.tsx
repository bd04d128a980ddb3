import { CalendarArrowUp, FastForward, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { timeText } from "~/components/ui/time-text";
import { seconds } from "~/lib/time";
import type { FacetofaceOutput, StateView } from "../../control/types";
import { control } from "../control-client";
import { Button } from "../parts/controls";
import { When } from "../parts/show";
import { Refusal } from "../parts/states";
import { useWords } from "../preferences";
import { useAct } from "../use-act";
import { useFeed, useKnown, useNow } from "../use-live";
import { spanText } from "../words/span";
import { type Moved, startOfNextMonth, timedOut, whatMoved } from "./moved";
import { Reset } from "./reset";

type Report = Moved & { applications: number; to: string };

const readAll = () => Promise.all([control<StateView>("GET", "state"), control<FacetofaceOutput>("GET", "facetoface")]);

/** A clock that is written to a file and read back is never exactly on time. */
const ON_TIME_MS = seconds(1);

/** The time that platform and simulator share, and how to move it. */
export function ClockStrip() {
  const words = useWords();
  const { retry } = useFeed();
  const { state } = useKnown();
  const now = useNow();
  const [report, setReport] = useState<Report | null>(null);
  const { offsetMs, movable } = state.clock;
  const isMoved = Math.abs(offsetMs) >= ON_TIME_MS;
  const { run, busy, failure } = useAct(async (move: object) => {
    const [before, batchesBefore] = await readAll();
    await control("POST", "clock", move);
    const [after, batchesAfter] = await readAll();
    setReport({ ...whatMoved(before, after), applications: timedOut(batchesBefore.batches, batchesAfter.batches), to: after.clock.now });
    retry();
  });
  const fixed = !movable && words.clock.fixed;
  return (
    <div className="clock">
      <div className="clock-face">
        <h2>{words.clock.label}</h2>
        <p className={isMoved ? "moved" : undefined}>
          <time dateTime={now.toISOString()}>{timeText(now, "detail", now)}</time>
          <span>
            {isMoved ? (offsetMs > 0 ? words.clock.ahead : words.clock.behind)(spanText(words, Math.abs(offsetMs))) : words.clock.onTime}
          </span>
        </p>
      </div>
      <div className="clock-tools" aria-busy={busy}>
        <Button reason={fixed || (busy && words.clock.moving)} icon={<FastForward />} onClick={() => run({ advance: "1h" })}>
          {words.clock.hour}
        </Button>
        <Button reason={fixed || (busy && words.clock.moving)} icon={<FastForward />} onClick={() => run({ advance: "1d" })}>
          {words.clock.day}
        </Button>
        <Button
          reason={fixed || (busy && words.clock.moving)}
          icon={<CalendarArrowUp />}
          onClick={() => run({ set: startOfNextMonth(now).toISOString() })}
        >
          {words.clock.month}
        </Button>
        <Button
          look="ghost"
          reason={fixed || (busy && words.clock.moving) || (!isMoved && words.clock.onTime)}
          icon={<RotateCcw />}
          onClick={() => run({ reset: true })}
        >
          {words.clock.reset}
        </Button>
        <Reset />
      </div>
      <Refusal failure={failure} />
      <div className="clock-report" role="status">
        {busy && <span>{words.clock.moving}</span>}
        {!busy && report && (
          <>
            <p>
              <b>
                {words.clock.movedTo("")}
                <When at={report.to} />
              </b>
              <ReportText report={report} />
            </p>
            <Button look="ghost" size="sm" className="square" aria-label={words.close} icon={<X />} onClick={() => setReport(null)} />
          </>
        )}
      </div>
    </div>
  );
}

function ReportText({ report }: { report: Report }) {
  const { clock } = useWords();
  const parts = [
    report.closed > 0 && clock.closed(report.closed),
    report.expired > 0 && clock.expired(report.expired),
    report.applications > 0 && clock.applications(report.applications),
    report.refunds > 0 && clock.refunds(report.refunds),
    report.tries > 0 && clock.tries(report.tries, report.accepted),
  ].filter((part) => part !== false);
  return (
    <>
      <span>{parts.length > 0 ? parts.join(" · ") : clock.movedNothing}</span>
      <span className="quiet">{clock.followed}</span>
    </>
  );
}
