import { useLocale, useTranslations } from "next-intl";
import type { Namespace } from "~/messages";
import type { Locale } from "./preferences";

/** Words of one namespace, in client components and in server components that are not async. Keys are checked by the compiler. */
export const useT = <N extends Namespace>(namespace: N) => useTranslations(namespace);

/** For labels that live beside their statuses in `domain`, such as `PAYMENT_STATUS_LABEL[useLang()]`. */
export const useLang = (): Locale => useLocale();
