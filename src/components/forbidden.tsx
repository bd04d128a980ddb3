"use client";

import { useT } from "~/i18n/use-t";
import { ThreeLines } from "./three-lines";

const WORDS = { no_tenant: "noTenant", tenant_suspended: "tenantSuspended" } as const;

/** In the place of a page that this person may not see: why, and who can change it. `reason` comes with the refusal. */
export function Forbidden({ reason }: { reason?: unknown }) {
  const t = useT("errors");
  const words = WORDS[reason as keyof typeof WORDS] ?? "forbidden";
  return (
    <div className="max-w-prose px-gutter py-6">
      <ThreeLines what={t(`${words}.what`)} movement="none" money={t(`${words}.money`)} next={t(`${words}.next`)} />
    </div>
  );
}
