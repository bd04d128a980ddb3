"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import { storyOf } from "~/components/app-error";
import { Button } from "~/components/ui/button";
import { ButtonLink } from "~/components/ui/button-link";
import { Notice } from "~/components/ui/states";
import { useT } from "~/i18n/use-t";
import { randomBase32 } from "~/lib/id";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import { ApplicationForm } from "./application-form";
import { useUsableChannels } from "./channel-field";
import { dropDraft, isWorthKeeping, keptOf, readDraft, saveDraft } from "./draft";
import { KnownOrder } from "./known-order";
import { emptyValues, type FormValues, valuesOf } from "./values";

/** What the form begins with. Another key of React's makes another form. */
type Begin = { key: number; start: FormValues; idempotencyKey: string; isRestored: boolean };
const begin = (key: number): Begin => ({ key, start: emptyValues(), idempotencyKey: randomBase32(), isRestored: false });

/** An empty application, or what a reload of this tab left of one. */
export function NewApplication({ tenantId }: { tenantId: string }) {
  const t = useT("facetofaceForm");
  const [begun, setBegun] = useState(() => begin(0));
  useEffect(() => {
    const draft = readDraft(tenantId);
    if (!draft || !isWorthKeeping(draft.kept)) return;
    setBegun(({ key }) => ({
      key: key + 1,
      start: { ...emptyValues(), ...draft.kept },
      idempotencyKey: draft.idempotencyKey,
      isRestored: true,
    }));
  }, [tenantId]);
  const { idempotencyKey } = begun;
  const keep = useCallback(
    (values: FormValues) => saveDraft(tenantId, { idempotencyKey, kept: keptOf(values) }),
    [tenantId, idempotencyKey],
  );
  const startOver = () => {
    dropDraft(tenantId);
    setBegun(({ key }) => begin(key + 1));
  };
  return (
    <SendNew
      key={begun.key}
      start={begun.start}
      idempotencyKey={idempotencyKey}
      reapplyOf={null}
      onValues={keep}
      onSent={() => dropDraft(tenantId)}
    >
      {begun.isRestored && (
        <div className="flex flex-wrap items-center gap-3 border-b border-line px-gutter py-3">
          <Notice>{t("draft.restored")}</Notice>
          <Button size="sm" onClick={startOver}>
            {t("draft.startOver")}
          </Button>
        </div>
      )}
    </SendNew>
  );
}

/** Again after an application that ended: everything of it stands in the form. */
export function ApplyAgain({ orderId }: { orderId: string }) {
  const t = useT("facetofaceForm");
  const [idempotencyKey] = useState(() => randomBase32());
  return (
    <KnownOrder orderId={orderId} isFit={({ status }) => status === "closed"} unfit={t("again.unfit")}>
      {(order, person) => (
        <SendNew start={valuesOf(order, person)} idempotencyKey={idempotencyKey} reapplyOf={order.id}>
          <div className="border-b border-line px-gutter py-3">
            <Notice>
              {t("again.text", { shop: order.shopName })}
              {order.rejectReason && <p className="text-ink">{t("again.reason", { reason: order.rejectReason })}</p>}
            </Notice>
          </div>
        </SendNew>
      )}
    </KnownOrder>
  );
}

type SendNewProps = {
  start: FormValues;
  idempotencyKey: string;
  reapplyOf: string | null;
  onValues?: (values: FormValues) => void;
  onSent?: () => void;
  children: React.ReactNode;
};

function SendNew({ start, idempotencyKey, reapplyOf, onValues, onSent, children }: SendNewProps) {
  const t = useT("facetofaceForm");
  const router = useRouter();
  const utils = api.useUtils();
  const create = api.facetoface.create.useMutation({ onSettled: () => void utils.facetoface.invalidate() });
  const { usable } = useUsableChannels();
  return (
    <ApplicationForm
      start={start}
      check={(module, values) => module.checkCreate(values, { idempotencyKey, reapplyOf })}
      send={async (input) => {
        const { id } = await create.mutateAsync(input);
        onSent?.();
        router.push(paths.facetofaceOrder(id));
      }}
      onValues={onValues}
      reason={usable?.length === 0 ? t("channel.none.what") : null}
      explain={(error) => (storyOf(error, { reading: false }).words === "idempotency_mismatch" ? <SentBefore /> : null)}
      verb={t("submit.new")}
      busyVerb={t("submit.busy")}
    >
      {children}
    </ApplicationForm>
  );
}

/** The first press arrived, its answer did not, and the form has been changed since. */
function SentBefore() {
  const t = useT("facetofaceForm");
  return (
    <div role="alert" className="grid justify-items-start gap-3">
      <Notice tone="warning">{t("sentBefore.text")}</Notice>
      <ButtonLink href={paths.facetoface()}>{t("sentBefore.list")}</ButtonLink>
    </div>
  );
}
