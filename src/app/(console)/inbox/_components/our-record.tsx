"use client";

import Link from "next/link";
import { Money } from "~/components/money";
import { StatusChip } from "~/components/status-chip";
import { Timeline, type TimelineItem } from "~/components/timeline";
import { RuledFacts } from "~/components/ui/facts";
import { IdText } from "~/components/ui/id";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { MessageDetail } from "./message-page";
import { StateChip } from "./state-chip";

/** What we keep of it, and what happened to it since. */
export function OurRecord({ detail }: { detail: MessageDetail }) {
  const t = useT("inbox");
  const { message, about, cases, sha256 } = detail;
  const id = (value: string | null, thing: string) => (value ? <IdText value={value} thing={thing} copyShown /> : "–");
  const open = cases.some(({ status }) => status === "open");
  return (
    <div className="min-h-0 grow overflow-y-auto px-4 py-4 max-lg:px-gutter">
      <RuledFacts
        single
        className="border-t border-line"
        facts={[
          { label: t("fact.id"), value: id(message.id, t("fact.id")) },
          { label: t("fact.state"), value: <StateChip state={message.state} caseIsOpen={open} /> },
          { label: t("fact.number"), value: id(message.outTradeNo, t("fact.number")) },
          { label: t("fact.tradeNo"), value: id(message.providerTradeNo, t("fact.tradeNo")) },
          { label: t("fact.providerState"), value: <span className="code">{message.providerState ?? "–"}</span> },
          { label: t("fact.amount"), value: message.amountFen === null ? "–" : <Money fen={message.amountFen} yen /> },
          { label: t("fact.attempt"), value: about ? <StatusChip of="transaction" status={about.status} /> : "–" },
          {
            label: t("fact.case"),
            value:
              cases.length === 0
                ? "–"
                : cases.map((one) => (
                    <span key={one.id} className="mr-3 inline-flex items-center gap-1.5">
                      <Link className="link" href={paths.exception(one.id)} prefetch={false}>
                        {t("evidence.seeCase")}
                      </Link>
                      <StatusChip of="caseStatus" status={one.status} />
                    </span>
                  )),
          },
          { label: t("fact.applied"), value: message.appliedAt ? <Time at={message.appliedAt} kind="inbox" /> : "–" },
          { label: t("fact.lastCopy"), value: message.lastCopyAt ? <Time at={message.lastCopyAt} kind="inbox" /> : "–" },
          { label: t("fact.ip"), value: <span className="code">{message.sourceIp}</span> },
          { label: t("fact.key"), value: message.keyId ? <span className="code break-all">{message.keyId}</span> : "–" },
          { label: t("fact.sha256"), value: <span className="code break-all text-ink-2">{sha256}</span> },
        ]}
      />
      <h2 className="pt-5 pb-2 text-sm font-strong">{t("viewer.history")}</h2>
      <History detail={detail} />
    </div>
  );
}

function History({ detail: { history, message } }: { detail: MessageDetail }) {
  const t = useT("inbox");
  const event = useT("event");
  const who = (one: (typeof history)[number]) =>
    one.actorKind === "user" ? (one.actorName ?? t("actor.someone")) : t(`actor.${one.actorKind}`);
  const items: TimelineItem[] = history.map((one) => {
    const key = `types.${one.type}` as Parameters<typeof event>[0];
    return { key: one.id, at: one.at, movement: "none", title: event.has(key) ? event(key) : one.type, note: who(one) };
  });
  items.push({ key: "received", at: message.receivedAt, movement: "none", title: t("step.stored"), note: message.sourceIp });
  return <Timeline items={items} />;
}
