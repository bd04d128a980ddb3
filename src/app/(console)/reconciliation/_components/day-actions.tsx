"use client";

import { Lock, LockOpen, RefreshCw } from "lucide-react";
import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { useNow } from "~/components/ui/clock";
import { ConfirmDialog } from "~/components/ui/dialog";
import { dayText } from "~/components/ui/time-text";
import { toast } from "~/components/ui/toast";
import { PROVIDER_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import type { Rights } from "../../_components/rights";
import type { DayDetail } from "./day-page";
import { dayReasons } from "./reasons";
import { useReason } from "./use-reason";

/** 重新对账… and 锁定 or 解锁; what may not be done says why. */
export function DayActions({ detail, rights }: { detail: DayDetail; rights: Rights }) {
  const t = useT("reconciliation");
  const say = useReason();
  const { day } = detail;
  const reasons = dayReasons(day.status, rights.role);
  const [asking, setAsking] = useState(false);
  const utils = api.useUtils();
  const onSettled = () => utils.reconciliation.invalidate();
  const lock = api.reconciliation.lock.useMutation({ onSuccess: () => toast(t("day.locked")), onSettled });
  const unlock = api.reconciliation.unlock.useMutation({ onSuccess: () => toast(t("day.unlocked")), onSettled });
  return (
    <>
      <Button
        icon={<RefreshCw />}
        variant={day.status === "failed" ? "primary" : "default"}
        reason={say(reasons.rerun, rights)}
        onClick={() => setAsking(true)}
      >
        {t("day.rerun")}
      </Button>
      {day.status === "locked" ? (
        <Button
          icon={<LockOpen />}
          busy={unlock.isPending}
          busyLabel={t("day.unlocking")}
          reason={say(reasons.unlock, rights)}
          onClick={() => unlock.mutate({ dayId: day.id })}
        >
          {t("day.unlock")}
        </Button>
      ) : (
        <Button
          icon={<Lock />}
          variant={day.status === "balanced" ? "primary" : "default"}
          busy={lock.isPending}
          busyLabel={t("day.locking")}
          reason={say(reasons.lock, rights)}
          onClick={() => lock.mutate({ dayId: day.id })}
        >
          {t("day.lock")}
        </Button>
      )}
      <CommandError error={lock.error ?? unlock.error} noMoney className="w-full" />
      <RerunDialog detail={detail} open={asking} onClose={() => setAsking(false)} />
    </>
  );
}

function RerunDialog({ detail: { day, channel }, open, onClose }: { detail: DayDetail; open: boolean; onClose: () => void }) {
  const t = useT("reconciliation");
  const lang = useLang();
  const now = useNow(null);
  const utils = api.useUtils();
  const rerun = api.reconciliation.rerun.useMutation({
    onSuccess() {
      close();
      toast(t("rerun.done"));
    },
    onSettled: () => utils.reconciliation.invalidate(),
  });
  const close = () => {
    rerun.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={open}
      onClose={close}
      title={t("rerun.title", { channel: channel.name, day: dayText(day.day, now) })}
      effects={[
        t("rerun.fetch", { provider: PROVIDER_LABEL[lang][channel.provider] }),
        t("rerun.compare"),
        t("rerun.keep"),
        t("rerun.money"),
      ]}
      verb={t("rerun.verb")}
      busyVerb={t("rerun.busy")}
      busy={rerun.isPending}
      onConfirm={() => rerun.mutate({ dayId: day.id })}
    >
      <CommandError error={rerun.error} noMoney />
    </ConfirmDialog>
  );
}
