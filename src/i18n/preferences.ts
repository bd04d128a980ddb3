/** Chinese is what a visitor without a choice gets. */
export const LOCALES = ["zh", "en"] as const;
export type Locale = (typeof LOCALES)[number];
export const DEFAULT_LOCALE: Locale = "zh";
export const LOCALE_COOKIE = "locale";

export const readLocale = (value: string | undefined): Locale => LOCALES.find((locale) => locale === value) ?? DEFAULT_LOCALE;

/** Each language by its own name. */
export const LOCALE_NAME: Record<Locale, string> = { zh: "中文", en: "English" };

/** The value of `<html lang>`. */
export const HTML_LANG: Record<Locale, string> = { zh: "zh-CN", en: "en" };

export const THEME_COOKIE = "theme";
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const readTheme = (value: string | undefined): Theme => THEMES.find((theme) => theme === value) ?? "system";
