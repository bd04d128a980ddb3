"use client";

import { useT } from "~/i18n/use-t";

/** 有 3 笔新的: shown above the rows, so that nothing moves under the pointer until somebody asks. */
export function FreshNotice({ count, onShow }: { count: number; onShow: () => void }) {
  const t = useT("common");
  return (
    <div aria-live="polite" className="sticky left-0">
      {count > 0 && (
        <button type="button" onClick={onShow} className="link block h-8 w-full bg-accent-soft px-gutter text-left text-sm">
          {t("table.fresh", { count })}
        </button>
      )}
    </div>
  );
}
