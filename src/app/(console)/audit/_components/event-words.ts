import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";

/** What an event is called. A newer version's event keeps its own name until somebody has named it. */
export function useEventWords() {
  const t = useT("event");
  return (type: string): string => {
    const key = `types.${type}` as Parameters<typeof t>[0];
    return t.has(key) ? t(key) : type;
  };
}

/** The page of what an event happened to; null where it has none. */
export function subjectHref(subject: string): string | null {
  if (subject.startsWith("pay_")) return paths.payment(subject);
  if (subject.startsWith("ntf_")) return paths.message(subject);
  if (subject.startsWith("cas_")) return paths.exception(subject);
  if (subject.startsWith("rec_")) return paths.reconciliationDay(subject);
  return subject.startsWith("chn_") ? paths.channel(subject) : null;
}
