"use client";

import { Clock, LogOut, Menu as MenuIcon, Search } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { minutes } from "~/lib/time";
import { EnvironmentChip } from "../environment";
import { LanguageMenu, LocaleChoices, ThemeChoices, ThemeMenu } from "../preferences";
import { useTheme } from "../theme";
import { IconButton } from "../ui/button";
import { buttonStyle } from "../ui/button-style";
import { useNow } from "../ui/clock";
import { cn } from "../ui/cn";
import { Kbd } from "../ui/filter-bar";
import { Menu, MenuItem, MenuRule } from "../ui/menu";
import { timeText, timeTip } from "../ui/time-text";
import { leave } from "./session-actions";
import type { Frame, ShellData } from "./types";

type TopBarProps = { shell: ShellData; clock: Frame["clock"]; environment: Frame["environment"]; onMenu: () => void };

export function TopBar({ shell, clock, environment, onMenu }: TopBarProps) {
  const t = useT("shell");
  return (
    <header className="flex h-12 flex-none items-center gap-2 border-b border-l border-line bg-surface pr-4 pl-gutter [grid-area:top] max-md:border-l-0 max-md:pl-2">
      <IconButton label={t("menu")} icon={<MenuIcon />} className="md:hidden" onClick={onMenu} />
      {shell.tenant && <GlobalSearch />}
      <span className="grow" />
      {shell.tenant && (
        <Link
          href={paths.payments()}
          prefetch={false}
          aria-label={t("searchLabel")}
          className={cn(buttonStyle({ variant: "ghost", square: true }), "md:hidden")}
        >
          <Search />
        </Link>
      )}
      <EnvironmentChip environment={environment} />
      {clock.moved && <TestClock />}
      <span className="contents max-lg:hidden">
        <ThemeMenu />
        <LanguageMenu />
      </span>
      <UserMenu shell={shell} />
    </header>
  );
}

/** Any number leads to the payments that carry it. ⌘K or Ctrl+K from anywhere. */
function GlobalSearch() {
  const t = useT("shell");
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return (
    <search className="w-80 min-w-0 max-lg:w-60 max-md:hidden">
      <form
        className="flex h-8 items-center gap-2 rounded-md bg-sunken px-2.5 text-ink-3 inset-ring inset-ring-line has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus max-md:h-10"
        onSubmit={(event) => {
          event.preventDefault();
          const q = input.current?.value.trim();
          if (q) router.push(paths.payments({ q }));
        }}
      >
        <Search aria-hidden className="size-3.5" />
        <input
          ref={input}
          type="search"
          name="q"
          autoComplete="off"
          aria-label={t("searchLabel")}
          placeholder={t("search")}
          className="min-w-0 grow bg-transparent text-sm text-ink outline-none placeholder:text-ink-3 [&::-webkit-search-cancel-button]:hidden"
        />
        <Kbd>⌘K</Kbd>
      </form>
    </search>
  );
}

/** The platform's time, when a test clock has moved it. */
function TestClock() {
  const t = useT("shell");
  const now = useNow(minutes(1) / 6);
  const text = timeText(now, "minute", now);
  return (
    <span
      data-tip={`${t("clockMoved", { time: text })}\n${timeTip(now)}`}
      className="inline-flex flex-none items-center gap-1.5 px-2 font-medium whitespace-nowrap text-warning max-md:px-0 [&_svg]:size-3.5"
    >
      <Clock aria-hidden />
      <span className="max-lg:hidden">{text}</span>
      <span aria-hidden className="lg:hidden">
        {text.slice(5)}
      </span>
    </span>
  );
}

function UserMenu({ shell }: { shell: ShellData }) {
  const t = useT("shell");
  const [leaving, setLeaving] = useState(false);
  const [theme, setTheme] = useTheme();
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t("userMenu", { name: shell.user.name })}
          data-tip={shell.user.name}
          className="grid size-7 flex-none place-items-center rounded-full bg-band text-xs font-medium max-md:size-9"
        >
          {[...shell.user.name][0]?.toUpperCase()}
        </button>
      }
    >
      <div className="px-2 py-1.5">
        <p className="font-medium">{shell.user.name}</p>
        <p className="text-xs text-ink-3">{shell.user.email}</p>
      </div>
      <MenuRule />
      <div className="lg:hidden">
        <LocaleChoices />
        <ThemeChoices value={theme} onChange={setTheme} />
        <MenuRule />
      </div>
      <MenuItem
        icon={<LogOut />}
        onSelect={() => {
          setLeaving(true);
          void leave();
        }}
      >
        {leaving ? t("signingOut") : t("signOut")}
      </MenuItem>
    </Menu>
  );
}
