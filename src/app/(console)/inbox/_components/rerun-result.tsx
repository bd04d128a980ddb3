"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { CommandError } from "~/components/load-error";
import { StatusChip } from "~/components/status-chip";
import { Chip } from "~/components/ui/chip";
import { timeText } from "~/components/ui/time-text";
import { CASE_KIND_LABEL, type CaseKind } from "~/domain/exception";
import type { NotificationState } from "~/domain/notification";
import type { PaymentStatus, TransactionStatus } from "~/domain/payment";
import { useLang, useT } from "~/i18n/use-t";
import { fenFromYuan, yuanDisplay } from "~/lib/money";
import { paths } from "~/lib/paths";
import type { MessageDetail } from "./message-page";
import { StateChip } from "./state-chip";
import type { Change } from "./use-effect-words";
import type { RerunControl } from "./use-rerun";
import { useCauseWords } from "./use-words";

/** 试跑结果 or 重跑结果: what was looked at, what changes, and why. */
export function RerunResult({ rerun, detail }: { rerun: RerunControl; detail: MessageDetail }) {
  const t = useT("inbox");
  const { outcome, dry, real } = rerun;
  const error = real.error ?? dry.error;
  if (!outcome && !error) return null;
  const count = outcome?.changes.filter(({ changed }) => changed).length ?? 0;
  const real_ = outcome?.mode === "real";
  const time = outcome ? timeText(outcome.at, "clock", outcome.at) : "";
  return (
    <section className="flex-none border-t border-line-strong" aria-live="polite">
      {error && <CommandError error={error} className="p-4" />}
      {outcome && (
        <>
          <div className="flex min-h-11 flex-wrap items-center gap-x-3 px-4 py-2 max-lg:px-gutter">
            <h2 className="text-sm font-strong">{t(real_ ? "rerun.resultReal" : "rerun.resultDry")}</h2>
            <span className="text-ink-3">{t(real_ && count > 0 ? "rerun.done" : "rerun.untouched", { time })}</span>
            <span className="grow" />
            <Chip>{t("rerun.count", { count })}</Chip>
          </div>
          <table className="w-full text-sm">
            <tbody>
              {outcome.verified ? (
                outcome.changes.map((change) => (
                  <Row
                    key={`${change.object} ${change.subject} ${change.to}`}
                    name={t(`object.${change.object}`)}
                    why={change.object === "case" && !change.changed ? t("rerun.caseStands") : t(`why.${change.why}`)}
                  >
                    <Becomes change={change} detail={detail} />
                  </Row>
                ))
              ) : (
                <Refused outcome={outcome} />
              )}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

function Refused({ outcome }: { outcome: NonNullable<RerunControl["outcome"]> }) {
  const t = useT("inbox");
  const words = useCauseWords();
  return (
    <Row name={t("object.message")} why={words(outcome.cause, outcome.steps.at(-1)?.evidence ?? null)}>
      {t("rerun.stillFails")}
    </Row>
  );
}

function Row({ name, why, children }: { name: string; why: string; children: ReactNode }) {
  return (
    <tr className="min-h-9 border-t border-line align-top max-md:flex max-md:flex-wrap max-md:px-gutter max-md:py-2 [&>td]:py-2 max-md:[&>td]:p-0">
      <td className="w-[104px] pl-4 text-ink-3 max-lg:pl-gutter max-md:w-20">{name}</td>
      <td className="pr-4">
        <span className="inline-flex flex-wrap items-center gap-1.5">{children}</span>
      </td>
      <td className="w-[46%] pr-4 text-ink-3 max-md:w-full max-md:!pl-20">{why}</td>
    </tr>
  );
}

function Becomes({ change, detail }: { change: Change; detail: MessageDetail }) {
  const t = useT("inbox");
  const lang = useLang();
  const { object, from, to, changed, subject } = change;
  if (change.why === "same_news" && subject) {
    return (
      <>
        {t("rerun.twin")}
        <Link className="link" href={paths.message(subject)} prefetch={false}>
          {t("rerun.seeTwin")}
        </Link>
      </>
    );
  }
  if (object === "books") return t("rerun.bookIn", { amount: yuanDisplay(fenFromYuan(to)) });
  if (object === "case") {
    const kind = CASE_KIND_LABEL[lang][to as CaseKind];
    if (changed || !subject) return `${t("rerun.open")} ${kind}`;
    return (
      <>
        {t("rerun.reuse")}
        <Link className="link" href={paths.exception(subject)} prefetch={false}>
          {kind}
        </Link>
      </>
    );
  }
  const chip = (state: string) => (
    <ObjectChip object={object} state={state} caseIsOpen={detail.cases.some(({ status }) => status === "open")} />
  );
  if (!changed) {
    return (
      <>
        {t("rerun.keep")} {chip(to)}
      </>
    );
  }
  return (
    <>
      {from && chip(from)}
      <span>→</span>
      {chip(to)}
    </>
  );
}

type ObjectChipProps = { object: "message" | "transaction" | "payment"; state: string; caseIsOpen: boolean };

function ObjectChip({ object, state, caseIsOpen }: ObjectChipProps) {
  if (object === "message") return <StateChip state={state as NotificationState} caseIsOpen={caseIsOpen} />;
  if (object === "transaction") return <StatusChip of="transaction" status={state as TransactionStatus} />;
  return <StatusChip of="payment" status={state as PaymentStatus} />;
}
