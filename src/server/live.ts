import { EventEmitter } from "node:events";
import type postgres from "postgres";
import { endsWithin } from "~/lib/ends-within";
import type { Logger } from "./logger";

/** News for open screens: ids alone. What is lost on the way is made good by a refetch, so this may be lossy and must be cheap. */
export type LiveEvent = { tenantId: string; type: string; subject: string };

export interface LiveBus {
  /** Sends to every process, soon; called after commit. */
  publish(events: readonly LiveEvent[]): void;
  /** `listener` gets this tenant's events; `onGap` when some may have been missed and everything should be fetched again. */
  subscribe(tenantId: string, listener: (event: LiveEvent) => void, onGap: () => void): () => void;
  /** There is work due in the outbox: whoever dispatches may look now. */
  onWake(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Where all processes of one platform hear each other. */
export const LIVE_CHANNEL = "xjz_live";
/** Many commits share one NOTIFY: it takes a lock at commit, so it is never part of a money transaction. */
const FLUSH_AFTER_MS = 15;
/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const PAYLOAD_MAX = 7_600;

/** What could not be sent is not sent again; instead everybody is told of a gap, as soon as that can be sent. */
const GAP_AGAIN_MS = 1_000;
const GAP = '"gap"';
/** A process that stops does not wait longer for what it still has to say. */
const LAST_WORDS_MS = 1_000;

type Carrier = { send(payload: string): Promise<unknown>; close(): Promise<void> };

export class FanOut implements LiveBus {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  #pending: LiveEvent[] = [];
  #timer: NodeJS.Timeout | null = null;
  #gapTimer: NodeJS.Timeout | null = null;
  #failing = false;
  readonly #underWay = new Set<Promise<void>>();
  carrier: Carrier | null = null;

  constructor(private readonly log: Logger) {}

  publish(events: readonly LiveEvent[]): void {
    if (events.length === 0) return;
    this.#pending.push(...events);
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_AFTER_MS);
  }

  #flush(): void {
    this.#timer = null;
    const seen = new Set<string>();
    let batch: string[] = [];
    let size = 2;
    const send = () => {
      if (batch.length === 0) return;
      this.#send(`[${batch.join(",")}]`);
      batch = [];
      size = 2;
    };
    for (const event of this.#pending) {
      const text = JSON.stringify([event.tenantId, event.type, event.subject]);
      if (seen.has(text)) continue;
      seen.add(text);
      if (size + text.length + 1 > PAYLOAD_MAX) send();
      batch.push(text);
      size += text.length + 1;
    }
    this.#pending = [];
    send();
  }

  #send(payload: string): void {
    if (!this.carrier) return;
    const sent = this.carrier.send(payload).then(
      () => {
        this.#failing = false;
      },
      (error: unknown) => {
        if (!this.#failing) this.log.warn({ error }, "live events were not sent; screens fetch again once they can be told");
        this.#failing = true;
        this.#gapTimer ??= setTimeout(() => {
          this.#gapTimer = null;
          this.#send(GAP);
        }, GAP_AGAIN_MS);
      },
    );
    this.#underWay.add(sent);
    void sent.finally(() => this.#underWay.delete(sent));
  }

  receive(payload: string): void {
    const events = JSON.parse(payload) as "gap" | [string, string, string][];
    if (events === "gap") {
      this.gap();
      return;
    }
    for (const [tenantId, type, subject] of events) this.#emitter.emit(tenantId, { tenantId, type, subject } satisfies LiveEvent);
    this.#emitter.emit("wake");
  }

  gap(): void {
    this.#emitter.emit("gap");
  }

  subscribe(tenantId: string, listener: (event: LiveEvent) => void, onGap: () => void): () => void {
    this.#emitter.on(tenantId, listener);
    this.#emitter.on("gap", onGap);
    return () => {
      this.#emitter.off(tenantId, listener);
      this.#emitter.off("gap", onGap);
    };
  }

  onWake(listener: () => void): () => void {
    this.#emitter.on("wake", listener);
    return () => void this.#emitter.off("wake", listener);
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#flush();
    await endsWithin(LAST_WORDS_MS, Promise.all(this.#underWay));
    if (this.#gapTimer) clearTimeout(this.#gapTimer);
    const { carrier } = this;
    this.carrier = null;
    await carrier?.close();
  }
}

/**
 * Fan-out by LISTEN and NOTIFY. `listener` is a client of its own, whose one connection comes back by itself; after a lost one every
 * subscriber is told that there may be a gap.
 */
export async function postgresLive(
  listener: postgres.Sql,
  send: (channel: string, payload: string) => Promise<unknown>,
  log: Logger,
): Promise<LiveBus> {
  const bus = new FanOut(log);
  let connected = 0;
  await listener.listen(
    LIVE_CHANNEL,
    (payload) => bus.receive(payload),
    () => {
      connected += 1;
      if (connected > 1) bus.gap();
    },
  );
  bus.carrier = { send: (payload) => send(LIVE_CHANNEL, payload), close: () => listener.end({ timeout: 2 }) };
  return bus;
}
