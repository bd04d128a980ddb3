import { ChevronRight } from "lucide-react";
import { Fragment, useState } from "react";
import { countdownText } from "~/components/ui/time-text";
import { days } from "~/lib/time";
import type { ApplicationView } from "../../control/types";
import { Chip, Code, ProviderMark } from "../parts/show";
import { Empty } from "../parts/states";
import { usePreferences, useWords } from "../preferences";
import { useKnown, useNow } from "../use-live";
import { spanText } from "../words/span";
import { Application } from "./application";
import { STAGE_TONES, stageOf } from "./application-stage";

/** Beyond a day a countdown says less than the span. */
const DAY_MS = days(1);

/** The reviewer's desk at Alipay: every application for face-to-face payment, with all that was sent. */
export function Signing() {
  const { signing: words } = useWords();
  const { signing } = useKnown();
  const [open, setOpen] = useState<string | null>(null);
  const waiting = signing.applications.filter(({ orderStatus }) => orderStatus === "MERCHANT_AUDITING").length;
  return (
    <div className="signing">
      {signing.applications.length === 0 ? (
        <Empty>{words.empty}</Empty>
      ) : (
        <>
          <p className="tools">{words.waiting(waiting)}</p>
          <div className="table-scroll">
            <table className="rows">
              <thead>
                <tr>
                  <th>{words.shop}</th>
                  <th className="c-order">{words.batchNo}</th>
                  <th className="c-stage">{words.state}</th>
                  <th className="c-next num">{words.left}</th>
                </tr>
              </thead>
              <tbody>
                {signing.applications.map((application) => (
                  <Fragment key={application.batchNo}>
                    <Row
                      application={application}
                      open={open === application.batchNo}
                      onToggle={() => setOpen(open === application.batchNo ? null : application.batchNo)}
                    />
                    {open === application.batchNo && (
                      <tr className="opened">
                        <td className="under" colSpan={4}>
                          <Application application={application} />
                        </td>
                      </tr>
                    )}
                  </Fragment>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      <Wishes />
    </div>
  );
}

function Row({ application, open, onToggle }: { application: ApplicationView; open: boolean; onToggle: () => void }) {
  const words = useWords();
  const shop = application.shopName ?? words.signing.unnamed;
  const stage = stageOf(application);
  return (
    <tr className="opens" data-open={open || undefined}>
      <td className="c-shop">
        <span className="cell">
          <button type="button" aria-expanded={open} aria-label={words.signing.open(`${shop} ${application.batchNo}`)} onClick={onToggle}>
            <ChevronRight aria-hidden />
          </button>
          <ProviderMark provider="alipay" />
          <span className="clip" data-tip={`${shop}\n${application.account}`}>
            {shop}
          </span>
        </span>
      </td>
      <td className="c-order">
        <Code text={application.batchNo} />
      </td>
      <td className="c-stage">
        <Chip tone={STAGE_TONES[stage]}>{words.signing.stageOf[stage]}</Chip>
      </td>
      <td className="c-next num">{application.endsAt === null ? words.none : <Left until={application.endsAt} />}</td>
    </tr>
  );
}

/** What is left of the batch's hour, or of the merchant's fifteen days. */
export function Left({ until }: { until: string }) {
  const words = useWords();
  const leftMs = Math.max(0, Date.parse(until) - useNow().getTime());
  return <>{leftMs < DAY_MS ? countdownText(leftMs) : spanText(words, leftMs)}</>;
}

/** The accounts that summon an outcome. */
function Wishes() {
  const { signing: words } = useWords();
  const { signing } = useKnown();
  const { lang } = usePreferences();
  return (
    <div className="note wishes">
      <p>{words.wishes}</p>
      <dl>
        {signing.wishes.map((wish) => (
          <div key={wish.word}>
            <dt className="mono">{wish.word}</dt>
            <dd>{wish[lang]}</dd>
          </div>
        ))}
      </dl>
      <p>{words.others}</p>
    </div>
  );
}
