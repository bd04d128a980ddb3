"use client";

import { LoadError } from "~/components/load-error";
import { ButtonLink } from "~/components/ui/button-link";
import { CodeBody } from "~/components/ui/code-viewer";
import { Drawer } from "~/components/ui/drawer";
import { RuledFacts } from "~/components/ui/facts";
import { IdText } from "~/components/ui/id";
import { Section } from "~/components/ui/page-head";
import { Skeleton } from "~/components/ui/states";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { api, type RouterOutputs } from "~/trpc/client";
import { ActorName } from "./audit-page";
import { subjectHref, useEventWords } from "./event-words";

type EventDrawerProps = { id: string; onClose: () => void; onPrev: (() => void) | null; onNext: (() => void) | null };

/** One record: who, what, from where, its content as it is stored, and its place in the hash chain. */
export function EventDrawer({ id, ...walk }: EventDrawerProps) {
  const t = useT("event");
  const words = useEventWords();
  const event = api.event.get.useQuery({ id });
  const { data } = event;
  const href = data && subjectHref(data.subject);
  return (
    <Drawer
      {...walk}
      rowKey={id}
      title={<IdText value={id} thing={t("thing.event")} copyShown />}
      head={
        data && (
          <div className="mt-1 flex items-center gap-3">
            <p className="grow text-lg font-strong">{words(data.type)}</p>
            {href && <ButtonLink href={href}>{t("openSubject")}</ButtonLink>}
          </div>
        )
      }
    >
      {event.error && <LoadError error={event.error} onRetry={() => event.refetch()} />}
      {!data && !event.error && <Skeleton className="mx-gutter my-6 w-2/3" />}
      {data && <EventBody event={data} />}
    </Drawer>
  );
}

function EventBody({ event }: { event: RouterOutputs["event"]["get"] }) {
  const t = useT("event");
  const empty = Object.keys(event.details).length === 0;
  const facts = [
    { label: t("facts.at"), value: <Time at={event.at} kind="inbox" /> },
    { label: t("facts.subject"), value: <IdText value={event.subject} thing={t("thing.subject")} copyShown /> },
    {
      label: t("facts.actor"),
      value: (
        <span className="inline-flex flex-wrap items-center gap-x-2">
          <ActorName row={event} />
          <IdText value={event.actorId} thing={t("thing.actor")} />
        </span>
      ),
    },
    { label: t("facts.ip"), value: event.ip ?? "–" },
    { label: t("facts.request"), value: event.requestId ? <IdText value={event.requestId} thing={t("thing.request")} copyShown /> : "–" },
    { label: t("facts.seal"), value: event.seal ? t("sealed", { seq: event.seal.seq }) : t("unsealed") },
    ...(event.seal ? [{ label: t("facts.hash"), value: <IdText value={event.seal.hash} thing={t("thing.hash")} copyShown /> }] : []),
  ];
  return (
    <>
      <RuledFacts single facts={facts} className="px-gutter pb-5" />
      <Section title={t("details")}>
        {empty ? (
          <p className="px-gutter pb-5 text-ink-2">{t("noDetails")}</p>
        ) : (
          <CodeBody label={t("details")} view="raw" text={JSON.stringify(event.details, null, 2)} />
        )}
      </Section>
    </>
  );
}
