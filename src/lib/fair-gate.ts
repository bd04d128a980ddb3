/** How much may be under way at once, in all and for one key. */
export type GateLimits = { total: number; perKey: number };

/**
 * Lets a limited number through at once. Who waits is let in by turns of their keys, so that a key with ten thousand waiting does not
 * keep out one with three.
 */
export class FairGate {
  #inside = 0;
  readonly #insideOf = new Map<string, number>();
  /** In the order of turns: a key that was served goes to the end. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(readonly limits: GateLimits) {}

  /** Waits for a place and answers how to give it back. */
  async enter(key: string): Promise<() => void> {
    if (!this.#hasRoom(key)) {
      await new Promise<void>((resolve) => {
        const queue = this.#waiting.get(key);
        if (queue) queue.push(resolve);
        else this.#waiting.set(key, [resolve]);
      });
    } else {
      this.#take(key);
    }
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#leave(key);
    };
  }

  #hasRoom(key: string): boolean {
    return this.#inside < this.limits.total && (this.#insideOf.get(key) ?? 0) < this.limits.perKey;
  }

  #take(key: string): void {
    this.#inside += 1;
    this.#insideOf.set(key, (this.#insideOf.get(key) ?? 0) + 1);
  }

  #leave(key: string): void {
    this.#inside -= 1;
    const left = (this.#insideOf.get(key) ?? 1) - 1;
    if (left === 0) this.#insideOf.delete(key);
    else this.#insideOf.set(key, left);
    this.#letIn();
  }

  #letIn(): void {
    for (const [key, queue] of this.#waiting) {
      if (!this.#hasRoom(key)) continue;
      const next = queue.shift();
      this.#waiting.delete(key);
      if (queue.length > 0) this.#waiting.set(key, queue);
      this.#take(key);
      next?.();
      return;
    }
  }
}
