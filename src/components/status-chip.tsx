"use client";

import { CHANNEL_STATUS_LABEL, type ChannelStatus } from "~/domain/channel-status";
import { CASE_KIND_LABEL, CASE_STATUS_LABEL, type CaseKind, type CaseStatus } from "~/domain/exception";
import { FACETOFACE_STATUS_LABEL, type FacetofaceStatus } from "~/domain/facetoface";
import { NOTIFICATION_STATE_LABEL, type NotificationState } from "~/domain/notification";
import { PAYMENT_STATUS_LABEL, type PaymentStatus, TRANSACTION_STATUS_LABEL, type TransactionStatus } from "~/domain/payment";
import { DAY_STATUS_LABEL, type DayStatus, DIFFERENCE_STATUS_LABEL, type DifferenceStatus } from "~/domain/reconciliation";
import { TENANT_STATUS_LABEL, type TenantStatus } from "~/domain/tenant";
import { useLang } from "~/i18n/use-t";
import { Chip, type Tone } from "./ui/chip";

type Statuses = {
  payment: PaymentStatus;
  transaction: TransactionStatus;
  caseKind: CaseKind;
  caseStatus: CaseStatus;
  notification: NotificationState;
  day: DayStatus;
  difference: DifferenceStatus;
  facetoface: FacetofaceStatus;
  channel: ChannelStatus;
  tenant: TenantStatus;
};

const LABELS = {
  payment: PAYMENT_STATUS_LABEL,
  transaction: TRANSACTION_STATUS_LABEL,
  caseKind: CASE_KIND_LABEL,
  caseStatus: CASE_STATUS_LABEL,
  notification: NOTIFICATION_STATE_LABEL,
  day: DAY_STATUS_LABEL,
  difference: DIFFERENCE_STATUS_LABEL,
  facetoface: FACETOFACE_STATUS_LABEL,
  channel: CHANNEL_STATUS_LABEL,
  tenant: TENANT_STATUS_LABEL,
};

/** The one map from status to tone. Plum is kept for money whose place is not certain. */
const TONES: { [Noun in keyof Statuses]: Record<Statuses[Noun], Tone> } = {
  payment: { pending: "wait", paid: "ok", refunding: "busy", partially_refunded: "busy", refunded: "neutral", closed: "off" },
  transaction: { created: "busy", awaiting: "wait", succeeded: "ok", closed: "off", failed: "bad", unknown: "risk" },
  caseKind: {
    paid_twice: "risk",
    paid_after_close: "risk",
    wrong_amount: "risk",
    wrong_recipient: "risk",
    unknown_order: "risk",
    refund_unknown: "risk",
  },
  caseStatus: { open: "wait", refunded: "neutral", attached: "ok", dismissed: "neutral" },
  notification: { refused: "bad", waiting: "busy", applied: "ok", misfit: "risk", ignored: "neutral" },
  day: { waiting: "busy", failed: "bad", differs: "wait", balanced: "ok", locked: "neutral" },
  difference: { open: "wait", resolved: "neutral", cleared: "ok" },
  facetoface: { init: "neutral", submitted: "busy", merchant_auditing: "busy", merchant_confirm: "wait", success: "ok", closed: "off" },
  channel: { enabled: "ok", disabled: "off" },
  tenant: { active: "ok", suspended: "bad" },
};

export function statusTone<Noun extends keyof Statuses>(of: Noun, status: Statuses[Noun]): Tone {
  return TONES[of][status];
}

/** `<StatusChip of="payment" status={payment.status} />`: words from the domain, tone from the map above. */
export function StatusChip<Noun extends keyof Statuses>({ of, status }: { of: Noun; status: Statuses[Noun] }) {
  const labels = LABELS[of][useLang()] as Record<string, string>;
  return <Chip tone={statusTone(of, status)}>{labels[status]}</Chip>;
}
