"use client";

import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

/** Empty, in the place of what is missing: one sentence, one action. First use names the next step. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-2 px-gutter py-6 text-md text-ink-2">
      <p>{children}</p>
      {action}
    </div>
  );
}

/** Empty because of the filter: the way back is to clear it. */
export function EmptyFiltered({ children, clear, onClear }: { children: ReactNode; clear: string; onClear: () => void }) {
  return (
    <EmptyState
      action={
        <button type="button" className="link" onClick={onClear}>
          {clear}
        </button>
      }
    >
      {children}
    </EmptyState>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn("block h-3 animate-pulse rounded-sm bg-band", className)} />;
}

/** A detail that is on its way, in a drawer or on a page. */
export function DetailSkeleton() {
  return (
    <div aria-busy className="grid gap-4 px-gutter py-6">
      {["w-1/3", "w-3/5", "w-1/2", "w-2/3"].map((width) => (
        <Skeleton key={width} className={width} />
      ))}
    </div>
  );
}

type BannerTone = "danger" | "risk" | "warning" | "info";
const BANNERS: Record<BannerTone, string> = {
  danger: "bg-danger-soft text-danger border-danger-line",
  risk: "bg-risk-soft text-risk border-risk-line",
  warning: "bg-warning-soft text-warning border-warning-line",
  info: "bg-info-soft text-info border-info-line",
};

/** One line under the top bar, full width, with one link. */
export function Banner({ tone, children, action }: { tone: BannerTone; children: ReactNode; action?: ReactNode }) {
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={cn("flex min-h-9 flex-none items-center gap-2 border-b px-gutter py-1.5 text-sm", BANNERS[tone])}
    >
      <TriangleAlert aria-hidden className="size-3.5" />
      <p className="grow">{children}</p>
      {action}
    </div>
  );
}

const NOTICE_ICONS = { info: Info, ok: CircleCheck, warning: TriangleAlert, danger: CircleAlert };
const NOTICES = { info: "text-info", ok: "text-success", warning: "text-warning", danger: "text-danger" };

/** A sentence inside a form or a pane that is not an error of one field. */
export function Notice({ tone = "info", children }: { tone?: keyof typeof NOTICES; children: ReactNode }) {
  const Icon = NOTICE_ICONS[tone];
  return (
    <div className={cn("flex gap-2 text-sm", NOTICES[tone])}>
      <Icon aria-hidden className="mt-0.5" />
      <div>{children}</div>
    </div>
  );
}
