import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Forbidden } from "~/components/forbidden";
import { getT } from "~/i18n/get-t";
import { Words } from "~/i18n/words";
import { isId } from "~/lib/id";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { ApplicationPage } from "../_components/application-page";
import { rightsOf } from "../_components/rights";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("facetoface"))("title") };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "facetoface.read", fresh: false });
  if (forbidden) return <Forbidden reason={forbidden.details.reason} />;
  if (!isId("facetoface", id)) notFound();
  const api = await prefetcher();
  await api.facetoface.get.prefetch({ orderId: id });
  return (
    <Words of={["facetoface"]}>
      <Prefetched>
        <ApplicationPage orderId={id} rights={rightsOf(identity)} />
      </Prefetched>
    </Words>
  );
}
