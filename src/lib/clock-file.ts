import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * The test clock: one small file in DATA_DIR that platform and simulator follow together.
 * It holds how far their time stands from the machine's: `{"offsetMs": 7200000}`. No file means no offset.
 */
export const clockFileIn = (dataDir: string): string => path.join(dataDir, "clock.json");

/** Milliseconds to add to the machine's time. Throws when the file holds anything else than the shape above. */
export function readClockOffset(file: string): number {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
  const value: unknown = JSON.parse(text);
  const offsetMs = typeof value === "object" && value !== null ? (value as { offsetMs?: unknown }).offsetMs : undefined;
  if (typeof offsetMs !== "number" || !Number.isSafeInteger(offsetMs))
    throw new Error(`the clock file ${file} must hold {"offsetMs": <integer>}`);
  return offsetMs;
}

/**
 * A clock that other processes can move. Each reading looks at the file (a `stat`, some 3 µs), because two processes that disagree
 * about the time for a moment refuse each other's messages as too old.
 */
export class FileClock {
  readonly #file: string;
  #offsetMs = 0;
  #fingerprint = "";

  constructor(dataDir: string) {
    this.#file = clockFileIn(dataDir);
  }

  now = (): Date => new Date(Date.now() + this.offsetMs());

  offsetMs(): number {
    const stat = statSync(this.#file, { throwIfNoEntry: false });
    // A rename gives a new inode, so two writes within one tick of the file system's clock still differ.
    const fingerprint = stat ? `${stat.ino}:${stat.mtimeMs}` : "none";
    if (fingerprint !== this.#fingerprint) {
      this.#offsetMs = readClockOffset(this.#file);
      this.#fingerprint = fingerprint;
    }
    return this.#offsetMs;
  }

  /** Moves the clock so that it shows `instant` now. */
  set(instant: Date): void {
    this.#write(instant.getTime() - Date.now());
  }

  /** Moves the clock by `ms`, forward or back. */
  advance(ms: number): void {
    this.#write(readClockOffset(this.#file) + ms);
  }

  reset(): void {
    this.#write(0);
  }

  #write(offsetMs: number): void {
    mkdirSync(path.dirname(this.#file), { recursive: true });
    const next = `${this.#file}.${process.pid}`;
    writeFileSync(next, `${JSON.stringify({ offsetMs: Math.round(offsetMs) })}\n`);
    renameSync(next, this.#file);
  }
}
