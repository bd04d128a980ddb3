import type { Metadata } from "next";
import { getT } from "~/i18n/get-t";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { rightsOf } from "../_components/rights";
import { FirstCase } from "./_components/first-case";
import { listInput, readListState } from "./_components/list-state";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("exception"))("title") };
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ExceptionsPage({ searchParams }: Props) {
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "exception.read", fresh: false });
  // The layout says why.
  if (forbidden) return null;
  const api = await prefetcher();
  const { items } = await api.exception.list.fetch(listInput(readListState(await searchParams)));
  if (items[0]) await api.exception.get.prefetch({ caseId: items[0].id });
  return (
    <Prefetched>
      <FirstCase rights={rightsOf(identity)} userId={identity.userId} />
    </Prefetched>
  );
}
