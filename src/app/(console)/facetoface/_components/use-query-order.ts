"use client";

import { useCallback } from "react";
import { toast } from "~/components/ui/toast";
import { FACETOFACE_STATUS_LABEL } from "~/domain/facetoface";
import { useLang, useT } from "~/i18n/use-t";
import { api, type RouterOutputs } from "~/trpc/client";

/** Asks Alipay about one application now. `tell`: what came of it is said in a toast, where no other place on the screen shows it. */
export function useQueryOrder({ tell }: { tell: boolean }) {
  const utils = api.useUtils();
  const say = useAnswerWords();
  const { mutate, reset, ...query } = api.facetoface.query.useMutation({
    onSuccess: (answer) => {
      if (tell) toast(say(answer));
    },
    onSettled: () => void utils.facetoface.invalidate(),
  });
  const ask = useCallback((orderId: string) => mutate({ orderId: orderId as never }), [mutate]);
  return { ask, reset, busy: query.isPending, error: query.error, answer: query.data };
}

/** What Alipay said, in one sentence. */
export function useAnswerWords() {
  const t = useT("facetoface");
  const labels = FACETOFACE_STATUS_LABEL[useLang()];
  return ({ status, changed }: RouterOutputs["facetoface"]["query"]): string =>
    t(changed ? "answered.changed" : "answered.same", { status: labels[status] });
}
