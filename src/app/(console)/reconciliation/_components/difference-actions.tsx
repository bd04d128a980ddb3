"use client";

import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { Menu, MenuLabel } from "~/components/ui/menu";
import { toast } from "~/components/ui/toast";
import { useT } from "~/i18n/use-t";
import type { Id } from "~/lib/id";
import { api } from "~/trpc/client";
import { MemberItems } from "../../_components/member-items";
import type { Rights } from "../../_components/rights";
import type { DifferenceRow } from "./difference-columns";
import { differenceReason } from "./reasons";
import { ResolveDialog } from "./resolve-dialog";
import { useReason } from "./use-reason";

type DifferenceActionsProps = { one: DifferenceRow; rights: Rights; userId: Id<"user"> };

/** 改派 and 结束这条差异…; each difference has an owner from the first. */
export function DifferenceActions({ one, rights, userId }: DifferenceActionsProps) {
  const t = useT("reconciliation");
  const reason = useReason()(differenceReason(one.status, rights.role), rights);
  const [ending, setEnding] = useState(false);
  const utils = api.useUtils();
  const assign = api.reconciliation.assign.useMutation({
    onSuccess: () => toast(t("drawer.assigned")),
    onSettled: () => Promise.all([utils.reconciliation.invalidate(), utils.dashboard.invalidate()]),
  });
  const trigger = (
    <Button reason={reason} busy={assign.isPending}>
      {t("drawer.assign")}
      <ChevronDown aria-hidden className="size-3.5" />
    </Button>
  );
  return (
    <>
      {/* A menu would open however its button looks. */}
      {reason ? (
        trigger
      ) : (
        <Menu trigger={trigger}>
          <MenuLabel>{t("drawer.assignTo")}</MenuLabel>
          <MemberItems
            ownerId={one.ownerId}
            userId={userId}
            permission="reconciliation.write"
            onGive={(to) => assign.mutate({ differenceId: one.id, userId: to })}
          />
        </Menu>
      )}
      <Button variant="primary" reason={reason} onClick={() => setEnding(true)}>
        {t("drawer.resolve")}
      </Button>
      <CommandError error={assign.error} noMoney className="w-full" />
      <ResolveDialog one={one} open={ending} onClose={() => setEnding(false)} />
    </>
  );
}
