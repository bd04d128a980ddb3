import { FlaskConical, Monitor, Moon, Sun } from "lucide-react";
import { Button } from "../parts/controls";
import { usePreferences, useWords } from "../preferences";
import { useLive } from "../use-live";

const THEME_ICONS = { system: <Monitor />, light: <Sun />, dark: <Moon /> };

export function TopBar() {
  const words = useWords();
  const { lang, setLang, theme, nextTheme } = usePreferences();
  const { link } = useLive();
  return (
    <header className="top-bar">
      <svg aria-hidden width={28} height={28} viewBox="0 0 28 28">
        <rect width={28} height={28} rx={6} className="mark-ground" />
        <path d="M7 8h14v1.5H7zM7 16.5h14V18H7zM7 19.5h14V21H7z" className="mark-lines" />
      </svg>
      <h1>{words.title}</h1>
      <span className="subtitle">{words.subtitle}</span>
      <span className="simulated">
        <FlaskConical aria-hidden />
        <span>
          {words.simulated}
          <span className="long">{words.notReal}</span>
        </span>
      </span>
      <span className="grow" />
      <span className={`link-state ${link}`} role="status">
        <i aria-hidden />
        {words.link[link]}
      </span>
      <Button look="ghost" lang={lang === "zh" ? "en" : "zh-CN"} onClick={() => setLang(lang === "zh" ? "en" : "zh")}>
        {words.otherLanguage}
      </Button>
      <Button look="ghost" className="square" aria-label={words.theme[theme]} icon={THEME_ICONS[theme]} onClick={nextTheme} />
    </header>
  );
}
