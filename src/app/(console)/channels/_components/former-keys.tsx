"use client";

import { useNow } from "~/components/ui/clock";
import { Fingerprint } from "~/components/ui/id";
import { timeText } from "~/components/ui/time-text";
import { useT } from "~/i18n/use-t";
import type { Detail } from "./channel-detail";
import { useKindName } from "./kind-name";

/** Keys that were replaced or revoked: a message of that time can still be explained. */
export function FormerKeys({ channel }: { channel: Detail }) {
  const t = useT("channel");
  const now = useNow(null);
  const kindName = useKindName();
  return (
    <ul className="border-t border-line">
      {channel.formerKeys.map((key) => (
        <li key={key.id} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-1.5">
          <span className="text-ink-2">{kindName(key.kind, channel.provider)}</span>
          <Fingerprint sha256={key.fingerprint} />
          <span className="grow" />
          <span className="text-ink-3">
            {key.revokedAt
              ? t("revokedOn", { date: timeText(key.revokedAt, "day", now) })
              : key.retiredAt && t("retiredOn", { date: timeText(key.retiredAt, "day", now) })}
          </span>
        </li>
      ))}
    </ul>
  );
}
