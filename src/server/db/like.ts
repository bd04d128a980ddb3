import { type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";

/** What somebody typed, as a pattern for `like`: their percent signs and underscores stand for themselves. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/**
 * Whether a column begins with `text`, as a range in the order of bytes. Behind row-level security `like 'x%'` never uses an index:
 * its operator could leak what it reads and has to wait for the wall. These operators cannot, and an index with
 * `text_pattern_ops` serves them under any collation.
 */
export function beginsWith(column: AnyPgColumn, text: string): SQL {
  const behind = firstBehind(text);
  return behind === null ? sql`${column} ~>=~ ${text}` : sql`(${column} ~>=~ ${text} and ${column} ~<~ ${behind})`;
}

/** The least text behind all that begin with this one, as UTF-8 sorts; null where there is none. */
function firstBehind(text: string): string | null {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === LAST_POINT) continue;
    // Surrogates are no characters.
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return null;
}

const LAST_POINT = 0x10ffff;
