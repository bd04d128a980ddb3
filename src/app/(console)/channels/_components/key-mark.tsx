"use client";

import { useNow } from "~/components/ui/clock";
import { Fingerprint } from "~/components/ui/id";
import { expiryOf } from "~/domain/channel-check";
import { useT } from "~/i18n/use-t";
import type { Channel } from "./channel-list";

export type Key = Channel["keys"][number];

/** A key as it may be shown: fingerprint, since when, days left, the end of a symmetric key. */
export function KeyMark({
  of: { fingerprint, createdAt, notAfter, last4 },
}: {
  of: Pick<Key, "fingerprint" | "createdAt" | "notAfter" | "last4">;
}) {
  const t = useT("channel");
  const now = useNow(null);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <Fingerprint sha256={fingerprint} since={createdAt} daysLeft={notAfter ? expiryOf(notAfter, now).daysLeft : null} />
      {last4 && <span className="text-ink-3">{t("last4", { last4 })}</span>}
    </span>
  );
}
