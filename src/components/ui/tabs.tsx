"use client";

import type { KeyboardEvent, ReactNode } from "react";
import { cn } from "./cn";

export type Tab<Key extends string> = { key: Key; label: ReactNode; count?: number | string | null };

type TabsProps<Key extends string> = {
  label: string;
  tabs: readonly Tab<Key>[];
  value: Key;
  onChange: (key: Key) => void;
  /** Id of the panel that the tabs control. */
  panelId?: string;
  tools?: ReactNode;
  className?: string;
};

/** Arrow keys walk a group of buttons and press the one they reach. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (!step) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("button")];
  const next = buttons[(buttons.indexOf(document.activeElement as HTMLButtonElement) + step + buttons.length) % buttons.length];
  event.preventDefault();
  next?.focus();
  next?.click();
}

/** Underlined tabs with counts: statuses above a list, parts of a detail. */
export function Tabs<Key extends string>({ label, tabs, value, onChange, panelId, tools, className }: TabsProps<Key>) {
  return (
    <div className={cn("flex flex-none items-end border-b border-line px-gutter", className)}>
      <div
        role="tablist"
        aria-label={label}
        className="-mb-px flex min-w-0 gap-5 overflow-x-auto overflow-y-hidden [scrollbar-width:none]"
        onKeyDown={walk}
      >
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            aria-selected={tab.key === value}
            aria-controls={panelId}
            tabIndex={tab.key === value ? 0 : -1}
            onClick={() => onChange(tab.key)}
            className="h-9 whitespace-nowrap text-ink-2 outline-offset-[-2px] hover:text-ink aria-selected:font-medium aria-selected:text-ink aria-selected:shadow-[inset_0_-2px_0_var(--accent)] max-md:h-11"
          >
            {tab.label}
            {tab.count != null && <span className="ml-1 text-xs font-normal text-ink-3">{tab.count}</span>}
          </button>
        ))}
      </div>
      {tools && (
        <>
          <span className="grow" />
          <div className="flex h-9 items-center gap-1">{tools}</div>
        </>
      )}
    </div>
  );
}

export type Choice<Key extends string> = { key: Key; label: ReactNode; name?: string };

type SegmentProps<Key extends string> = { label: string; choices: readonly Choice<Key>[]; value: Key; onChange: (key: Key) => void };

/** Two to four views of the same data. */
export function Segment<Key extends string>({ label, choices, value, onChange }: SegmentProps<Key>) {
  return (
    <fieldset
      aria-label={label}
      className="m-0 inline-flex min-w-0 gap-0.5 rounded-md border-0 bg-sunken p-0.5 inset-ring inset-ring-line"
      onKeyDown={walk}
    >
      {choices.map((choice) => (
        <button
          key={choice.key}
          type="button"
          aria-pressed={choice.key === value}
          aria-label={choice.name}
          data-tip={choice.name}
          onClick={() => onChange(choice.key)}
          className="h-6 rounded-sm px-2.5 text-xs leading-6 whitespace-nowrap text-ink-2 hover:text-ink aria-pressed:bg-raised aria-pressed:font-medium aria-pressed:text-ink aria-pressed:ring aria-pressed:ring-line-strong max-md:h-9 [&_svg]:size-3.5"
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}
