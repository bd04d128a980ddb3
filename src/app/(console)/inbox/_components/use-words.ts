import { PROVIDER_LABEL, type Provider } from "~/domain/provider";
import { useLang, useT } from "~/i18n/use-t";
import type { Fen } from "~/lib/money";
import { yuanDisplay } from "~/lib/money";
import { misfitCause, refusalCause } from "./causes";

/** A refusal in words, with what was seen. */
export function useCauseWords() {
  const t = useT("inbox");
  return (cause: string | null, evidence: string | null): string => {
    const known = refusalCause(cause);
    return known ? t(`cause.${known}`, { evidence: evidence ?? "–" }) : t("cause.other", { cause: cause ?? "–" });
  };
}

type Reasoned = { state: string; failedStep: string | null; cause: string | null; evidence: string | null };
const STEPS = ["channel", "format", "key", "signed_text", "signature", "decrypt", "fields"] as const;

/** Why a message was not applied, short enough for a list. */
export function useReasonWords() {
  const t = useT("inbox");
  const words = useCauseWords();
  return ({ state, failedStep, cause, evidence }: Reasoned): { step: string | null; text: string | null } => {
    if (state === "refused") {
      const step = STEPS.find((one) => one === failedStep);
      return { step: step ? t(`failedAt.${step}`) : null, text: words(cause, evidence) };
    }
    const misfit = misfitCause(cause);
    return { step: misfit ? t("failedAt.compare") : null, text: misfit ? t(`misfitShort.${misfit}`) : cause };
  };
}

type Misfit = { cause: string | null; provider: Provider; amountFen: Fen | null; expectedFen: Fen | null; outTradeNo: string | null };

/** Why a verified message does not fit, in one clause. */
export function useMisfitWords() {
  const t = useT("inbox");
  const lang = useLang();
  return ({ cause, provider, amountFen, expectedFen, outTradeNo }: Misfit): string => {
    const misfit = misfitCause(cause);
    const shown = (amount: Fen | null) => (amount === null ? "–" : yuanDisplay(amount));
    if (!misfit) return t("cause.other", { cause: cause ?? "–" });
    return t(`misfit.${misfit}`, {
      provider: PROVIDER_LABEL[lang][provider],
      amount: shown(amountFen),
      expected: shown(expectedFen),
      number: outTradeNo ?? "–",
    });
  };
}
