"use client";

import { Check, Ellipsis } from "lucide-react";
import Link from "next/link";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { useT } from "~/i18n/use-t";
import { IconButton } from "./button";
import { cn } from "./cn";

const ITEM =
  "flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-2 text-sm outline-none select-none data-highlighted:bg-hover aria-disabled:cursor-default aria-disabled:text-ink-off max-md:min-h-11";

/** A button that opens a list of actions. It is not modal, so nothing behind it moves or is hidden. */
export function Menu({ trigger, children, align = "end" }: { trigger: ReactNode; children: ReactNode; align?: "start" | "end" }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-40 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 animate-pop overflow-y-auto rounded-lg bg-raised p-1 shadow-pop"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** ⋯ for a row or a drawer's head; `name` says of what (更多操作，SO2026…). */
export function MoreMenu({ name, children }: { name?: string; children: ReactNode }) {
  const t = useT("common");
  const label = name ? `${t("moreActions")} ${name}` : t("moreActions");
  return <Menu trigger={<IconButton size="sm" className="not-hover:text-ink-3!" label={label} icon={<Ellipsis />} />}>{children}</Menu>;
}

type MenuItemProps = {
  icon?: ReactNode;
  children: ReactNode;
  /** At right, in grey: a count or a shortcut. */
  note?: ReactNode;
  destructive?: boolean;
  /** Why it may not be chosen; the item stays and says so. */
  reason?: string | null | false;
} & ({ onSelect: () => void; href?: undefined } | { href: string; onSelect?: undefined });

export function MenuItem({ icon, children, note, destructive, reason, href, onSelect }: MenuItemProps) {
  const inside = (
    <>
      {icon}
      <span className="grow">
        {children}
        {reason && <span className="block text-xs text-ink-3">{reason}</span>}
      </span>
      {note && <span className="text-xs text-ink-3">{note}</span>}
    </>
  );
  const className = cn(ITEM, destructive && !reason && "text-danger");
  if (href !== undefined) {
    return (
      <DropdownMenu.Item asChild className={className}>
        <Link href={href} prefetch={false}>
          {inside}
        </Link>
      </DropdownMenu.Item>
    );
  }
  // Not Radix's `disabled`: a disabled item could not be focused, and nobody would learn the reason.
  return (
    <DropdownMenu.Item
      aria-disabled={Boolean(reason) || undefined}
      className={className}
      onSelect={(event) => (reason ? event.preventDefault() : onSelect?.())}
    >
      {inside}
    </DropdownMenu.Item>
  );
}

type MenuChoicesProps<Value extends string> = {
  label: string;
  value: Value;
  choices: readonly { value: Value; label: ReactNode }[];
  onChange: (value: Value) => void;
};

/** One of a few, with a mark on the chosen one. */
export function MenuChoices<Value extends string>({ label, value, choices, onChange }: MenuChoicesProps<Value>) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChange(next as Value)} aria-label={label}>
      <MenuLabel>{label}</MenuLabel>
      {choices.map((choice) => (
        <DropdownMenu.RadioItem
          key={choice.value}
          value={choice.value}
          className={cn(ITEM, "pl-7 data-[state=checked]:font-medium relative")}
        >
          <DropdownMenu.ItemIndicator className="absolute left-2.5 size-1.5 rounded-full bg-accent" />
          {choice.label}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

/** A switch that keeps the menu open, such as a column. */
export function MenuCheck({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.CheckboxItem
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
      className={cn(ITEM, "relative pl-7")}
    >
      <DropdownMenu.ItemIndicator className="absolute left-2">
        <Check aria-hidden className="size-3.5 text-accent-ink" />
      </DropdownMenu.ItemIndicator>
      {children}
    </DropdownMenu.CheckboxItem>
  );
}

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <DropdownMenu.Label className="px-2 pt-2 pb-1 text-xs text-ink-3">{children}</DropdownMenu.Label>
);

export const MenuRule = () => <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />;
