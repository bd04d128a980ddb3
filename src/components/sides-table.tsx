"use client";

import type { ReactNode } from "react";
import { cn } from "./ui/cn";
import { cutMiddle } from "./ui/id-text";
import { Time } from "./ui/time";

export type SideRow = {
  key: string;
  name: string;
  /** Text or an instant; null where a side says nothing. */
  theirs: string | Date | null;
  ours: string | Date | null;
  differs: boolean;
  /** Numbers and ids: in mono, cut in the middle. */
  code?: boolean;
  /** What stands for nothing; – without it. */
  nothing?: string;
};

type SidesTableProps = {
  label: string;
  /** 项目, 渠道说, 我方账. */
  heads: readonly [ReactNode, ReactNode, ReactNode];
  rows: readonly SideRow[];
  /** How a differing row is marked besides its weight: plum for money at risk, warning for the rest, null once it has ended. */
  mark: "risk" | "warning" | null;
  /** For screen readers, beside the name of a row that differs. */
  differs: string;
};

const MARKS = {
  risk: { row: "bg-risk-soft text-risk shadow-[inset_2px_0_0_var(--risk)]", name: "text-risk" },
  warning: { row: "bg-warning-soft text-warning shadow-[inset_2px_0_0_var(--warning)]", name: "text-warning" },
};

/** Theirs and ours side by side; rows that differ are marked in words and weight. */
export function SidesTable({ label, heads, rows, mark, differs }: SidesTableProps) {
  const [field, theirs, ours] = heads;
  return (
    <table aria-label={label} className="w-full table-fixed border-t border-line-strong text-left">
      <thead>
        <tr className="h-8 text-xs text-ink-3 [&>th]:border-b [&>th]:border-line-strong [&>th]:font-medium">
          <th className="w-28 pl-2 max-md:w-20">{field}</th>
          <th>{theirs}</th>
          <th>{ours}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const tone = row.differs && mark ? MARKS[mark] : null;
          return (
            <tr key={row.key} className={cn("h-9 align-middle [&>*]:border-b [&>*]:border-line", row.differs && "font-medium", tone?.row)}>
              <th scope="row" className={cn("pr-2 pl-2 leading-4 font-normal", tone ? tone.name : "text-ink-3")}>
                {row.name}
                {row.differs && <span className="sr-only"> {differs}</span>}
              </th>
              <Cell row={row} value={row.theirs} />
              <Cell row={row} value={row.ours} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Cell({ row, value }: { row: SideRow; value: SideRow["theirs"] }) {
  if (value === null) return <td className="text-ink-3">{row.nothing ?? "–"}</td>;
  if (value instanceof Date) {
    return (
      <td className="truncate">
        <Time at={value} />
      </td>
    );
  }
  const code = row.code || /^[A-Z_]+$/.test(value);
  const shown = row.code ? cutMiddle(value) : value;
  return (
    <td className={cn("truncate pr-2", code && "code", row.differs && "underline decoration-1 underline-offset-3")}>
      <span data-tip={shown === value ? undefined : value}>{shown}</span>
    </td>
  );
}
