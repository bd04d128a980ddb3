import type { ReactNode } from "react";

/** A form at 720 px, what helps with it at 320 px beside it; one below the other on narrow screens. */
export function FormFrame({ children, aside }: { children: ReactNode; aside: ReactNode }) {
  return (
    <div className="flex flex-col border-t border-line lg:flex-row">
      <div className="min-w-0 lg:w-[768px]">{children}</div>
      {aside}
    </div>
  );
}

/** One ruled section of the form. */
export function FormSection({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-b border-line px-gutter py-5 last:border-b-0">
      <h2 className="pb-4 text-sm font-strong">
        {title}
        {note && <span className="ml-2 font-normal text-ink-3">{note}</span>}
      </h2>
      {children}
    </section>
  );
}
