import { afterAll } from "vitest";
import type { System } from "~/server/system";
import { createTestDatabase, type TestDatabase } from "./postgres";
import { openTestSystem } from "./system";

/** For a test file as a whole, at its top: a database and a system on it, closed and dropped after the file's last test. */
export async function systemForFile(env: Record<string, string> = {}): Promise<{ database: TestDatabase; sys: System }> {
  const database = await createTestDatabase();
  const sys = await openTestSystem(database.appUrl, env);
  afterAll(async () => {
    await sys.close();
    await database.drop();
  });
  return { database, sys };
}
