"use client";

import Link from "next/link";
import { ProviderName } from "~/components/provider-name";
import { FactStrip } from "~/components/ui/facts";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { MessageDetail } from "./message-page";
import { stepsOf } from "./steps";

/** The strip of six facts under the head. */
export function MessageFacts({ detail }: { detail: MessageDetail }) {
  const t = useT("inbox");
  const { message, channel, about, answer } = detail;
  const took = stepsOf(message).reduce((sum, step) => sum + step.ms, 0);
  return (
    <FactStrip
      facts={[
        { label: t("fact.source"), value: <ProviderName provider={message.provider}>{channel?.name}</ProviderName> },
        { label: t("fact.received"), value: <Time at={message.receivedAt} kind="inbox" /> },
        {
          label: t("fact.payment"),
          value: about ? (
            <>
              {message.state === "refused" && <span className="text-ink-3">{t("fact.claims")} </span>}
              <Link className="mono-id link" href={paths.payment(about.paymentId)} prefetch={false}>
                {about.orderNo}
              </Link>
            </>
          ) : (
            <span className="text-ink-3">{message.state === "refused" ? t("fact.notCompared") : t("fact.noOrder")}</span>
          ),
        },
        {
          label: t("fact.delivery"),
          value: (
            <>
              {message.copies > 1 ? t("fact.times", { count: message.copies }) : t("fact.once")}
              {!answer.ok && <span className="text-ink-3"> · {t("fact.again")}</span>}
            </>
          ),
        },
        {
          label: t("fact.answer"),
          value: (
            <span className="code">
              {answer.status} {answer.body}
            </span>
          ),
        },
        { label: t("fact.took"), value: `${took.toFixed(1)} ms` },
      ]}
    />
  );
}
