import type { ReactNode } from "react";
import { cn } from "./cn";

export type Fact = { label: string; value: ReactNode; key?: string };

/** Label and value side by side, nothing between the rows. */
export function Facts({ facts, className }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl className={cn("grid grid-cols-[96px_1fr] gap-x-3 gap-y-2", className)}>
      {facts.map((fact) => (
        <div key={fact.key ?? fact.label} className="contents">
          <dt className="text-ink-3">{fact.label}</dt>
          <dd className="min-w-0 break-words">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Facts under hairlines, in two columns; one below 768 px and where the pane is narrow. */
export function RuledFacts({ facts, single, className }: { facts: readonly Fact[]; single?: boolean; className?: string }) {
  return (
    <dl className={cn("grid", single ? "grid-cols-[auto_1fr]" : "grid-cols-[auto_1fr_auto_1fr] max-md:grid-cols-[auto_1fr]", className)}>
      {facts.map((fact) => (
        <div
          key={fact.key ?? fact.label}
          className={cn("col-span-2 grid min-h-9 grid-cols-subgrid items-center border-b border-line py-1", !single && "md:even:ml-6")}
        >
          <dt className="min-w-14 pr-3 text-ink-3">{fact.label}</dt>
          <dd className="min-w-0 break-words">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Label left, value right, a rule above each: the checkout's bill and receipts. */
export function BillLines({ facts, className }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl className={className}>
      {facts.map((fact) => (
        <div
          key={fact.key ?? fact.label}
          className="flex min-h-10 items-center justify-between gap-4 border-t border-line max-md:min-h-12 max-md:text-md"
        >
          <dt className="flex-none text-ink-3">{fact.label}</dt>
          <dd className="min-w-0 truncate text-right">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A strip of up to six facts under the page head, divided by upright rules. */
export function FactStrip({ facts }: { facts: readonly Fact[] }) {
  return (
    // Each cell draws the rule at its left; the strip hides those at its own edge.
    <dl className="flex flex-none overflow-hidden border-y border-line-strong max-lg:grid max-lg:grid-cols-3 max-md:grid-cols-2">
      {facts.map((fact) => (
        <div
          key={fact.key ?? fact.label}
          className="-mt-px -ml-px min-w-0 grow border-t border-l border-line py-2 pr-3 pl-4 first:pl-gutter max-lg:pl-gutter"
        >
          <dt className="text-xs text-ink-3">{fact.label}</dt>
          <dd className="mt-0.5 truncate">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
