"use client";

import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import { Button } from "../ui/button";
import { Banner } from "../ui/states";
import { Time } from "../ui/time";

/** Over every page while an operator looks into a tenant by a grant: whose it is, until when, and the way out. */
export function GrantBanner({ tenant, until }: { tenant: string; until: Date }) {
  const t = useT("tenant");
  const leave = api.tenant.leave.useMutation({ onSettled: () => location.assign(paths.tenants()) });
  return (
    <Banner
      tone="warning"
      action={
        <Button size="sm" variant="ghost" busy={leave.isPending} onClick={() => leave.mutate()}>
          {t("grant.leave")}
        </Button>
      }
    >
      {t.rich("grant.text", { tenant, time: () => <Time at={until} kind="clock" /> })}
    </Banner>
  );
}
