"use client";

import {
  Building2,
  CircleAlert,
  Inbox,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  ReceiptText,
  Scale,
  ShieldCheck,
  Store,
  UserCog,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { cn } from "../ui/cn";
import type { Frame, ShellData } from "./types";

type PageName =
  | "dashboard"
  | "payments"
  | "exceptions"
  | "reconciliation"
  | "facetoface"
  | "inbox"
  | "channels"
  | "members"
  | "audit"
  | "tenants";
type NavPage = { name: PageName; href: string; icon: LucideIcon; count?: keyof Frame["counts"] };
type NavGroup = { name: "collect" | "merchant" | "system" | "operator" | null; pages: readonly NavPage[] };

/** Only pages that exist. Groups keep the order of the whole product: 收款, 因公付款, 商户, 系统. */
const TENANT_GROUPS: readonly NavGroup[] = [
  { name: null, pages: [{ name: "dashboard", href: paths.home(), icon: LayoutDashboard }] },
  {
    name: "collect",
    pages: [
      { name: "payments", href: paths.payments(), icon: ReceiptText },
      { name: "exceptions", href: paths.exceptions(), icon: CircleAlert, count: "exceptions" },
      { name: "reconciliation", href: paths.reconciliation(), icon: Scale, count: "reconciliation" },
    ],
  },
  {
    name: "merchant",
    pages: [{ name: "facetoface", href: paths.facetoface(), icon: Store, count: "facetoface" }],
  },
  {
    name: "system",
    pages: [
      { name: "inbox", href: paths.inbox(), icon: Inbox, count: "inbox" },
      { name: "channels", href: paths.channels(), icon: KeyRound },
      { name: "members", href: paths.members(), icon: UserCog },
      { name: "audit", href: paths.audit(), icon: ShieldCheck },
    ],
  },
];
const OPERATOR_GROUP: NavGroup = { name: "operator", pages: [{ name: "tenants", href: paths.tenants(), icon: Building2 }] };

type NavProps = {
  shell: ShellData;
  counts: Frame["counts"];
  /** `side` shrinks to a rail of icons below 1180 px; `sheet` is the phone's menu. */
  form: "side" | "sheet";
  onNavigate?: () => void;
};

export function Nav({ shell, counts, form, onNavigate }: NavProps) {
  const t = useT("shell");
  const pathname = usePathname();
  const rail = form === "side";
  const groups = [...(shell.tenant ? TENANT_GROUPS : []), ...(shell.isOperator ? [OPERATOR_GROUP] : [])];
  return (
    <nav aria-label={t("mainNav")} className="grow overflow-x-hidden overflow-y-auto [scrollbar-width:none]">
      {groups.map((group) => (
        <div key={group.name ?? "home"} className={cn(group.name && rail && "max-lg:mt-2")}>
          {group.name && <h2 className={cn("px-2 pt-3 pb-1 text-xs text-ink-3", rail && "max-lg:sr-only")}>{t(`groups.${group.name}`)}</h2>}
          <ul>
            {group.pages.map((page) => (
              <li key={page.name}>
                <NavLink
                  page={page}
                  rail={rail}
                  here={page.href === "/" ? pathname === "/" : pathname.startsWith(page.href)}
                  count={page.count ? counts[page.count] : 0}
                  onNavigate={onNavigate}
                />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

type NavLinkProps = { page: NavPage; rail: boolean; here: boolean; count: number; onNavigate?: () => void };

function NavLink({ page, rail, here, count, onNavigate }: NavLinkProps) {
  const t = useT("shell");
  const name = t(`pages.${page.name}`);
  const Icon = page.icon;
  return (
    <Link
      href={page.href}
      prefetch={false}
      aria-current={here ? "page" : undefined}
      aria-label={count > 0 ? t("count", { page: name, count }) : undefined}
      data-tip={rail ? name : undefined}
      data-tip-when="rail"
      onClick={onNavigate}
      className={cn(
        "flex h-[30px] items-center gap-2.5 rounded-md px-2 text-ink-2 hover:bg-band aria-[current]:bg-band aria-[current]:font-medium aria-[current]:text-ink [&_svg]:text-ink-3 aria-[current]:[&_svg]:text-accent-ink",
        rail ? "max-lg:relative max-lg:h-9 max-lg:justify-center max-lg:gap-0 max-lg:px-0" : "h-11",
      )}
    >
      <Icon aria-hidden />
      <span className={cn(rail && "max-lg:sr-only")}>{name}</span>
      {count > 0 && (
        <span
          className={cn(
            "ml-auto text-xs",
            page.count === "exceptions" ? "font-strong text-risk" : "text-ink-2",
            rail && "max-lg:absolute max-lg:top-0.5 max-lg:right-px max-lg:text-[11px] max-lg:leading-3",
          )}
        >
          {count > 99 ? "99+" : count}
        </span>
      )}
    </Link>
  );
}
