import type { SQL } from "drizzle-orm";
import type { Permission, Role } from "~/domain/tenant";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import type { Config } from "./config";
import type { TenantVault, Vault } from "./crypto/vault";
import { written } from "./db/ask";
import { type Database, type Line, setTenant, type Tx } from "./db/client";
import type { LiveBus, LiveEvent } from "./live";
import type { Logger } from "./logger";

/** Who acts. Kept with every event. */
export type Actor =
  | { kind: "user"; id: Id<"user">; role: Role; ip: string; requestId: string }
  | { kind: "operator"; id: Id<"user">; grantId: Id<"grant"> | null; ip: string; requestId: string }
  | { kind: "provider"; id: Id<"channel">; ip: string; requestId: string }
  | { kind: "buyer"; id: string; ip: string; requestId: string }
  | { kind: "worker"; id: string }
  | { kind: "cli"; id: string };

/** What one process owns. */
export type SystemCtx = {
  config: Config;
  db: Database;
  vault: Vault;
  live: LiveBus;
  log: Logger;
  /** Business time: follows the test clock outside production. Sessions and throttles use the machine's time instead. */
  now: () => Date;
};

/** One actor inside one tenant. There is no bare database here: the only ways to a table are `transaction`, `read`, `ask` and `call`. */
export type Ctx = {
  readonly sys: SystemCtx;
  readonly tenantId: Id<"tenant">;
  readonly actor: Actor;
  readonly log: Logger;
  now(): Date;
  /** Runs `fn` with the tenant set; live events noted by `announce` go out after commit. */
  transaction<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same, read only. */
  read<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Asks one read-only statement in one round trip, planned with its values; answers its rows as JSON, so money and instants
   * travel as text (`jsonColumns`).
   */
  ask<Row extends object>(statement: SQL): Promise<Row[]>;
  /**
   * Calls a function of schema `app` whose first argument is the tenant, filled in here. One round trip, autocommit, prepared.
   * On a `line` of the caller's own it does not wait for the call before it to be answered.
   */
  call<T extends Record<string, unknown>>(name: string, args: readonly unknown[], line?: Line | null): Promise<T>;
  vault(): Promise<TenantVault>;
};

type Noted = { events: LiveEvent[]; last: Map<string, LastWork> };
export type LastWork = { at: Date; work: (tx: Tx) => Promise<void> };

/** What a transaction keeps for its end: live events for after its commit, and work for just before it. */
const noted = new WeakMap<object, Noted>();

/** Notes that open screens should hear of this once the transaction has committed. */
export function announce(tx: Tx, event: LiveEvent): void {
  noted.get(tx)?.events.push(event);
}

/**
 * Runs `work` just before the commit, the earliest `at` once for each key, in the order of keys. For rows that every transaction of
 * a tenant touches: so they are held for a moment only, and taken in one order by all, which leaves nobody waiting in a circle.
 */
export async function beforeCommit(tx: Tx, key: string, last: LastWork): Promise<void> {
  const kept = noted.get(tx)?.last;
  if (!kept) return last.work(tx);
  const known = kept.get(key);
  if (!known || last.at < known.at) kept.set(key, last);
}

export function inTenant(sys: SystemCtx, tenantId: Id<"tenant">, actor: Actor): Ctx {
  if (!tenantId) throw new AppError("not_found", "no tenant");
  const run = async <T>(fn: (tx: Tx) => Promise<T>, accessMode: "read only" | "read write"): Promise<T> => {
    const own: Noted = { events: [], last: new Map() };
    const result = await sys.db.orm.transaction(async (tx) => {
      noted.set(tx, own);
      const told = setTenant(tx, tenantId, accessMode);
      // Where it fails, so does every statement behind it; their error may be the first that is heard.
      told.catch(() => {});
      const value = await fn(tx);
      for (const [, { work }] of [...own.last].sort(([a], [b]) => (a < b ? -1 : 1))) await work(tx);
      await told;
      return value;
    });
    sys.live.publish(own.events);
    return result;
  };
  let log: Logger | null = null;
  return {
    sys,
    tenantId,
    actor,
    /** Made when first asked for: most callbacks and jobs have nothing to tell. */
    get log() {
      log ??= sys.log.child({
        tenantId,
        actor: actor.kind,
        actorId: actor.id,
        ...("requestId" in actor ? { requestId: actor.requestId } : {}),
      });
      return log;
    },
    now: sys.now,
    transaction: (fn) => run(fn, "read write"),
    read: (fn) => run(fn, "read only"),
    async ask<Row extends object>(statement: SQL) {
      const { text, values } = written(statement);
      const result = await sys.db.sql.unsafe<{ rows: Row[] }[]>("select app.ask($1, $2, $3) as rows", [tenantId, text, values], {
        prepare: true,
      });
      const rows = result[0]?.rows ?? [];
      // The engine makes the driver's queries long-lived from birth, and each holds its result until the next full collection: with
      // the rows in it, every small collection before that would copy them, a pause of milliseconds.
      result.length = 0;
      return rows;
    },
    async call<T extends Record<string, unknown>>(name: string, args: readonly unknown[], line: Line | null = null) {
      if (!/^[a-z_]+$/.test(name)) throw new Error(`not a function's name: ${name}`);
      const slots = args.map((_, index) => `$${index + 2}`).join(", ");
      const rows = await (line ?? sys.db).sql.unsafe<T[]>(
        `select * from app.${name}($1${slots ? `, ${slots}` : ""})`,
        [tenantId, ...args] as never[],
        { prepare: true },
      );
      return rows[0] as T;
    },
    vault: () => sys.vault.forTenant(tenantId),
  };
}

/** Runs `fn` inside a savepoint. Answers `{ ok: false }` instead of throwing, so that what was recorded before it stays. */
export async function inSavepoint<T>(
  tx: Tx,
  fn: (savepoint: Tx) => Promise<T>,
): Promise<{ ok: true; value: T } | { ok: false; error: unknown }> {
  try {
    const value = await tx.transaction(async (savepoint) => {
      const own = noted.get(tx);
      if (own) noted.set(savepoint, own);
      return fn(savepoint as Tx);
    });
    return { ok: true, value };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Whether the actor holds a permission is decided at the edge; services that hand out secrets ask again. */
export type { Permission };
