import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { emptyState, type State } from "./state";

/** Keys made here sign what the platform believes: nobody else on this machine may read them. */
const FILE_MODE = 0o600;
const DEBOUNCE_MS = 300;
/** Writing may take this share of the time at most, however large the state has grown. */
const BUSY_SHARE = 0.05;

/** Keeps the state in one file that is replaced as a whole, so a crash leaves the old one or the new one. */
export class Snapshot {
  readonly #file: string;
  readonly #state: () => State;
  #timer: NodeJS.Timeout | null = null;
  #lastWriteMs = 0;

  constructor(dataDir: string, state: () => State) {
    this.#file = snapshotFile(dataDir);
    this.#state = state;
  }

  /** Saves soon; many changes in a row are one write. */
  touch(): void {
    this.#timer ??= setTimeout(() => this.flush(), Math.max(DEBOUNCE_MS, this.#lastWriteMs / BUSY_SHARE));
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const began = performance.now();
    mkdirSync(path.dirname(this.#file), { recursive: true });
    const next = `${this.#file}.${process.pid}`;
    writeFileSync(next, encodeState(this.#state()), { mode: FILE_MODE });
    chmodSync(next, FILE_MODE);
    renameSync(next, this.#file);
    this.#lastWriteMs = performance.now() - began;
  }
}

const snapshotFile = (dataDir: string): string => path.join(dataDir, "simulator", "state.json");

export function loadState(dataDir: string): State {
  const file = snapshotFile(dataDir);
  if (!existsSync(file)) return emptyState();
  return { ...emptyState(), ...decodeState(readFileSync(file, "utf8")) };
}

/** JSON has no bigint, no instant and no map: each is an object with one telling key. */
export function encodeState(state: State): string {
  return JSON.stringify(state, function (this: Record<string, unknown>, key, value: unknown) {
    const raw = this[key];
    if (raw instanceof Date) return { $instant: raw.toISOString() };
    if (raw instanceof Map) return { $map: [...raw] };
    if (typeof value === "bigint") return { $fen: value.toString() };
    return value;
  });
}

export function decodeState(text: string): State {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const keys = Object.keys(value);
    if (keys.length !== 1) return value;
    const tagged = value as { $instant?: unknown; $map?: unknown; $fen?: unknown };
    if (typeof tagged.$instant === "string") return new Date(tagged.$instant);
    if (typeof tagged.$fen === "string") return BigInt(tagged.$fen);
    if (Array.isArray(tagged.$map)) return new Map(tagged.$map as [unknown, unknown][]);
    return value;
  }) as State;
}
