import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getT } from "~/i18n/get-t";
import { asId, isId } from "~/lib/id";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { rightsOf } from "../../_components/rights";
import { CasePane } from "../_components/case-pane";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("exception"))("title") };
}

export default async function ExceptionPage({ params }: Props) {
  const { id } = await params;
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "exception.read", fresh: false });
  // The layout says why.
  if (forbidden) return null;
  if (!isId("case", id)) notFound();
  const api = await prefetcher();
  await api.exception.get.prefetch({ caseId: asId("case", id) });
  return (
    <Prefetched>
      <CasePane key={id} id={asId("case", id)} rights={rightsOf(identity)} userId={identity.userId} />
    </Prefetched>
  );
}
