"use client";

import { Money } from "~/components/money";
import { ProviderName } from "~/components/provider-name";
import type { Fact } from "~/components/ui/facts";
import { IdText } from "~/components/ui/id";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { yuanDisplay } from "~/lib/money";
import { mainAttempt, type PaymentDetail } from "./detail";

const None = () => <span className="text-ink-3">–</span>;

/** The eight facts of a payment. */
export function usePaymentFacts(detail: PaymentDetail): Fact[] {
  const t = useT("payment");
  const { payment } = detail;
  const attempt = mainAttempt(detail);
  const created = detail.history.find(({ type }) => type === "payment.create");
  return [
    { label: t("fact.buyer"), value: attempt?.buyerAccount ? <span className="mono-id">{attempt.buyerAccount}</span> : <None /> },
    { label: t("fact.received"), value: attempt?.receivedFen ? <Received received={attempt} /> : <None /> },
    {
      label: t("fact.channel"),
      value: attempt ? <ProviderName provider={attempt.provider}>{attempt.channelName}</ProviderName> : <None />,
    },
    {
      label: t("fact.tradeNo"),
      value: attempt?.providerTradeNo ? <IdText value={attempt.providerTradeNo} thing={t("fact.tradeNo")} copyShown /> : <None />,
    },
    {
      label: t("fact.createdAt"),
      value: (
        <>
          <Time at={payment.createdAt} kind="detail" />
          {created?.actorName && <span className="ml-2 text-ink-3">{created.actorName}</span>}
        </>
      ),
    },
    endOf(),
    { label: t("fact.expiresAt"), value: <Time at={payment.expiresAt} kind="detail" /> },
    { label: t("fact.id"), value: <IdText value={payment.id} thing={t("fact.id")} copyShown /> },
  ];

  function endOf(): Fact {
    if (payment.paidAt) return { label: t("fact.paidAt"), value: <Time at={payment.paidAt} kind="detail" /> };
    if (!payment.closedAt) return { label: t("fact.paidAt"), value: <None /> };
    return {
      label: t("fact.closedAt"),
      value: (
        <>
          <Time at={payment.closedAt} kind="detail" />
          {payment.closeReason && <span className="ml-2 text-ink-3">{t(`fact.closedWhy.${payment.closeReason}`)}</span>}
        </>
      ),
    };
  }
}

function Received({
  received: { receivedFen, receiptFen },
}: {
  received: Pick<NonNullable<ReturnType<typeof mainAttempt>>, "receivedFen" | "receiptFen">;
}) {
  const t = useT("payment");
  if (receivedFen === null) return <None />;
  return (
    <>
      <Money fen={receivedFen} yen />
      {receiptFen !== null && receiptFen !== receivedFen && (
        <span className="ml-2 text-ink-3">{t("fact.receipt", { amount: yuanDisplay(receiptFen) })}</span>
      )}
    </>
  );
}
