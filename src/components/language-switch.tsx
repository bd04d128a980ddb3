"use client";

import { useRouter } from "next/navigation";
import { HTML_LANG, LOCALE_COOKIE, LOCALE_NAME, type Locale } from "~/i18n/preferences";
import { useLang } from "~/i18n/use-t";
import { remember } from "./remember";

export function useSetLocale(): (locale: Locale) => void {
  const router = useRouter();
  return (locale) => {
    remember(LOCALE_COOKIE, locale);
    document.documentElement.lang = HTML_LANG[locale];
    router.refresh();
  };
}

/** The other language by its own name: sign-in and checkout, where there is no menu. */
export function LanguageSwitch({ className }: { className?: string }) {
  const set = useSetLocale();
  const other: Locale = useLang() === "zh" ? "en" : "zh";
  return (
    <button type="button" lang={HTML_LANG[other]} className={className} onClick={() => set(other)}>
      {LOCALE_NAME[other]}
    </button>
  );
}
