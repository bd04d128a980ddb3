import { Check, TimerOff, X } from "lucide-react";
import type { ReactNode } from "react";
import type { ApplicationView } from "../../control/types";
import { stageOf } from "../desk/application-stage";
import { useWords } from "../preferences";

type Ending = "success" | "refused" | "expired" | "unknown";

const SIGNS: Record<Ending, readonly [tone: string, sign: ReactNode]> = {
  success: ["ok", <Check key="sign" />],
  refused: ["neutral", <X key="sign" />],
  expired: ["neutral", <TimerOff key="sign" />],
  unknown: ["bad", <X key="sign" />],
};

/** What a link says that asks nothing any more, or never did. */
export function Answered({ application }: { application: ApplicationView | null }) {
  const { merchant: words } = useWords();
  const ending = application ? endingOf(application) : "unknown";
  const [tone, sign] = SIGNS[ending];
  const [title, note] = words.ending[ending] ?? [ending, ""];
  return (
    <>
      <div className="ending" role="status">
        <span className={`sign ${tone}`} aria-hidden>
          {sign}
        </span>
        <p>
          <b className="ending-title">{title}</b>
          <span className="ending-note">{note}</span>
        </p>
      </div>
      {application?.shopName && (
        <dl className="lines">
          <div>
            <dt>{words.shop}</dt>
            <dd>{application.shopName}</dd>
          </div>
          <div>
            <dt>{words.account}</dt>
            <dd>{application.account}</dd>
          </div>
        </dl>
      )}
    </>
  );
}

function endingOf(application: ApplicationView): Ending {
  const stage = stageOf(application);
  if (stage === "success" || stage === "refused") return stage;
  return stage === "confirm_timeout" ? "expired" : "unknown";
}
