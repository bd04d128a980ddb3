import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Forbidden } from "~/components/forbidden";
import { getT } from "~/i18n/get-t";
import { paths } from "~/lib/paths";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { rightsOf } from "./_components/rights";
import { readRange } from "./_workbench/range";
import { Workbench } from "./_workbench/workbench";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("dashboard"))("title") };
}

export default async function WorkbenchPage({ searchParams }: Props) {
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "dashboard.read", fresh: false });
  // Platform staff without a grant have no desk of their own: they begin with the tenants.
  if (identity.isOperator && !identity.tenant) redirect(paths.tenants());
  if (forbidden) return <Forbidden reason={forbidden.details.reason} />;
  const api = await prefetcher();
  await api.dashboard.workbench.prefetch({ range: readRange((await searchParams).range) });
  return (
    <Prefetched>
      <Workbench rights={rightsOf(identity)} />
    </Prefetched>
  );
}
