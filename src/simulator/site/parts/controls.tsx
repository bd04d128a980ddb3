import type { ComponentProps, KeyboardEvent, MouseEvent, ReactNode } from "react";

export type ButtonProps = ComponentProps<"button"> & {
  look?: "default" | "primary" | "ghost" | "danger" | "pay";
  size?: "sm" | "md" | "touch";
  icon?: ReactNode;
  busy?: boolean;
  busyLabel?: string;
  /** Why it may not be pressed now: it stays visible and says so. */
  reason?: string | null | false;
};

export function Button({
  look = "default",
  size = "md",
  icon,
  busy,
  busyLabel,
  reason,
  className = "",
  onClick,
  children,
  ...rest
}: ButtonProps) {
  const stopped = Boolean(reason) || Boolean(busy);
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (stopped) {
      event.preventDefault();
      return;
    }
    onClick?.(event);
  };
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={stopped || undefined}
      aria-busy={busy || undefined}
      aria-description={reason || undefined}
      data-tip={rest["aria-label"] ? [rest["aria-label"], reason].filter(Boolean).join("\n") : reason || undefined}
      className={`button ${look} ${size} ${className}`}
      onClick={press}
    >
      {busy ? <i className="spinner" aria-hidden /> : icon}
      {busy && busyLabel ? busyLabel : children}
    </button>
  );
}

/** Arrow keys walk a group of buttons and press the one they reach. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (!step) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("button")];
  const next = buttons[(buttons.indexOf(document.activeElement as HTMLButtonElement) + step + buttons.length) % buttons.length];
  event.preventDefault();
  next?.focus();
  next?.click();
}

export type Tab<Key extends string> = { key: Key; label: ReactNode; count?: number };
type TabsProps<Key extends string> = {
  label: string;
  tabs: readonly Tab<Key>[];
  value: Key;
  onChange: (key: Key) => void;
  panelId: string;
  className?: string;
};

export function Tabs<Key extends string>({ label, tabs, value, onChange, panelId, className = "tabs" }: TabsProps<Key>) {
  return (
    <div role="tablist" aria-label={label} className={className} onKeyDown={walk}>
      {tabs.map((tab) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          aria-selected={tab.key === value}
          aria-controls={panelId}
          tabIndex={tab.key === value ? 0 : -1}
          onClick={() => onChange(tab.key)}
        >
          {tab.label}
          {tab.count !== undefined && <span className="count"> {tab.count}</span>}
        </button>
      ))}
    </div>
  );
}

type SegmentProps<Key extends string> = {
  label: string;
  choices: readonly { key: Key; label: ReactNode }[];
  value: Key;
  onChange: (key: Key) => void;
};

/** Two to four views of the same data. */
export function Segment<Key extends string>({ label, choices, value, onChange }: SegmentProps<Key>) {
  return (
    <fieldset className="segment" aria-label={label} onKeyDown={walk}>
      {choices.map((choice) => (
        <button key={choice.key} type="button" aria-pressed={choice.key === value} onClick={() => onChange(choice.key)}>
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}

/** On or off, at once. */
export function Switch({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return <button type="button" role="switch" aria-checked={on} aria-label={label} className="switch" onClick={() => onChange(!on)} />;
}

type SelectProps = {
  label: string;
  value: string;
  choices: readonly (readonly [value: string, text: string])[];
  onChange: (value: string) => void;
};

export function Select({ label, value, choices, onChange }: SelectProps) {
  return (
    <div className="select">
      <span aria-hidden>{label}</span>
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
