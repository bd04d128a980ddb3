import pino from "pino";

export type Logger = pino.Logger;

/** JSON lines on standard output. Names listed here never print their value, wherever they stand (LOG-01). */
const HIDDEN = [
  "password",
  "passwordHash",
  "token",
  "secret",
  "privateKey",
  "apiV3Key",
  "aesKey",
  "authorization",
  "cookie",
  "signature",
  "sign",
  "body",
  "buyerId",
  "openid",
  "mobile",
  "phone",
];

export function createLogger(level: string, process: string): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: HIDDEN.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[hidden]" },
    serializers: { error: errorForLog, err: errorForLog },
  };
  // Standard output of a command is its answer.
  // Written at once: written later, pino tries for ever to flush when a process ends whose reader is gone, and so keeps it from ending.
  return pino(options, pino.destination({ dest: process === "cli" ? 2 : 1, sync: true }));
}

/** Name, code and stack; never the properties that drivers and HTTP clients hang on errors (queries, parameters, headers). */
export function errorForLog(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code } = error as { code?: unknown };
  const cause = error.cause instanceof Error ? { cause: errorForLog(error.cause) } : {};
  // Drizzle's messages carry the parameters of the failed query.
  const message = error.message.startsWith("Failed query") ? "query failed" : error.message;
  const stack = error.stack
    ?.split("\n")
    .filter((line) => line.trimStart().startsWith("at "))
    .slice(0, 12)
    .join("\n");
  return { name: error.name, message, ...(code === undefined ? {} : { code }), stack, ...cause };
}
