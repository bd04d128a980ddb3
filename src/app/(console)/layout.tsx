import type { ReactNode } from "react";
import { GrantBanner } from "~/components/shell/grant-banner";
import { Shell } from "~/components/shell/shell";
import { Words } from "~/i18n/words";
import { getShellData } from "~/server/shell-data";
import { TRPCReactProvider } from "~/trpc/client";
import { LiveProvider } from "~/trpc/live";

const NOUNS = ["shell", "dashboard", "payment", "exception", "inbox", "channel", "member", "event", "tenant", "auth"] as const;

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const shell = await getShellData();
  return (
    <Words of={NOUNS}>
      <TRPCReactProvider>
        <LiveProvider enabled={shell.tenant !== null}>
          <Shell
            shell={shell}
            banner={shell.tenant && shell.grantUntil && <GrantBanner tenant={shell.tenant.name} until={shell.grantUntil} />}
          >
            {children}
          </Shell>
        </LiveProvider>
      </TRPCReactProvider>
    </Words>
  );
}
