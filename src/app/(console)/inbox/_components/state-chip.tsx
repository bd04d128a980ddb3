"use client";

import { StatusChip } from "~/components/status-chip";
import { Chip } from "~/components/ui/chip";
import { NOTIFICATION_STATE_LABEL, type NotificationState } from "~/domain/notification";
import { useLang } from "~/i18n/use-t";

/** A message that does not fit is plum while its case is open: afterwards nobody has to look. */
export function StateChip({ state, caseIsOpen }: { state: NotificationState; caseIsOpen: boolean }) {
  const lang = useLang();
  if (state === "misfit" && !caseIsOpen) return <Chip>{NOTIFICATION_STATE_LABEL[lang].misfit}</Chip>;
  return <StatusChip of="notification" status={state} />;
}
