import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Database } from "./client";

type Journal = { entries: { tag: string; when: number }[] };

/** Where the migrations lie: beside the sources and beside the bundles, whichever runs. */
export function migrationsFolder(from: string = path.dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, "drizzle");
    if (existsSync(path.join(candidate, "meta", "_journal.json"))) return candidate;
    if (folder === path.dirname(folder)) throw new Error("the migrations folder is missing: this is not a complete installation");
  }
}

/** What this version of the code expects: the newest committed migration and when it was made. */
export function expectedSchema(folder: string = migrationsFolder()): { tag: string; when: number } {
  const journal = JSON.parse(readFileSync(path.join(folder, "meta", "_journal.json"), "utf8")) as Journal;
  const newest = journal.entries.at(-1);
  if (!newest) throw new Error("the migrations journal is empty");
  return newest;
}

/** Which migration the database stands at, as its `when`; null when it was never migrated, or we may not look. */
export async function schemaInDatabase({ sql }: Pick<Database, "sql">): Promise<number | null> {
  const [there] = await sql<{ ok: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null
       and has_table_privilege(to_regclass('drizzle.__drizzle_migrations'), 'select') as ok`;
  if (!there?.ok) return null;
  const [row] = await sql<{ at: bigint | null }[]>`select max(created_at) as at from drizzle.__drizzle_migrations`;
  return row?.at == null ? null : Number(row.at);
}
