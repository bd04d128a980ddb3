import { type Fen, fenFromYuan, yuanDisplay } from "~/lib/money";

/** Full-width figures and marks, as a Chinese keyboard types and spreadsheets paste them. */
const halfWidth = (text: string) =>
  text.replace(/[０-９．，￥]/g, (mark) => (mark === "￥" ? "¥" : String.fromCharCode(mark.charCodeAt(0) - 0xfee0)));

/**
 * Reads an amount as people type or paste it: `1,234.5元`, `¥ 1234.50`, `１２.５`. Null for anything else, also for a third decimal
 * or separators out of place: a doubt about an amount is for the person to resolve.
 */
export function fenFromTyped(typed: string): Fen | null {
  const text = halfWidth(typed)
    .replace(/\s/g, "")
    .replace(/^(¥|CNY|RMB)/i, "")
    .replace(/(元|CNY|RMB)$/i, "");
  if (!/^(\d{1,13}|\d{1,3}(,\d{3})+)(\.\d{1,2})?$/.test(text)) return null;
  return fenFromYuan(text.replaceAll(",", ""));
}

/** What stands in the field once it is left: `1,234.50`. */
export const typedFromFen = (amount: Fen | null): string => (amount === null ? "" : yuanDisplay(amount));
