"use client";

import { Notice } from "~/components/ui/states";
import { METHOD_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import type { Answer } from "./use-query-attempts";

const TONES = { settle: "ok", at_risk: "danger", misfit: "danger", confirm_first: "warning" } as const;

/** What the providers said, one sentence for each attempt that was asked about. */
export function QueryAnswers({ answers }: { answers: readonly Answer[] }) {
  const t = useT("payment");
  const lang = useLang();
  if (answers.length === 0) return null;
  return (
    <div role="status" aria-label={t("queried.title")} className="mt-3 grid gap-1">
      {answers.map(({ attemptId, method, result }) => {
        const words = result.verdict === "nothing" && result.state === "absent" ? "absent" : result.verdict;
        return (
          <Notice key={attemptId} tone={TONES[result.verdict as keyof typeof TONES] ?? "info"}>
            {t(`queried.${words}`, { method: METHOD_LABEL[lang][method], state: result.providerState || "–" })}
          </Notice>
        );
      })}
    </div>
  );
}
