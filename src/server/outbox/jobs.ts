/** Every job by name. A job without a handler in the worker does not compile. */
export const JOB_NAMES = [
  /** Applies a stored message (subject: notification). */
  "apply-notification",
  /** Asks the provider where an attempt stands (subject: transaction). */
  "query-transaction",
  /** Closes an open attempt at its provider, then here (subject: transaction). */
  "close-transaction",
  /** Closes the other attempts of a paid payment (subject: payment). */
  "finish-payment",
  /** Asks, closes at the provider, and only then closes here (subject: payment). */
  "expire-payment",
  /** Closes what was cancelled (subject: payment). */
  "cancel-payment",
  /** Recomputes the hours touched since (subject: tenant). */
  "roll-up",
  /** Extends the hash chain (subject: tenant). */
  "seal-events",
  /** Removes refused messages and idempotency keys beyond what is kept (subject: tenant). */
  "tidy-up",
  /** Checks every invariant, and stops new payments while one is broken (subject: tenant). */
  "check-books",
  /** Fetches WeChat platform certificates (subject: channel). */
  "refresh-certificates",
  /** Begins the days that have ended since (subject: tenant). */
  "begin-days",
  /** Fetches a day's statement and compares it with our books (subject: day of reconciliation). */
  "reconcile-day",
  /** Brings an application to Alipay: create, sign, confirm (subject: application). */
  "submit-facetoface",
  /** Cancels a batch at Alipay that nothing uses any more (subject: batch number). */
  "cancel-facetoface-batch",
  /** Asks Alipay about every application that is due (subject: tenant). */
  "poll-facetoface",
] as const;
export type JobName = (typeof JOB_NAMES)[number];

/** BullMQ's queue that spreads outbox rows over the workers. */
export const OUTBOX_QUEUE = "outbox";
