import { run } from "~/cli/run";
import type { TestDatabase } from "./postgres";
import { masterKey } from "./system";

/** The command line on a test's database, inside this process: exit code and both streams. `env` goes over what it always needs. */
export function openCommandLine(database: TestDatabase, env: Record<string, string>) {
  const environment = {
    NODE_ENV: "production",
    DATABASE_URL: database.appUrl,
    MIGRATE_DATABASE_URL: database.ownerUrl,
    MASTER_KEYS: masterKey(1),
    NEXTAUTH_SECRET: "s".repeat(40),
    TEST_CLOCK: "1",
    ...env,
  };
  return async (args: readonly string[], more: Record<string, string> = {}) => {
    const streams = { stdout: "", stderr: "" };
    const code = await run([...args], { ...environment, ...more } as unknown as NodeJS.ProcessEnv, {
      async out(text) {
        streams.stdout += text;
      },
      async err(text) {
        streams.stderr += text;
      },
    });
    return { code, ...streams };
  };
}
