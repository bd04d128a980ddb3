"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useState } from "react";
import { HTML_LANG, LOCALE_COOKIE, LOCALES, type Locale, THEME_COOKIE, THEMES, type Theme } from "~/i18n/preferences";
import { useLang, useT } from "~/i18n/use-t";
import { IconButton } from "./ui/button";
import { Menu, MenuChoices } from "./ui/menu";

const YEAR_SECONDS = 31_536_000;

/** The server reads both cookies before it sends the first byte, so neither language nor colours flash. */
function remember(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http, where the demo runs
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`;
}

const ThemeContext = createContext<Theme>("system");

/** Tells the controls below what the cookie said. */
export function ThemeProvider({ theme, children }: { theme: Theme; children: ReactNode }) {
  return <ThemeContext value={theme}>{children}</ThemeContext>;
}

const LOCALE_NAMES: Record<Locale, string> = { zh: "中文", en: "English" };
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon };

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(useContext(ThemeContext));
  return [
    theme,
    (next) => {
      remember(THEME_COOKIE, next);
      if (next === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = next;
      setTheme(next);
    },
  ];
}

export function useSetLocale(): (locale: Locale) => void {
  const router = useRouter();
  return (locale) => {
    remember(LOCALE_COOKIE, locale);
    document.documentElement.lang = HTML_LANG[locale];
    router.refresh();
  };
}

export function ThemeChoices({ value, onChange }: { value: Theme; onChange: (theme: Theme) => void }) {
  const t = useT("common");
  return (
    <MenuChoices
      label={t("theme")}
      value={value}
      choices={THEMES.map((theme) => ({ value: theme, label: t(`themes.${theme}`) }))}
      onChange={onChange}
    />
  );
}

export function LocaleChoices() {
  const t = useT("common");
  const set = useSetLocale();
  return (
    <MenuChoices
      label={t("language")}
      value={useLang()}
      choices={LOCALES.map((locale) => ({ value: locale, label: LOCALE_NAMES[locale] }))}
      onChange={set}
    />
  );
}

export function ThemeMenu() {
  const t = useT("common");
  const [theme, setTheme] = useTheme();
  const Icon = THEME_ICONS[theme];
  return (
    <Menu trigger={<IconButton label={t("theme")} icon={<Icon />} />}>
      <ThemeChoices value={theme} onChange={setTheme} />
    </Menu>
  );
}

/** The other language by its own name: sign-in and checkout, where there is no menu. */
export function LanguageSwitch({ className }: { className?: string }) {
  const set = useSetLocale();
  const other: Locale = useLang() === "zh" ? "en" : "zh";
  return (
    <button type="button" lang={HTML_LANG[other]} className={className} onClick={() => set(other)}>
      {LOCALE_NAMES[other]}
    </button>
  );
}

export const localeName = (locale: Locale): string => LOCALE_NAMES[locale];
