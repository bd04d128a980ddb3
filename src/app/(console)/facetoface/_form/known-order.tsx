"use client";

import { type ReactNode, useEffect } from "react";
import { LoadError } from "~/components/load-error";
import { ButtonLink } from "~/components/ui/button-link";
import { EmptyState, Skeleton } from "~/components/ui/states";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import type { Order, Person } from "./values";

type KnownOrderProps = {
  orderId: string;
  /** Whether the application stands where this page makes sense. */
  isFit: (order: Order) => boolean;
  unfit: string;
  children: (order: Order, person: Person) => ReactNode;
};

/** An application with its persons in the clear, for somebody who will send them again; the audit says who looked. */
export function KnownOrder({ orderId, isFit, unfit, children }: KnownOrderProps) {
  const t = useT("facetofaceForm");
  // What stands in the form is what was true when it was opened: news must not change it under the person's hands.
  const { data: order, error, refetch } = api.facetoface.get.useQuery({ orderId }, { staleTime: Number.POSITIVE_INFINITY });
  const { data: person, error: maskError, mutate, isIdle } = api.facetoface.unmask.useMutation();
  const fits = order !== undefined && isFit(order);
  useEffect(() => {
    if (fits && isIdle) mutate({ orderId });
  }, [fits, isIdle, mutate, orderId]);
  if (error) return <LoadError error={error} onRetry={() => void refetch()} />;
  if (maskError) return <LoadError error={maskError} onRetry={() => mutate({ orderId })} />;
  if (order && !fits && !person) {
    return <EmptyState action={<ButtonLink href={paths.facetofaceOrder(orderId)}>{t("seeOrder")}</ButtonLink>}>{unfit}</EmptyState>;
  }
  if (!order || !person) {
    return (
      <div aria-busy className="grid max-w-form gap-5 border-t border-line px-gutter py-6">
        {[1, 2, 3, 4].map((line) => (
          <Skeleton key={line} className="h-8" />
        ))}
      </div>
    );
  }
  return children(order, person);
}
