"use client";

import { ChevronLeft, ChevronRight, Columns3, Rows3 } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { useT } from "~/i18n/use-t";
import { Button, IconButton } from "./button";
import { Menu, MenuCheck, MenuChoices, MenuLabel } from "./menu";
import type { Column } from "./table";

type TableFootProps = {
  /** 本页 15 笔合计 */
  note?: ReactNode;
  /** Page totals; the value is closed by the double line. */
  totals?: readonly { label: string; value: ReactNode }[];
  /** 第 1–15 笔 */
  range?: ReactNode;
  onPrev?: (() => void) | null;
  onNext?: (() => void) | null;
};

/** Page totals at left, keyset paging at right: 上一页 / 下一页, never page numbers. */
export function TableFoot({ note, totals, range, onPrev, onNext }: TableFootProps) {
  const t = useT("common");
  return (
    <footer className="flex min-h-13 flex-none flex-wrap items-center gap-x-5 gap-y-1 border-t border-line-strong px-gutter max-md:py-2">
      {note && <span className="text-ink-3">{note}</span>}
      {totals?.map((total) => (
        <span key={total.label} className="inline-flex gap-2 font-strong">
          <span className="font-normal text-ink-2">{total.label}</span>
          <span className="double-rule">{total.value}</span>
        </span>
      ))}
      <span className="grow" />
      {range && <span className="text-ink-3">{range}</span>}
      {(onPrev !== undefined || onNext !== undefined) && (
        <nav aria-label={t("table.nextPage")} className="flex">
          <Button size="sm" className="rounded-r-none" icon={<ChevronLeft />} disabled={!onPrev} onClick={() => onPrev?.()}>
            {t("table.prevPage")}
          </Button>
          <Button size="sm" className="-ml-px rounded-l-none" disabled={!onNext} onClick={() => onNext?.()}>
            {t("table.nextPage")}
            <ChevronRight aria-hidden />
          </Button>
        </nav>
      )}
    </footer>
  );
}

type TableView = { hidden: ReadonlySet<string>; compact: boolean };
type StoredView = { hidden: string[]; compact: boolean };

/** Which columns and what row height somebody prefers, kept in this browser under the list's name. */
export function useTableView<Row>(name: string, columns: readonly Column<Row>[]) {
  const key = `table.${name}`;
  const initial = useMemo(
    () => ({ hidden: columns.filter((column) => column.extra).map((column) => column.key), compact: false }),
    [columns],
  );
  const [stored, setStored] = useState<StoredView>(initial);
  useEffect(() => {
    setStored(readStored(localStorage.getItem(key)) ?? initial);
  }, [key, initial]);
  const set = useCallback(
    (next: StoredView) => {
      localStorage.setItem(key, JSON.stringify(next));
      setStored(next);
    },
    [key],
  );
  const view: TableView = useMemo(() => ({ hidden: new Set(stored.hidden), compact: stored.compact }), [stored]);
  return { ...view, set: (next: TableView) => set({ hidden: [...next.hidden], compact: next.compact }) };
}

function readStored(text: string | null): StoredView | null {
  if (!text) return null;
  try {
    const { hidden, compact } = JSON.parse(text);
    return Array.isArray(hidden) ? { hidden: hidden.filter((key) => typeof key === "string"), compact: compact === true } : null;
  } catch {
    // Written by hand or by an older version: the preference is lost, nothing else.
    return null;
  }
}

type ViewToolsProps<Row> = { columns: readonly Column<Row>[]; view: TableView & { set: (view: TableView) => void } };

/** 列设置 and 行高, at the right of the filter bar. */
export function ViewTools<Row>({ columns, view }: ViewToolsProps<Row>) {
  const t = useT("common");
  return (
    <span className={"flex gap-2 max-md:hidden"}>
      <Menu trigger={<IconButton label={t("table.columns")} icon={<Columns3 />} />}>
        <MenuLabel>{t("table.columns")}</MenuLabel>
        {columns
          .filter((column) => !column.fixed && !column.bare)
          .map((column) => (
            <MenuCheck
              key={column.key}
              checked={!view.hidden.has(column.key)}
              onChange={(checked) => {
                const hidden = new Set(view.hidden);
                if (checked) hidden.delete(column.key);
                else hidden.add(column.key);
                view.set({ ...view, hidden });
              }}
            >
              {column.name}
            </MenuCheck>
          ))}
      </Menu>
      <Menu trigger={<IconButton label={t("table.rowHeight")} icon={<Rows3 />} />}>
        <MenuChoices
          label={t("table.rowHeight")}
          value={view.compact ? "compact" : "comfortable"}
          choices={[
            { value: "comfortable", label: t("table.comfortable") },
            { value: "compact", label: t("table.compact") },
          ]}
          onChange={(choice) => view.set({ ...view, compact: choice === "compact" })}
        />
      </Menu>
    </span>
  );
}
