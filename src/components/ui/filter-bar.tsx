"use client";

import { ChevronDown, ListFilter, Search, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useT } from "~/i18n/use-t";
import { Button } from "./button";
import { cn } from "./cn";
import { ListPicker, type Option } from "./list-picker";
import { Popover } from "./popover";

/** Search first, then date, then two to four named filters; `tools` at right are view, columns and row height. */
export function FilterBar({ children, tools, label }: { children: ReactNode; tools?: ReactNode; label: string }) {
  return (
    <search aria-label={label} className="flex flex-none flex-wrap items-center gap-2 px-gutter py-3">
      {children}
      <span className="grow" />
      {tools && <div className="flex items-center gap-2">{tools}</div>}
    </search>
  );
}

const FIELD =
  "inline-flex h-8 items-center gap-2 rounded-md bg-surface px-2.5 text-sm whitespace-nowrap text-ink-3 inset-ring inset-ring-line-strong max-md:h-11 [&_svg]:size-3.5";
const FIELD_SET = "bg-accent-soft font-medium text-accent-ink inset-ring-accent-line";

type SearchFieldProps = { value: string; onChange: (value: string) => void; placeholder: string; className?: string };

const TYPING_PAUSE_MS = 300;

/** Reports after a pause in typing and on Enter; `/` focuses it from anywhere on the page. */
export function SearchField({ value, onChange, placeholder, className }: SearchFieldProps) {
  const t = useT("common");
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const report = useRef(onChange);
  report.current = onChange;

  // A pasted number carries spaces; a value that changes in the URL (a cleared filter, the back button) shows.
  useEffect(() => setTyped((now) => (now.trim() === value ? now : value)), [value]);
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => report.current(typed.trim()), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as HTMLElement).closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);

  return (
    <span
      className={cn(
        FIELD,
        "w-66 has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus max-md:w-full",
        className,
      )}
    >
      <Search aria-hidden />
      <input
        ref={input}
        type="search"
        aria-label={placeholder}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onChange(typed.trim());
          if (event.key === "Escape" && typed) {
            event.stopPropagation();
            setTyped("");
          }
        }}
        className="min-w-0 grow bg-transparent text-ink outline-none placeholder:text-ink-3 max-md:text-lg [&::-webkit-search-cancel-button]:hidden"
      />
      {typed ? (
        <button
          type="button"
          aria-label={t("clear")}
          className="-mr-1 grid size-6 place-items-center rounded-sm hover:bg-hover"
          onClick={() => setTyped("")}
        >
          <X />
        </button>
      ) : (
        <Kbd>/</Kbd>
      )}
    </span>
  );
}

export const Kbd = ({ children }: { children: ReactNode }) => (
  <kbd className="inline-grid h-[18px] min-w-[18px] place-items-center rounded-sm px-1 font-sans text-[11px] leading-none font-medium text-ink-3 inset-ring inset-ring-line-strong max-md:hidden">
    {children}
  </kbd>
);

type FilterPopoverProps = {
  label: string;
  /** What is set, in words; null shows the plain label. */
  value: ReactNode | null;
  icon?: ReactNode;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onClear: () => void;
  children: ReactNode;
  className?: string;
};

/** A named filter: plain with an arrow, or tinted with its value and a ×. */
export function FilterPopover({ label, value, icon, open, onOpenChange, onClear, children, className }: FilterPopoverProps) {
  const t = useT("common");
  return (
    <span className={cn(FIELD, "gap-0 px-0", value && FIELD_SET)}>
      <Popover
        open={open}
        onOpenChange={onOpenChange}
        label={label}
        className={className}
        trigger={
          <button
            type="button"
            aria-label={value ? undefined : label}
            className={cn("flex h-full items-center gap-2 rounded-md pl-2.5", value ? "pr-1.5" : "pr-2.5 hover:text-ink")}
          >
            {icon}
            {value ? (
              <>
                <span className="sr-only">{label}</span>
                {value}
              </>
            ) : (
              label
            )}
            {!value && !icon && <ChevronDown aria-hidden />}
          </button>
        }
      >
        {children}
      </Popover>
      {value && (
        <button
          type="button"
          aria-label={t("clearFilter", { name: label })}
          data-tip={t("clearFilter", { name: label })}
          onClick={onClear}
          className="mr-1 grid size-6 place-items-center rounded-sm hover:bg-surface"
        >
          <X />
        </button>
      )}
    </span>
  );
}

type FilterSelectProps<Value extends string> = {
  label: string;
  options: readonly Option<Value>[];
  /** Empty string is not set. */
  value: Value | "";
  onChange: (value: Value | "") => void;
};

export function FilterSelect<Value extends string>({ label, options, value, onChange }: FilterSelectProps<Value>) {
  const [open, setOpen] = useState(false);
  const chosen = options.find((option) => option.value === value);
  return (
    <FilterPopover
      label={label}
      value={chosen ? chosen.label : value || null}
      icon={chosen?.mark}
      open={open}
      onOpenChange={setOpen}
      onClear={() => onChange("")}
      className="min-w-40 p-1"
    >
      <ListPicker
        label={label}
        options={options}
        value={value || null}
        onPick={(next) => {
          onChange(next);
          setOpen(false);
        }}
      />
    </FilterPopover>
  );
}

/** 更多: filters that few people set, in one popover. `count` says how many of them are set. */
export function MoreFilters({ count, children, onClear }: { count: number; children: ReactNode; onClear: () => void }) {
  const t = useT("common");
  const [open, setOpen] = useState(false);
  return (
    <FilterPopover
      label={t("more")}
      value={count > 0 ? `${t("more")} ${count}` : null}
      icon={<ListFilter />}
      open={open}
      onOpenChange={setOpen}
      onClear={onClear}
      className="grid w-72 gap-3"
    >
      {children}
    </FilterPopover>
  );
}

export function ClearFilters({ onClear }: { onClear: () => void }) {
  const t = useT("common");
  return (
    <Button variant="ghost" onClick={onClear}>
      {t("clearFilters")}
    </Button>
  );
}
