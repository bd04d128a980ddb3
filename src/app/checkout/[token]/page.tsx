import { TRPCError } from "@trpc/server";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { MethodSchema } from "~/domain/provider-input";
import { getT } from "~/i18n/get-t";
import { Words } from "~/i18n/words";
import { createServerContext, getCaller } from "~/server/api/server-context";
import { Checkout } from "./_components/checkout";
import { deviceOf } from "./_components/stage";

type Search = Record<string, string | string[] | undefined>;
type Props = { params: Promise<{ token: string }>; searchParams: Promise<Search> };

/** A token of the wrong shape, of nobody and of another's payment: all the same answer. */
const findCheckout = cache(async (token: string) => {
  const caller = await getCaller();
  return caller.public.checkout.get({ token }).catch((error: unknown) => {
    if (error instanceof TRPCError && (error.code === "NOT_FOUND" || error.code === "BAD_REQUEST")) return null;
    throw error;
  });
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getT("checkout");
  const view = await findCheckout((await params).token);
  return { title: { absolute: view ? t("title", { merchant: view.merchant }) : t("invalid.title") }, referrer: "no-referrer" };
}

export default async function CheckoutPage({ params, searchParams }: Props) {
  const [{ token }, search] = await Promise.all([params, searchParams]);
  const view = await findCheckout(token);
  if (!view) notFound();
  const { config } = (await createServerContext()).sys;
  return (
    <Words of={["checkout"]}>
      <Checkout
        token={token}
        initial={view}
        device={deviceOf((await headers()).get("user-agent") ?? "")}
        method={MethodSchema.safeParse(search.by).data ?? null}
        // What Alipay's page adds when the buyer has paid there. It proves nothing, but it is worth asking about.
        returned={typeof search.trade_no === "string" && typeof search.sign === "string"}
        simulatorUrl={view.environment === "simulator" ? config.simulatorUrl : null}
      />
    </Words>
  );
}
