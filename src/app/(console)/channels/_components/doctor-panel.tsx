"use client";

import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { CauseAndNext, type CheckRow, CheckRows } from "~/components/ui/check-rows";
import { Notice } from "~/components/ui/states";
import { CHECK_NAMES, type Check, type CheckName, verdictOf } from "~/domain/channel-check";
import type { Provider } from "~/domain/provider";
import { useT } from "~/i18n/use-t";
import { randomBase32 } from "~/lib/id";
import { api } from "~/trpc/client";

/** One button; the checks appear one by one, and a failing one says its cause and the next step. */
export function DoctorPanel({ channelId, provider, readOnly }: { channelId: string | null; provider: Provider; readOnly?: string | null }) {
  const t = useT("channel");
  const [checks, setChecks] = useState<Check[]>([]);
  const [running, setRunning] = useState<CheckName | null>(null);
  const [error, setError] = useState<unknown>(null);
  const check = api.channel.check.useMutation();
  const names = CHECK_NAMES[provider];
  const start = async () => {
    if (!channelId) return;
    const run = randomBase32(16);
    setChecks([]);
    setError(null);
    try {
      for (const name of names) {
        setRunning(name);
        const found = await check.mutateAsync({ channelId, name, run });
        setChecks((before) => [...before, found]);
      }
    } catch (thrown) {
      setError(thrown);
    } finally {
      setRunning(null);
    }
  };
  const failed = checks.filter((one) => verdictOf(one) === "failed").length;
  const done = checks.length === names.length;
  return (
    <aside
      aria-label={t("doctor.title")}
      className="grid min-w-0 flex-none content-start gap-4 px-gutter py-5 lg:w-[368px] lg:border-l lg:border-line"
    >
      <div className="flex items-center gap-3">
        <h2 className="grow text-sm font-strong">{t("doctor.title")}</h2>
        <Button
          size="sm"
          busy={running !== null}
          busyLabel={t("doctor.running")}
          reason={channelId ? readOnly : t("doctor.afterSave")}
          onClick={start}
        >
          {done ? t("doctor.again") : t("doctor.run")}
        </Button>
      </div>
      {checks.length === 0 && running === null && (
        <p className="text-sm text-ink-3">
          {t("doctor.intro")} {channelId ? t("doctor.rule") : t("doctor.afterSave")}
        </p>
      )}
      <div aria-live="polite">
        <CheckRowsOf checks={checks} running={running} />
        {done && (
          <Notice tone={failed > 0 ? "danger" : "ok"}>{failed > 0 ? t("doctor.failed", { count: failed }) : t("doctor.passed")}</Notice>
        )}
      </div>
      <CommandError error={error} />
    </aside>
  );
}

const STATE = { ok: "ok", warning: "ok", unproven: "skipped", failed: "failed" } as const;

function CheckRowsOf({ checks, running }: { checks: readonly Check[]; running: CheckName | null }) {
  const t = useT("channel");
  const rows: CheckRow[] = checks.map((check) => ({
    key: check.name,
    state: STATE[verdictOf(check)],
    title: t(`check.${check.name}`),
    evidence: check.evidence && <span className="font-code break-all">{check.evidence}</span>,
    // What is looked up here takes no time worth showing.
    ms: check.ms || null,
    detail: check.cause && <Explanation cause={check.cause} next={check.next ?? "other"} />,
  }));
  if (running && !checks.some(({ name }) => name === running)) rows.push({ key: running, state: "running", title: t(`check.${running}`) });
  return <CheckRows rows={rows} />;
}

/** Stable words into sentences; one that has none yet is shown as it is. */
function Explanation({ cause, next }: { cause: string; next: string }) {
  const t = useT("channel");
  const causeKey = `doctor.cause.${cause.replace(/[.-]/g, "_")}` as "doctor.cause.other";
  const nextKey = `doctor.next.${next}` as "doctor.next.other";
  return (
    <CauseAndNext
      cause={t.has(causeKey) ? t(causeKey, { cause }) : t("doctor.cause.other", { cause })}
      next={t.has(nextKey) ? t(nextKey) : t("doctor.next.other")}
    />
  );
}
