"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useState } from "react";
import { useT } from "~/i18n/use-t";
import { Checkbox } from "./choice";
import { cn } from "./cn";
import { FreshNotice } from "./fresh-notice";
import { Skeleton } from "./states";
import { useArrivals } from "./use-arrivals";

export type Column<Row> = {
  key: string;
  /** The name in the head and in the column menu. */
  name: string;
  /** After the name in light grey: 元. */
  unit?: string;
  align?: "right";
  cell: (row: Row) => ReactNode;
  /** The cell becomes the link that opens the row; one column has it, usually the first. */
  link?: boolean;
  /** Only on indexed columns. */
  sortable?: boolean;
  /** Cuts long text at this width; a class such as `max-w-[210px]`. */
  clip?: string;
  /** The head's words are for screen readers only, as over ⋯. */
  bare?: boolean;
  /** Stays at the right edge when the table scrolls sideways. */
  stick?: boolean;
  /** Cannot be hidden by the column menu. */
  fixed?: boolean;
  /** Hidden until somebody chooses it. */
  extra?: boolean;
  /** Place in the two-line row of a phone; columns without one are left out there. */
  phone?: "title" | "amount" | "meta" | "chip";
  className?: string;
};

export type Sort = { key: string; direction: "asc" | "desc" };

export type DataTableProps<Row> = {
  /** What the table lists, for screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  /** `undefined` while loading for the first time. */
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  /** How a row is called in labels: its number. */
  rowName?: (row: Row) => string;
  /** Address of a row's own page; the link column points there. */
  rowHref?: (row: Row) => string;
  /** Opens the drawer instead of following the link. */
  onOpen?: (row: Row) => void;
  /** Key of the row whose drawer is open. */
  openKey?: string | null;
  /**
   * Names what is listed (filters, sort, page). With it, rows that arrive while the list stays the same are tinted once, and wait behind
   * 有 3 笔新的 while the pointer is on the table or a drawer is open.
   */
  live?: string;
  /** Old rows stay while new ones are fetched, under a 2 px line. */
  fetching?: boolean;
  /** In the table's place: an `EmptyState`. */
  empty: ReactNode;
  /** In the table's place: a `LoadError`. */
  error?: ReactNode;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  selection?: { keys: ReadonlySet<string>; onChange: (keys: ReadonlySet<string>) => void };
  hidden?: ReadonlySet<string>;
  compact?: boolean;
  /** A small table inside of a pane: no gutters of its own, and it does not scroll up and down by itself. */
  inset?: boolean;
  className?: string;
};

/** An account page: strong rule above and below the head, hairlines between rows, head and first column stay. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, hidden, error, empty, label, fetching, selection, compact, inset, className } = props;
  const { rows, fresh, held, release, hold } = useArrivals(props);
  const t = useT("common");
  const shown = columns.filter((column) => !hidden?.has(column.key));
  const waited = useWaited(rows === undefined);

  if (error) return <div className={cn("min-h-0 grow border-t border-line-strong", className)}>{error}</div>;
  if (rows?.length === 0 && !fetching) {
    return <div className={cn("min-h-0 grow border-t border-line-strong", className)}>{empty}</div>;
  }
  return (
    <div
      {...hold}
      className={cn(
        "relative max-md:overflow-visible",
        inset ? "overflow-x-auto" : "min-h-0 grow overflow-auto max-md:min-h-fit max-md:shrink-0",
        className,
      )}
      aria-busy={fetching || rows === undefined || undefined}
    >
      {held > 0 && <FreshNotice count={held} onShow={release} />}
      <table
        {...AS.table}
        aria-label={label}
        className="data-table"
        data-compact={compact || undefined}
        data-inset={inset || undefined}
        data-selects={selection ? "" : undefined}
      >
        <thead {...AS.rowgroup}>
          <tr {...AS.row}>
            {selection && (
              <th data-select>
                <SelectAll {...props} />
              </th>
            )}
            {shown.map((column) => (
              <Head key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody {...AS.rowgroup} onKeyDown={walkRows}>
          {rows === undefined
            ? waited && <SkeletonRows columns={shown} selects={Boolean(selection)} />
            : rows.map((row) => (
                <BodyRow key={props.rowKey(row)} row={row} shown={shown} table={props} fresh={fresh.has(props.rowKey(row))} />
              ))}
        </tbody>
      </table>
      {fetching && rows !== undefined && (
        <div role="status" className="absolute inset-x-0 top-[34px] h-0.5 overflow-hidden">
          <span className="block h-full w-1/3 animate-refetch bg-accent" />
          <span className="sr-only">{t("table.refreshing")}</span>
        </div>
      )}
    </div>
  );
}

/** Written out, since the phone's layout takes these roles from the elements. */
const AS = {
  table: { role: "table" },
  rowgroup: { role: "rowgroup" },
  row: { role: "row" },
  columnheader: { role: "columnheader" },
  cell: { role: "cell" },
} as const;

const SKELETON_AFTER_MS = 150;
const SKELETON_ROWS = [1, 2, 3, 4, 5, 6, 7, 8];

/** Answers quicker than this need no skeleton. */
function useWaited(waiting: boolean) {
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    setWaited(false);
    if (!waiting) return;
    const timer = setTimeout(() => setWaited(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return waited;
}

function SkeletonRows<Row>({ columns, selects }: { columns: readonly Column<Row>[]; selects: boolean }) {
  return SKELETON_ROWS.map((row) => (
    <tr key={row} aria-hidden>
      {selects && <td data-select />}
      {columns.map((column) => (
        <td key={column.key} data-phone={column.phone ?? "none"} data-stick={column.stick || undefined}>
          {!column.bare && <Skeleton className={cn("w-3/5 min-w-8", column.align === "right" && "ml-auto")} />}
        </td>
      ))}
    </tr>
  ));
}

function Head<Row>({ column, sort, onSort }: { column: Column<Row>; sort?: Sort; onSort?: (sort: Sort) => void }) {
  const direction = sort?.key === column.key ? sort.direction : null;
  const text = (
    <>
      {column.bare ? <span className="sr-only">{column.name}</span> : column.name}
      {column.unit && <small className="ml-1 text-xs font-normal">{column.unit}</small>}
    </>
  );
  return (
    <th
      {...AS.columnheader}
      scope="col"
      aria-sort={direction ? (direction === "asc" ? "ascending" : "descending") : undefined}
      data-align={column.align}
      data-stick={column.stick || undefined}
    >
      {column.sortable && onSort ? (
        <button
          type="button"
          // Right-aligned words end where the figures end, so the arrow stands before them.
          className={cn(
            "inline-flex items-center gap-0.5 font-medium hover:text-ink [&_svg]:size-3.5",
            column.align === "right" && "flex-row-reverse",
          )}
          onClick={() => onSort({ key: column.key, direction: direction === "desc" ? "asc" : "desc" })}
        >
          <span>{text}</span>
          {direction === "asc" ? <ArrowUp aria-hidden /> : <ArrowDown aria-hidden className={direction ? undefined : "opacity-0"} />}
        </button>
      ) : (
        text
      )}
    </th>
  );
}

type BodyRowProps<Row> = { row: Row; shown: readonly Column<Row>[]; table: DataTableProps<Row>; fresh: boolean };

function BodyRow<Row>({ row, shown, table, fresh }: BodyRowProps<Row>) {
  const { rowKey, rowName, rowHref, onOpen, openKey, selection } = table;
  const t = useT("common");
  const key = rowKey(row);
  const open = (event: MouseEvent<HTMLElement>) => {
    if (!onOpen || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onOpen(row);
  };
  const clickRow = (event: MouseEvent<HTMLElement>) => {
    // Buttons and links in a row do their own work, and text that is being marked is to be copied.
    if ((event.target as HTMLElement).closest("a, button, input, label, [role=menu]") || getSelection()?.toString()) return;
    open(event);
  };
  return (
    // The link in the row does for the keyboard what a click on the row does.
    <tr
      {...AS.row}
      aria-selected={openKey === key || selection?.keys.has(key) || undefined}
      data-fresh={fresh || undefined}
      data-opens={onOpen ? "" : undefined}
      onClick={onOpen && clickRow}
    >
      {selection && (
        <td data-select>
          <Checkbox
            aria-label={t("table.selectRow", { name: rowName?.(row) ?? key })}
            checked={selection.keys.has(key)}
            onChange={(event) => {
              const keys = new Set(selection.keys);
              if (event.target.checked) keys.add(key);
              else keys.delete(key);
              selection.onChange(keys);
            }}
          />
        </td>
      )}
      {shown.map((column) => (
        <td
          key={column.key}
          {...AS.cell}
          data-align={column.align}
          data-stick={column.stick || undefined}
          data-phone={column.phone ?? "none"}
          className={cn(column.clip && "truncate", column.clip, "max-md:max-w-none", column.className)}
        >
          {column.link && rowHref ? (
            <Link
              href={rowHref(row)}
              prefetch={false}
              data-row-link={key}
              onClick={open}
              className="rounded-sm hover:underline hover:underline-offset-3"
            >
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}

function SelectAll<Row>({ rows = [], rowKey, selection }: DataTableProps<Row>) {
  const t = useT("common");
  const chosen = rows.filter((row) => selection?.keys.has(rowKey(row))).length;
  return (
    <Checkbox
      aria-label={t("table.selectAll")}
      checked={rows.length > 0 && chosen === rows.length}
      partly={chosen > 0 && chosen < rows.length}
      onChange={(event) => selection?.onChange(new Set(event.target.checked ? rows.map(rowKey) : []))}
    />
  );
}

/** ↑ and ↓ move between the links of the rows; Enter follows one, as links do. */
function walkRows(event: KeyboardEvent<HTMLElement>) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const link = (event.target as HTMLElement).closest<HTMLElement>("[data-row-link]");
  if (!step || !link || event.defaultPrevented) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row-link]")];
  const next = links[links.indexOf(link) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
