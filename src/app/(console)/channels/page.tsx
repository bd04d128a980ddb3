import type { Metadata } from "next";
import { Forbidden } from "~/components/forbidden";
import { getT } from "~/i18n/get-t";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { ChannelList } from "./_components/channel-list";
import { mayWriteChannels } from "./_components/may-write";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("channel"))("title") };
}

export default async function ChannelsPage() {
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "channel.read", fresh: false });
  if (forbidden) return <Forbidden />;
  const api = await prefetcher();
  await api.channel.list.prefetchInfinite({ limit: 50 });
  return (
    <Prefetched>
      <ChannelList mayWrite={mayWriteChannels(identity)} />
    </Prefetched>
  );
}
