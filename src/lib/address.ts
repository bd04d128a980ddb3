import { type Id, type IdKind, isId } from "./id";
import { type Fen, fen, TRADE_MAX_FEN } from "./money";
import { type CivilDate, isCivilDate } from "./time";

/**
 * Reads the filter of a list from its page's address. An address is written by people: what does not fit is left out, and the rest
 * still counts. The procedures check again by their schemas, whose library weighs more than these pages.
 */

const CURSOR_MAX = 200;
/** Control characters, separators of lines, halves of characters. */
const NOT_IN_A_LINE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

export function readWords(text: string, max: number): string | undefined {
  const words = text.normalize("NFC").trim();
  return words !== "" && words.length <= max && !NOT_IN_A_LINE.test(words) ? words : undefined;
}

export const readOneOf = <Word extends string>(words: readonly Word[], text: string): Word | undefined => words.find((one) => one === text);

/** A day that exists, in a year with which dates can still be counted. */
export const readDay = (text: string): CivilDate | undefined => (isCivilDate(text) && /^(?:19|2\d)/.test(text) ? text : undefined);

/** An amount in fen. */
export function readFen(text: string): Fen | undefined {
  const amount = /^\d{1,11}$/.test(text) ? fen(BigInt(text)) : fen(0n);
  return amount >= 1n && amount <= TRADE_MAX_FEN ? amount : undefined;
}

export const readId = <K extends IdKind>(kind: K, text: string): Id<K> | undefined => (isId(kind, text) ? text : undefined);

export const readCursor = (text: string): string | undefined => (text !== "" && text.length <= CURSOR_MAX ? text : undefined);

/** Absent names stay absent, so that server and browser ask for the same thing. */
export const given = <Filter extends Record<string, unknown>>(filter: Filter) =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Filter]?: Exclude<Filter[Name], undefined>;
  };
