"use client";

import { useT } from "~/i18n/use-t";

const STEPS = ["submit", "audit", "confirm", "open"] as const;

/** Beside the form: what happens after it, and how long each step takes. */
export function NextSteps() {
  const t = useT("facetofaceForm");
  return (
    <aside
      aria-label={t("steps.title")}
      className="grid min-w-0 flex-none content-start gap-4 px-gutter py-5 max-lg:border-t max-lg:border-line lg:w-[368px] lg:border-l lg:border-line"
    >
      <h2 className="text-sm font-strong">{t("steps.title")}</h2>
      <ol className="grid gap-4">
        {STEPS.map((step, index) => (
          <li key={step} className="grid grid-cols-[20px_1fr] gap-x-2 text-sm">
            <span aria-hidden className="text-ink-3">
              {index + 1}
            </span>
            <div>
              <p className="font-medium">{t(`steps.${step}.name`)}</p>
              <p className="text-xs leading-[18px] text-ink-3">{t(`steps.${step}.text`)}</p>
            </div>
          </li>
        ))}
      </ol>
    </aside>
  );
}
