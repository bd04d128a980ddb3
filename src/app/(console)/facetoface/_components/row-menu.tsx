"use client";

import { Link2, Maximize2, Pencil, RefreshCw, RotateCcw, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { useNow } from "~/components/ui/clock";
import { MenuItem, MenuRule, MoreMenu } from "~/components/ui/menu";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { seconds } from "~/lib/time";
import { reasonsOf } from "./reasons";
import type { Rights } from "./rights";
import type { ApplicationRow } from "./types";
import { useReason } from "./use-reason";

/** What a row's menu and its link cell ask the list to do. */
export type RowActions = {
  rights: Rights;
  query: (id: string) => void;
  showLink: (id: string) => void;
  withdraw: (id: string) => void;
};

export function RowMenu({ row, actions }: { row: ApplicationRow; actions: RowActions }) {
  const t = useT("facetoface");
  return (
    <MoreMenu name={row.shopName}>
      <MenuItem icon={<Maximize2 />} href={paths.facetofaceOrder(row.id)}>
        {t("action.detail")}
      </MenuItem>
      <Commands row={row} actions={actions} />
    </MoreMenu>
  );
}

/** Rendered while the menu is open, so that what may be done is read at that moment. */
function Commands({ row, actions: { rights, ...actions } }: { row: ApplicationRow; actions: RowActions }) {
  const t = useT("facetoface");
  const router = useRouter();
  const reasons = reasonsOf(row, rights, useNow(seconds(5)));
  const say = useReason();
  return (
    <>
      <MenuItem icon={<RefreshCw />} reason={say(reasons.query, rights)} onSelect={() => actions.query(row.id)}>
        {t("action.query")}
      </MenuItem>
      <MenuItem icon={<Link2 />} reason={say(reasons.remind, rights)} onSelect={() => actions.showLink(row.id)}>
        {t("action.remind")}
      </MenuItem>
      <MenuItem icon={<Pencil />} reason={say(reasons.revise, rights)} onSelect={() => router.push(paths.editFacetoface(row.id))}>
        {t("action.revise")}
      </MenuItem>
      <MenuItem icon={<RotateCcw />} reason={say(reasons.reapply, rights)} onSelect={() => router.push(paths.newFacetoface(row.id))}>
        {t("action.reapply")}
      </MenuItem>
      <MenuRule />
      <MenuItem icon={<X />} destructive reason={say(reasons.withdraw, rights)} onSelect={() => actions.withdraw(row.id)}>
        {t("action.withdraw")}
      </MenuItem>
    </>
  );
}
