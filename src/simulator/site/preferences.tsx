import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { en } from "./words/en";
import { type Words, zh } from "./words/zh";

/** What this browser chose, kept by itself: the site has no accounts. */
export type Theme = "system" | "light" | "dark";
export type Lang = "zh" | "en";

const THEMES: readonly Theme[] = ["system", "light", "dark"];
const THEME_KEY = "simulator-theme";
const LANG_KEY = "simulator-language";
const WORDS: Record<Lang, Words> = { zh, en };

/** Private windows may refuse to keep anything; the choice then lasts as long as the page. */
function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}

const keptTheme = (): Theme => THEMES.find((theme) => theme === kept(THEME_KEY)) ?? "system";

function showTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Before the first paint, so that nothing flashes. */
export const showKeptTheme = (): void => showTheme(keptTheme());

type Preferences = { lang: Lang; setLang: (lang: Lang) => void; theme: Theme; nextTheme: () => void };
const PreferencesContext = createContext<Preferences | null>(null);

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [lang, setLang] = useState<Lang>(() => (kept(LANG_KEY) === "en" ? "en" : "zh"));
  const [theme, setTheme] = useState(keptTheme);
  useEffect(() => {
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = WORDS[lang].title;
  }, [lang]);
  const preferences: Preferences = {
    lang,
    setLang(next) {
      keep(LANG_KEY, next);
      setLang(next);
    },
    theme,
    nextTheme() {
      const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
      keep(THEME_KEY, next);
      showTheme(next);
      setTheme(next);
    },
  };
  return <PreferencesContext value={preferences}>{children}</PreferencesContext>;
}

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext);
  if (!preferences) throw new Error("there is no PreferencesProvider above");
  return preferences;
}

export const useWords = (): Words => WORDS[usePreferences().lang];
