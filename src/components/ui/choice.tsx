"use client";

import { clsx } from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

type CheckboxProps = Omit<ComponentProps<"input">, "type"> & { partly?: boolean; children?: ReactNode };

/** With `children` it carries its own label; without, give it an `aria-label`. */
export function Checkbox({ partly, children, className, ...rest }: CheckboxProps) {
  const id = useId();
  const box = (
    <input
      type="checkbox"
      id={id}
      {...rest}
      ref={(element) => {
        if (element) element.indeterminate = Boolean(partly);
      }}
      className={clsx("checkbox", className)}
    />
  );
  if (!children) return box;
  return (
    <label htmlFor={rest.id ?? id} className="inline-flex min-h-7 items-center gap-2 max-md:min-h-11">
      {box}
      <span>{children}</span>
    </label>
  );
}

export type RadioRow<Value extends string> = {
  value: Value;
  label: ReactNode;
  note?: ReactNode;
  mark?: ReactNode;
  disabled?: boolean;
};

type RadioRowsProps<Value extends string> = {
  name: string;
  label: string;
  rows: readonly RadioRow<Value>[];
  value: Value | null;
  onChange: (value: Value) => void;
  /** 68 px rows of the checkout instead of 52 px. */
  large?: boolean;
};

/** One of a few, each with a sentence: payment methods, key modes. */
export function RadioRows<Value extends string>({ name, label, rows, value, onChange, large }: RadioRowsProps<Value>) {
  return (
    <div role="radiogroup" aria-label={label} className="grid gap-3">
      {rows.map((row) => (
        <label
          key={row.value}
          className={clsx(
            "flex cursor-pointer items-center gap-3.5 rounded-lg px-4 inset-ring inset-ring-line-strong has-checked:bg-accent-soft has-checked:inset-ring-[1.5px] has-checked:inset-ring-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus has-disabled:cursor-default has-disabled:opacity-45",
            large ? "min-h-[68px]" : "min-h-[52px] py-1.5",
          )}
        >
          {row.mark}
          <span className="grow">
            <span className={clsx("block font-medium", large ? "text-lg leading-[22px]" : "text-sm")}>{row.label}</span>
            {row.note && <span className="block text-xs text-ink-3 in-has-checked:text-ink-2">{row.note}</span>}
          </span>
          <input
            type="radio"
            name={name}
            value={row.value}
            checked={value === row.value}
            disabled={row.disabled}
            onChange={() => onChange(row.value)}
            className="size-[18px] flex-none appearance-none rounded-full inset-ring-[1.5px] inset-ring-control-line outline-none checked:inset-ring-[5.5px] checked:inset-ring-accent"
          />
        </label>
      ))}
    </div>
  );
}
