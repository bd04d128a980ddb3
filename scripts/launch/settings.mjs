import path from "node:path";
import { Failure } from "./failure.mjs";

/**
 * @typedef {{ dataDir: string, host: string, port: number, simulatorPort: number, appUrl: string, simulatorUrl: string,
 *   demo: boolean, testClock: boolean, databaseUrl: string | null }} Settings
 *   `databaseUrl` is an external database's; null means the embedded one
 */

/**
 * Reads what a person may set. Throws a line that names the variable.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root folder from which a relative DATA_DIR counts
 * @returns {Settings}
 */
export function readSettings(env, root) {
  const port = portFrom(env, "PORT", 3000);
  const simulatorPort = portFrom(env, "SIMULATOR_PORT", 3100);
  if (port === simulatorPort) throw new Failure(`PORT and SIMULATOR_PORT are both ${port}: choose two`);
  return {
    dataDir: path.resolve(root, env.DATA_DIR || ".data"),
    host: env.HOST || "127.0.0.1",
    port,
    simulatorPort,
    appUrl: originFrom(env, "APP_URL", `http://localhost:${port}`),
    // The number and not the name: cookies do not tell ports apart, and the platform's must not reach the simulator.
    simulatorUrl: originFrom(env, "SIMULATOR_URL", `http://127.0.0.1:${simulatorPort}`),
    demo: flagFrom(env, "DEMO", true),
    testClock: flagFrom(env, "TEST_CLOCK", true),
    databaseUrl: env.DATABASE_URL || null,
  };
}

// Told only to those who need them.
const PRIVATE = [
  "DATABASE_URL",
  "MIGRATE_DATABASE_URL",
  "READER_DATABASE_URL",
  "REDIS_URL",
  "MASTER_KEYS",
  "NEXTAUTH_SECRET",
  "METRICS_TOKEN",
];

/**
 * What each program is told. The owner's and the reader's passwords go only to those who work as them, and the simulator,
 * which stands for somebody else's server, gets no secret of ours.
 * @param {Settings} settings
 * @param {{ MASTER_KEYS: string, NEXTAUTH_SECRET: string }} secrets
 * @param {{ app: string, owner?: string, reader?: string }} urls
 * @param {{ env: NodeJS.ProcessEnv, dev?: boolean }} from
 */
export function programEnvironments(settings, secrets, urls, { env, dev = false }) {
  const { MASTER_KEYS, NEXTAUTH_SECRET, REDIS_URL, METRICS_TOKEN } = env;
  /** @type {NodeJS.ProcessEnv} */
  const common = {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !PRIVATE.includes(name))),
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    HOST: settings.host,
    PORT: String(settings.port),
    SIMULATOR_PORT: String(settings.simulatorPort),
    APP_URL: settings.appUrl,
    SIMULATOR_URL: settings.simulatorUrl,
    DATA_DIR: settings.dataDir,
    DEMO: settings.demo ? "1" : "0",
    TEST_CLOCK: settings.testClock ? "1" : "0",
  };
  const platform = {
    ...common,
    DATABASE_URL: urls.app,
    MASTER_KEYS: MASTER_KEYS || secrets.MASTER_KEYS,
    NEXTAUTH_SECRET: NEXTAUTH_SECRET || secrets.NEXTAUTH_SECRET,
    NEXTAUTH_URL: settings.appUrl,
    ...(REDIS_URL ? { REDIS_URL } : {}),
    ...(METRICS_TOKEN ? { METRICS_TOKEN } : {}),
  };
  const privileged = {
    ...platform,
    ...(urls.owner ? { MIGRATE_DATABASE_URL: urls.owner } : {}),
    ...(urls.reader ? { READER_DATABASE_URL: urls.reader } : {}),
  };
  return { web: platform, worker: platform, simulator: common, migrate: privileged, cli: privileged };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {number} fallback
 */
function portFrom(env, name, fallback) {
  const text = env[name] || String(fallback);
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535) throw new Failure(`${name} must be a port between 1 and 65535, not "${text}"`);
  return port;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {string} fallback
 */
function originFrom(env, name, fallback) {
  const text = env[name] || fallback;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !["http:", "https:"].includes(url.protocol) || url.pathname !== "/" || url.search !== "") {
    throw new Failure(`${name} must be an address without a path, such as http://localhost:3000, not "${text}"`);
  }
  return url.origin;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {boolean} fallback
 */
function flagFrom(env, name, fallback) {
  const text = env[name] || (fallback ? "1" : "0");
  if (text !== "0" && text !== "1") throw new Failure(`${name} must be 0 or 1, not "${text}"`);
  return text === "1";
}
