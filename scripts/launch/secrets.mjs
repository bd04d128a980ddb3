import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Failure } from "./failure.mjs";
import { errorCode } from "./processes.mjs";

/**
 * @typedef {{ MASTER_KEYS: string, NEXTAUTH_SECRET: string, database: Record<"postgres" | DatabaseRole, string> }} Secrets
 * @typedef {"app_owner" | "app_user" | "app_reader"} DatabaseRole
 */

/**
 * The secrets of this data folder, made at the first use and readable by this user alone.
 * @param {string} dataDir
 * @returns {Secrets}
 */
export function ensureSecrets(dataDir) {
  const file = path.join(dataDir, "secrets.json");
  if (!existsSync(file)) {
    if (existsSync(path.join(dataDir, "postgres"))) {
      throw new Failure(
        `${file} is gone, and without it the database in ${dataDir} cannot be read: bring it back, or begin anew with --reset`,
      );
    }
    writeOnce(file, `${JSON.stringify(newSecrets(), null, 2)}\n`);
  }
  return JSON.parse(readFileSync(file, "utf8"));
}

/** @returns {Secrets} */
export function newSecrets() {
  const password = () => randomBytes(24).toString("base64url");
  return {
    MASTER_KEYS: `1:${randomBytes(32).toString("base64")}`,
    NEXTAUTH_SECRET: randomBytes(32).toString("base64url"),
    database: { postgres: password(), app_owner: password(), app_user: password(), app_reader: password() },
  };
}

/**
 * Appears whole or not at all, and never replaces what another process wrote first.
 * @param {string} file
 * @param {string} text
 */
function writeOnce(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
}

/**
 * @param {{ role: string, password: string, port: number, database?: string }} to
 */
export function databaseUrl({ role, password, port, database = "xjz" }) {
  return `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}
