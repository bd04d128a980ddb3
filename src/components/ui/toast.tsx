"use client";

import { useEffect, useState, useSyncExternalStore } from "react";

type Toast = { id: number; text: string };

const SHOWN_MS = 4_000;
let current: Toast | null = null;
const listeners = new Set<() => void>();
const set = (next: Toast | null) => {
  current = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Says that something reversible is done (已复制, 已导出 1,284 笔). Errors never come this way: they stand where they happened. */
export const toast = (text: string): void => set({ id: (current?.id ?? 0) + 1, text });

/** Where toasts appear: bottom-left of the sheet, one at a time. The shell has it. */
export function Toaster() {
  const shown = useSyncExternalStore(
    subscribe,
    () => current,
    () => null,
  );
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!shown || held) return;
    const timer = setTimeout(() => set(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown, held]);
  return (
    <div role="status" className="pointer-events-none absolute bottom-16 left-gutter z-20">
      {shown && (
        <div
          key={shown.id}
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          className="pointer-events-auto animate-pop rounded-lg bg-ink px-3 py-2 text-sm text-surface shadow-pop"
        >
          {shown.text}
        </div>
      )}
    </div>
  );
}
