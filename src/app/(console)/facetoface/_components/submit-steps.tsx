"use client";

import { CheckRows } from "~/components/ui/check-rows";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { STEP_METHODS, type StepRow, submitSteps } from "./steps";
import type { ApplicationDetail } from "./types";

/** The three calls of a submission, each with its time, its batch and how it failed. */
export function SubmitSteps({ detail }: { detail: ApplicationDetail }) {
  const t = useT("facetoface");
  const rows = submitSteps(detail);
  return (
    <>
      <CheckRows
        numbered
        rows={rows.map((row) => ({
          key: row.name,
          state: row.state,
          title: t(`step.${row.name}`),
          ms: row.call?.ms,
          evidence: <Evidence row={row} />,
        }))}
      />
      {detail.batches.length > 1 && (
        <p className="pt-1 text-xs text-ink-3">
          {t("step.batches", {
            count: detail.batches.length,
            ended: detail.batches.filter(({ end }) => end && end !== "submitted").length,
          })}
        </p>
      )}
    </>
  );
}

function Evidence({ row: { name, state, call } }: { row: StepRow }) {
  const t = useT("facetoface");
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      <span className="code">{STEP_METHODS[name]}</span>
      {call && <Time at={call.at} />}
      {call?.code && <span className={state === "failed" ? "font-medium text-danger" : undefined}>{call.code}</span>}
      {!call && state === "skipped" && <span className="text-ink-3">{t("step.notYet")}</span>}
    </span>
  );
}
