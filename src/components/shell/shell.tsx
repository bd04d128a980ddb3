"use client";

import { X } from "lucide-react";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { useT } from "~/i18n/use-t";
import { seconds } from "~/lib/time";
import { api } from "~/trpc/client";
import { useLive } from "~/trpc/live";
import { useConnectionLost } from "~/trpc/socket";
import { EnvironmentLine } from "../environment";
import { IconButton } from "../ui/button";
import { ClockProvider } from "../ui/clock";
import { cn } from "../ui/cn";
import { Banner } from "../ui/states";
import { Toaster } from "../ui/toast";
import { Nav } from "./nav";
import { TenantSwitcher } from "./tenant-switcher";
import { TopBar } from "./top-bar";
import type { Frame, ShellData } from "./types";

/** The console's frame: margin on the left, one ruled sheet on the right. */
export function Shell({ shell, banner, children }: { shell: ShellData; banner?: ReactNode; children: ReactNode }) {
  const t = useT("shell");
  const menu = useRef<HTMLDialogElement>(null);
  const main = useRef<HTMLElement>(null);
  const pathname = usePathname();
  const { clock, environment, counts } = useFrame(shell);
  const hatched = environment === "simulator";
  const close = () => menu.current?.close();

  // A new page begins at its top, and what was said of the old one is over.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what it is about
  useEffect(() => {
    main.current?.scrollTo(0, 0);
    menu.current?.close();
  }, [pathname]);

  return (
    <ClockProvider now={clock.now}>
      <EnvironmentLine environment={environment} />
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-1.5 font-medium text-on-accent focus-visible:translate-y-0"
      >
        {t("skip")}
      </a>
      <div
        className={cn(
          "relative grid grid-cols-[var(--w-side)_minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)] overflow-hidden [grid-template-areas:'side_top''side_sheet'] max-lg:grid-cols-[56px_minmax(0,1fr)] max-md:grid-cols-[minmax(0,1fr)] max-md:[grid-template-areas:'top''sheet']",
          "max-w-[calc(var(--w-side)+var(--w-max))] min-[1897px]:border-r min-[1897px]:border-line",
          hatched ? "mt-1 h-[calc(100dvh-4px)]" : "h-dvh",
        )}
      >
        <TopBar shell={shell} clock={clock} environment={environment} onMenu={() => menu.current?.showModal()} />
        <aside className="flex min-h-0 flex-col p-2 [grid-area:side] max-md:hidden">
          <TenantSwitcher shell={shell} rail />
          <Nav shell={shell} counts={counts} form="side" />
        </aside>
        <div className="flex min-h-0 min-w-0 flex-col border-l border-line bg-surface [grid-area:sheet] max-md:border-l-0">
          <ConnectionBanner />
          {banner}
          <main ref={main} id="content" tabIndex={-1} className="flex min-h-0 grow flex-col overflow-y-auto outline-none">
            {children}
          </main>
          <div className="relative h-0 flex-none">
            <Toaster />
          </div>
        </div>
      </div>
      <dialog
        ref={menu}
        aria-label={t("mainNav")}
        className="m-0 h-dvh max-h-none w-72 max-w-[85vw] bg-canvas p-2 open:flex open:flex-col"
        closedby="any"
      >
        <div className="flex items-start">
          <div className="min-w-0 grow">
            <TenantSwitcher shell={shell} rail={false} />
          </div>
          <IconButton label={t("closeMenu")} icon={<X />} onClick={close} />
        </div>
        <Nav shell={shell} counts={counts} form="sheet" onNavigate={close} />
      </dialog>
    </ClockProvider>
  );
}

function ConnectionBanner() {
  const t = useT("shell");
  const lost = useConnectionLost();
  if (!lost) return null;
  return (
    <Banner
      tone="warning"
      action={
        <button type="button" className="font-medium underline underline-offset-3" onClick={() => location.reload()}>
          {t("reload")}
        </button>
      }
    >
      {t("offline")}
    </Banner>
  );
}

const FRAME_AFTER_MS = seconds(5);

/**
 * Comes with the layout; news about cases, differences, applications, messages and channels asks for it again, not more often than this. A query
 * of its own: a layout asked for anew would hold up every navigation until it is there.
 */
function useFrame({ frame, mayLook }: ShellData): Frame {
  const queries = api.useUtils();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(({ type }) => {
    if (timer.current || !/^(exception|difference|notification|channel|facetoface)\./.test(type)) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      void queries.frame.get.invalidate();
    }, FRAME_AFTER_MS);
  });
  const { data } = api.frame.get.useQuery(undefined, {
    enabled: mayLook,
    initialData: frame,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}
