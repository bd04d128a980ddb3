"use client";

import Link from "next/link";
import { MethodName } from "~/components/provider-name";
import { ShareBars } from "~/components/share-bars";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { WorkbenchData } from "./workbench";

/** What came in by each method, closed with 合计. */
export function MethodShares({ data: { methods, range, days } }: { data: WorkbenchData }) {
  const t = useT("dashboard");
  const title = t(`share.title.${range}`);
  return (
    <section aria-label={title} className="min-w-0 pb-4">
      <div className="flex h-11 items-center gap-3 px-gutter">
        <h2 className="text-sm font-strong">{title}</h2>
        <span className="grow" />
        <Link className="link" href={paths.payments({ from: days.from, to: days.to })} prefetch={false}>
          {t("share.see")}
        </Link>
      </div>
      <ShareBars
        label={title}
        empty={t("share.empty")}
        shares={methods
          .filter(({ paidFen }) => paidFen > 0n)
          .map(({ method, paidFen }) => ({ key: method, name: <MethodName method={method} />, fen: paidFen }))}
      />
    </section>
  );
}
