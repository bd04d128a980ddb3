"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { ConfirmDialog } from "~/components/ui/dialog";
import { useT } from "~/i18n/use-t";

/** Asks before what was typed is left behind: by a link of ours in a dialog of ours, by a reload or another site in the browser's. */
export function useLeaveGuard(isActive: boolean): ReactNode {
  const t = useT("facetofaceForm");
  const router = useRouter();
  const [target, setTarget] = useState<string | null>(null);
  const [isLeaving, setIsLeaving] = useState(false);
  const asks = isActive && !isLeaving;
  useEffect(() => {
    if (!asks) return;
    const unload = (event: BeforeUnloadEvent) => event.preventDefault();
    const click = (event: MouseEvent) => {
      const url = addressLeft(event);
      if (!url) return;
      // Before the page's own links hear of it.
      event.preventDefault();
      event.stopPropagation();
      setTarget(url);
    };
    window.addEventListener("beforeunload", unload);
    window.addEventListener("click", click, true);
    return () => {
      window.removeEventListener("beforeunload", unload);
      window.removeEventListener("click", click, true);
    };
  }, [asks]);
  return (
    <ConfirmDialog
      open={target !== null && !isLeaving}
      onClose={() => setTarget(null)}
      title={t("leave.title")}
      effects={[t("leave.lost")]}
      keep={t("leave.stay")}
      verb={t("leave.go")}
      onConfirm={() => {
        setIsLeaving(true);
        if (target) router.push(target);
      }}
    />
  );
}

/** Where a click on a link of ours leads in this tab, away from this page. */
function addressLeft(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
  if (!link || link.target === "_blank" || link.hasAttribute("download")) return null;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || url.pathname === location.pathname) return null;
  return `${url.pathname}${url.search}${url.hash}`;
}
