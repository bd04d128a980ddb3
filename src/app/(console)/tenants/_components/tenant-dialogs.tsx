"use client";

import { useEffect, useState } from "react";
import { storyOf } from "~/components/app-error";
import { useFreshSignIn } from "~/components/fresh-sign-in";
import { CommandError } from "~/components/load-error";
import { ConfirmDialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { Textarea } from "~/components/ui/input";
import { MoneyInput } from "~/components/ui/money-input";
import { Notice } from "~/components/ui/states";
import { Segment } from "~/components/ui/tabs";
import { useT } from "~/i18n/use-t";
import type { Fen } from "~/lib/money";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import type { Tenant } from "./tenants-page";

export type TenantAct = { kind: "enter" | "limits" | "suspend" | "resume"; tenant: Tenant };

/** One dialog at a time; each begins anew for its tenant. */
export function TenantDialogs({ act, onClose }: { act: TenantAct | null; onClose: () => void }) {
  if (!act) return null;
  const props = { tenant: act.tenant, onClose };
  if (act.kind === "enter") return <EnterDialog {...props} />;
  if (act.kind === "limits") return <LimitsDialog {...props} />;
  return <MoveDialog {...props} event={act.kind} />;
}

type ActProps = { tenant: Tenant; onClose: () => void };

const DURATIONS = ["30", "60", "240"] as const;

/** A grant: with a reason, for a while, written into the tenant's own history (TEN-11). */
function EnterDialog({ tenant, onClose }: ActProps) {
  const t = useT("tenant");
  const reason = useReason();
  const [minutes, setMinutes] = useState<(typeof DURATIONS)[number]>("60");
  const fresh = useFreshSignIn();
  const enter = api.tenant.enter.useMutation({ onSuccess: () => location.assign(paths.home()) });
  return (
    <>
      <ConfirmDialog
        open={!fresh.asking}
        onClose={onClose}
        title={t("enterTitle", { name: tenant.name })}
        effects={[t("enterEffects.read"), t("enterEffects.audit"), t("enterEffects.time")]}
        verb={t("enterVerb")}
        busyVerb={t("entering")}
        busy={enter.isPending || enter.isSuccess}
        onConfirm={() =>
          reason.check((text) =>
            fresh.guard(() => enter.mutateAsync({ tenantId: tenant.id, reason: text, minutes: Number(minutes) })).catch(() => {}),
          )
        }
      >
        {reason.field(t("enterReasonHint"))}
        <div className="grid justify-items-start gap-1">
          <span className="text-sm font-medium">{t("duration")}</span>
          <Segment
            label={t("duration")}
            choices={DURATIONS.map((key) => ({ key, label: t(`durations.${key}`) }))}
            value={minutes}
            onChange={setMinutes}
          />
        </div>
        <CommandError error={enter.error} />
      </ConfirmDialog>
      {fresh.dialog}
    </>
  );
}

function MoveDialog({ tenant, onClose, event }: ActProps & { event: "suspend" | "resume" }) {
  const t = useT("tenant");
  const utils = api.useUtils();
  const reason = useReason();
  const after = {
    onSettled: () => utils.tenant.list.invalidate(),
    onSuccess: onClose,
  };
  const suspend = api.tenant.suspend.useMutation(after);
  const resume = api.tenant.resume.useMutation(after);
  const move = event === "suspend" ? suspend : resume;
  const names = { name: tenant.name, count: tenant.members };
  const words =
    event === "suspend"
      ? {
          title: t("suspendTitle", names),
          effects: [t("suspendEffects.out", names), t("suspendEffects.money"), t("suspendEffects.back")],
          verb: t("suspendVerb"),
          busyVerb: t("suspending"),
        }
      : { title: t("resumeTitle", names), effects: [t("resumeEffect", names)], verb: t("resumeVerb"), busyVerb: t("resuming") };
  const overtaken = move.error && storyOf(move.error, { reading: false }).words === "state_changed";
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      {...words}
      destructive={event === "suspend"}
      busy={move.isPending}
      onConfirm={() => reason.check((text) => move.mutate({ tenantId: tenant.id, reason: text }))}
    >
      {reason.field()}
      {overtaken ? <Notice tone="warning">{t("stateChanged")}</Notice> : <CommandError error={move.error} />}
    </ConfirmDialog>
  );
}

function LimitsDialog({ tenant, onClose }: ActProps) {
  const t = useT("tenant");
  const utils = api.useUtils();
  const [paymentMax, setPaymentMax] = useState<Fen | null>(tenant.paymentMaxFen);
  const [confirmAbove, setConfirmAbove] = useState<Fen | null>(tenant.confirmAboveFen);
  const fresh = useFreshSignIn();
  const save = api.tenant.setLimits.useMutation({
    async onSuccess() {
      await utils.tenant.list.invalidate();
      onClose();
    },
  });
  const send = () => {
    if (!paymentMax || !confirmAbove) return;
    const limits = { tenantId: tenant.id, paymentMaxFen: paymentMax, confirmAboveFen: confirmAbove };
    fresh.guard(() => save.mutateAsync(limits)).catch(() => {});
  };
  return (
    <>
      <ConfirmDialog
        open={!fresh.asking}
        onClose={onClose}
        title={t("limitsTitle", { name: tenant.name })}
        verb={t("saveLimits")}
        busyVerb={t("saving")}
        busy={save.isPending}
        reason={(!paymentMax || !confirmAbove) && t("amountMissing")}
        onConfirm={send}
      >
        <Field label={t("paymentMax")} hint={t("paymentMaxHint")}>
          <MoneyInput value={paymentMax} onChange={setPaymentMax} />
        </Field>
        <Field label={t("confirmAbove")} hint={t("confirmAboveTip")}>
          <MoneyInput value={confirmAbove} onChange={setConfirmAbove} />
        </Field>
        <CommandError error={save.error} />
      </ConfirmDialog>
      {fresh.dialog}
    </>
  );
}

const REASON_MAX = 200;

/** A reason that must be written before the verb works. */
function useReason() {
  const t = useT("tenant");
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    if (text.trim()) setMissing(false);
  }, [text]);
  return {
    check(then: (reason: string) => unknown) {
      const reason = text.trim().replaceAll(/\s+/g, " ");
      if (reason && reason.length <= REASON_MAX) then(reason);
      else setMissing(true);
    },
    field: (hint?: string) => (
      <Field label={t("reason")} hint={hint} error={missing && t("reasonMissing")}>
        <Textarea rows={2} maxLength={REASON_MAX} value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
    ),
  };
}
