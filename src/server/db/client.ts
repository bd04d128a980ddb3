import { sql as statement } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "./schema";
import { replaceable, withSilentDeaths } from "./survive";

/** Web requests may not hold the database longer (IN-03); long jobs raise it for themselves. */
const STATEMENT_TIMEOUT_MS = 5_000;
const LOCK_TIMEOUT_MS = 2_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000;
/** Four to eight connections saturate two cores. */
const POOL_MAX = 8;

/** Connections beside the pool, each for one busy caller. */
const LINES = 3;
const LINE_IDLE_SECONDS = 60;

/** A connection of one caller's own: what it sends is done in that order, one behind the other, without waiting for answers between. */
export type Line = { readonly sql: postgres.Sql<{ bigint: bigint }>; free(): void };

export type Database = ReturnType<typeof openDatabase>;
export type Tx = Parameters<Parameters<Database["orm"]["transaction"]>[0]>[0];

/**
 * Opens the application's connections. `orm` is Drizzle; `sql` is the bare driver for functions called on hot paths
 * (Drizzle changes the parsers of the client it is given, so each has its own).
 */
export function openDatabase(url: string, options: { max?: number; name?: string; statementTimeoutMs?: number } = {}) {
  const connection = {
    application_name: options.name ?? "xjz",
    statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  };
  const common = { max: options.max ?? POOL_MAX, connection, onnotice: () => {}, connect_timeout: 10 };
  const client = replaceable((onclose) => {
    const pool = postgres(url, { ...common, onclose });
    return { orm: drizzle(withSilentDeaths(pool), { schema, casing: "snake_case" }), end: pool.end };
  });
  const bare = (more: { max?: number; idle_timeout?: number }) =>
    replaceable((onclose) => postgres(url, { ...common, ...more, types: { bigint: postgres.BigInt }, onclose }));
  const sql = bare({});
  // They connect when they are first used.
  const lines = Array.from({ length: LINES }, () => bare({ max: 1, idle_timeout: LINE_IDLE_SECONDS }));
  const freeLines = [...lines];
  return {
    url,
    get orm() {
      return client.current.orm;
    },
    get sql() {
      return sql.current;
    },
    /** Null when all are taken: then the pool serves. Whoever takes one gives it back. */
    takeLine(): Line | null {
      const line = freeLines.pop();
      if (!line) return null;
      return {
        get sql() {
          return line.current;
        },
        free: () => void freeLines.push(line),
      };
    },
    async close() {
      await Promise.all([client, sql, ...lines].map((pool) => pool.end({ timeout: 5 })));
    },
  };
}

/**
 * Tells PostgreSQL whose rows this transaction may see, and whether it may write. The only callers are the context and the vault.
 * It is on its way when this returns, ahead of every statement that the transaction is given afterwards: nobody has to wait for
 * its answer before the next, and a statement that came without it would see nobody's rows.
 */
export function setTenant(tx: Tx, tenantId: string, accessMode: "read only" | "read write"): Promise<unknown> {
  const tenant = statement`set_config('app.tenant_id', ${tenantId}, true)`;
  const sent = accessMode === "read only" ? statement`${tenant}, set_config('transaction_read_only', 'on', true)` : tenant;
  return tx.execute(statement`select ${sent}`).execute();
}

/** The SQLSTATE behind an error, also when Drizzle wrapped it. */
export function sqlState(error: unknown): string | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = (current as { code?: unknown }).code;
    if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return null;
}

/** The constraint a unique or check violation names, or null. */
export function violatedConstraint(error: unknown): string | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    const name = (current as { constraint_name?: unknown }).constraint_name;
    if (typeof name === "string") return name;
  }
  return null;
}
