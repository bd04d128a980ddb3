import { chmodSync } from "node:fs";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { migrate } from "~/server/migrate";
import { startPostgres } from "../../scripts/launch/postgres.mjs";
import { makeTemporaryFolder } from "./temporary-folder";

/** Where the run's PostgreSQL is. Its database `xjz` is migrated and empty: the template of every file's own. */
export type TestServer = { app: string; owner: string; reader: string; superuser: string };

declare module "vitest" {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

// What a crash of the machine would lose, a test run can lose.
const NOT_DURABLE = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" };

/** Starts one PostgreSQL for the whole run. It ends with the run, also when the run is killed. */
export default async function setup(project: TestProject) {
  const folder = makeTemporaryFolder("db");
  // PostgreSQL runs as another user when we are root, and has to pass through.
  chmodSync(folder.path, 0o755);
  const server = await startPostgres({ dataDir: folder.path, flags: NOT_DURABLE });
  const { app, owner, reader, superuser } = server.urls;
  const teardown = async () => {
    await server.stop();
    folder.remove();
  };
  await migrate({ ownerUrl: owner, appUrl: app, migrationsFolder: path.resolve("drizzle") }).catch(async (error: unknown) => {
    await teardown();
    throw error;
  });
  project.provide("testServer", { app, owner, reader, superuser });
  return teardown;
}
