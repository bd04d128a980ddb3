"use client";

import { createContext, type ReactNode, useContext, useState } from "react";
import { THEME_COOKIE, type Theme } from "~/i18n/preferences";
import { remember } from "./remember";

const ThemeContext = createContext<Theme>("system");

/** Tells the controls what the cookie said. */
export function ThemeProvider({ theme, children }: { theme: Theme; children: ReactNode }) {
  return <ThemeContext value={theme}>{children}</ThemeContext>;
}

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
