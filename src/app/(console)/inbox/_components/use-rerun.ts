import { useCallback, useState } from "react";
import type { Id } from "~/lib/id";
import { api, type RouterOutputs } from "~/trpc/client";

export type RerunOutcome = RouterOutputs["inbox"]["rerun"];

/** Runs a message again, dry or for real, and keeps the last outcome on the page. */
export function useRerun(notificationId: Id<"notification">) {
  const [outcome, setOutcome] = useState<RerunOutcome | null>(null);
  const utils = api.useUtils();
  const dry = api.inbox.rerun.useMutation({ onSuccess: setOutcome });
  const real = api.inbox.rerun.useMutation({
    onSuccess: setOutcome,
    onSettled: () => Promise.all([utils.inbox.invalidate(), utils.exception.invalidate(), utils.payment.invalidate()]),
  });
  const { mutate: mutateDry } = dry;
  const { mutate: mutateReal } = real;
  const runDry = useCallback(() => mutateDry({ notificationId, mode: "dry" }), [mutateDry, notificationId]);
  const runReal = useCallback(
    (onDone: () => void) => mutateReal({ notificationId, mode: "real" }, { onSuccess: onDone }),
    [mutateReal, notificationId],
  );
  return { outcome, dry, real, runDry, runReal };
}
export type RerunControl = ReturnType<typeof useRerun>;
