import type { Ctx } from "~/server/context";
import { type Line, sqlState } from "~/server/db/client";

/** What `app.receive_paid` is told of one message; names as there. Amounts and bytes travel as text. */
export type PaidMessage = {
  id: string;
  channel: string;
  provider: string;
  message: string;
  out_trade_no: string;
  trade_no: string;
  state: string;
  fen: string;
  receipt: string | null;
  app: string;
  seller: string;
  buyer: string | null;
  buyer_account: string | null;
  paid_at: Date;
  body: string;
  body_bytes: number;
  headers: Record<string, string>;
  steps: readonly unknown[];
  key_id: string | null;
  source_ip: string;
  succeed_event: string;
  settle_event: string;
  job: string;
  request: string | null;
};
export type PaidOutcome = { id: string; outcome: string; payment_id: string | null };

type Asker = { resolve(outcome: PaidOutcome | null): void; reject(error: unknown): void };
/** `copies` came in while the message still waited: they are counted with it, and answered as it is. */
type Waiting = Asker & { message: PaidMessage; copies: Asker[] };

/** Beyond this a longer call saves little more and holds its rows longer. */
const BATCH_MAX = 32;
/**
 * How many calls of one tenant are under way, and for how many messages another is worth it: a call costs as much as three messages.
 * On a line of its own the next call waits inside the database, which begins it the moment the one before ends. Measured with 16
 * connections, that is worth 7 % more than calls beside each other, where six messages cost more than they gain.
 */
const ON_A_LINE = { calls: 3, worth: 4 };
const IN_THE_POOL = { calls: 2, worth: 10 };

const lanes = new WeakMap<object, Map<string, Lane>>();

/**
 * Settles one message by `app.receive_paid`, together with those of the same tenant that came while the last call was under way.
 * Nobody waits for company: with no call under way the next one begins at once. Null: not common, nothing was written.
 */
export function receiveTogether(ctx: Ctx, message: PaidMessage): Promise<PaidOutcome | null> {
  return laneOf(ctx).receive(ctx, message);
}

function laneOf({ sys, tenantId }: Ctx): Lane {
  const tenants = lanes.get(sys) ?? new Map<string, Lane>();
  lanes.set(sys, tenants);
  const lane = tenants.get(tenantId) ?? new Lane(() => tenants.delete(tenantId));
  tenants.set(tenantId, lane);
  return lane;
}

/** The messages of one tenant. */
class Lane {
  #waiting: Waiting[] = [];
  /** Order numbers in calls under way: a second message about one of them waits, since it would only wait inside the database. */
  readonly #busy = new Set<string>();
  /** Held while there is something to do; null when all were taken. */
  #line: Line | null = null;
  #calls = 0;
  #begins = false;

  constructor(private readonly emptied: () => void) {}

  receive(ctx: Ctx, message: PaidMessage): Promise<PaidOutcome | null> {
    return new Promise((resolve, reject) => {
      const first = this.#waiting.find((one) => isCopy(one.message, message));
      if (first) first.copies.push({ resolve, reject });
      else this.#waiting.push({ message, resolve, reject, copies: [] });
      this.#beginSoon(ctx);
    });
  }

  /** After what has already arrived was read, so that it comes along. */
  #beginSoon(ctx: Ctx): void {
    if (this.#begins) return;
    this.#begins = true;
    setImmediate(() => {
      this.#begins = false;
      this.#begin(ctx);
    });
  }

  #begin(ctx: Ctx): void {
    if (this.#waiting.length === 0) return;
    if (this.#calls === 0) this.#line ??= ctx.sys.db.takeLine();
    const line = this.#line;
    const { calls, worth } = line ? ON_A_LINE : IN_THE_POOL;
    while (this.#calls < calls && (this.#calls === 0 || this.#waiting.length >= worth)) {
      const batch = this.#take();
      if (batch.length === 0) return;
      this.#calls += 1;
      callFor(ctx, batch, line).finally(() => {
        this.#calls -= 1;
        for (const { message } of batch) this.#busy.delete(message.out_trade_no);
        if (this.#waiting.length > 0) this.#begin(ctx);
        else if (this.#calls === 0) this.#end();
      });
    }
  }

  #end(): void {
    this.#line?.free();
    this.#line = null;
    this.emptied();
  }

  /** At most one message of each order, in the order of their numbers, so that two processes lock alike. */
  #take(): Waiting[] {
    const batch: Waiting[] = [];
    const later: Waiting[] = [];
    for (const one of this.#waiting) {
      const order = one.message.out_trade_no;
      if (batch.length === BATCH_MAX || this.#busy.has(order)) later.push(one);
      else {
        this.#busy.add(order);
        batch.push(one);
      }
    }
    this.#waiting = later;
    return batch.sort((a, b) => (a.message.out_trade_no < b.message.out_trade_no ? -1 : 1));
  }
}

/** Whether two messages are the same piece of news: what verified twice under one name. */
const isCopy = (one: PaidMessage, other: PaidMessage): boolean => one.message === other.message && one.channel === other.channel;

/** Answers everybody in the batch, after commit. What the database refuses as a whole is tried one by one: the others are innocent. */
async function callFor(ctx: Ctx, batch: readonly Waiting[], line: Line | null): Promise<void> {
  try {
    const outcomes = new Map((await call(ctx, batch, line)).map((outcome) => [outcome.id, outcome]));
    for (const { message, resolve, copies } of batch) {
      const outcome = outcomes.get(message.id) ?? null;
      resolve(outcome);
      const repeated = outcome?.outcome === "settled" ? { ...outcome, outcome: "applied" } : outcome;
      for (const copy of copies) copy.resolve(repeated);
    }
  } catch (error) {
    const [first] = batch;
    if (batch.length > 1 && BLAMES_ONE.test(sqlState(error) ?? "")) for (const one of batch) await callFor(ctx, [one], line);
    else if (batch.length === 1 && first && NOT_COMMON.has(sqlState(error) ?? ""))
      for (const one of [first, ...first.copies]) one.resolve(null);
    else for (const one of batch.flatMap((waiting) => [waiting, ...waiting.copies])) one.reject(error);
  }
}

/** Data, constraints, conflicts and locks: one of the messages is to blame. Otherwise the database is in trouble, and nobody is. */
const BLAMES_ONE = /^(22|23|40|55)/;
/** Two copies in the same moment, somebody else at the same row, or a trade number that stands elsewhere. */
const NOT_COMMON = new Set(["40001", "40P01", "23505", "55P03"]);

async function call(ctx: Ctx, batch: readonly Waiting[], line: Line | null): Promise<PaidOutcome[]> {
  const messages = batch.map(({ message, copies }) => ({ ...message, copies: copies.length + 1 }));
  const { outcomes } = await ctx.call<{ outcomes: PaidOutcome[] }>("receive_paid", [messages, ctx.now()], line);
  return outcomes;
}
