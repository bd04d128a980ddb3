"use client";

import Link from "next/link";
import { ProviderName } from "~/components/provider-name";
import { StatusChip } from "~/components/status-chip";
import { IdText } from "~/components/ui/id";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { PaymentDetail } from "./detail";

/** Where the messages themselves are: the inbox has their bytes and their verification. The one that settled it stands first. */
export function RawMessages({ detail: { callbacks, attempts } }: { detail: PaymentDetail }) {
  const t = useT("payment");
  const settling = new Set(attempts.map(({ notificationId }) => notificationId));
  const groups = [
    { title: t("raw.settled"), messages: callbacks.filter(({ id }) => settling.has(id)) },
    { title: t("raw.other"), messages: callbacks.filter(({ id }) => !settling.has(id)) },
  ].filter(({ messages }) => messages.length > 0);
  return (
    <>
      <p className="py-3 text-ink-3">{groups.length > 0 ? t("raw.text") : t("raw.none")}</p>
      {groups.map(({ title, messages }) => (
        <section key={title} className="pb-3">
          <h3 className="pb-2 text-sm font-strong">{title}</h3>
          <ul className="border-t border-line">
            {messages.map((message) => (
              <li key={message.id} className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-1.5">
                <ProviderName provider={message.provider} />
                <StatusChip of="notification" status={message.state} />
                <IdText value={message.id} className="text-ink-2" />
                <Time at={message.receivedAt} kind="inbox" className="text-ink-3" />
                <span className="grow" />
                <Link className="link" href={paths.message(message.id)} prefetch={false}>
                  {t("raw.open")}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
