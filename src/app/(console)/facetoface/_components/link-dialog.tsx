"use client";

import { Button } from "~/components/ui/button";
import { Dialog } from "~/components/ui/dialog";
import { useT } from "~/i18n/use-t";
import { ConfirmLink, type LinkedOrder } from "./confirm-link";
import type { Rights } from "./rights";

type LinkDialogProps = { order: LinkedOrder & { shopName: string }; rights: Rights; open: boolean; onClose: () => void };

export function LinkDialog({ order, rights, open, onClose }: LinkDialogProps) {
  const t = useT("facetoface");
  const common = useT("common");
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t("link.title", { shop: order.shopName })}
      className="w-[min(640px,calc(100vw-32px))]"
      actions={<Button onClick={onClose}>{common("close")}</Button>}
    >
      <ConfirmLink order={order} rights={rights} />
    </Dialog>
  );
}
