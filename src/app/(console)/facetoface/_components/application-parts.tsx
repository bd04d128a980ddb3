"use client";

import { useId } from "react";
import { RuledFacts } from "~/components/ui/facts";
import { Tabs } from "~/components/ui/tabs";
import { useUrlState } from "~/components/ui/url-state";
import { useT } from "~/i18n/use-t";
import { ApplicationHistory } from "./application-history";
import { CallList } from "./call-list";
import { ConfirmLink } from "./confirm-link";
import { Material } from "./material";
import { ProviderSide } from "./provider-side";
import type { Rights } from "./rights";
import { SubmitSteps } from "./submit-steps";
import { Trouble } from "./trouble";
import type { ApplicationDetail } from "./types";
import { useFacts } from "./use-facts";

const PARTS = ["overview", "material", "calls"] as const;
type Part = (typeof PARTS)[number];
const URL_DEFAULTS = { part: "overview" };

type ApplicationPartsProps = {
  detail: ApplicationDetail;
  rights: Rights;
  /** A full page has the facts in a column of their own. */
  page?: boolean;
};

/** 概览 资料 接口记录: in the drawer as on the page. */
export function ApplicationParts({ detail, rights, page }: ApplicationPartsProps) {
  const t = useT("facetoface");
  const [url, setUrl] = useUrlState(URL_DEFAULTS);
  const panel = useId();
  const part = PARTS.find((one) => one === url.part) ?? "overview";
  const counts: Partial<Record<Part, number>> = { material: detail.pictures.length, calls: detail.calls.length };
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
        {part === "overview" && <Overview detail={detail} rights={rights} page={page} />}
        {part === "material" && <Material detail={detail} rights={rights} />}
        {part === "calls" && <CallList detail={detail} rights={rights} />}
      </div>
    </>
  );
}

function Overview({ detail, rights, page }: ApplicationPartsProps) {
  const t = useT("facetoface");
  const facts = useFacts(detail);
  return (
    <>
      <Trouble detail={detail} />
      {detail.status === "merchant_confirm" && (
        <section aria-label={t("column.link")} className="border-b border-line py-4">
          <ConfirmLink order={detail} rights={rights} />
        </section>
      )}
      {/* Beside the page's column of facts from 1180 px on; above what follows everywhere else. */}
      <RuledFacts facts={facts} className={page ? "lg:hidden" : undefined} />
      <ProviderSide detail={detail} />
      <h2 className="pt-4.5 pb-2 text-sm font-strong">{t("detail.steps")}</h2>
      <SubmitSteps detail={detail} />
      <h2 className="pt-4.5 pb-2 text-sm font-strong">{t("detail.history")}</h2>
      <ApplicationHistory detail={detail} />
    </>
  );
}
