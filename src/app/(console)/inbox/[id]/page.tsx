import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Forbidden } from "~/components/forbidden";
import { getT } from "~/i18n/get-t";
import { asId, isId } from "~/lib/id";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { rightsOf } from "../../_components/rights";
import { MessagePage } from "../_components/message-page";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("inbox"))("title") };
}

export default async function InboxMessagePage({ params }: Props) {
  const { id } = await params;
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "inbox.read", fresh: false });
  if (forbidden) return <Forbidden reason={forbidden.details.reason} />;
  if (!isId("notification", id)) notFound();
  const api = await prefetcher();
  await api.inbox.get.prefetch({ notificationId: asId("notification", id) });
  return (
    <Prefetched>
      <MessagePage key={id} id={asId("notification", id)} rights={rightsOf(identity)} />
    </Prefetched>
  );
}
