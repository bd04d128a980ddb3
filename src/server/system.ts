import postgres from "postgres";
import { FileClock } from "~/lib/clock-file";
import { type Config, readConfig } from "./config";
import type { SystemCtx } from "./context";
import { openVault } from "./crypto/open-vault";
import { type Database, openDatabase } from "./db/client";
import { type LiveBus, postgresLive } from "./live";
import { redisLive } from "./live-redis";
import { createLogger } from "./logger";

export type System = SystemCtx & { close(): Promise<void> };

/**
 * The process's own system, made on first use. It hangs on `globalThis` because the bundled server and Next's route handlers are
 * two module instances in one process, which must share pools and the live bus.
 */
export function getSystem(): Promise<System> {
  const shared = globalThis as { xjzSystem?: Promise<System> };
  shared.xjzSystem ??= createSystem(readConfig(), "web");
  return shared.xjzSystem;
}

/** Makes the system of this process under the name that its logs and connections carry. Call it once, before `getSystem`. */
export function startSystem(config: Config, process: string): Promise<System> {
  const shared = globalThis as { xjzSystem?: Promise<System> };
  shared.xjzSystem = createSystem(config, process);
  return shared.xjzSystem;
}

export async function createSystem(config: Config, process: string): Promise<System> {
  const log = createLogger(config.logLevel, process);
  const db = openDatabase(config.databaseUrl, { name: `xjz-${process}` });
  const clock = config.testClock ? new FileClock(config.dataDir) : { now: () => new Date() };
  const live = await openLive(config, db, log);
  const vault = openVault(db, config.masterKeys, live);
  return {
    config,
    db,
    vault,
    live,
    log,
    now: () => clock.now(),
    async close() {
      await live.close();
      await db.close();
    },
  };
}

async function openLive(config: Config, db: Database, log: ReturnType<typeof createLogger>): Promise<LiveBus> {
  if (config.redisUrl) return redisLive(config.redisUrl, log);
  const listener = postgres(config.databaseUrl, { max: 1, onnotice: () => {} });
  return postgresLive(listener, (channel, payload) => db.sql.notify(channel, payload), log);
}
