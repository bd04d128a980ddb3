"use client";

import { useEffect, useRef } from "react";
import { EnvironmentChip, EnvironmentLine } from "~/components/environment";
import { LanguageSwitch } from "~/components/language-switch";
import { ClockProvider, useNow } from "~/components/ui/clock";
import type { Method } from "~/domain/provider";
import { useT } from "~/i18n/use-t";
import { seconds } from "~/lib/time";
import { Bill } from "./bill";
import { Choose } from "./choose";
import { Checking, Doubtful, Failed, Over } from "./outcomes";
import { Receipt } from "./receipt";
import { type CheckoutView, type Device, methodsOn, stageOf } from "./stage";
import { useStageTitle } from "./stage-title";
import { useCheckout } from "./use-checkout";
import { WaitingForCode, WaitingForPage } from "./waiting";

type CheckoutProps = {
  token: string;
  initial: CheckoutView;
  device: Device;
  /** The method that the buyer looked at last, from the address. */
  method: Method | null;
  /** The buyer comes back from a provider's page that says they paid. */
  returned: boolean;
  /** Where the simulated phone is; null wherever money is real. */
  simulatorUrl: string | null;
};

export type CheckoutState = ReturnType<typeof useCheckout> & { offered: Method[]; simulatorUrl: string | null };

/** The buyer's page: one slip, the bill at left, the state at right; on a phone the amount on top and the actions at the thumb. */
export function Checkout({ device, simulatorUrl, ...options }: CheckoutProps) {
  const checkout = useCheckout(options);
  const { view } = checkout;
  return (
    <ClockProvider now={view.now}>
      {view.environment && <EnvironmentLine environment={view.environment} />}
      <div className="grid min-h-dvh grid-rows-[auto_1fr_auto] bg-canvas px-8 pt-1 max-md:grid-rows-[auto_1fr] max-md:bg-surface max-md:px-0 print:bg-white">
        <Header view={view} />
        <Slip {...checkout} offered={methodsOn(device, view.methods)} simulatorUrl={simulatorUrl} />
        <Footer />
      </div>
    </ClockProvider>
  );
}

const LANGUAGE = "min-h-7 rounded-sm px-1.5 text-xs text-ink-3 hover:text-ink";

function Header({ view }: { view: CheckoutView }) {
  return (
    <header className="mx-auto flex h-16 w-full max-w-[960px] items-center gap-3 max-md:h-13 max-md:border-b max-md:border-line max-md:px-4">
      <span className="flex min-w-0 grow items-center gap-2.5 text-md font-strong max-md:text-sm">
        <span
          aria-hidden
          className="grid size-7 flex-none place-items-center rounded-md bg-ink text-md text-surface max-md:size-6 max-md:text-xs"
        >
          {[...view.merchant][0]}
        </span>
        <span className="truncate">{view.merchant}</span>
      </span>
      {view.environment && <EnvironmentChip environment={view.environment} />}
      <LanguageSwitch className={`${LANGUAGE} -mr-1.5 md:hidden max-md:min-h-11 print:hidden`} />
    </header>
  );
}

function Footer() {
  const t = useT("checkout");
  return (
    <footer className="flex h-16 items-center justify-center gap-6 text-xs text-ink-3 max-md:hidden">
      <span>{t("footer")}</span>
      <LanguageSwitch className={`${LANGUAGE} print:hidden`} />
    </footer>
  );
}

function Slip(checkout: CheckoutState) {
  const { view, wishes, offered } = checkout;
  const stage = stageOf(view, wishes, useNow(seconds(1)));
  const title = useStageTitle(stage, view);
  const pane = useFocusAfter(stage.name);
  return (
    <main className="mx-auto grid w-full max-w-[960px] grid-cols-[minmax(0,1fr)_416px] self-center rounded-lg border border-line border-t-line-strong bg-surface max-[960px]:grid-cols-[minmax(0,1fr)_360px] max-md:grid-cols-1 max-md:grid-rows-[auto_1fr] max-md:self-stretch max-md:rounded-none max-md:border-0 md:min-h-[536px] print:border-0">
      <Bill view={view} stage={stage} />
      <section
        ref={pane}
        tabIndex={-1}
        aria-label={title}
        className="flex min-w-0 flex-col border-l border-line p-10 outline-none max-[960px]:p-6 max-md:border-0 max-md:px-4 max-md:pt-6 max-md:pb-[calc(16px+env(safe-area-inset-bottom))] print:border-0"
      >
        {stage.name === "choose" && <Choose {...checkout} />}
        {stage.name === "waiting" && stage.launch.kind === "qr" && (
          <WaitingForCode {...checkout} attempt={stage.attempt} launch={stage.launch} />
        )}
        {stage.name === "waiting" && stage.launch.kind === "redirect" && (
          <WaitingForPage {...checkout} attempt={stage.attempt} launch={stage.launch} />
        )}
        {stage.name === "checking" && <Checking {...checkout} stage={stage} />}
        {stage.name === "failed" && <Failed {...checkout} stage={stage} offered={offered} />}
        {(stage.name === "expired" || stage.name === "cancelled") && <Over {...checkout} how={stage.name} />}
        {stage.name === "paid" && <Receipt view={view} />}
        {stage.name === "doubt" && <Doubtful {...checkout} doubt={stage.doubt} />}
      </section>
      {/* The whole region stays, so that readers hear its changes. A failure interrupts once; everything else waits for its turn. */}
      <p aria-live={stage.name === "failed" ? "assertive" : "polite"} className="sr-only">
        {title}
      </p>
    </main>
  );
}

/** When what had the focus is gone with the old state, the keyboard goes on in the new one, not at the top of the page. */
function useFocusAfter(name: string) {
  const pane = useRef<HTMLElement>(null);
  const shown = useRef(name);
  useEffect(() => {
    if (shown.current === name) return;
    shown.current = name;
    if (document.activeElement === document.body) pane.current?.focus({ preventScroll: true });
  }, [name]);
  return pane;
}
