"use client";

import { useEffect, useRef } from "react";

const SHOW_AFTER_MS = 300;
const GAP_PX = 6;
const RAIL_BELOW_PX = 1180;

/**
 * One tooltip for the whole page: whatever carries `data-tip` shows it on hover and on keyboard focus. A table with hundreds of
 * figures then costs no component per cell. The text repeats what `aria-label` or `aria-description` says, so it is hidden from readers.
 */
export function TipLayer() {
  const ref = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const tip = ref.current;
    if (!tip) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let owner: HTMLElement | null = null;

    const hide = () => {
      clearTimeout(timer);
      owner = null;
      if (tip.matches(":popover-open")) tip.hidePopover();
    };
    const show = (target: HTMLElement) => {
      const text = target.dataset.tip;
      // In the rail the tooltip stands for the label; beside the label it would only repeat it.
      if (!text || !target.isConnected || (target.dataset.tipWhen === "rail" && innerWidth >= RAIL_BELOW_PX)) return;
      tip.textContent = text;
      if (tip.matches(":popover-open")) tip.hidePopover();
      tip.showPopover();
      place(tip, target.getBoundingClientRect());
    };
    const ask = (event: Event, delayMs: number) => {
      const target = (event.target as Element | null)?.closest?.<HTMLElement>("[data-tip]") ?? null;
      if (target === owner) return;
      hide();
      owner = target;
      if (target) timer = setTimeout(() => show(target), delayMs);
    };
    const over = (event: PointerEvent) => event.pointerType === "mouse" && ask(event, SHOW_AFTER_MS);
    const focus = (event: FocusEvent) => (event.target as Element).matches(":focus-visible") && ask(event, 0);
    const key = (event: KeyboardEvent) => event.key === "Escape" && hide();

    document.addEventListener("pointerover", over);
    document.addEventListener("focusin", focus);
    document.addEventListener("focusout", hide);
    document.addEventListener("pointerdown", hide);
    document.addEventListener("keydown", key);
    document.addEventListener("scroll", hide, true);
    return () => {
      hide();
      document.removeEventListener("pointerover", over);
      document.removeEventListener("focusin", focus);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("pointerdown", hide);
      document.removeEventListener("keydown", key);
      document.removeEventListener("scroll", hide, true);
    };
  }, []);

  return (
    <div
      ref={ref}
      popover="manual"
      aria-hidden
      className="pointer-events-none fixed inset-auto m-0 max-w-80 rounded-md border-0 bg-ink px-2 py-1 text-xs whitespace-pre-line text-surface"
    />
  );
}

function place(tip: HTMLElement, target: DOMRect) {
  const { offsetWidth: width, offsetHeight: height } = tip;
  const above = target.top - height - GAP_PX;
  const left = target.left + target.width / 2 - width / 2;
  tip.style.top = `${above >= GAP_PX ? above : target.bottom + GAP_PX}px`;
  tip.style.left = `${Math.max(GAP_PX, Math.min(left, innerWidth - width - GAP_PX))}px`;
}
