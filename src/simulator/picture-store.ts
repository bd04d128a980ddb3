import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Licences and shop fronts are somebody's papers: nobody else on this machine may read them. */
const FILE_MODE = 0o600;
const DIR_MODE = 0o700;

/** Pictures that came with applications, by the SHA-256 of their bytes. They stand beside the snapshot, which stays small. */
export class PictureStore {
  readonly #dir: string;

  constructor(dataDir: string) {
    this.#dir = path.join(dataDir, "simulator", "pictures");
  }

  /** Stores the bytes, once however often they come, and answers their hash. */
  put(bytes: Buffer): string {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const file = path.join(this.#dir, sha256);
    if (!existsSync(file)) {
      mkdirSync(this.#dir, { recursive: true, mode: DIR_MODE });
      writeFileSync(file, bytes, { mode: FILE_MODE });
    }
    return sha256;
  }

  /** Null when it is not there: a folder of data may have been copied without its pictures. */
  get(sha256: string): Buffer | null {
    const file = path.join(this.#dir, sha256);
    return /^[0-9a-f]{64}$/.test(sha256) && existsSync(file) ? readFileSync(file) : null;
  }

  clear(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
