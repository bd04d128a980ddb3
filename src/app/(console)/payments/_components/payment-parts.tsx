"use client";

import { useId } from "react";
import { RuledFacts } from "~/components/ui/facts";
import { Tabs } from "~/components/ui/tabs";
import { useUrlState } from "~/components/ui/url-state";
import { useT } from "~/i18n/use-t";
import { AttemptTable } from "./attempt-table";
import { CallbackTable } from "./callback-table";
import type { PaymentDetail } from "./detail";
import { EntryTable } from "./entry-table";
import { PaymentHistory } from "./payment-history";
import { PaymentTrouble } from "./payment-trouble";
import { RawMessages } from "./raw-messages";
import { usePaymentFacts } from "./use-payment-facts";

const PARTS = ["overview", "callbacks", "entries", "raw"] as const;
type Part = (typeof PARTS)[number];
const URL_DEFAULTS = { part: "overview" };

type PaymentPartsProps = {
  detail: PaymentDetail;
  /** A full page has the facts in a column of their own. */
  page?: boolean;
};

/** 概览 回调 账目 原始报文: in the drawer as on the page. */
export function PaymentParts({ detail, page }: PaymentPartsProps) {
  const t = useT("payment");
  const [url, setUrl] = useUrlState(URL_DEFAULTS);
  const panel = useId();
  const part = PARTS.find((one) => one === url.part) ?? "overview";
  const counts: Partial<Record<Part, number>> = { callbacks: detail.callbacks.length, entries: detail.entries.length };
  return (
    <>
      <Tabs
        label={t("detail.tabs")}
        panelId={panel}
        value={part}
        onChange={(next) => setUrl({ part: next })}
        tabs={PARTS.map((key) => ({ key, label: t(`detail.${key}`), count: counts[key] }))}
      />
      <div id={panel} role="tabpanel" aria-label={t(`detail.${part}`)} className="px-gutter pt-1 pb-6">
        {part === "overview" && <Overview detail={detail} page={page} />}
        {part === "callbacks" && <CallbackTable callbacks={detail.callbacks} />}
        {part === "entries" && <EntryTable entries={detail.entries} />}
        {part === "raw" && <RawMessages detail={detail} />}
      </div>
    </>
  );
}

function Overview({ detail, page }: PaymentPartsProps) {
  const t = useT("payment");
  const facts = usePaymentFacts(detail);
  return (
    <>
      <PaymentTrouble detail={detail} />
      {/* Beside the page's column of facts from 1180 px on; above what follows everywhere else. */}
      <RuledFacts facts={facts} className={page ? "lg:hidden" : undefined} />
      <h3 className="pt-4.5 pb-2 text-sm font-strong">{t("detail.attempts")}</h3>
      <AttemptTable detail={detail} />
      <h3 className="pt-4.5 pb-2 text-sm font-strong">{t("detail.history")}</h3>
      <PaymentHistory detail={detail} />
    </>
  );
}
