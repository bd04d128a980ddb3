import type { Metadata } from "next";
import { Forbidden } from "~/components/forbidden";
import { PageHead } from "~/components/ui/page-head";
import { getT } from "~/i18n/get-t";
import { type Id, isId } from "~/lib/id";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { rightsOf } from "../_components/rights";
import { countInput, filterInput, listInput, readListState } from "./_components/list-state";
import { PaymentsList } from "./_components/payments-list";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("payment"))("title") };
}

export default async function PaymentsPage({ searchParams }: Props) {
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "payment.read", fresh: false });
  if (forbidden) {
    return (
      <>
        <PageHead title={(await getT("payment"))("title")} />
        <Forbidden reason={forbidden.details.reason} />
      </>
    );
  }
  const state = readListState(await searchParams);
  const api = await prefetcher();
  await Promise.all([
    api.payment.list.prefetch(listInput(state)),
    api.payment.counts.prefetch(countInput(state)),
    api.payment.sum.prefetch(filterInput(state)),
    isId("payment", state.open) && api.payment.get.prefetch({ paymentId: state.open as Id<"payment"> }),
  ]);
  return (
    <Prefetched>
      <PaymentsList rights={rightsOf(identity)} />
    </Prefetched>
  );
}
