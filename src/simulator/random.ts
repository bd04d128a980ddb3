import { randomBytes } from "node:crypto";
import { beijingText } from "~/lib/time";

/** Decimal digits from the system's generator, none favoured. */
export function randomDigits(count: number): string {
  let text = "";
  while (text.length < count) for (const byte of randomBytes(count)) if (byte < 250) text += byte % 10;
  return text.slice(0, count);
}

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export function randomLetters(count: number): string {
  let text = "";
  while (text.length < count) for (const byte of randomBytes(count)) if (byte < 248) text += LETTERS[byte % 62];
  return text.slice(0, count);
}

/** "20260302", the Beijing day that both providers put into their numbers. */
export const dayDigits = (now: Date): string => beijingText(now).slice(0, 10).replaceAll("-", "");
