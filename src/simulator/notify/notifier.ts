import { after, minutes } from "~/lib/time";
import type { NotificationFault } from "../faults/kinds";
import { settleByTime } from "../settle-by-time";
import type { AttemptRecord, Delivery } from "../state";
import type { World } from "../world";
import { attempt } from "./attempt";
import { offsetMs } from "./schedule";
import { Shuffle } from "./shuffle";

const TICK_MS = 100;
const LATE_MS = minutes(10);
const COPIES = 3;
/** Deliveries under way at once. */
const PARALLEL_MAX = 64;

/** Delivers what is due by the test clock. A clock moved by a day makes a day's deliveries due. */
export class Notifier {
  readonly #world: World;
  readonly #shuffle = new Shuffle();
  readonly #underWay = new Map<string, Promise<AttemptRecord | null>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#world.bus.on("due", this.#tick);
  }

  /** Stops beginning new deliveries and waits for those under way. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#world.bus.off("due", this.#tick);
    await Promise.all(this.#underWay.values());
  }

  /** Delivers until nothing more is due; `all` also tries what is still waiting, once. */
  async runDue(all = false): Promise<AttemptRecord[]> {
    settleByTime(this.#world);
    const records: (AttemptRecord | null)[] = [];
    if (all) records.push(...(await Promise.all(this.#pending().map((delivery) => this.deliver(delivery)))));
    for (let due = this.#due(); due.length > 0; due = this.#due()) {
      records.push(...(await Promise.all(due.slice(0, PARALLEL_MAX).map((delivery) => this.deliver(delivery)))));
    }
    // What a tick began meanwhile counts too: whoever asked may look at the outcome once this is over.
    records.push(...(await Promise.all(this.#underWay.values())));
    return records.filter((record) => record !== null);
  }

  /** Tries one delivery, or joins the try that is under way. Null when a fault put it off. */
  deliver(delivery: Delivery): Promise<AttemptRecord | null> {
    const known = this.#underWay.get(delivery.id);
    if (known) return known;
    const promise = this.#attempt(delivery).finally(() => this.#underWay.delete(delivery.id));
    this.#underWay.set(delivery.id, promise);
    return promise;
  }

  readonly #tick = (): void => {
    settleByTime(this.#world);
    for (const delivery of this.#due()) {
      if (this.#underWay.size >= PARALLEL_MAX) return;
      void this.deliver(delivery);
    }
  };

  #pending(): Delivery[] {
    return this.#world.state.deliveries.filter((delivery) => delivery.state === "pending");
  }

  #due(): Delivery[] {
    const now = this.#world.now();
    return this.#pending().filter((delivery) => delivery.dueAt !== null && delivery.dueAt <= now && !this.#underWay.has(delivery.id));
  }

  async #attempt(delivery: Delivery): Promise<AttemptRecord | null> {
    const world = this.#world;
    const channel = `notify.${delivery.provider}`;
    const strike = world.faults.takeForNotification([`${channel}:${delivery.account}`, channel]);
    if (strike?.kind === "late" && delivery.attempts.length === 0 && !delivery.delayed) {
      delivery.delayed = true;
      delivery.firstAt = after(world.now(), strike.delayMs ?? LATE_MS);
      delivery.dueAt = delivery.firstAt;
      world.changed("delivery", delivery.id);
      return null;
    }
    const record = await this.#try(delivery, strike?.kind ?? null, strike?.copies ?? COPIES);
    delivery.attempts.push(record);
    const offset = offsetMs(delivery.provider, delivery.attempts.length);
    if (record.accepted) delivery.state = "delivered";
    else if (offset === null) delivery.state = "given_up";
    delivery.dueAt = delivery.state === "pending" && offset !== null ? after(delivery.firstAt, offset) : null;
    world.changed("delivery", delivery.id);
    return record;
  }

  async #try(delivery: Delivery, fault: NotificationFault | null, copies: number): Promise<AttemptRecord> {
    const world = this.#world;
    try {
      if (fault === "drop") return this.#lost(delivery);
      if (fault === "shuffle") await this.#shuffle.turn();
      if (fault !== "repeat") return await attempt(world, delivery, fault === "late" || fault === "shuffle" ? null : fault);
      const records = await Promise.all(Array.from({ length: copies }, () => attempt(world, delivery, null)));
      const best = records.find((record) => record.accepted) ?? records[0];
      if (!best) throw new Error("repeat without copies");
      return { ...best, fault: `repeat ×${copies}` };
    } catch (error) {
      // A delivery that cannot even be written (its account is gone, its address is none) fails like one that nobody accepts.
      const verdict = error instanceof Error ? error.message : String(error);
      return { at: world.now(), status: null, accepted: false, verdict, ms: 0, fault };
    }
  }

  #lost(delivery: Delivery): AttemptRecord {
    const { provider, account, what, outTradeNo } = delivery;
    this.#world.note({ kind: "message", provider, account, what, outTradeNo, verdict: "dropped", ok: false, fault: "drop" });
    return { at: this.#world.now(), status: null, accepted: false, verdict: "dropped", ms: 0, fault: "drop" };
  }
}
