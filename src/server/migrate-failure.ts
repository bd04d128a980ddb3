import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What was being done when a migration failed, as people would say it. */
export class MigrationStepError extends Error {
  override readonly name = "MigrationStepError";
  constructor(
    readonly step: string,
    cause: unknown,
  ) {
    super(step, { cause });
  }
}

const AGAIN = "then run npm run migrate again";
const STATEMENT_SHOWN = 80;

/** One line for whoever runs the migrations: what failed, why, and what to do. Never the whole SQL. */
export function describeMigrationFailure(error: unknown, migrationsFolder: string): string {
  const root = rootCause(error);
  const code = String((root as { code?: unknown }).code ?? "");
  const reason = oneLine(root.message || code);
  if (/^(E[A-Z]+|CONNECT_TIMEOUT|CONNECTION_.*)$/.test(code)) {
    return `the database does not answer (${code}): start it or correct MIGRATE_DATABASE_URL, ${AGAIN}`;
  }
  if (/^(28|3D)/.test(code)) return `the database refuses the connection: ${reason} (${code}): correct MIGRATE_DATABASE_URL, ${AGAIN}`;

  const refused = statementOf(error);
  const tag = refused && tagOf(refused, migrationsFolder);
  const step = tag ? `${tag} at "${oneLine(refused).slice(0, STATEMENT_SHOWN)}"` : (stepOf(error) ?? "preparing the schema");
  const why = /^[0-9A-Z]{5}$/.test(code) ? `${reason} (${code})` : reason;
  const remedy = code === "42501" ? "give MIGRATE_DATABASE_URL the role that owns the schema" : "mend that";
  return `${step}: ${why}. ${tag ? "No migration of this run was applied" : "The migrations are applied, this step is not"}: ${remedy}, ${AGAIN}`;
}

function rootCause(error: unknown): Error {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  // Of several addresses that were tried, the first one's failure says enough.
  if (current instanceof AggregateError && current.errors[0] instanceof Error) current = current.errors[0];
  return current instanceof Error ? current : new Error(String(current));
}

/** Drizzle keeps the statement that was refused, and makes it its message. */
function statementOf(error: unknown): string | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { query } = current as { query?: unknown };
    if (typeof query === "string" && current.message.startsWith("Failed query")) return query;
  }
  return null;
}

function stepOf(error: unknown): string | null {
  return error instanceof MigrationStepError ? error.step : null;
}

function tagOf(statement: string, migrationsFolder: string): string | null {
  const files = readdirSync(migrationsFolder).filter((name) => name.endsWith(".sql"));
  const holder = files.sort().find((name) => readFileSync(path.join(migrationsFolder, name), "utf8").includes(statement));
  return holder ? path.basename(holder, ".sql") : null;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
