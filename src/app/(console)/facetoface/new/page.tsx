import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Forbidden } from "~/components/forbidden";
import { PageHead } from "~/components/ui/page-head";
import { getT } from "~/i18n/get-t";
import { Words } from "~/i18n/words";
import { isId } from "~/lib/id";
import { paths } from "~/lib/paths";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { CHANNELS_INPUT } from "../_form/channels-input";
import { ApplyAgain, NewApplication } from "../_form/new-application";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("facetofaceForm"))("newTitle") };
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function NewFacetofacePage({ searchParams }: Props) {
  const t = await getT("facetofaceForm");
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "facetoface.write", fresh: false });
  const { from } = await searchParams;
  const head = (
    <PageHead
      title={from ? t("againTitle") : t("newTitle")}
      trail={
        <Link href={paths.facetoface()} prefetch={false} className="link">
          {t("title")}
        </Link>
      }
    />
  );
  if (forbidden || !identity.tenant) {
    return (
      <>
        {head}
        <Forbidden reason={forbidden?.details.reason} />
      </>
    );
  }
  if (from !== undefined && !(typeof from === "string" && isId("facetoface", from))) notFound();
  const api = await prefetcher();
  await Promise.all([api.channel.list.prefetch(CHANNELS_INPUT), from && api.facetoface.get.prefetch({ orderId: from })]);
  return (
    <>
      {head}
      <Prefetched>
        <Words of={["facetofaceForm"]}>{from ? <ApplyAgain orderId={from} /> : <NewApplication tenantId={identity.tenant.id} />}</Words>
      </Prefetched>
    </>
  );
}
