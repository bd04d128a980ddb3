"use client";

import { Copy, ExternalLink, Send } from "lucide-react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { ButtonLink } from "~/components/ui/button-link";
import { useNow } from "~/components/ui/clock";
import { QrCard } from "~/components/ui/qr-card";
import { Countdown, Duration, Time } from "~/components/ui/time";
import { toast } from "~/components/ui/toast";
import { CONFIRM_EXPIRING_MS, CONFIRM_LIVES_MS } from "~/domain/facetoface";
import { useT } from "~/i18n/use-t";
import { days, seconds } from "~/lib/time";
import { api } from "~/trpc/client";
import { reasonsOf } from "./reasons";
import type { Rights } from "./rights";
import type { ApplicationDetail, ApplicationRow } from "./types";
import { useReason } from "./use-reason";

export type LinkedOrder = Pick<
  ApplicationRow & ApplicationDetail,
  "id" | "status" | "failureCode" | "heldAt" | "lastQueryAt" | "confirmUrl" | "confirmExpiresAt" | "remindCount" | "lastRemindAt"
>;

/** The merchant's page as a code and as text, how long it lasts, and how often it was sent. When it is over the code is removed. */
export function ConfirmLink({ order, rights }: { order: LinkedOrder; rights: Rights }) {
  const t = useT("facetoface");
  const common = useT("common");
  const now = useNow(seconds(10));
  const reasons = reasonsOf(order, rights, now);
  const say = useReason();
  const utils = api.useUtils();
  const remind = api.facetoface.remind.useMutation({
    onSuccess: ({ remindCount }) => toast(t("link.reminded", { count: remindCount })),
    onSettled: () => void utils.facetoface.invalidate(),
  });
  const url = reasons.link === null ? order.confirmUrl : null;
  const left = order.confirmExpiresAt && (order.confirmExpiresAt.getTime() - now.getTime()) / CONFIRM_LIVES_MS;
  const copy = async () => {
    if (!url) return;
    await navigator.clipboard.writeText(url);
    toast(common("copied"));
  };
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-4 max-md:justify-center">
      <QrCard value={url} label={t("link.qr")} expired={t("link.expired")} left={left ?? undefined} />
      <div className="grid min-w-60 flex-1 gap-3">
        <p className="text-md">{t("link.text")}</p>
        {url && (
          <p className="code rounded-md bg-sunken px-3 py-2 leading-5 break-all">
            <span className="sr-only">{t("column.link")}</span>
            {url}
          </p>
        )}
        {order.confirmExpiresAt && url && (
          <p className="text-sm text-ink-3">
            {t.rich("link.until", {
              time: () => <Time at={order.confirmExpiresAt ?? now} />,
              left: () => <Left until={order.confirmExpiresAt ?? now} now={now} />,
            })}
          </p>
        )}
        {order.remindCount > 0 && order.lastRemindAt && (
          <p className="text-sm text-ink-3">
            {t.rich("link.sent", { count: order.remindCount, time: () => <Time at={order.lastRemindAt ?? now} /> })}
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          <Button icon={<Copy />} reason={say(reasons.link, rights)} onClick={() => void copy()}>
            {t("link.copy")}
          </Button>
          <Button
            icon={<Send />}
            busy={remind.isPending}
            busyLabel={common("working")}
            reason={say(reasons.remind, rights)}
            data-tip={reasons.remind === null ? t("link.remindHint") : undefined}
            onClick={() => {
              void copy();
              remind.mutate({ orderId: order.id });
            }}
          >
            {t("link.remind")}
          </Button>
          {url && (
            <ButtonLink variant="ghost" href={url} target="_blank" rel="noreferrer" icon={<ExternalLink />}>
              {t("link.open")}
            </ButtonLink>
          )}
        </div>
        <CommandError error={remind.error} noMoney />
      </div>
    </div>
  );
}

/** Days while there are days, then ticking. */
function Left({ until, now }: { until: Date; now: Date }) {
  const ms = until.getTime() - now.getTime();
  if (ms < days(1)) return <Countdown until={until} className="font-medium text-warning" />;
  return (
    <span className={ms <= CONFIRM_EXPIRING_MS ? "font-medium text-warning" : undefined}>
      <Duration ms={ms} />
    </span>
  );
}
