import type { ReactNode } from "react";
import { Forbidden } from "~/components/forbidden";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { Desk } from "./_components/desk";
import { LIST_DEFAULTS, listInput } from "./_components/list-state";

/** The desk: its list stays while one case after the other is opened beside it. */
export default async function ExceptionsLayout({ children }: { children: ReactNode }) {
  const { forbidden } = await enterPage({ kind: "tenant", permission: "exception.read", fresh: false });
  if (forbidden) return <Forbidden reason={forbidden.details.reason} />;
  const api = await prefetcher();
  await Promise.all([api.exception.sum.prefetch(), api.exception.list.prefetch(listInput(LIST_DEFAULTS))]);
  return (
    <Prefetched>
      <Desk>{children}</Desk>
    </Prefetched>
  );
}
