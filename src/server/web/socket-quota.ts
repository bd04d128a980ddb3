/** Sockets that one person, or one checkout page, may hold over all web processes (WEB-05). */
export const SOCKETS_PER_HOLDER = 5;

export type SocketQuota = {
  take(holder: string): Promise<boolean>;
  release(holder: string): void;
};

/** Counts in this process. With several, the primary counts for all (cluster.ts). */
export class LocalSocketQuota implements SocketQuota {
  readonly #held = new Map<string, number>();

  async take(holder: string): Promise<boolean> {
    const held = this.#held.get(holder) ?? 0;
    if (held >= SOCKETS_PER_HOLDER) return false;
    this.#held.set(holder, held + 1);
    return true;
  }

  release(holder: string): void {
    const left = (this.#held.get(holder) ?? 0) - 1;
    if (left > 0) this.#held.set(holder, left);
    else this.#held.delete(holder);
  }
}
