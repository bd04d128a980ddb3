import { type Config, readConfig } from "./config";
import { errorForLog, type Logger } from "./logger";

/** Longer than this no stop may take; who asked for it would kill us anyway (ERR-04). */
const STOP_WITHIN_MS = 20_000;

export type Started = { log: Logger; stop(): Promise<void> };

/**
 * The life of one of our processes: read the configuration, start or say in one line why not, and stop once, in order, on
 * SIGTERM, SIGINT or when the process that started us is gone. A bug that nobody caught is logged, and ends the process (ERR-03).
 */
export function runProcess(name: string, start: (config: Config) => Promise<Started>): void {
  let started: Started | null = null;
  let stopping = false;

  const complain = (error: unknown, message: string) => {
    if (started) started.log.fatal({ error }, message);
    else console.error(`${name} ${message}: ${JSON.stringify(errorForLog(error))}`);
  };
  const stop = async (reason: string, code: number) => {
    if (stopping) return;
    stopping = true;
    const hard = setTimeout(() => process.exit(code || 1), STOP_WITHIN_MS);
    started?.log.info({ reason }, "stopping");
    try {
      await started?.stop();
    } catch (error) {
      complain(error, "did not stop cleanly");
      process.exitCode = 1;
    }
    clearTimeout(hard);
    process.exit(process.exitCode ?? code);
  };

  process.on("unhandledRejection", (error) => {
    complain(error, "unhandled rejection");
    void stop("unhandledRejection", 1);
  });
  process.on("uncaughtException", (error) => {
    complain(error, "uncaught exception");
    process.exit(1);
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void stop(signal, 0));
  if (process.connected) process.on("disconnect", () => void stop("parent gone", 0));

  const begin = async () => {
    started = await start(readConfig());
  };
  begin().catch((error: unknown) => {
    console.error(`${name} cannot start: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  });
}
