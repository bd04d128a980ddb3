import { addDays, beijingDate, type CivilDate, startOfBeijingDate } from "~/lib/time";
import type { FacetofaceBatchView, StateView } from "../../control/types";
import { keyOf, stageOf } from "../phone/trade";

/** What became different while the clock moved. */
export type Moved = { closed: number; expired: number; refunds: number; tries: number; accepted: number };

export function whatMoved(before: StateView, after: StateView): Moved {
  const then = new Map(before.trades.map((trade) => [keyOf(trade), stageOf(trade, new Date(before.clock.now))]));
  const now = new Date(after.clock.now);
  const became = (stage: "closed" | "expired") =>
    after.trades.filter((trade) => then.get(keyOf(trade)) === "open" && stageOf(trade, now) === stage).length;

  const processing = new Set(
    before.refunds.filter(({ state }) => state === "PROCESSING").map(({ account, outRefundNo }) => `${account}/${outRefundNo}`),
  );
  const tried = new Map(before.deliveries.map(({ id, attempts }) => [id, attempts.length]));
  const fresh = after.deliveries.flatMap(({ id, attempts }) => attempts.slice(tried.get(id) ?? 0));
  return {
    closed: became("closed"),
    expired: became("expired"),
    refunds: after.refunds.filter(({ account, outRefundNo, state }) => processing.has(`${account}/${outRefundNo}`) && state === "SUCCESS")
      .length,
    tries: fresh.length,
    accepted: fresh.filter(({ accepted }) => accepted).length,
  };
}

/** How many batches and confirmations ran out of time while the clock moved. */
export function timedOut(before: readonly FacetofaceBatchView[], after: readonly FacetofaceBatchView[]): number {
  const isOver = ({ batchStatus, orderStatus }: FacetofaceBatchView) =>
    batchStatus === "timeout" || orderStatus === "MERCHANT_CONFIRM_TIME_OUT";
  const over = new Set(before.filter(isOver).map(({ batchNo }) => batchNo));
  return after.filter((batch) => isOver(batch) && !over.has(batch.batchNo)).length;
}

/** The instant at which the next Beijing month begins. */
export function startOfNextMonth(now: Date): Date {
  // Day 28 is in every month, and four days later is in the next one.
  const inNext = addDays(`${beijingDate(now).slice(0, 8)}28` as CivilDate, 4);
  return startOfBeijingDate(`${inNext.slice(0, 8)}01` as CivilDate);
}
