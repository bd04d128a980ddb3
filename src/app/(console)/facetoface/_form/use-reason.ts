import { useT } from "~/i18n/use-t";
import type { FieldName } from "./values";

/** Words for why a field is not accepted; a reason that is not known yet still says that it is not. */
export function useReason(): (field: FieldName, reason: string | undefined) => string | undefined {
  const t = useT("facetofaceForm");
  const say = (key: string) => (t.has(key as "reason.malformed") ? t(key as "reason.malformed") : null);
  return (field, reason) => {
    if (!reason) return undefined;
    return (reason === "missing" ? say(`missing.${field}`) : say(`reason.${reason}`)) ?? t("reason.malformed");
  };
}
