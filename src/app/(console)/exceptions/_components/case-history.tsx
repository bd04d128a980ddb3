"use client";

import Link from "next/link";
import { Timeline, type TimelineItem } from "~/components/timeline";
import { CASE_KIND_LABEL, OWN_REASONS } from "~/domain/exception";
import type { Movement } from "~/domain/payment";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import type { CaseDetail } from "./case-pane";
import { isBooked } from "./case-story";

type HistoryEvent = CaseDetail["history"][number];

/** 经过: what happened to the payment, to its attempt, and to the case itself. */
export function CaseHistory({ detail }: { detail: CaseDetail }) {
  const t = useT("exception");
  const event = useT("event");
  const note = useNote();
  const lang = useLang();
  const { case: one, history } = detail;
  const items = history.map((item): TimelineItem => {
    const key = `types.${item.type}` as Parameters<typeof event>[0];
    const title = event.has(key) ? event(key) : item.type;
    const opened = item.type === "exception.open";
    return {
      key: item.id,
      at: item.at,
      movement: movementAfter(item, one),
      title: opened ? `${title} · ${CASE_KIND_LABEL[lang][one.kind]}` : title,
      note: note(item),
    };
  });
  return (
    <section>
      <h3 className="pb-3 text-sm font-strong">{t("history.title")}</h3>
      <Timeline items={items} />
    </section>
  );
}

/** Plum only while the case is open. */
function movementAfter({ type, subject }: HistoryEvent, one: CaseDetail["case"]): Movement {
  const doubt = one.status === "open" ? "unknown" : "none";
  if (type === "payment.settle") return "in";
  if (type.startsWith("transaction.succeed")) return subject === one.transactionId && isBooked(one) ? doubt : "in";
  return type === "exception.open" ? doubt : "none";
}

function useNote() {
  const t = useT("exception");
  const members = api.member.list.useQuery({ limit: 100 });
  const nameOf = (id: string) => members.data?.items.find(({ userId }) => userId === id)?.name ?? t("actor.someone");
  return (item: HistoryEvent) => {
    const details = (item.details ?? {}) as Record<string, unknown>;
    const who = item.actorName ?? t(`actor.${item.actorKind}`);
    const parts: React.ReactNode[] = [who];
    if (item.type === "exception.assign") {
      parts.push(typeof details.after === "string" ? t("history.assignTo", { name: nameOf(details.after) }) : t("history.assignNobody"));
    }
    if (item.type.startsWith("exception.") && typeof details.reason === "string") {
      const own = OWN_REASONS.find((reason) => reason === details.reason);
      parts.push(t("history.reason", { reason: own ? t(`own.${own}`) : details.reason }));
    }
    if (typeof details.notificationId === "string") {
      parts.push(
        <Link className="link" href={paths.message(details.notificationId)} prefetch={false}>
          {t("history.seeMessage")}
        </Link>,
      );
    }
    return parts.map((part, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence
      <span key={index}>
        {index > 0 && " · "}
        {part}
      </span>
    ));
  };
}
