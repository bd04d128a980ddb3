"use client";

import { clsx } from "clsx";
import { Fingerprint as FingerprintIcon } from "lucide-react";
import { useT } from "~/i18n/use-t";
import { beijingDate } from "~/lib/time";
import { CopyButton } from "./copy-button";
import { cutMiddle, fingerprintText } from "./id-text";
import { timeTip } from "./time-text";

type IdTextProps = {
  value: string;
  /** What it is, for the copy button's label: 订单号. Without it there is no copy button. */
  thing?: string;
  /** Shows it all, such as an order number in its own column. */
  whole?: boolean;
  /** The copy button stands beside it at all times instead of on hover and focus. */
  copyShown?: boolean;
  className?: string;
};

/** An id in mono, cut in the middle; the whole of it in the tooltip and in the clipboard. */
export function IdText({ value, thing, whole, copyShown, className }: IdTextProps) {
  const shown = whole ? value : cutMiddle(value);
  return (
    <span className={clsx("group/id relative inline-flex items-center gap-0.5", className)}>
      <span className="mono-id" data-tip={shown === value ? undefined : value}>
        {shown === value ? (
          value
        ) : (
          <>
            <span aria-hidden>{shown}</span>
            <span className="sr-only">{value}</span>
          </>
        )}
      </span>
      {thing && (
        <CopyButton
          text={value}
          thing={thing}
          className={
            copyShown
              ? undefined
              : "absolute left-full opacity-0 focus-visible:opacity-100 group-hover/id:opacity-100 pointer-coarse:static pointer-coarse:opacity-100"
          }
        />
      )}
    </span>
  );
}

type FingerprintProps = { sha256: string; since?: Date | null; daysLeft?: number | null };

/** A key by its fingerprint, with the day it began and the days it still has. */
export function Fingerprint({ sha256, since, daysLeft }: FingerprintProps) {
  const t = useT("common");
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="inline-flex h-[18px] items-center gap-[3px] rounded-sm bg-sunken px-[5px]">
        <FingerprintIcon aria-label={t("fingerprint")} className="size-3 text-ink-3" />
        <span className="code">{fingerprintText(sha256)}</span>
      </span>
      {since && (
        <time dateTime={since.toISOString()} data-tip={timeTip(since)} className="text-ink-3">
          {t("secret.since", { date: beijingDate(since) })}
        </time>
      )}
      {daysLeft != null && (
        <span className={daysLeft <= 7 ? "font-medium text-danger" : daysLeft <= 30 ? "font-medium text-warning" : "text-ink-3"}>
          {daysLeft > 0 ? t("daysLeft", { days: daysLeft }) : t("expiredAgo")}
        </span>
      )}
    </span>
  );
}
