import type { Metadata } from "next";
import { Forbidden } from "~/components/forbidden";
import { getT } from "~/i18n/get-t";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { TenantsPage } from "./_components/tenants-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("tenant"))("title") };
}

export default async function Page() {
  const { forbidden } = await enterPage({ kind: "operator", fresh: false });
  if (forbidden) return <Forbidden reason={forbidden.details.reason} />;
  const api = await prefetcher();
  await api.tenant.list.prefetch({ limit: 50 });
  return (
    <Prefetched>
      <TenantsPage />
    </Prefetched>
  );
}
