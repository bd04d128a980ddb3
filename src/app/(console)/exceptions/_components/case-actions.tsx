"use client";

import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { ConfirmDialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { Textarea } from "~/components/ui/input";
import { Menu, MenuItem, MenuLabel, MenuRule } from "~/components/ui/menu";
import { toast } from "~/components/ui/toast";
import { CASE_KIND_LABEL } from "~/domain/exception";
import { ROLE_LABEL, roleMay } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import type { Id } from "~/lib/id";
import { yuanDisplay } from "~/lib/money";
import { api } from "~/trpc/client";
import { MemberItems } from "../../_components/member-items";
import type { Rights } from "../../_components/rights";
import type { CaseDetail } from "./case-pane";

type CaseActionsProps = { detail: CaseDetail; rights: Rights; userId: Id<"user"> };

/** Why this person may not work on this case now; null when they may. */
export function useDeskReason() {
  const t = useT("exception");
  const lang = useLang();
  return ({ role }: Pick<Rights, "role">, ended: boolean): string | null => {
    if (role === null) return t("action.reasonGrant");
    if (!roleMay(role, "exception.write")) return t("action.reasonRole", { role: ROLE_LABEL[lang][role] });
    return ended ? t("action.reasonEnded") : null;
  };
}

/** 认领, 分派 and 处理完毕…: who has no case yet takes it first. */
export function CaseActions({ detail, rights, userId }: CaseActionsProps) {
  const t = useT("exception");
  const { case: one } = detail;
  const utils = api.useUtils();
  const assign = api.exception.assign.useMutation({
    onSettled: () => Promise.all([utils.exception.invalidate(), utils.dashboard.invalidate()]),
  });
  const [ending, setEnding] = useState(false);
  const reason = useDeskReason()(rights, one.status !== "open");
  const give = (to: Id<"user"> | null) =>
    assign.mutate(
      { caseId: one.id, userId: to },
      { onSuccess: () => toast(t(to === null ? "action.released" : to === userId ? "action.claimed" : "action.assigned")) },
    );
  const free = one.ownerId === null;
  return (
    <>
      <AssignMenu detail={detail} userId={userId} reason={reason} onGive={give} />
      <Button variant={free ? "default" : "primary"} reason={reason} onClick={() => setEnding(true)}>
        {t("action.dismiss")}
      </Button>
      {free && (
        <Button variant="primary" busy={assign.isPending} busyLabel={t("action.claiming")} reason={reason} onClick={() => give(userId)}>
          {t("action.claim")}
        </Button>
      )}
      <CommandError error={assign.error} className="w-full" />
      <DismissDialog detail={detail} open={ending} onClose={() => setEnding(false)} />
    </>
  );
}

type AssignMenuProps = { detail: CaseDetail; userId: Id<"user">; reason: string | null; onGive: (to: Id<"user"> | null) => void };

function AssignMenu({ detail: { case: one }, userId, reason, onGive }: AssignMenuProps) {
  const t = useT("exception");
  const trigger = (
    <Button reason={reason}>
      {t("action.assign")}
      <ChevronDown aria-hidden className="size-3.5" />
    </Button>
  );
  // A menu would open however its button looks.
  if (reason) return trigger;
  return (
    <Menu trigger={trigger}>
      <MenuLabel>{t("action.assignTo")}</MenuLabel>
      <MemberItems ownerId={one.ownerId} userId={userId} permission="exception.write" onGive={onGive} />
      {one.ownerId && (
        <>
          <MenuRule />
          <MenuItem onSelect={() => onGive(null)}>{t("action.release")}</MenuItem>
        </>
      )}
    </Menu>
  );
}

const REASON_MAX = 500;

function DismissDialog({ detail: { case: one }, open, onClose }: { detail: CaseDetail; open: boolean; onClose: () => void }) {
  const t = useT("exception");
  const lang = useLang();
  const [why, setWhy] = useState("");
  const utils = api.useUtils();
  const dismiss = api.exception.dismiss.useMutation({
    onSuccess() {
      close();
      toast(t("dismiss.done"));
    },
    onSettled: () =>
      Promise.all([utils.exception.invalidate(), utils.dashboard.invalidate(), utils.payment.invalidate(), utils.inbox.invalidate()]),
  });
  const close = () => {
    setWhy("");
    dismiss.reset();
    onClose();
  };
  const amount = yuanDisplay(one.amountFen);
  return (
    <ConfirmDialog
      open={open}
      onClose={close}
      title={t("dismiss.title", { amount, kind: CASE_KIND_LABEL[lang][one.kind] })}
      effects={[t("dismiss.effectRisk", { amount }), t("dismiss.effectBooks"), t("dismiss.effectAudit")]}
      final={t("dismiss.final")}
      verb={t("dismiss.verb")}
      busyVerb={t("dismiss.busy")}
      busy={dismiss.isPending}
      reason={why.trim() === "" && t("dismiss.missing")}
      onConfirm={() => dismiss.mutate({ caseId: one.id, reason: why.trim() })}
    >
      <Field label={t("dismiss.reason")} hint={t("dismiss.hint")} required>
        <Textarea rows={3} value={why} maxLength={REASON_MAX} onChange={(event) => setWhy(event.target.value)} />
      </Field>
      <CommandError error={dismiss.error} />
    </ConfirmDialog>
  );
}
