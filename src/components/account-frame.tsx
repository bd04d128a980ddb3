import type { ReactNode } from "react";
import { LanguageSwitch } from "./language-switch";
import { Mark } from "./mark";

/** Pages of people who are not signed in yet: one column of 360 px, what is left of the height stands 38 to 62 around it. */
export function AccountFrame({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-dvh grid-rows-[minmax(32px,0.38fr)_auto_minmax(32px,0.62fr)_auto] justify-items-center bg-canvas px-4">
      <span />
      <main className="w-full max-w-[360px]">
        <Mark />
        {children}
      </main>
      <span />
      <footer className="py-6">
        <LanguageSwitch className="min-h-7 rounded-sm px-2 text-xs text-ink-3 hover:text-ink max-md:min-h-11" />
      </footer>
    </div>
  );
}
