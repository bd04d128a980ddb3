import { ASK_AGAIN_MS } from "~/domain/facetoface";
import { nextAskAt } from "~/domain/facetoface-news";
import { AppError, type ProviderError } from "~/lib/errors";
import { FairGate } from "~/lib/fair-gate";
import { after, minutes, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { sqlState } from "~/server/db/client";
import { isNothingNew } from "./apply-view";
import { askAlipay, settleAnswer } from "./ask";
import { claimDueOrders, type DueChannel, findNextDue, type LeasedOrder, listDueChannels, type Noted, noteAnswers } from "./due-orders";

/** While any application is open, the worker looks at least this often. */
const LOOK_EVERY_MS = minutes(30);
/** A run claims nothing more after this, and asks to be called again: well within the lease of its outbox row. */
const RUN_MS = seconds(60);
/** Orders claimed at once for a channel, or as many as its app may have in flight; as many again are claimed while these are asked. */
const CLAIM_MIN = 64;
/** Results that share a statement. */
const NOTE_MAX = 100;
/** Statements that may wait to be written before the questions wait for them. */
const BEHIND_MAX = 4;
/** A channel that cannot be asked now is left alone for this long. */
const REST_MS = seconds(30);

export type Pace = {
  /** Shared by everything that polls in this process: so many questions in flight for one app, and in all. */
  gate: FairGate;
  runMs: number;
};
type Lane = { app: string; rests: boolean; underway: Set<Promise<void>> };
const housePace: Pace = { gate: new FairGate({ total: 192, perKey: 64 }), runMs: RUN_MS };

/**
 * Job: asks Alipay about every application that is due, paced per app. Answers when the next one is due; at once when its time was up
 * before it was through; null when there is nothing left to ask about.
 */
export async function pollFacetoface(ctx: Ctx, _subject: string, pace: Pace = housePace): Promise<Date | null> {
  const run = new PollRun(ctx, pace);
  const channels = await listDueChannels(ctx);
  // Each channel has its own lane: one that is slow, broken or has ten thousand orders holds up no other.
  const lanes = await Promise.allSettled(channels.map((channel) => run.lane(channel)));
  await run.flush();
  const broken = lanes.find((lane) => lane.status === "rejected");
  if (broken) throw broken.reason;

  const dueAt = await findNextDue(ctx);
  if (!dueAt) return null;
  const now = ctx.now();
  const earliest = run.rests ? after(now, REST_MS).getTime() : now.getTime();
  return new Date(Math.min(Math.max(dueAt.getTime(), earliest), after(now, LOOK_EVERY_MS).getTime()));
}

class PollRun {
  readonly #endsAt: number;
  #notes: Noted[] = [];
  #writing: Promise<void> = Promise.resolve();
  #behind = 0;
  #failure: unknown = null;
  /** Whether some channel could not be asked, and is left alone for a while. */
  rests = false;

  constructor(
    private readonly ctx: Ctx,
    private readonly pace: Pace,
  ) {
    this.#endsAt = performance.now() + pace.runMs;
  }

  /** Asks about a channel's due orders until there are none, its time is up, or it cannot be asked now. */
  async lane({ channelId, app }: DueChannel): Promise<void> {
    const claimMax = Math.max(CLAIM_MIN, this.pace.gate.limits.perKey);
    const claim = () => claimDueOrders(this.ctx, channelId, claimMax);
    const lane: Lane = { app, rests: false, underway: new Set() };
    let chunk = await claim();
    try {
      while (chunk.length > 0) {
        const more = chunk.length === claimMax && !this.#isOver(lane) ? claim() : Promise.resolve([]);
        // It is awaited below; if it fails before that, nobody must take it for forgotten.
        more.catch(() => {});
        for (const order of chunk) await this.#start(order, lane);
        if (this.#behind > BEHIND_MAX) await this.#writing;
        chunk = await more;
      }
    } finally {
      await Promise.all(lane.underway);
      if (lane.rests) this.rests = true;
    }
  }

  readonly #isOver = (lane: Lane): boolean => lane.rests || performance.now() >= this.#endsAt;

  /** Waits for a place, then asks without waiting for the answer. */
  async #start(order: LeasedOrder, lane: Lane): Promise<void> {
    if (this.#isOver(lane)) return this.#giveBack(order, lane);
    const leave = await this.pace.gate.enter(lane.app);
    if (this.#isOver(lane)) {
      leave();
      return this.#giveBack(order, lane);
    }
    const asking: Promise<void> = this.#ask(order, lane).finally(() => {
      leave();
      lane.underway.delete(asking);
    });
    lane.underway.add(asking);
  }

  /** Never throws: an order that cannot be asked about or settled now is asked about again later, and stops no other. */
  async #ask(order: LeasedOrder, lane: Lane): Promise<void> {
    const { ctx } = this;
    try {
      const answer = await askAlipay(ctx, order);
      if (answer.kind === "failed" && answer.error.kind !== "declined") this.#failed(order, answer, lane);
      else if (answer.kind === "view" && isNothingNew(order, answer.view))
        this.#note(order, nextAskAt(order, ctx.now()) ?? this.#later(), answer.startedAt);
      else await settleAnswer(ctx, order, answer, { source: "poll" });
    } catch (error) {
      // A channel without its keys can ask about none of its orders.
      if (error instanceof AppError) lane.rests = true;
      const isExpected = error instanceof AppError || sqlState(error) !== null;
      ctx.log[isExpected ? "info" : "error"]({ orderId: order.id, error }, "an application could not be asked about; it will be again");
      this.#note(order, this.#later(), null);
    }
  }

  #failed(order: LeasedOrder, { error, startedAt }: { error: ProviderError; startedAt: Date }, lane: Lane): void {
    const wasSent = error.code !== "circuit_open";
    if (!wasSent) lane.rests = true;
    this.ctx.log.info({ orderId: order.id, code: error.code, kind: error.kind }, "query without an answer");
    this.#note(order, this.#later(), wasSent ? startedAt : null);
  }

  /** Claimed and not asked about: due as before, or later where asking is in vain. */
  #giveBack(order: LeasedOrder, lane: Lane): void {
    this.#note(order, lane.rests ? this.#later() : this.ctx.now(), null);
  }

  /** Spread out: what failed together must not come back together. */
  readonly #later = (): Date => after(this.ctx.now(), Math.ceil(ASK_AGAIN_MS * (1 + Math.random() / 2)));

  #note({ id, leasedUntil }: LeasedOrder, nextQueryAt: Date, askedAt: Date | null): void {
    this.#notes.push({ id, leasedUntil, nextQueryAt, askedAt });
    if (this.#notes.length >= NOTE_MAX) this.#write();
  }

  /** One statement after the other, beside the questions. */
  #write(): void {
    const notes = this.#notes.splice(0, NOTE_MAX);
    this.#behind += 1;
    this.#writing = this.#writing
      .then(() => noteAnswers(this.ctx, notes))
      .catch((error: unknown) => {
        // Told at the end of the run. What was not written is due again when its lease ends.
        this.#failure ??= error;
      })
      .finally(() => {
        this.#behind -= 1;
      });
  }

  /** Waits until everything noted so far is written. */
  async flush(): Promise<void> {
    while (this.#notes.length > 0) this.#write();
    await this.#writing;
    if (this.#failure) throw this.#failure;
  }
}
