"use client";

import { type ComponentProps, useEffect, useState } from "react";
import type { Fen } from "~/lib/money";
import { cn } from "./cn";
import { useFieldControl } from "./field";
import { inputStyle } from "./input";
import { fenFromTyped, typedFromFen } from "./money-text";

type MoneyInputProps = Omit<ComponentProps<"input">, "value" | "onChange"> & {
  value: Fen | null;
  /** `null` while empty or unreadable; `typed` tells the two apart. */
  onChange: (fen: Fen | null, typed: string) => void;
};

/** ¥ at left, figures right-aligned, separators once it is left. */
export function MoneyInput({ value, onChange, className, onBlur, ...rest }: MoneyInputProps) {
  const control = useFieldControl();
  const [typed, setTyped] = useState(typedFromFen(value));
  // A value set from outside shows; one that we reported ourselves must not rewrite what is being typed.
  useEffect(() => {
    setTyped((now) => (fenFromTyped(now) === value ? now : typedFromFen(value)));
  }, [value]);
  return (
    <span className="relative flex">
      <span aria-hidden className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-ink-3">
        ¥
      </span>
      <input
        inputMode="decimal"
        autoComplete="off"
        {...control}
        {...rest}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(fenFromTyped(event.target.value), event.target.value);
        }}
        onBlur={(event) => {
          const fen = fenFromTyped(typed);
          if (fen !== null) setTyped(typedFromFen(fen));
          onBlur?.(event);
        }}
        className={cn(inputStyle, "pl-6 text-right", className)}
      />
    </span>
  );
}
