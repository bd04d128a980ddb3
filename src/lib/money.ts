import { AppError } from "./errors";

/** Chinese yuan in fen, the smallest unit: one yuan is 100n. */
export type Fen = bigint & { readonly __unit: "fen" };

export const fen = (value: bigint): Fen => value as Fen;
export const ZERO_FEN = fen(0n);

/** The most one trade may carry at either provider: 100,000,000.00 yuan (protocol/alipay §6). */
export const TRADE_MAX_FEN = fen(10_000_000_000n);

/** Reads a provider's decimal text, such as "12.3". Never goes through a float. Throws `invalid_input`. */
export function fenFromYuan(text: string): Fen {
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text);
  if (!match) throw new AppError("invalid_input", `not an amount in yuan: "${text.slice(0, 40)}"`);
  const [, yuan = "", cents = ""] = match;
  return fen(BigInt(yuan + cents.padEnd(2, "0")));
}

/** Reads whole fen written in decimal, such as "1230". Throws `invalid_input`. */
export function fenFromText(text: string): Fen {
  if (!/^\d{1,15}$/.test(text)) throw new AppError("invalid_input", `not an amount in fen: "${text.slice(0, 40)}"`);
  return fen(BigInt(text));
}

/** Two decimals, no separators: what providers read, "1234.50" or "-3.00". */
export function yuanText(amount: Fen): string {
  const sign = amount < 0n ? "-" : "";
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** What people read: separators every three digits and U+2212 as minus, "−1,234.50". */
export function yuanDisplay(amount: Fen): string {
  const [whole = "0", cents = "00"] = yuanText(amount).replace("-", "").split(".");
  return `${amount < 0n ? "−" : ""}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

export const sumFen = (amounts: Iterable<Fen>): Fen => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return fen(total);
};
