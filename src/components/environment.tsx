"use client";

import { FlaskConical } from "lucide-react";
import type { Environment } from "~/domain/provider";
import { useT } from "~/i18n/use-t";

/** The hatched line across the very top, wherever money is not real. Console, checkout and employee pages all have it. */
export function EnvironmentLine({ environment }: { environment: Environment }) {
  if (environment !== "simulator") return null;
  return <div aria-hidden className="env-line fixed inset-x-0 top-0 z-50 h-1" />;
}

export function EnvironmentChip({ environment }: { environment: Environment }) {
  const t = useT("common");
  if (environment === "live") return null;
  return (
    <span
      data-tip={t(`environmentHint.${environment}`)}
      className="inline-flex h-6 flex-none items-center gap-1.5 rounded-sm bg-warning-soft px-2 text-xs font-medium whitespace-nowrap text-warning [&_svg]:size-3.5"
    >
      <FlaskConical aria-hidden />
      {t(`environment.${environment}`)}
    </span>
  );
}
