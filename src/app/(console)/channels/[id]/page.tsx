import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Forbidden } from "~/components/forbidden";
import { ChannelById } from "~/domain/channel";
import { getT } from "~/i18n/get-t";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { ChannelDetail } from "../_components/channel-detail";
import { mayWriteChannels } from "../_components/may-write";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("channel"))("title") };
}

type Props = { params: Promise<{ id: string }> };

export default async function ChannelPage({ params }: Props) {
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "channel.read", fresh: false });
  if (forbidden) return <Forbidden />;
  const input = ChannelById.safeParse({ channelId: (await params).id });
  if (!input.success) notFound();
  const api = await prefetcher();
  await api.channel.get.prefetch(input.data);
  return (
    <Prefetched>
      <ChannelDetail channelId={input.data.channelId} mayWrite={mayWriteChannels(identity)} />
    </Prefetched>
  );
}
