"use client";

import { ExternalLink } from "lucide-react";
import { Button } from "~/components/ui/button";
import { ButtonLink } from "~/components/ui/button-link";
import { QrCard } from "~/components/ui/qr-card";
import { Time } from "~/components/ui/time";
import { toast } from "~/components/ui/toast";
import { useT } from "~/i18n/use-t";

type CheckoutLinkProps = { url: string; until: Date; live: boolean };

/** The buyer's page as a code and as text. When the payment has ended the code is removed. */
export function CheckoutLink({ url, until, live }: CheckoutLinkProps) {
  const t = useT("payment");
  const common = useT("common");
  return (
    <div className="grid justify-items-center gap-4">
      <QrCard value={live ? url : null} label={common("qr.label", { app: t("link.qr") })} expired={t("link.expired")} />
      {live && (
        <>
          <p className="text-sm text-ink-3">{t.rich("link.until", { time: () => <Time at={until} /> })}</p>
          <p className="code w-full rounded-md bg-sunken px-3 py-2 leading-5 break-all">
            <span className="sr-only">{t("link.url")}</span>
            {url}
          </p>
          <div className="flex flex-wrap justify-center gap-2">
            <Button
              variant="primary"
              onClick={async () => {
                await navigator.clipboard.writeText(url);
                toast(common("copied"));
              }}
            >
              {t("link.copy")}
            </Button>
            <ButtonLink href={url} target="_blank" rel="noreferrer" icon={<ExternalLink />}>
              {t("link.open")}
            </ButtonLink>
          </div>
        </>
      )}
    </div>
  );
}
