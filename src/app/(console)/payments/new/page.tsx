import type { Metadata } from "next";
import Link from "next/link";
import { Forbidden } from "~/components/forbidden";
import { PageHead } from "~/components/ui/page-head";
import { getT } from "~/i18n/get-t";
import { paths } from "~/lib/paths";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { NewPayment } from "../_components/new-payment";
import { CHANNELS_INPUT } from "../_components/new-payment-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("payment"))("newTitle") };
}

export default async function NewPaymentPage() {
  const t = await getT("payment");
  const { forbidden } = await enterPage({ kind: "tenant", permission: "payment.write", fresh: false });
  const head = (
    <PageHead
      title={t("newTitle")}
      trail={
        <Link href={paths.payments()} prefetch={false} className="link">
          {t("title")}
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
  await api.channel.list.prefetch(CHANNELS_INPUT);
  return (
    <>
      {head}
      <Prefetched>
        <NewPayment />
      </Prefetched>
    </>
  );
}
