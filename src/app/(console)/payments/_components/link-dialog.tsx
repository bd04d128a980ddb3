"use client";

import { Button } from "~/components/ui/button";
import { useNow } from "~/components/ui/clock";
import { Dialog } from "~/components/ui/dialog";
import { useT } from "~/i18n/use-t";
import { seconds } from "~/lib/time";
import { CheckoutLink } from "./checkout-link";
import type { PaymentDetail } from "./detail";

type LinkDialogProps = { payment: PaymentDetail["payment"]; open: boolean; onClose: () => void };

export function LinkDialog({ payment, open, onClose }: LinkDialogProps) {
  const t = useT("payment");
  const now = useNow(seconds(5));
  return (
    <Dialog open={open} onClose={onClose} title={t("link.title")} actions={<Button onClick={onClose}>{t("link.close")}</Button>}>
      <p className="mb-4">{t("link.text")}</p>
      <CheckoutLink url={payment.checkoutUrl} until={payment.expiresAt} live={payment.status === "pending" && payment.expiresAt > now} />
    </Dialog>
  );
}
