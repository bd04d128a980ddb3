"use client";

import { ROLE_LABEL } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import type { Rights } from "../../_components/rights";
import type { Reason } from "./reasons";

/** A reason in words, with the person's own role. */
export function useReason() {
  const t = useT("reconciliation");
  const lang = useLang();
  return (reason: Reason, { role }: Pick<Rights, "role">): string | null => {
    if (reason === null) return null;
    if (reason !== "role") return t(`reason.${reason}`);
    return role ? t("reason.role", { role: ROLE_LABEL[lang][role] }) : t("reason.grant");
  };
}
