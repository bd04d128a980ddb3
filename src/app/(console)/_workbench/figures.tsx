"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { Money } from "~/components/money";
import { useNow } from "~/components/ui/clock";
import { timeText } from "~/components/ui/time-text";
import { useT } from "~/i18n/use-t";
import type { Fen } from "~/lib/money";
import { beijingDate } from "~/lib/time";
import { type Change, changeOf, percentOf, pointsOf } from "./change";
import type { WorkbenchData } from "./workbench";

/** Four figures, each with the same stretch of time before it. */
export function Figures({ data: { figures, range } }: { data: WorkbenchData }) {
  const t = useT("dashboard");
  const { paid, created, pending, success } = figures;
  return (
    <dl className="grid grid-cols-4 border-t border-line max-lg:grid-cols-2 max-lg:[&>:nth-child(n+3)]:border-t">
      <Figure name={t(`figure.paid.${range}`)} note={<Compared range={range} now={paid.fen} before={paid.before?.fen ?? null} />}>
        <Money fen={paid.fen} yen />
      </Figure>
      <Figure
        name={t(`figure.created.${range}`)}
        aside={t("figure.count", { count: created.count })}
        note={<Compared range={range} now={created.fen} before={created.before?.fen ?? null} />}
      >
        <Money fen={created.fen} yen />
      </Figure>
      <Figure
        name={t("figure.pending")}
        aside={pending.capped ? t("figure.capped", { count: pending.count }) : t("figure.count", { count: pending.count })}
        note={pending.nextExpiryAt ? <NextExpiry at={pending.nextExpiryAt} /> : t("figure.noPending")}
      >
        <Money fen={pending.fen} yen />
      </Figure>
      <Figure name={t("figure.success")} note={<SuccessNote success={success} range={range} />}>
        {success.permille === null ? (
          <span className="text-ink-3">–</span>
        ) : (
          <>
            {percentOf(success.permille)}
            <span className="text-lg leading-none font-medium text-ink-3">%</span>
          </>
        )}
      </Figure>
    </dl>
  );
}

type FigureProps = { name: string; aside?: string; note: ReactNode; children: ReactNode };

function Figure({ name, aside, note, children }: FigureProps) {
  return (
    <div className="min-w-0 border-l border-line py-3.5 pr-4 pl-gutter first:border-l-0 max-lg:odd:border-l-0">
      <dt className="truncate text-ink-2">
        {name}
        {aside && <span className="text-ink-3"> · {aside}</span>}
      </dt>
      <dd className="figure h-8 text-2xl max-md:text-xl max-md:leading-8">{children}</dd>
      <dd className="flex flex-wrap gap-x-2.5 text-xs leading-5 text-ink-3">{note}</dd>
    </div>
  );
}

function Compared({ now, before, range }: { now: Fen; before: Fen | null; range: WorkbenchData["range"] }) {
  const t = useT("dashboard");
  if (before === null) return t("figure.noBefore");
  const change = changeOf(now, before);
  return (
    <>
      <Moved change={change}>{"text" in change && change.text}</Moved>
      <span>
        {t(`figure.sameTime.${range}`)} <Money fen={before} />
      </span>
    </>
  );
}

/** Never green or red: an arrow and a word. */
function Moved({ change, children }: { change: Change; children: ReactNode }) {
  const t = useT("dashboard");
  if (!("text" in change)) return <span className="text-ink-2">{t(`figure.${change.direction}`)}</span>;
  const Arrow = change.direction === "rose" ? ArrowUp : ArrowDown;
  return (
    <span className="inline-flex items-center gap-0.5 font-medium text-ink-2 [&_svg]:size-3.5">
      <Arrow aria-hidden />
      <span className="sr-only">{t(`figure.${change.direction}`)}</span>
      {children}
    </span>
  );
}

function SuccessNote({ success, range }: { success: WorkbenchData["figures"]["success"]; range: WorkbenchData["range"] }) {
  const t = useT("dashboard");
  if (success.permille === null) return t("figure.noneEnded");
  const before = success.before?.permille ?? null;
  const change = before === null ? null : pointsOf(success.permille, before);
  return (
    <>
      {change && (
        <span data-tip={before === null ? undefined : `${t(`figure.sameTime.${range}`)} ${percentOf(before)}%`}>
          <Moved change={change}>{"text" in change && t("figure.points", { points: change.text })}</Moved>
        </span>
      )}
      <span>{t("figure.of", { paid: success.paid.toLocaleString("en-US"), ended: success.ended.toLocaleString("en-US") })}</span>
    </>
  );
}

function NextExpiry({ at }: { at: Date }) {
  const t = useT("dashboard");
  const now = useNow(null);
  const today = beijingDate(at) === beijingDate(now);
  return t("figure.nextExpiry", { time: today ? timeText(at, "clock", now).slice(0, 5) : timeText(at, "list", now).slice(0, -3) });
}
