import { once } from "node:events";
import { Redis } from "ioredis";
import { findRedis } from "../../scripts/launch/redis.mjs";
import { findFreePort } from "./ports";
import { eventually, type StartedProgram, startNode } from "./processes";
import { makeTemporaryFolder } from "./temporary-folder";

export type TestRedis = {
  /** Stays the same when it is killed and started again. */
  url: string;
  /** Forgets everything it holds. */
  wipe(): Promise<void>;
  /** Asks it something on a connection of its own. */
  ask<T>(question: (redis: Redis) => Promise<T>): Promise<T>;
  /** Ends it with SIGKILL; it keeps nothing on disk, so all it held is gone. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, empty. */
  start(): Promise<void>;
  /** From here on it holds its connections and answers nobody, as a machine does that hangs; `resume` ends that. */
  hang(): void;
  resume(): void;
  stop(): Promise<void>;
};

/** Starts a Redis of one's own. It ends with this process at the latest. `afterAll(() => redis.stop())`. */
export async function startRedis(): Promise<TestRedis> {
  const program = findRedis();
  if (!program) throw new Error("no redis-server was found: install Redis 7, or name its redis-server in REDIS_SERVER_PATH");
  const folder = makeTemporaryFolder("redis");
  const port = await findFreePort();
  const url = `redis://127.0.0.1:${port}`;
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder.path, "--save", "", "--appendonly", "no"];
  let running: { guard: StartedProgram; pid: number } | null = null;

  const start = async () => {
    // Somebody who looks for a free port may hold this one for a moment.
    running = await eventually("Redis serves", async () => {
      const guard = startNode(["tests/support/redis-guard.mjs", program, ...args]);
      const [{ pid }] = (await once(guard.child, "message")) as [{ pid: number }];
      return (await serves(url, guard)) ? { guard, pid } : null;
    });
  };
  const kill = async () => {
    if (!running) return;
    const { guard, pid } = running;
    running = null;
    process.kill(pid, "SIGKILL");
    await guard.ended;
  };
  const signal = (name: NodeJS.Signals) => {
    if (!running) throw new Error("Redis does not run");
    process.kill(running.pid, name);
  };

  await start();
  return {
    url,
    kill,
    start,
    ask: (question) => asking(url, question),
    async wipe() {
      await asking(url, (redis) => redis.flushall());
    },
    hang: () => signal("SIGSTOP"),
    resume: () => signal("SIGCONT"),
    async stop() {
      await kill();
      folder.remove();
    },
  };
}

/** Waits until it answers; false when it ended instead. */
async function serves(url: string, guard: StartedProgram): Promise<boolean> {
  let ended = false;
  void guard.ended.then(() => {
    ended = true;
  });
  return eventually("Redis answers or ends", async () => {
    const answer = await asking(url, (redis) => redis.ping()).catch(() => null);
    return ended ? { ok: false } : answer ? { ok: true } : null;
  }).then(({ ok }) => ok);
}

async function asking<T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}
