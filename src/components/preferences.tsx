"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { LOCALE_NAME, LOCALES, THEMES, type Theme } from "~/i18n/preferences";
import { useLang, useT } from "~/i18n/use-t";
import { useSetLocale } from "./language-switch";
import { useTheme } from "./theme";
import { Button, IconButton } from "./ui/button";
import { Menu, MenuChoices } from "./ui/menu";

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon };

export function ThemeChoices({ value, onChange }: { value: Theme; onChange: (theme: Theme) => void }) {
  const t = useT("common");
  const choices = THEMES.map((theme) => ({ value: theme, label: t(`themes.${theme}`) }));
  return <MenuChoices label={t("theme")} value={value} choices={choices} onChange={onChange} />;
}

export function LocaleChoices() {
  const t = useT("common");
  const choices = LOCALES.map((locale) => ({ value: locale, label: LOCALE_NAME[locale] }));
  return <MenuChoices label={t("language")} value={useLang()} choices={choices} onChange={useSetLocale()} />;
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

export function LanguageMenu() {
  return (
    <Menu trigger={<Button variant="ghost">{LOCALE_NAME[useLang()]}</Button>}>
      <LocaleChoices />
    </Menu>
  );
}
