const DECIMAL = /^(-?)(\d{1,13})(?:\.(\d{1,8}))?$/;

/**
 * Decimal text as a whole number of its `places`-th digit: `scaled("-1.5", 2)` is -150n. Answers null for what is no such text and for
 * more digits than `places`, unless they are zeros: a count is written "45.0". Never goes through a float.
 */
export function scaled(text: string, places: number): bigint | null {
  // Most cells of a statement.
  if (text === "0.00") return 0n;
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, sign = "", whole = "", fraction = ""] = match;
  for (let at = places; at < fraction.length; at++) if (fraction[at] !== "0") return null;
  const value = BigInt(whole + fraction.slice(0, places).padEnd(places, "0"));
  return sign === "" ? value : -value;
}

/** How many decimals a text shows. */
export const decimalsOf = (text: string): number => (text.includes(".") ? text.length - text.indexOf(".") - 1 : 0);
