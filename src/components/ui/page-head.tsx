import type { ReactNode } from "react";
import { cn } from "./cn";

type PageHeadProps = {
  title: ReactNode;
  /** Where this page hangs, such as a link to the list: shown before the title. */
  trail?: ReactNode;
  /** Result sum or as-of time, in grey beside the title. */
  meta?: ReactNode;
  /** Buttons at right; one primary at most, and last. */
  children?: ReactNode;
  className?: string;
};

export function PageHead({ title, trail, meta, children, className }: PageHeadProps) {
  return (
    <header className={cn("flex items-center gap-3 px-gutter pt-[18px] pb-3.5 max-md:flex-wrap max-md:gap-2", className)}>
      {trail && (
        <>
          <span className="text-ink-3">{trail}</span>
          <span aria-hidden className="text-ink-3">
            /
          </span>
        </>
      )}
      <h1 className="text-xl font-strong">{title}</h1>
      {meta && <div className="flex min-w-0 items-center gap-2 text-ink-3">{meta}</div>}
      <span className="grow" />
      {children}
    </header>
  );
}

/** A part of the sheet: a rule above, a title, tools at right. */
export function Section({
  title,
  note,
  tools,
  children,
  className,
}: {
  title?: ReactNode;
  note?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={cn("border-t border-line", className)}>
      {(title || tools) && (
        <div className="flex h-11 items-center gap-3 px-gutter">
          {title && <h2 className="text-sm font-strong">{title}</h2>}
          {note && <span className="text-xs text-ink-3">{note}</span>}
          <span className="grow" />
          {tools}
        </div>
      )}
      {children}
    </section>
  );
}
