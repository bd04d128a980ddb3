"use client";

import { useRouter } from "next/navigation";
import { ThreeLines } from "~/components/three-lines";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import { ApplicationForm } from "./application-form";
import { KnownOrder } from "./known-order";
import { type Order, valuesOf } from "./values";

/** What Alipay held, or refused when it was submitted, waits for a person; not while nobody knows whether it was submitted. */
const waitsForCorrection = ({ status, heldAt, failureCode, step }: Order): boolean =>
  (status === "submitted" && heldAt !== null) || (status === "init" && failureCode !== null && step !== "confirming");

/** Corrects an application: the whole of it anew, channel and account stay. */
export function EditApplication({ orderId }: { orderId: string }) {
  const t = useT("facetofaceForm");
  const router = useRouter();
  const utils = api.useUtils();
  const revise = api.facetoface.revise.useMutation({ onSettled: () => void utils.facetoface.invalidate() });
  return (
    <KnownOrder orderId={orderId} isFit={waitsForCorrection} unfit={t("edit.unfit")}>
      {(order, person) => (
        <ApplicationForm
          start={valuesOf(order, person)}
          check={(module, values) => module.checkRevise(values, orderId)}
          send={async (input) => {
            await revise.mutateAsync(input);
            router.push(paths.facetofaceOrder(orderId));
          }}
          fixed={{ channel: order.channelName, account: person.account }}
          verb={t("submit.edit")}
          busyVerb={t("submit.busy")}
        >
          <WhatAlipaySaid order={order} />
        </ApplicationForm>
      )}
    </KnownOrder>
  );
}

function WhatAlipaySaid({ order }: { order: Order }) {
  const t = useT("facetofaceForm");
  const isHeld = order.status === "submitted";
  const said =
    (isHeld ? order.rejectReason : order.failureReason) ?? order.products?.find(({ rejectReason }) => rejectReason)?.rejectReason;
  const code = isHeld ? null : order.failureCode;
  return (
    <section aria-label={t("edit.said")} className="border-b border-line px-gutter py-5">
      <ThreeLines
        what={
          <>
            {t(isHeld ? "edit.held" : "edit.refused")}
            {said && <span className="block font-medium">{said}</span>}
            {code && <span className="block font-code text-xs text-ink-3">{code}</span>}
          </>
        }
        movement="none"
        money={t("edit.money")}
        next={t(isHeld ? "edit.nextHeld" : "edit.nextRefused")}
      />
    </section>
  );
}
