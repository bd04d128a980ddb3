"use client";

import { ChevronDown, ChevronUp, Maximize2, X } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useT } from "~/i18n/use-t";
import { IconButton } from "./button";
import { buttonStyle } from "./button-style";
import { cn } from "./cn";

type DrawerProps = {
  /** First line of the head: usually an id with its copy button. */
  title: ReactNode;
  /** Below it: subject, amount, chip, 资金标, at most two buttons. */
  head?: ReactNode;
  children: ReactNode;
  onClose: () => void;
  /** Neighbours in the list; absent at its ends. */
  onPrev?: (() => void) | null;
  onNext?: (() => void) | null;
  /** The same content as a page of its own. */
  fullHref?: string;
  /** Key of the row it belongs to: focus returns there when it closes. */
  rowKey: string;
};

/** Not modal: the list beside it stays alive. Its address is the page's; the page shows it while the address says so. */
export function Drawer({ title, head, children, onClose, onPrev, onNext, fullHref, rowKey }: DrawerProps) {
  const t = useT("common");
  const titleId = useId();
  const ref = useRef<HTMLElement>(null);
  const keys = useRef({ onClose, onPrev, onNext, rowKey });
  keys.current = { onClose, onPrev, onNext, rowKey };

  useEffect(() => {
    ref.current?.focus({ preventScroll: true });
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
      if (event.key === "Escape") keys.current.onClose();
      if (target.closest("input, textarea, select, [role=menu], [role=listbox], [role=tablist], [contenteditable]")) return;
      const walk = event.key === "ArrowUp" ? keys.current.onPrev : event.key === "ArrowDown" ? keys.current.onNext : null;
      if (!walk || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      walk();
    };
    document.addEventListener("keydown", press);
    return () => {
      document.removeEventListener("keydown", press);
      document.querySelector<HTMLElement>(`[data-row-link="${CSS.escape(keys.current.rowKey)}"]`)?.focus();
    };
  }, []);

  return (
    <aside
      ref={ref}
      tabIndex={-1}
      aria-labelledby={titleId}
      className="absolute inset-y-0 right-0 z-10 flex w-full max-w-drawer animate-drawer flex-col bg-raised shadow-drawer outline-none max-lg:max-w-[min(100%,var(--w-drawer))] max-md:fixed max-md:inset-0 max-md:z-30 max-md:max-w-none"
    >
      <header className="flex-none px-gutter pt-3.5 pb-4">
        <div className="flex items-center gap-2">
          <h2 id={titleId} className="flex min-w-0 items-center gap-2 text-[15px] leading-7 font-medium [&_.mono-id]:text-[15px]">
            {title}
          </h2>
          <span className="grow" />
          <IconButton size="sm" label={t("prev")} icon={<ChevronUp />} disabled={!onPrev} onClick={() => onPrev?.()} />
          <IconButton size="sm" label={t("next")} icon={<ChevronDown />} disabled={!onNext} onClick={() => onNext?.()} />
          {fullHref && (
            <Link
              href={fullHref}
              prefetch={false}
              aria-label={t("openFull")}
              data-tip={t("openFull")}
              className={cn(buttonStyle({ variant: "ghost", size: "sm", square: true }), "[&_svg]:size-3.5")}
            >
              <Maximize2 />
            </Link>
          )}
          <IconButton size="sm" label={t("close")} icon={<X />} onClick={onClose} />
        </div>
        {head}
      </header>
      <div className="flex min-h-0 grow flex-col overflow-y-auto">{children}</div>
    </aside>
  );
}
