"use client";

import { RadioRows } from "~/components/ui/choice";
import { ROLE_LABEL, ROLES, type Role } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";

/** The roles, each with what it may do. */
export function RoleRows({ value, onChange }: { value: Role | null; onChange: (role: Role) => void }) {
  const t = useT("member");
  const lang = useLang();
  const rows = ROLES.map((role) => ({ value: role, label: ROLE_LABEL[lang][role], note: t(`roleNote.${role}`) }));
  return <RadioRows name="role" label={t("role")} rows={rows} value={value} onChange={onChange} />;
}
