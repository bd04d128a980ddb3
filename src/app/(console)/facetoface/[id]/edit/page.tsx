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
import { EditApplication } from "../../_form/edit-application";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("facetofaceForm"))("editTitle") };
}

type Props = { params: Promise<{ id: string }> };

export default async function EditFacetofacePage({ params }: Props) {
  const { id } = await params;
  const t = await getT("facetofaceForm");
  const { forbidden } = await enterPage({ kind: "tenant", permission: "facetoface.write", fresh: false });
  if (!isId("facetoface", id)) notFound();
  const head = (
    <PageHead
      title={t("editTitle")}
      trail={
        <Link href={paths.facetofaceOrder(id)} prefetch={false} className="link">
          {t("order")}
        </Link>
      }
    />
  );
  if (forbidden) {
    return (
      <>
        {head}
        <Forbidden reason={forbidden.details.reason} />
      </>
    );
  }
  const api = await prefetcher();
  await api.facetoface.get.prefetch({ orderId: id });
  return (
    <>
      {head}
      <Prefetched>
        <Words of={["facetofaceForm"]}>
          <EditApplication orderId={id} />
        </Words>
      </Prefetched>
    </>
  );
}
