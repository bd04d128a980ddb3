import { CASE_KIND_LABEL, type CaseKind } from "~/domain/exception";
import { NOTIFICATION_STATE_LABEL } from "~/domain/notification";
import { PAYMENT_STATUS_LABEL, TRANSACTION_STATUS_LABEL } from "~/domain/payment";
import { useLang, useT } from "~/i18n/use-t";
import { fenFromYuan, yuanDisplay } from "~/lib/money";
import type { RerunOutcome } from "./use-rerun";

export type Change = RerunOutcome["changes"][number];

/** A state in the words of its own noun. */
export function useStateWords() {
  const lang = useLang();
  return (object: Change["object"], state: string): string => {
    const labels: Partial<Record<Change["object"], Readonly<Record<string, string>>>> = {
      message: NOTIFICATION_STATE_LABEL[lang],
      transaction: TRANSACTION_STATUS_LABEL[lang],
      payment: PAYMENT_STATUS_LABEL[lang],
      case: CASE_KIND_LABEL[lang],
    };
    return labels[object]?.[state] ?? state;
  };
}

/** One change as a line of the question before a real run. */
export function useEffectWords() {
  const t = useT("inbox");
  const lang = useLang();
  const state = useStateWords();
  return ({ object, from, to }: Change): string => {
    const states = { from: state(object, from ?? ""), to: state(object, to) };
    switch (object) {
      case "message":
        return t("rerun.willState", states);
      case "transaction":
        return t("rerun.willTransaction", states);
      case "payment":
        return t("rerun.willPayment", states);
      case "books":
        return t("rerun.willBooks", { amount: yuanDisplay(fenFromYuan(to)) });
      case "case":
        return t("rerun.willCase", { kind: CASE_KIND_LABEL[lang][to as CaseKind] });
    }
  };
}
