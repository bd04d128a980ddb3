import type { Metadata } from "next";
import { Forbidden } from "~/components/forbidden";
import { ListChannels } from "~/domain/channel";
import { getT } from "~/i18n/get-t";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { ChannelList } from "./_components/channel-list";
import { mayWriteChannels } from "./_components/may-write";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("channel"))("title") };
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ChannelsPage({ searchParams }: Props) {
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "channel.read", fresh: false });
  if (forbidden) return <Forbidden />;
  const after = ListChannels.shape.cursor.safeParse((await searchParams).after);
  const api = await prefetcher();
  await api.channel.list.prefetch({ limit: 20, cursor: after.data });
  return (
    <Prefetched>
      <ChannelList mayWrite={mayWriteChannels(identity)} />
    </Prefetched>
  );
}
