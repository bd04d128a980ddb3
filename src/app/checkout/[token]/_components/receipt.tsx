import { Check, Download } from "lucide-react";
import { Money } from "~/components/money";
import { ProviderName } from "~/components/provider-name";
import { Button } from "~/components/ui/button";
import { useNow } from "~/components/ui/clock";
import { IdText } from "~/components/ui/id";
import { timeText } from "~/components/ui/time-text";
import { useT } from "~/i18n/use-t";
import { BackLink } from "./outcomes";
import { Actions, COPY_AT_EDGE, Line, Lines, StageHead } from "./parts";
import type { CheckoutView } from "./stage";
import { useStageTitle } from "./stage-title";

/** Paid: what a buyer keeps. */
export function Receipt({ view }: { view: CheckoutView }) {
  const t = useT("checkout");
  const now = useNow(null);
  const { receipt } = view;
  const paidAt = receipt?.paidAt ?? view.paidAt;
  const time = paidAt ? timeText(paidAt, "list", now) : "";
  const note =
    view.status === "paid"
      ? t("receipt.at", { time })
      : t(view.status === "refunding" ? "receipt.refundingAt" : "receipt.refundedAt", { time });
  return (
    <>
      <StageHead tone="ok" sign={<Check />} title={useStageTitle({ name: "paid" }, view)} note={note} />
      <Lines>
        <Line label={t("receipt.amount")}>
          <Money fen={view.amountFen} yen />
        </Line>
        {receipt && (
          <Line label={t("method")}>
            <ProviderName provider={receipt.provider} />
          </Line>
        )}
        {receipt?.buyerAccount && <Line label={t("receipt.account")}>{receipt.buyerAccount}</Line>}
        {receipt?.providerTradeNo && (
          <Line label={t("receipt.tradeNo")}>
            <IdText value={receipt.providerTradeNo} thing={t("receipt.tradeNo")} className={COPY_AT_EDGE} />
          </Line>
        )}
        <div className="md:hidden print:hidden">
          <Line label={t("orderNo")}>
            <IdText value={view.orderNo} thing={t("copyOrderNo")} whole={view.orderNo.length <= 24} className={COPY_AT_EDGE} />
          </Line>
        </div>
      </Lines>
      <Actions>
        {view.returnUrl && <BackLink href={view.returnUrl}>{t("receipt.back", { merchant: view.merchant })}</BackLink>}
        <Button variant={view.returnUrl ? "ghost" : "default"} size="touch" icon={<Download />} onClick={() => print()}>
          {t("receipt.save")}
        </Button>
      </Actions>
    </>
  );
}
