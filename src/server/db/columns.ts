import { sql } from "drizzle-orm";
import { type AnyPgColumn, bigint, customType, pgSchema, text, timestamp } from "drizzle-orm/pg-core";
import type { Id, IdKind } from "~/lib/id";
import type { Fen } from "~/lib/money";

/** Everything of ours lives in this schema; BullMQ keeps its own. */
export const app = pgSchema("app");

export const id = <K extends IdKind>(_kind: K) => text().$type<Id<K>>();

/** First column of every walled table: its keys, foreign keys and indexes begin with it. */
export const tenantId = () => id("tenant").notNull();

/** Money in fen. */
export const fenColumn = () => bigint({ mode: "bigint" }).$type<Fen>();

export const instant = () => timestamp({ withTimezone: true, mode: "date", precision: 3 });

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

/** `check (status in (…))` from the one list that also feeds types and labels. */
export const oneOf = (column: AnyPgColumn, values: readonly string[]) =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(", "))})`;
