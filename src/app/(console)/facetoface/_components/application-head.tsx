"use client";

import { Link2, Pencil, RefreshCw, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { ButtonLink } from "~/components/ui/button-link";
import { useNow } from "~/components/ui/clock";
import { MenuItem, MoreMenu } from "~/components/ui/menu";
import { Notice } from "~/components/ui/states";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { seconds } from "~/lib/time";
import { api } from "~/trpc/client";
import { ApplicationChip } from "./application-chip";
import { LinkDialog } from "./link-dialog";
import { type Reasons, reasonsOf } from "./reasons";
import type { Rights } from "./rights";
import { Standing } from "./standing";
import type { ApplicationDetail } from "./types";
import { useAnswerWords, useQueryOrder } from "./use-query-order";
import { useReason } from "./use-reason";
import { WithdrawDialog } from "./withdraw-dialog";

/** Who applies, where it stands, who acts next, and what may be done. */
export function ApplicationHead({ detail, rights }: { detail: ApplicationDetail; rights: Rights }) {
  const t = useT("facetoface");
  const reasons = reasonsOf(detail, rights, useNow(seconds(2)));
  const say = useReason();
  const asking = useQueryOrder({ tell: false });
  const words = useAnswerWords();
  const utils = api.useUtils();
  const resume = api.facetoface.resume.useMutation({ onSettled: () => void utils.facetoface.invalidate() });
  const [dialog, setDialog] = useState<"link" | "withdraw" | null>(null);
  const main = mainAction(reasons);
  return (
    <div>
      <p className="mt-0.5 text-ink-2 [overflow-wrap:anywhere]">{detail.merchantName}</p>
      <div className="mt-2 flex flex-wrap items-center gap-x-2.5 gap-y-2">
        <h2 className="mr-1 text-xl font-strong [overflow-wrap:anywhere]">{detail.shopName}</h2>
        <ApplicationChip order={detail} />
        <div className="ml-auto flex items-center gap-2.5 max-md:ml-0">
          <Button
            icon={<RefreshCw />}
            busy={asking.busy}
            busyLabel={t("action.querying")}
            reason={say(reasons.query, rights)}
            onClick={() => asking.ask(detail.id)}
          >
            {t("action.query")}
          </Button>
          {main === "revise" && (
            <ButtonLink variant="primary" icon={<Pencil />} href={paths.editFacetoface(detail.id)}>
              {t("action.revise")}
            </ButtonLink>
          )}
          {main === "remind" && (
            <Button variant="primary" icon={<Link2 />} onClick={() => setDialog("link")}>
              {t("action.remind")}
            </Button>
          )}
          {main === "reapply" && (
            <ButtonLink variant="primary" icon={<RotateCcw />} href={paths.newFacetoface(detail.id)}>
              {t("action.reapply")}
            </ButtonLink>
          )}
          <MoreMenu name={detail.shopName}>
            <MenuItem icon={<RotateCcw />} reason={say(reasons.resume, rights)} onSelect={() => resume.mutate({ orderId: detail.id })}>
              {t("action.resume")}
            </MenuItem>
            <MenuItem icon={<X />} destructive reason={say(reasons.withdraw, rights)} onSelect={() => setDialog("withdraw")}>
              {t("action.withdraw")}
            </MenuItem>
          </MoreMenu>
        </div>
      </div>
      <Standing order={detail} />
      {asking.answer && (
        <div role="status" className="mt-2">
          <Notice tone={asking.answer.changed ? "ok" : "info"}>{words(asking.answer)}</Notice>
        </div>
      )}
      <CommandError error={asking.error ?? resume.error} noMoney className="mt-3" />
      <LinkDialog order={detail} rights={rights} open={dialog === "link"} onClose={() => setDialog(null)} />
      <WithdrawDialog order={detail} open={dialog === "withdraw"} onClose={() => setDialog(null)} />
    </div>
  );
}

/** The one thing that brings it on, when a person has to act and may. */
function mainAction(reasons: Reasons): "revise" | "remind" | "reapply" | null {
  return (["revise", "remind", "reapply"] as const).find((action) => reasons[action] === null) ?? null;
}
