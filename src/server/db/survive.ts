import type postgres from "postgres";

/**
 * What our driver does not survive by itself, measured with postgres.js 3.4.9 (client.db.test.ts): when a connection dies inside a
 * transaction, it goes on using it. The rollback is then written to no socket and ends the process, or, once the place has
 * connected anew, to somebody else's transaction. So a dead transaction says nothing more here, and a pool that lost a
 * connection is left for a fresh one.
 */

/** The same client, whose transactions fall silent when their connection is gone. */
export function withSilentDeaths(client: postgres.Sql): postgres.Sql {
  return new Proxy(client, {
    get(target, name) {
      if (name === "begin") return (first: string | Work, second?: Work) => begin(target, first, second);
      return Reflect.get(target, name);
    },
  });
}

type Scope = postgres.TransactionSql;
type Work = (scope: Scope) => unknown;
type Life = { lost: boolean };

async function begin(client: postgres.Sql, first: string | Work, second?: Work): Promise<unknown> {
  const [options, work] = typeof first === "string" ? [first, second as Work] : ["", first];
  const life: Life = { lost: false };
  try {
    return await client.begin(options, (scope) => whileAlive(life, () => work(guarded(scope, life))));
  } finally {
    // The driver answers at once when the connection closes, while the work inside may still be going on.
    life.lost = true;
  }
}

/** What ends after the connection is gone never ends, as the driver sees it: it would write a commit or a rollback. */
async function whileAlive<T>(life: Life, work: () => T): Promise<Awaited<T>> {
  try {
    const value = await work();
    return life.lost ? await SILENCE : value;
  } catch (error) {
    life.lost ||= isConnectionLoss(error);
    if (life.lost) return await SILENCE;
    throw error;
  }
}

const SILENCE = new Promise<never>(() => {});

/** A transaction's client that refuses statements once its connection is gone, and whose savepoints do the same. */
function guarded(scope: Scope, life: Life): Scope {
  const refuse = () => {
    throw Object.assign(new Error("the transaction's connection is gone"), { code: "CONNECTION_CLOSED" });
  };
  return new Proxy(scope, {
    apply: (target, self, args) => (life.lost ? refuse() : Reflect.apply(target, self, args)),
    get(target, name) {
      const value = Reflect.get(target, name);
      if (name === "savepoint") {
        return (first: string | Work, second?: Work) => {
          if (life.lost) return refuse();
          const work = (typeof first === "string" ? second : first) as Work;
          const inner = (nested: Scope) => whileAlive(life, () => work(guarded(nested, life)));
          return typeof first === "string" ? target.savepoint(first, inner) : target.savepoint(inner);
        };
      }
      return name === "unsafe" && life.lost ? refuse : value;
    },
  });
}

const LOST = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Whether an error says that the connection itself is gone: by the driver, by the system, or by the server as its last word. */
export function isConnectionLoss(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === "string" && (LOST.has(code) || /^(57P0[123]|25P0[34]|08\w{3})$/.test(code))) return true;
  }
  return false;
}

/** How long what runs on a pool that was left may take to its end. */
const LEFT_POOL_ENDS_SECONDS = 150;

/**
 * A pool that is replaced when it loses a connection: the driver may keep a closed connection's unsent bytes, and its place then
 * never comes back. What runs on the old one ends there.
 */
export function replaceable<Pool extends { end(options: { timeout: number }): Promise<void> }>(open: (onLost: () => void) => Pool) {
  const left = new Set<Promise<void>>();
  let closed = false;
  let current = fresh();

  function fresh(): Pool {
    const pool = open(() => {
      if (closed || pool !== current) return;
      current = fresh();
      const ended = pool.end({ timeout: LEFT_POOL_ENDS_SECONDS }).finally(() => left.delete(ended));
      left.add(ended);
    });
    return pool;
  }

  return {
    get current() {
      return current;
    },
    /** What runs gets `timeout` seconds to end, on pools that were left as well. */
    async end({ timeout }: { timeout: number }): Promise<void> {
      closed = true;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeout * 1_000);
      });
      await Promise.all([current.end({ timeout }), Promise.race([Promise.all(left), late])]);
      clearTimeout(timer);
    },
  };
}
