import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Forbidden } from "~/components/forbidden";
import { getT } from "~/i18n/get-t";
import { isId } from "~/lib/id";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { rightsOf } from "../../_components/rights";
import { PaymentPage } from "../_components/payment-page";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("payment"))("title") };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "payment.read", fresh: false });
  if (forbidden) return <Forbidden reason={forbidden.details.reason} />;
  if (!isId("payment", id)) notFound();
  const api = await prefetcher();
  await api.payment.get.prefetch({ paymentId: id });
  return (
    <Prefetched>
      <PaymentPage paymentId={id} rights={rightsOf(identity)} />
    </Prefetched>
  );
}
