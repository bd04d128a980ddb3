import type { Provider } from "~/domain/provider";
import { after, hours } from "~/lib/time";
import { randomLetters } from "../random";

/** A statement as it was when its address was given out: whatever is planted later, the bytes behind a link stay. */
export type ShelvedFile = { provider: Provider; account: string; name: string; bytes: Buffer; expiresAt: Date };

/** How long an expired link is still told from one that never was. */
const REMEMBERED_MS = hours(1);
const FILES_MAX = 200;
const TOKEN_LENGTH = 43;

/** Files behind the links of statements. In memory: a link lives for minutes, and a restart may cost it. */
export class BillShelf {
  readonly #files = new Map<string, ShelvedFile>();

  /** Answers the token of the link. */
  put(file: ShelvedFile, now: Date): string {
    for (const [token, { expiresAt }] of this.#files) if (now >= after(expiresAt, REMEMBERED_MS)) this.#files.delete(token);
    const [oldest] = this.#files.keys();
    if (oldest !== undefined && this.#files.size >= FILES_MAX) this.#files.delete(oldest);
    const token = randomLetters(TOKEN_LENGTH);
    this.#files.set(token, file);
    return token;
  }

  find(token: string): ShelvedFile | null {
    return this.#files.get(token) ?? null;
  }

  clear(): void {
    this.#files.clear();
  }
}
