import type { FaultInput, FaultsOutput } from "../control/types";
import type { FaultSwitch } from "../state";
import {
  faultKindViews,
  fitsKey,
  isNotificationFault,
  isRequestFault,
  type NotificationFault,
  type RequestFault,
  strikesAt,
} from "./kinds";

export type Strike<K> = { kind: K; delayMs: number | null; copies: number | null };

/** The switches. The map belongs to the state, so that switches survive a restart. */
export class Faults {
  readonly #switches: () => Map<string, FaultSwitch>;
  readonly #counts = new Map<string, number>();

  constructor(switches: () => Map<string, FaultSwitch>) {
    this.#switches = switches;
  }

  /** The first of `keys` whose switch strikes this time; gives the most exact key first. Some kinds strike on routes of their own alone. */
  takeForRequest(keys: readonly string[], route: string): Strike<RequestFault> | null {
    return this.#take(keys, (kind): kind is RequestFault => isRequestFault(kind) && strikesAt(kind, route));
  }

  takeForNotification(keys: readonly string[]): Strike<NotificationFault> | null {
    return this.#take(keys, isNotificationFault);
  }

  #take<K extends string>(keys: readonly string[], fits: (kind: string) => kind is K): Strike<K> | null {
    for (const key of keys) {
      const fault = this.#switches().get(key);
      if (!fault || !fits(fault.kind) || fault.left === 0) continue;
      fault.offered += 1;
      if (!isEvenlyChosen(fault.offered, fault.percent ?? 100)) continue;
      fault.struck += 1;
      if (fault.left !== null) fault.left -= 1;
      this.count(fault.kind);
      return { kind: fault.kind, delayMs: fault.delayMs ?? null, copies: fault.copies ?? null };
    }
    return null;
  }

  /** Counts a fault that came by an amount or by hand, not by a switch. */
  count(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** Throws on a kind that does not exist or cannot work under its key. */
  set(key: string, input: FaultInput | null): void {
    if (input === null) {
      this.#switches().delete(key);
      return;
    }
    const fits = key.startsWith("notify.") ? isNotificationFault(input.kind) : isRequestFault(input.kind) && fitsKey(input.kind, key);
    if (!fits) throw new Error(`"${input.kind}" is no fault for "${key}"`);
    this.#switches().set(key, { ...input, left: input.times ?? null, struck: 0, offered: 0 });
  }

  clear(): void {
    this.#switches().clear();
  }

  forgetCounts(): void {
    this.#counts.clear();
  }

  view(): Pick<FaultsOutput, "kinds" | "faults" | "counts"> {
    const faults: FaultsOutput["faults"] = {};
    for (const [key, { offered: _, ...fault }] of this.#switches()) faults[key] = fault;
    return { kinds: faultKindViews(), faults, counts: Object.fromEntries(this.#counts) };
  }
}

/** Spreads `percent` of the calls evenly instead of at random, so that a test can count on it. */
export const isEvenlyChosen = (ordinal: number, percent: number): boolean =>
  Math.floor((ordinal * percent) / 100) > Math.floor(((ordinal - 1) * percent) / 100);
