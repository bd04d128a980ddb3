"use client";

import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";

type PopoverProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** A button, or any element that takes a ref: what it hangs from and what opens it. */
  trigger: ReactNode;
  label: string;
  children: ReactNode;
  align?: "start" | "end";
  className?: string;
};

/** Something to fill in or choose from, above the sheet; the page behind stays alive. */
export function Popover({ open, onOpenChange, trigger, label, children, align = "start", className }: PopoverProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={cn("z-40 animate-pop rounded-lg bg-raised p-3 shadow-pop outline-none", className)}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
