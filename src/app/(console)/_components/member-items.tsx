"use client";

import { MenuItem, MenuLabel } from "~/components/ui/menu";
import { type Permission, ROLE_LABEL, roleMay } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import type { Id } from "~/lib/id";
import { api } from "~/trpc/client";

type MemberItemsProps = {
  /** Whose it is now; null: nobody's. */
  ownerId: Id<"user"> | null;
  /** Who is looking: they stand first. */
  userId: Id<"user">;
  /** Only members who could do something about it. */
  permission: Permission;
  onGive: (to: Id<"user">) => void;
};

/** The members to whom something may be given, as items of a menu. Asked for only when the menu opens. */
export function MemberItems({ ownerId, userId, permission, onGive }: MemberItemsProps) {
  const t = useT("common");
  const lang = useLang();
  const { data } = api.member.list.useQuery({ limit: 100 });
  if (!data) return <MenuLabel>{t("members.loading")}</MenuLabel>;
  const able = data.items.filter(({ disabledAt, role }) => !disabledAt && roleMay(role, permission));
  return able
    .sort((a, b) => Number(b.userId === userId) - Number(a.userId === userId))
    .map((member) => (
      <MenuItem
        key={member.userId}
        note={member.userId === ownerId ? "✓" : ROLE_LABEL[lang][member.role]}
        onSelect={() => onGive(member.userId as Id<"user">)}
      >
        {member.userId === userId ? t("members.me", { name: member.name }) : member.name}
      </MenuItem>
    ));
}
