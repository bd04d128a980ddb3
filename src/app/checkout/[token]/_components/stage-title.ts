import { PROVIDER_LABEL } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import type { CheckoutView, Stage } from "./stage";

/** The state in a few words: the pane's heading, its name, and what a screen reader is told when it changes. */
export function useStageTitle(stage: Stage, view: CheckoutView): string {
  const t = useT("checkout");
  const lang = useLang();
  switch (stage.name) {
    case "choose":
      return view.methods.length > 0 ? t("choose.title") : t("choose.none");
    case "waiting":
      return t("waiting.title");
    case "checking":
      return t("checking.title", { provider: stage.provider ? PROVIDER_LABEL[lang][stage.provider] : t("checking.channel") });
    case "failed":
      return t("failed.title");
    case "expired":
      return t("expired.title");
    case "cancelled":
      return t("cancelled.title");
    case "paid":
      return paidTitle(view, t);
    case "doubt":
      return t(`doubt.${doubtWords(stage.doubt.kind)}.title`);
  }
}

function paidTitle({ status }: CheckoutView, t: ReturnType<typeof useT<"checkout">>): string {
  return status === "refunding" || status === "partially_refunded" || status === "refunded" ? t(`receipt.${status}`) : t("receipt.title");
}

/** Kinds that a buyer can do nothing about share their words. */
export const doubtWords = (kind: string): "paid_twice" | "paid_after_close" | "wrong_amount" | "other" =>
  kind === "paid_twice" || kind === "paid_after_close" || kind === "wrong_amount" ? kind : "other";
