import { type Fen, fen } from "~/lib/money";
import { defineMachine } from "~/lib/state-machine";
import { addDays, after, type CivilDate, days, hours, minutes, startOfBeijingDate } from "~/lib/time";

/** 对账: each day of each channel is compared with the provider's statement; whatever differs gets a kind, an owner and an end. */
export const DIFFERENCE_KINDS = ["missing_here", "missing_there", "amount", "status", "fee", "duplicate", "late"] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** A day of a channel. Who compares it again begins with what was found before: what is gone ends, what people ended stays ended. */
export const dayMachine = defineMachine({
  states: ["waiting", "failed", "differs", "balanced", "locked"],
  initial: "waiting",
  transitions: {
    balance: { from: ["waiting", "failed", "differs", "balanced"], to: "balanced" },
    differ: { from: ["waiting", "failed", "differs", "balanced"], to: "differs" },
    fail: { from: ["waiting", "failed"], to: "failed" },
    rerun: { from: ["failed", "differs", "balanced"], to: "waiting" },
    lock: { from: ["balanced"], to: "locked" },
    unlock: { from: ["locked"], to: "balanced" },
  },
});
export type DayStatus = (typeof dayMachine.states)[number];
export type DayEvent = keyof typeof dayMachine.transitions;

/** `resolved` by a person with their reason; `cleared` by the house, once a later look finds that both sides agree. */
export const differenceMachine = defineMachine({
  states: ["open", "resolved", "cleared"],
  initial: "open",
  transitions: {
    resolve: { from: ["open"], to: "resolved" },
    clear: { from: ["open"], to: "cleared" },
    reopen: { from: ["cleared"], to: "open" },
  },
});
export type DifferenceStatus = (typeof differenceMachine.states)[number];
export type DifferenceEvent = keyof typeof differenceMachine.transitions;

/** Why the house ended a difference by itself. */
export const CLEAR_REASONS = ["agrees_now", "found_on_other_day", "replaced"] as const;
export type ClearReason = (typeof CLEAR_REASONS)[number];

export const DIFFERENCE_KIND_LABEL = {
  zh: {
    missing_here: "我方缺",
    missing_there: "渠道缺",
    amount: "金额不符",
    status: "状态不符",
    fee: "手续费不符",
    duplicate: "重复记录",
    late: "跨日",
  },
  en: {
    missing_here: "Not in our books",
    missing_there: "Not in the statement",
    amount: "Amount",
    status: "Status",
    fee: "Fee",
    duplicate: "Duplicate",
    late: "On another day",
  },
} satisfies Record<"zh" | "en", Record<DifferenceKind, string>>;

export const DAY_STATUS_LABEL = {
  zh: { waiting: "等待对账单", failed: "未能对账", differs: "有差异", balanced: "已对平", locked: "已锁定" },
  en: { waiting: "Waiting", failed: "Failed", differs: "Differs", balanced: "Balanced", locked: "Locked" },
} satisfies Record<"zh" | "en", Record<DayStatus, string>>;

export const DIFFERENCE_STATUS_LABEL = {
  zh: { open: "待处理", resolved: "已处理", cleared: "已自动对平" },
  en: { open: "Open", resolved: "Resolved", cleared: "Cleared" },
} satisfies Record<"zh" | "en", Record<DifferenceStatus, string>>;

/** Both providers write their files from 9:00 Beijing on; WeChat Pay asks to be asked after 10:00, and so is Alipay. */
const READY_AFTER_MS = hours(10);
/** A statement that is not there yet. WeChat Pay's own advice for `STATEMENT_CREATING`. */
export const ASK_AGAIN_MS = minutes(30);
/** One that was refused, or cannot be read: the other side has to change something first. */
export const ASK_AFTER_REFUSAL_MS = hours(6);
/** What still cannot be had by then is left to a person. */
export const GIVE_UP_AFTER_MS = days(3);
/** Alipay hands out no file for some days without trades: a day on which our books agree with "nothing" is believed empty by then. */
export const BELIEVED_EMPTY_AFTER_MS = hours(4);
/** WeChat Pay answers three months back. Days before that can no longer be compared. */
export const DAYS_BACK_MAX = 89;

/** The first moment at which a day's statement can be there. */
export const readyAt = (day: CivilDate): Date => after(startOfBeijingDate(addDays(day, 1)), READY_AFTER_MS);

/** What the statement says is paid and our books do not is asked about; by then the answer has been applied, and the day is looked at again. */
export const LOOK_AGAIN_MS = minutes(10);
export const LOOKS_MAX = 3;

/** Differences that one look puts on the list, the largest first; a shared account may hold another system's thousands. */
export const LISTED_MAX = 1_000;

/** Both clocks round in their own way: what was paid this close to midnight may stand in the next day's statement. */
export const LATE_WINDOW_MS = minutes(10);

/**
 * Whether a fee is what the statement's own rate makes of the amount, to the fen. Fees are in thousandths of a fen, since WeChat Pay
 * writes five decimals of a yuan. A row without a rate says nothing that could be checked: then null.
 */
export function feeByRate(amount: Fen, rateText: string | null): bigint | null {
  const match = rateText === null ? null : /^(\d{1,3})(?:\.(\d{1,4}))?%$/.exec(rateText);
  if (!match) return null;
  const [, whole = "", part = ""] = match;
  /** Hundredths of a percent of a percent: 0.60 % is 6,000 millionths. */
  const millionths = BigInt(whole + part.padEnd(4, "0"));
  return (amount * millionths) / 1_000n;
}

/** A fen, in the unit of fees. */
export const FEE_PER_FEN = 1_000n;

/** Rounded half up, away from zero: how the providers round a fee to the fen. */
export function feeInFen(milliFen: bigint): Fen {
  const sign = milliFen < 0n ? -1n : 1n;
  return fen(sign * ((sign * milliFen + FEE_PER_FEN / 2n) / FEE_PER_FEN));
}
