import type { Metadata } from "next";
import { Forbidden } from "~/components/forbidden";
import { getT } from "~/i18n/get-t";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { InboxList } from "./_components/inbox-list";
import { countInput, listInput, readListState } from "./_components/list-state";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("inbox"))("title") };
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function InboxPage({ searchParams }: Props) {
  const { forbidden } = await enterPage({ kind: "tenant", permission: "inbox.read", fresh: false });
  if (forbidden) return <Forbidden reason={forbidden.details.reason} />;
  const state = readListState(await searchParams);
  const api = await prefetcher();
  await Promise.all([api.inbox.list.prefetch(listInput(state)), api.inbox.counts.prefetch(countInput(state))]);
  return (
    <Prefetched>
      <InboxList />
    </Prefetched>
  );
}
