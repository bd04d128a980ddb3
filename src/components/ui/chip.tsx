import type { ReactNode } from "react";
import { cn } from "./cn";

export type Tone = "ok" | "busy" | "wait" | "bad" | "risk" | "neutral" | "off";

const TONES: Record<Tone, string> = {
  ok: "bg-success-soft text-success",
  busy: "bg-info-soft text-info",
  wait: "bg-warning-soft text-warning",
  bad: "bg-danger-soft text-danger",
  risk: "bg-risk-soft text-risk",
  neutral: "bg-sunken text-ink-2 inset-ring inset-ring-line",
  off: "text-ink-3 inset-ring inset-ring-line",
};

/** A status in words. `StatusChip` chooses the tone for our own nouns. */
export function Chip({ tone = "neutral", children, className }: { tone?: Tone; children: ReactNode; className?: string }) {
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center rounded-sm px-1.5 text-xs leading-none font-medium whitespace-nowrap",
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
