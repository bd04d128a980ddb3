"use client";

import { StatusChip } from "~/components/status-chip";
import { Chip, type Tone } from "~/components/ui/chip";
import { type FacetofaceAttention, type FacetofaceCloseReason, PROVIDER_ORDER_STATES } from "~/domain/facetoface";
import { useT } from "~/i18n/use-t";
import type { ApplicationRow } from "./types";

const ATTENTION_TONES: Record<FacetofaceAttention, Tone> = {
  submit_failed: "bad",
  held: "wait",
  confirm_expiring: "wait",
  audit_slow: "wait",
};
const END_TONES: Record<FacetofaceCloseReason, Tone> = { rejected: "bad", confirm_expired: "off", withdrawn: "off" };

type ApplicationChipProps = {
  order: Pick<ApplicationRow, "status" | "attention" | "closeReason" | "providerState">;
};

/** What a person has to know first: what waits for them, how it ended, else where it stands. Alipay's own word on hover. */
export function ApplicationChip({ order }: ApplicationChipProps) {
  const word = useProviderWord()(order.providerState);
  return (
    <span data-tip={word ?? undefined} className="inline-flex">
      <Shown order={order} />
    </span>
  );
}

function Shown({ order: { status, attention, closeReason } }: ApplicationChipProps) {
  const t = useT("facetoface");
  if (attention) return <Chip tone={ATTENTION_TONES[attention]}>{t(`attention.${attention}`)}</Chip>;
  if (closeReason) return <Chip tone={END_TONES[closeReason]}>{t(`closed.${closeReason}`)}</Chip>;
  return <StatusChip of="facetoface" status={status} />;
}

/** Alipay's state as it stands, with what it means where we know it. */
export function useProviderWord() {
  const t = useT("facetoface");
  return (state: string | null): string | null => {
    if (state === null) return null;
    const known = PROVIDER_ORDER_STATES.find((one) => one === state);
    return t("providerWord", { state: known ? `${state} ${t(`provider.${known}`)}` : state });
  };
}
