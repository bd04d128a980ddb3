import { getLocale, getTranslations } from "next-intl/server";
import type { Namespace } from "~/messages";
import type { Locale } from "./preferences";

/** Words of one namespace for async server components and `generateMetadata`. */
export const getT = <N extends Namespace>(namespace: N) => getTranslations(namespace);

export const getLang = (): Promise<Locale> => getLocale();
