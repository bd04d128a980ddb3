"use client";

import { ChevronsUpDown } from "lucide-react";
import { ROLE_LABEL } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import { Mark } from "../mark";
import { cn } from "../ui/cn";
import { Menu, MenuItem, MenuLabel } from "../ui/menu";
import { Spinner } from "../ui/spinner";
import type { ShellData } from "./types";

/** The tenant's name over the product; a menu when there is another tenant to go to. */
export function TenantSwitcher({ shell, rail }: { shell: ShellData; rail: boolean }) {
  const t = useT("shell");
  const lang = useLang();
  // Everything on screen belongs to the tenant that is left, so the page starts anew.
  const move = api.tenant.switch.useMutation({ onSuccess: () => location.assign(paths.home()) });
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
        <span className="block truncate text-xs text-ink-3" data-tip={t("roleAtProduct", { role })}>
          {t("roleAtProduct", { role })}
        </span>
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
          {move.isPending || move.isSuccess ? (
            <Spinner className="size-3.5" />
          ) : (
            <ChevronsUpDown aria-hidden className={cn("size-3.5", rail && "max-lg:hidden")} />
          )}
        </button>
      }
    >
      <MenuLabel>{move.isError ? t("switchFailed") : t("switchTenant")}</MenuLabel>
      {others.map((membership) => (
        <MenuItem
          key={membership.tenantId}
          note={ROLE_LABEL[lang][membership.role]}
          onSelect={() => move.mutate({ tenantId: membership.tenantId })}
        >
          {membership.name}
        </MenuItem>
      ))}
    </Menu>
  );
}
