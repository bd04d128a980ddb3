"use client";

import { ChevronDown } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { cn } from "./cn";
import { useFieldControl } from "./field";
import { inputStyle } from "./input";
import { ListPicker, type Option } from "./list-picker";
import { Popover } from "./popover";

type SelectProps<Value extends string> = {
  label: string;
  options: readonly Option<Value>[];
  value: Value | null;
  onChange: (value: Value) => void;
  placeholder?: string;
  disabled?: boolean;
  className?: string;
};

/** One of a list, in a form. Inside a `Field`; `label` repeats its words for the list. */
export function Select<Value extends string>({ label, options, value, onChange, placeholder, disabled, className }: SelectProps<Value>) {
  // A button cannot be required, only its label can say so.
  const { "aria-required": _required, ...control }: ComponentProps<"button"> = useFieldControl();
  const [open, setOpen] = useState(false);
  const chosen = options.find((option) => option.value === value);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={label}
      className="min-w-(--radix-popover-trigger-width) p-1"
      trigger={
        <button
          type="button"
          {...control}
          aria-haspopup="listbox"
          disabled={disabled}
          className={cn(inputStyle, "flex items-center gap-2 text-left", className)}
        >
          {chosen?.mark}
          <span className={cn("min-w-0 grow truncate", !chosen && "text-ink-3")}>{chosen?.label ?? placeholder ?? "–"}</span>
          <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
        </button>
      }
    >
      <ListPicker
        label={label}
        options={options}
        value={value}
        onPick={(next) => {
          onChange(next);
          setOpen(false);
        }}
      />
    </Popover>
  );
}
