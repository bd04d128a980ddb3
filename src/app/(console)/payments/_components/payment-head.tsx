"use client";

import { Link2, RefreshCw, X } from "lucide-react";
import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { Money } from "~/components/money";
import { MovementMark } from "~/components/movement";
import { Button } from "~/components/ui/button";
import { useNow } from "~/components/ui/clock";
import { MenuItem, MoreMenu } from "~/components/ui/menu";
import { paymentMovement } from "~/domain/payment";
import { useT } from "~/i18n/use-t";
import { seconds } from "~/lib/time";
import type { Rights } from "../../_components/rights";
import { CancelDialog } from "./cancel-dialog";
import { type PaymentDetail, standingOf } from "./detail";
import { LinkDialog } from "./link-dialog";
import { PaymentChip } from "./payment-chip";
import { QueryAnswers } from "./query-answers";
import { reasonsOf } from "./reasons";
import { useQueryAttempts } from "./use-query-attempts";
import { useReason } from "./use-reason";

/** Subject, the one amount, where order and money stand, and what may be done. */
export function PaymentHead({ detail, rights }: { detail: PaymentDetail; rights: Rights }) {
  const t = useT("payment");
  const { payment, attempts } = detail;
  const standing = standingOf(detail);
  const reasons = reasonsOf({ payment, attempts }, rights, useNow(seconds(10)));
  const say = useReason();
  const asking = useQueryAttempts(detail);
  const [dialog, setDialog] = useState<"link" | "cancel" | null>(null);
  const movement = paymentMovement({
    status: payment.status,
    openCases: standing.openCases.length,
    inDoubt: standing.inDoubt,
  });
  return (
    <div>
      <p className="mt-0.5 text-ink-2 [overflow-wrap:anywhere]">{payment.subject}</p>
      <div className="mt-2.5 flex flex-wrap items-center gap-x-2.5 gap-y-2">
        <span className="figure mr-1 text-2xl leading-10">
          <Money fen={payment.amountFen} yen tone={movement === "unknown" ? "risk" : undefined} />
        </span>
        <PaymentChip {...standing} />
        <MovementMark movement={movement} />
        <span className="grow" />
        <Button
          icon={<RefreshCw />}
          busy={asking.busy}
          busyLabel={t("action.querying")}
          reason={say(reasons.query, rights)}
          onClick={() => void asking.ask()}
        >
          {t("action.query")}
        </Button>
        <Button icon={<Link2 />} reason={say(reasons.link, rights)} onClick={() => setDialog("link")}>
          {t("action.link")}
        </Button>
        <MoreMenu name={payment.orderNo}>
          <MenuItem icon={<X />} destructive reason={say(reasons.cancel, rights)} onSelect={() => setDialog("cancel")}>
            {t("action.cancel")}
          </MenuItem>
        </MoreMenu>
      </div>
      <QueryAnswers answers={asking.answers} />
      <CommandError error={asking.error} className="mt-3" />
      <LinkDialog payment={payment} open={dialog === "link"} onClose={() => setDialog(null)} />
      <CancelDialog detail={detail} open={dialog === "cancel"} onClose={() => setDialog(null)} />
    </div>
  );
}
