"use client";

import { Check } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useT } from "~/i18n/use-t";
import { cn } from "./cn";

export type Option<Value extends string> = {
  value: Value;
  label: ReactNode;
  /** What typing is compared with, where the label is not plain text. */
  text?: string;
  mark?: ReactNode;
  note?: ReactNode;
};

const FILTER_ABOVE = 8;

export const optionText = (option: Option<string>): string =>
  option.text ?? (typeof option.label === "string" ? option.label : option.value);

type ListPickerProps<Value extends string> = {
  label: string;
  options: readonly Option<Value>[];
  value: Value | null;
  onPick: (value: Value) => void;
};

/** The open list of a select: arrows and Enter, first letters, and a field to filter by above eight entries. */
export function ListPicker<Value extends string>({ label, options, value, onPick }: ListPickerProps<Value>) {
  const t = useT("common");
  const id = useId();
  const filters = options.length > FILTER_ABOVE;
  const [query, setQuery] = useState("");
  const found = query ? options.filter((option) => optionText(option).toLowerCase().includes(query.toLowerCase())) : options;
  const [active, setActive] = useState(
    Math.max(
      0,
      options.findIndex((option) => option.value === value),
    ),
  );
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });
  const at = Math.min(active, found.length - 1);

  useEffect(() => {
    list.current?.querySelector(`[data-index="${at}"]`)?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const press = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: found.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(found.length - 1, to)));
    } else if (event.key === "Enter" || (event.key === " " && !filters)) {
      event.preventDefault();
      const option = found[at];
      if (option) onPick(option.value);
    } else if (!filters && event.key.length === 1 && !event.metaKey && !event.ctrlKey) {
      const text = event.timeStamp - typed.current.at > 600 ? event.key : typed.current.text + event.key;
      typed.current = { text, at: event.timeStamp };
      const hit = found.findIndex((option) => optionText(option).toLowerCase().startsWith(text.toLowerCase()));
      if (hit >= 0) setActive(hit);
    }
  };
  const field = {
    role: "combobox" as const,
    "aria-expanded": true,
    "aria-controls": id,
    "aria-activedescendant": found[at] && `${id}-${at}`,
    "aria-label": label,
    onKeyDown: press,
  };
  return (
    <div className="grid gap-1">
      {filters && (
        <input
          {...field}
          // biome-ignore lint/a11y/noAutofocus: opening the list is asking to type into it
          autoFocus
          placeholder={t("typeToFilter")}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          className="mb-1 h-8 rounded-md bg-sunken px-2.5 text-sm inset-ring inset-ring-line"
        />
      )}
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={label}
        {...(filters ? {} : { tabIndex: 0, "aria-activedescendant": found[at] && `${id}-${at}`, onKeyDown: press })}
        className="max-h-72 overflow-y-auto outline-none"
      >
        {found.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are read on the list or its field, which hold the focus
          <div
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            data-index={index}
            aria-selected={option.value === value}
            onPointerMove={() => setActive(index)}
            onClick={() => onPick(option.value)}
            className={cn(
              "flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-2 text-sm max-md:min-h-11",
              index === at && "bg-hover",
            )}
          >
            {option.mark}
            <span className="grow">{option.label}</span>
            {option.note && <span className="text-xs text-ink-3">{option.note}</span>}
            <Check aria-hidden className={cn("size-3.5 text-accent-ink", option.value !== value && "invisible")} />
          </div>
        ))}
        {found.length === 0 && <p className="px-2 py-1.5 text-sm text-ink-3">{t("noMatch")}</p>}
      </div>
    </div>
  );
}
