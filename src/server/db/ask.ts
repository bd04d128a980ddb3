import { type GetColumnData, type SQL, sql } from "drizzle-orm";
import { CasingCache } from "drizzle-orm/casing";
import type { PgColumn } from "drizzle-orm/pg-core";
import { type Fen, fen } from "~/lib/money";

/** How a service's question is written for `app.ask`, and how the JSON that it answers is read. */

/** `text` calls the values $1[1], $1[2] …; all of them travel as text, so the statement casts what is compared with something else. */
export type Question = { text: string; values: (string | null)[] };

const WRITTEN = {
  casing: new CasingCache("snake_case"),
  escapeName: (name: string) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: (index: number) => `$1[${index + 1}]`,
  // Only for what Drizzle is told to write into the text, which we never do.
  escapeString: (text: string): never => {
    throw new Error(`a value in the text of a statement: ${text.slice(0, 20)}`);
  },
};

export function written(statement: SQL): Question {
  const { sql: text, params } = statement.toQuery(WRITTEN);
  return { text, values: params.map(asText) };
}

function asText(value: unknown): string | null {
  if (value === null || typeof value === "string") return value;
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return String(value);
  if (value instanceof Date) return value.toISOString();
  throw new Error(`not a value of a statement: ${typeof value}`);
}

export const asInstant = (instant: Date | string): SQL => sql`${instant}::timestamptz`;

type Columns = Record<string, PgColumn>;

/** What JSON holds of columns: money as text, since JSON's numbers are floats, and instants as ISO text. */
export type Asked<C extends Columns> = {
  [Name in keyof C]: GetColumnData<C[Name]> extends infer Value ? (Value extends bigint | Date ? string : Value) : never;
};

/** Columns as a statement selects them for JSON. Written once: they are the longest part of most statements. */
export function jsonColumns(columns: Columns): SQL {
  const selected = Object.entries(columns).map(([name, column]) => {
    const value = column.dataType === "bigint" ? sql`${column}::text` : sql`${column}`;
    return sql`${value} as ${sql.identifier(name)}`;
  });
  return sql.raw(written(sql.join(selected, sql`, `)).text);
}

/** Money out of an answer. A number is refused: it has been a float. */
export function fenAsked(text: string): Fen {
  if (typeof text !== "string") throw new Error("money left the database as a number");
  return fen(BigInt(text));
}
