"use client";

import { ChevronRight, Eye } from "lucide-react";
import { useId, useState } from "react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { Chip, type Tone } from "~/components/ui/chip";
import { cn } from "~/components/ui/cn";
import { CodeViewer } from "~/components/ui/code-viewer";
import { IdText } from "~/components/ui/id";
import { Time } from "~/components/ui/time";
import { useT } from "~/i18n/use-t";
import { api } from "~/trpc/client";
import type { Rights } from "./rights";
import type { ApplicationDetail } from "./types";
import { useReason } from "./use-reason";

type Call = ApplicationDetail["calls"][number];

const TONES: Record<Call["outcome"], Tone> = { ok: "ok", declined: "bad", unavailable: "neutral", unknown: "wait" };

/** What Alipay answered to every call, newest first; each opens to the text that was verified. */
export function CallList({ detail, rights }: { detail: ApplicationDetail; rights: Rights }) {
  const t = useT("facetoface");
  if (detail.calls.length === 0) return <p className="py-3 text-ink-3">{t("call.empty")}</p>;
  return (
    <>
      <p className="py-3 text-ink-3">{t("call.about")}</p>
      <ol className="border-t border-line" aria-label={t("detail.calls")}>
        {detail.calls.map((call) => (
          <CallRow key={call.id} orderId={detail.id} call={call} rights={rights} />
        ))}
      </ol>
    </>
  );
}

function CallRow({ orderId, call, rights }: { orderId: ApplicationDetail["id"]; call: Call; rights: Rights }) {
  const t = useT("facetoface");
  const [open, setOpen] = useState(false);
  const panel = useId();
  const answered = call.answerText !== null;
  return (
    <li className="border-b border-line">
      <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
        <span className="code min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">{call.method}</span>
        <Chip tone={TONES[call.outcome]}>{t(`call.${call.outcome}`)}</Chip>
        {call.code && <span className="code text-ink-2">{call.code}</span>}
        <span className="text-xs text-ink-3">{call.ms} ms</span>
        <Time at={call.at} className="text-ink-3" />
        <Button
          size="sm"
          variant="ghost"
          icon={<ChevronRight className={cn("transition-transform", open && "rotate-90")} />}
          aria-expanded={open}
          aria-controls={panel}
          aria-label={t("call.showOf", { method: call.method })}
          reason={answered ? null : t("call.noAnswer")}
          onClick={() => setOpen(!open)}
        >
          {t("call.show")}
        </Button>
      </div>
      {open && (
        <div id={panel} className="pb-3">
          {call.batchNo && (
            <p className="pb-1 text-xs text-ink-3">
              {t("column.batchNo")} <IdText value={call.batchNo} thing={t("column.batchNo")} />
            </p>
          )}
          <Answer orderId={orderId} call={call} rights={rights} />
        </div>
      )}
    </li>
  );
}

function Answer({ orderId, call, rights }: { orderId: ApplicationDetail["id"]; call: Call; rights: Rights }) {
  const t = useT("facetoface");
  const say = useReason();
  const whole = api.facetoface.answer.useMutation();
  const text = whole.data?.answerText ?? call.answerText ?? "";
  return (
    <>
      <CodeViewer text={readable(text)} label={t("call.answer")} note={whole.data ? undefined : t("call.masked")} />
      {!whole.data && (
        <Button
          size="sm"
          variant="ghost"
          className="mt-1"
          icon={<Eye />}
          busy={whole.isPending}
          reason={rights.unmask ? null : say("role", rights)}
          data-tip={rights.unmask ? t("material.unmaskHint") : undefined}
          onClick={() => whole.mutate({ orderId, callId: call.id })}
        >
          {t("call.whole")}
        </Button>
      )}
      <CommandError error={whole.error} noMoney className="pt-2" />
    </>
  );
}

/** JSON with a line for each member; anything else as it came. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
