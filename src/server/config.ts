import { availableParallelism } from "node:os";
import path from "node:path";
import { z } from "zod";
import { Secret } from "~/lib/secret";

/** The only reader of the environment. A missing or malformed value stops the start with one line that names it (ERR-04). */

const flag = z.enum(["0", "1"]).transform((value) => value === "1");
const port = z.coerce.number().int().min(1).max(65_535);
const secretText = z.string().transform((value) => new Secret(value));

const Environment = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  HOST: z.string().default("127.0.0.1"),
  PORT: port.default(3000),
  SIMULATOR_PORT: port.default(3100),
  APP_URL: z.url({ protocol: /^https?$/ }).optional(),
  SIMULATOR_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATA_DIR: z.string().default(".data"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  READER_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  MIGRATE_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  MASTER_KEYS: secretText.refine((keys) => /^\d+:[A-Za-z0-9+/]{43}=(,\d+:[A-Za-z0-9+/]{43}=)*$/.test(keys.reveal()), {
    error: "must be a list of version:base64 (32 bytes each), newest first",
  }),
  NEXTAUTH_SECRET: secretText.refine((secret) => secret.reveal().length >= 32, { error: "must have at least 32 characters" }),
  METRICS_TOKEN: secretText.optional(),
  DEMO: flag.default(false),
  TEST_CLOCK: flag.default(false),
  WEB_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(availableParallelism()),
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(20),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

export type Config = ReturnType<typeof readConfig>;

/** Throws an Error whose message is one line for people. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  // An empty variable is one that was not given.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? "environment");
    const state = name in given ? `is malformed: ${issue?.message}` : "is not set";
    throw new Error(`${name} ${state}. See "Environment" in the README.`);
  }
  const e = parsed.data;
  const appUrl = (e.APP_URL ?? `http://localhost:${e.PORT}`).replace(/\/$/, "");
  if (e.TEST_CLOCK && appUrl.startsWith("https://") && e.NODE_ENV === "production") {
    throw new Error(
      "TEST_CLOCK is 1 under a public https APP_URL: a clock that can be moved is for demonstrations only. Set TEST_CLOCK=0.",
    );
  }
  return {
    production: e.NODE_ENV === "production",
    development: e.NODE_ENV === "development",
    host: e.HOST,
    port: e.PORT,
    appUrl,
    simulatorUrl: (e.SIMULATOR_URL ?? `http://localhost:${e.SIMULATOR_PORT}`).replace(/\/$/, ""),
    dataDir: path.resolve(e.DATA_DIR),
    databaseUrl: e.DATABASE_URL,
    ownerDatabaseUrl: e.MIGRATE_DATABASE_URL ?? null,
    readerDatabaseUrl: e.READER_DATABASE_URL ?? null,
    redisUrl: e.REDIS_URL ?? null,
    masterKeys: e.MASTER_KEYS,
    authSecret: e.NEXTAUTH_SECRET,
    metricsToken: e.METRICS_TOKEN ?? null,
    demo: e.DEMO,
    testClock: e.TEST_CLOCK,
    webConcurrency: e.WEB_CONCURRENCY,
    workerConcurrency: e.WORKER_CONCURRENCY,
    trustProxy: e.TRUST_PROXY,
    logLevel: e.LOG_LEVEL,
  };
}
