"use client";

import { ChevronsUpDown } from "lucide-react";
import { useState } from "react";
import { ROLE_LABEL } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import { Mark } from "../mark";
import { cn } from "../ui/cn";
import { Menu, MenuItem, MenuLabel } from "../ui/menu";
import { Spinner } from "../ui/spinner";
import { enterTenant } from "./session-actions";
import type { ShellData } from "./types";

/** The tenant's name over the product; a menu when there is another tenant to go to. */
export function TenantSwitcher({ shell, rail }: { shell: ShellData; rail: boolean }) {
  const t = useT("shell");
  const lang = useLang();
  const [going, setGoing] = useState(false);
  const [failed, setFailed] = useState(false);
  const role = shell.role ? ROLE_LABEL[lang][shell.role] : t("operatorRole");
  const others = shell.memberships.filter((membership) => membership.tenantId !== shell.tenant?.id);
  const name = shell.tenant?.name ?? t("product");
  const brand = cn("mb-1 flex h-11 w-full flex-none items-center gap-2.5 rounded-md px-2 text-left", rail && "max-lg:px-1.5");
  const inside = (
    <>
      <Mark />
      <span className={cn("min-w-0 grow", rail && "max-lg:sr-only")}>
        <span className="block truncate leading-[18px] font-strong" data-tip={name.length > 10 ? name : undefined}>
          {name}
        </span>
        <span className="block truncate text-xs text-ink-3">{t("roleAtProduct", { role })}</span>
      </span>
    </>
  );
  if (others.length === 0) return <div className={brand}>{inside}</div>;
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" aria-description={t("switchTenant")} className={cn(brand, "hover:bg-band")}>
          {inside}
          {going ? <Spinner className="size-3.5" /> : <ChevronsUpDown aria-hidden className={cn("size-3.5", rail && "max-lg:hidden")} />}
        </button>
      }
    >
      <MenuLabel>{failed ? t("switchFailed") : t("switchTenant")}</MenuLabel>
      {others.map((membership) => (
        <MenuItem
          key={membership.tenantId}
          note={ROLE_LABEL[lang][membership.role]}
          onSelect={() => {
            setGoing(true);
            setFailed(false);
            enterTenant(membership.tenantId, shell.csrf).catch(() => {
              setGoing(false);
              setFailed(true);
            });
          }}
        >
          {membership.name}
        </MenuItem>
      ))}
    </Menu>
  );
}
