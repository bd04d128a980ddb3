import { clsx } from "clsx";
import type { ReactNode } from "react";

const TONES = {
  plain: "bg-band text-ink-2",
  ok: "bg-success-soft text-success",
  bad: "bg-danger-soft text-danger",
  risk: "bg-risk-soft text-risk",
  busy: "bg-info-soft text-info",
};

/** The sign and the title of a state. */
export function StageHead({ tone, sign, title, note }: { tone: keyof typeof TONES; sign: ReactNode; title: string; note?: ReactNode }) {
  return (
    <div className="mb-6 flex items-center gap-3.5">
      <span
        aria-hidden
        className={clsx("grid size-11 flex-none place-items-center rounded-full [&_svg]:size-[22px] [&_svg]:stroke-2", TONES[tone])}
      >
        {sign}
      </span>
      <div className="min-w-0">
        <h2 className="text-xl font-strong">{title}</h2>
        {note && <p className="text-ink-2">{note}</p>}
      </div>
    </div>
  );
}

/** Ruled lines of the slip, label left and value right. */
export function Lines({ children, className }: { children: ReactNode; className?: string }) {
  return <dl className={className}>{children}</dl>;
}

export function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex h-10 items-center justify-between gap-4 border-t border-line max-md:h-12 max-md:text-md">
      <dt className="flex-none text-ink-3">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

/** At the foot of the pane, where the thumb is. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="mt-auto grid gap-2.5 pt-6 print:hidden">{children}</div>;
}

/** What became of a question, in the place where it was asked. Keeps its height, so nothing jumps. */
export function AnswerLine({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="min-h-4 text-center text-xs text-ink-2">
      {children}
    </p>
  );
}

/** On touch the copy button stands beside an id at all times; its icon, not its target, ends where the other values end. */
export const COPY_AT_EDGE = "pointer-coarse:-mr-2.5";
