import type { Metadata } from "next";
import { Forbidden } from "~/components/forbidden";
import { getT } from "~/i18n/get-t";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { AuditPage } from "./_components/audit-page";
import { type AuditState, listInput, URL_STATE } from "./_components/list-state";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("event"))("title") };
}

export default async function Page({ searchParams }: { searchParams: Promise<Partial<AuditState>> }) {
  const { forbidden } = await enterPage({ kind: "tenant", permission: "event.read", fresh: false });
  if (forbidden) return <Forbidden reason={forbidden.details.reason} />;
  const api = await prefetcher();
  await api.event.list.prefetch(listInput({ ...URL_STATE, ...(await searchParams) }));
  return (
    <Prefetched>
      <AuditPage />
    </Prefetched>
  );
}
