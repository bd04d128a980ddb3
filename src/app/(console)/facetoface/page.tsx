import type { Metadata } from "next";
import { Forbidden } from "~/components/forbidden";
import { PageHead } from "~/components/ui/page-head";
import { getT } from "~/i18n/get-t";
import { Words } from "~/i18n/words";
import { type Id, isId } from "~/lib/id";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { ApplicationsList } from "./_components/applications-list";
import { countInput, listInput, readListState } from "./_components/list-state";
import { rightsOf } from "./_components/rights";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("facetoface"))("title") };
}

export default async function FacetofacePage({ searchParams }: Props) {
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "facetoface.read", fresh: false });
  if (forbidden) {
    return (
      <>
        <PageHead title={(await getT("facetoface"))("title")} />
        <Forbidden reason={forbidden.details.reason} />
      </>
    );
  }
  const state = readListState(await searchParams);
  const api = await prefetcher();
  await Promise.all([
    api.facetoface.list.prefetch(listInput(state)),
    api.facetoface.counts.prefetch(countInput(state)),
    isId("facetoface", state.open) && api.facetoface.get.prefetch({ orderId: state.open as Id<"facetoface"> }),
  ]);
  return (
    <Words of={["facetoface"]}>
      <Prefetched>
        <ApplicationsList rights={rightsOf(identity)} />
      </Prefetched>
    </Words>
  );
}
