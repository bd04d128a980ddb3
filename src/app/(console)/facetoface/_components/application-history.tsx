"use client";

import { Timeline } from "~/components/timeline";
import { useT } from "~/i18n/use-t";
import type { ApplicationDetail } from "./types";

type HistoryEvent = ApplicationDetail["events"][number];

const KNOWN = [
  "create",
  "submit",
  "hold",
  "revise",
  "audit",
  "approve",
  "open",
  "fail",
  "batch_open",
  "batch_cancel",
  "batch_expire",
  "remind",
  "unmask",
] as const;

/** 经过: every step in plain words, with who did it and what is known of it. No money moves here. */
export function ApplicationHistory({ detail }: { detail: ApplicationDetail }) {
  const t = useT("facetoface");
  const who = ({ actorKind, actorName }: HistoryEvent): string =>
    actorKind === "user" && actorName ? t("actor.named", { name: actorName }) : t(`actor.${actorKind}`);
  const title = (event: HistoryEvent): string => {
    const word = event.type.replace(/^facetoface\./, "");
    if (word === "close") return t(`event.close_${closedBy(event, detail)}`);
    const known = KNOWN.find((one) => one === word);
    return known ? t(`event.${known}`) : event.type;
  };
  return (
    <Timeline
      items={detail.events.map((event) => ({
        key: event.id,
        at: event.at,
        movement: "none",
        title: title(event),
        note: [who(event), ...notesOf(event)].join(" · "),
      }))}
    />
  );
}

function closedBy(event: HistoryEvent, { closeReason }: ApplicationDetail) {
  const told = text(event, "closeReason") || text(event, "reason");
  return (["rejected", "confirm_expired", "withdrawn"] as const).find((one) => one === told) ?? closeReason ?? "rejected";
}

/** Details are what was written at the time: read with care, never believed to be there. */
function notesOf(event: HistoryEvent): string[] {
  return ["providerState", "code", "why", "rejectReason", "batchNo", "orderNo", "method"].map((name) => text(event, name)).filter(Boolean);
}

function text({ details }: HistoryEvent, name: string): string {
  const value = (details as Record<string, unknown> | null)?.[name];
  return typeof value === "string" ? value : "";
}
