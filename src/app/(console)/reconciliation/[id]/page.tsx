import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Forbidden } from "~/components/forbidden";
import { getT } from "~/i18n/get-t";
import { Words } from "~/i18n/words";
import { isId } from "~/lib/id";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { rightsOf } from "../../_components/rights";
import { DayPage } from "../_components/day-page";
import { DAY_DEFAULTS, dayInput, readState } from "../_components/list-state";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("reconciliation"))("title") };
}

export default async function Page({ params, searchParams }: Props) {
  const { id } = await params;
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "reconciliation.read", fresh: false });
  if (forbidden) return <Forbidden reason={forbidden.details.reason} />;
  if (!isId("reconciliation", id)) notFound();
  const state = readState(DAY_DEFAULTS, await searchParams);
  const api = await prefetcher();
  await Promise.all([
    api.reconciliation.get.prefetch({ dayId: id }),
    api.reconciliation.list.prefetch(dayInput(id, state)),
    isId("difference", state.open) && api.reconciliation.difference.prefetch({ differenceId: state.open }),
  ]);
  return (
    <Words of={["reconciliation", "event"]}>
      <Prefetched>
        <DayPage key={id} dayId={id} rights={rightsOf(identity)} userId={identity.userId} />
      </Prefetched>
    </Words>
  );
}
