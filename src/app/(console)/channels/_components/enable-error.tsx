"use client";

import { storyOf } from "~/components/app-error";
import { CommandError } from "~/components/load-error";
import { Notice } from "~/components/ui/states";
import { CHECK_NAMES, type CheckName } from "~/domain/channel-check";
import { useT } from "~/i18n/use-t";

/** Says which check stands in the way; anything else as every failed command. */
export function EnableError({ error }: { error: unknown }) {
  const t = useT("channel");
  const { details } = storyOf(error, { reading: false });
  const check = CHECK_NAMES.wechat.find((name): name is CheckName => name === details.check);
  if (details.reason !== "check_failed" || !check) return <CommandError error={error} />;
  return <Notice tone="danger">{t("doctor.blocked", { check: t(`check.${check}`) })}</Notice>;
}
