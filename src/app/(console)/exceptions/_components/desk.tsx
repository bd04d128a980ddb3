"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { cn } from "~/components/ui/cn";
import { PageHead } from "~/components/ui/page-head";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { CaseList } from "./case-list";
import { RiskHead } from "./risk-head";

/** Head, list and one case beside it. On a phone the list and the case are two pages. */
export function Desk({ children }: { children: ReactNode }) {
  const t = useT("exception");
  const onCase = usePathname() !== paths.exceptions();
  return (
    <div className="flex min-h-0 grow flex-col max-md:min-h-fit">
      {/* A case is a page of its own on a phone: the page keeps its name, for those who hear it. */}
      <div className={cn("flex-none", onCase && "max-md:sr-only")}>
        <PageHead title={t("title")} />
      </div>
      <div className={cn("flex-none", onCase && "max-md:hidden")}>
        <RiskHead />
      </div>
      <div className="grid min-h-0 grow grid-cols-[440px_minmax(0,1fr)] border-t border-line-strong max-lg:grid-cols-[320px_minmax(0,1fr)] max-md:grid-cols-1">
        <section
          aria-label={t("list")}
          className={cn("flex min-h-0 min-w-0 flex-col border-r border-line max-md:border-r-0", onCase && "max-md:hidden")}
        >
          <CaseList />
        </section>
        <div className={cn("min-h-0 min-w-0 overflow-y-auto max-md:overflow-visible", !onCase && "max-md:hidden")}>{children}</div>
      </div>
    </div>
  );
}
