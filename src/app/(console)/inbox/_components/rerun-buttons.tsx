"use client";

import { Play } from "lucide-react";
import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { ConfirmDialog } from "~/components/ui/dialog";
import { Spinner } from "~/components/ui/spinner";
import { ROLE_LABEL, roleMay } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import type { Rights } from "../../_components/rights";
import { useEffectWords } from "./use-effect-words";
import type { RerunControl } from "./use-rerun";
import { useCauseWords } from "./use-words";

/** 试跑 and 正式重跑…; who may not is told why. */
export function RerunButtons({ rerun, rights }: { rerun: RerunControl; rights: Rights }) {
  const t = useT("inbox");
  const lang = useLang();
  const [asking, setAsking] = useState(false);
  const { role } = rights;
  const may = role !== null && roleMay(role, "inbox.rerun");
  const reason = may ? null : role ? t("rerun.reasonRole", { role: ROLE_LABEL[lang][role] }) : t("rerun.reasonGrant");
  return (
    <>
      <Button icon={<Play />} busy={rerun.dry.isPending && !asking} busyLabel={t("rerun.drying")} reason={reason} onClick={rerun.runDry}>
        {t("rerun.dry")}
      </Button>
      <Button
        reason={reason}
        onClick={() => {
          rerun.real.reset();
          rerun.runDry();
          setAsking(true);
        }}
      >
        {t("rerun.real")}
      </Button>
      <RerunDialog rerun={rerun} open={asking} onClose={() => setAsking(false)} />
    </>
  );
}

/** Lists what a dry run of this moment says, before anything is done. */
function RerunDialog({ rerun, open, onClose }: { rerun: RerunControl; open: boolean; onClose: () => void }) {
  const t = useT("inbox");
  const effect = useEffectWords();
  const cause = useCauseWords();
  const { dry, real } = rerun;
  const outcome = dry.isSuccess ? dry.data : null;
  const effects = outcome?.changes.filter(({ changed }) => changed) ?? [];
  const books = effects.some(({ object }) => object === "books");
  const refused = outcome && !outcome.verified;
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={t("rerun.title")}
      verb={t("rerun.realVerb")}
      busyVerb={t("rerun.realBusy")}
      busy={real.isPending}
      reason={!outcome ? t("rerun.dryFirst") : effects.length === 0 && t("rerun.noEffectsReason")}
      final={books ? t("rerun.final") : undefined}
      onConfirm={() => rerun.runReal(onClose)}
    >
      {dry.isPending && (
        <p className="flex items-center gap-2 text-ink-2">
          <Spinner /> {t("rerun.dryFirst")}
        </p>
      )}
      {outcome && (
        <>
          <p>{effects.length > 0 ? t("rerun.effects") : t("rerun.noEffects")}</p>
          {effects.length > 0 && (
            <ul className="grid list-disc gap-1 pl-5">
              {effects.map((one) => (
                <li key={`${one.object} ${one.subject}`}>{effect(one)}</li>
              ))}
            </ul>
          )}
          {refused && (
            <p className="text-ink-2">
              {t("rerun.stillFails")}: {cause(outcome.cause, outcome.steps.at(-1)?.evidence ?? null)}
            </p>
          )}
        </>
      )}
      <CommandError error={dry.error ?? real.error} />
    </ConfirmDialog>
  );
}
